// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/storage/add_account_dialog.h"

#include "ui/storage/add_account_panel.h"
#include "ui/storage/state_label.h"

#include <QVBoxLayout>

namespace mf::ui {
namespace {

constexpr int kWidthInLetters = 76;
constexpr int kMargin = 16;

} // namespace

AddAccountDialog *AddAccountDialog::open(Desk &desk, QWidget *parent)
{
    QWidget *window = parent ? parent->window() : nullptr;
    if (auto *there = window ? window->findChild<AddAccountDialog *>() : nullptr) { // one is enough
        there->raise();
        there->activateWindow();
        return there;
    }
    auto *dialog = new AddAccountDialog(desk, window);
    dialog->show();
    dialog->m_panel->focusFirst();
    return dialog;
}

AddAccountDialog::AddAccountDialog(Desk &desk, QWidget *parent)
    : QDialog(parent)
    , m_panel(new AddAccountPanel(desk))
{
    setObjectName(QStringLiteral("account.dialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Add Storage"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    column->setSpacing(12);
    column->addWidget(pageTitle(tr("Add storage")));
    column->addWidget(m_panel, 1);
    connect(m_panel, &AddAccountPanel::finished, this, &QDialog::close);
    resize(fontMetrics().averageCharWidth() * kWidthInLetters, sizeHint().height());
}

} // namespace mf::ui
