// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/kit_dialog.h"

#include "ui/setup/kit_panel.h"
#include "ui/storage/state_label.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace mf::ui {
namespace {

constexpr int kWidthInLetters = 84;
constexpr int kMargin = 16;

} // namespace

KitDialog *KitDialog::open(Desk &desk, QWidget *parent)
{
    QWidget *window = parent ? parent->window() : nullptr;
    if (auto *there = window ? window->findChild<KitDialog *>() : nullptr) { // one is enough
        there->raise();
        there->activateWindow();
        return there;
    }
    auto *dialog = new KitDialog(desk, window);
    dialog->show();
    return dialog;
}

KitDialog::KitDialog(Desk &desk, QWidget *parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("kit.dialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Recovery Kit"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    column->setSpacing(12);
    column->addWidget(pageTitle(tr("Save your recovery kit")));
    column->addWidget(
        quietLabel(tr("If you lose this computer, these 24 words are the only way back to your models. "
                      "Nobody can replace them. Whoever has them and your accounts can read your models.")));
    auto *panel = new KitPanel(desk);
    panel->tell(desk.service.kitWords());
    column->addWidget(panel, 1);
    auto *later = new QPushButton(desk.service.isKitSaved() ? tr("Close") : tr("Remind Me Later"));
    later->setObjectName(QStringLiteral("kit.later"));
    later->setAutoDefault(false);
    QPushButton *kept = primaryButton(tr("I Have Kept It"));
    kept->setObjectName(QStringLiteral("kit.kept"));
    kept->setEnabled(false);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(later);
    buttons->addWidget(kept);
    column->addLayout(buttons);
    connect(panel, &KitPanel::provenChanged, kept, [kept, panel] { kept->setEnabled(panel->isProven()); });
    connect(later, &QPushButton::clicked, this, &QDialog::close);
    connect(kept, &QPushButton::clicked, this, [this, &desk] {
        desk.service.noteKitSaved();
        close();
    });
    resize(fontMetrics().averageCharWidth() * kWidthInLetters, sizeHint().height());
}

} // namespace mf::ui
