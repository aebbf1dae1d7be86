// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/prompts.h"

#include "core/base/event.h"

#include <QDialog>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QVBoxLayout>

namespace mf::ui {
namespace {

// A dialog for as long as the task that waits for it lives. If the dialog goes first, it counts as rejected.
class Shown
{
public:
    explicit Shown(QDialog *dialog)
        : m_dialog(dialog)
    {
        QObject::connect(dialog, &QDialog::finished, &m_context, [this](int result) {
            m_result = result;
            ended.set();
        });
        QObject::connect(dialog, &QObject::destroyed, &m_context, [this] { ended.set(); });
        dialog->open();
    }
    ~Shown()
    {
        m_context.disconnect();
        QObject::disconnect(m_dialog, nullptr, &m_context, nullptr);
        if (m_dialog) {
            m_dialog->hide();
            m_dialog->deleteLater();
        }
    }
    Shown(const Shown &) = delete;
    Shown &operator=(const Shown &) = delete;

    Event ended;
    int result() const { return m_result; }
    bool isAccepted() const { return m_dialog && m_result == QDialog::Accepted; }

private:
    QPointer<QDialog> m_dialog;
    QObject m_context;
    int m_result = QDialog::Rejected;
};

QFileDialog *fileDialog(QWidget *parent, const QString &title)
{
    auto *dialog = new QFileDialog(parent, title);
    dialog->setObjectName(QStringLiteral("prompt.file"));
    return dialog;
}

// The result of done() is the index of the button, Esc and the window's × give that of the safe one: 0.
QDialog *questionDialog(QWidget *parent, const QString &title, const QString &text, const QStringList &choices)
{
    auto *dialog = new QDialog(parent);
    dialog->setObjectName(QStringLiteral("prompt"));
    dialog->setWindowTitle(title);
    auto *heading = new QLabel(title, dialog);
    heading->setTextFormat(Qt::PlainText);
    heading->setWordWrap(true);
    QFont font = heading->font();
    font.setPointSizeF(font.pointSizeF() + 1);
    font.setWeight(QFont::DemiBold);
    heading->setFont(font);
    auto *body = new QLabel(text, dialog);
    body->setObjectName(QStringLiteral("prompt.text"));
    body->setTextFormat(Qt::PlainText);
    body->setWordWrap(true);
    body->setTextInteractionFlags(Qt::TextSelectableByMouse);
    body->setVisible(!text.isEmpty());
    constexpr int kLine = 60; // characters
    body->setMinimumWidth(body->fontMetrics().averageCharWidth() * kLine);

    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch();
    for (int i = 0; i < choices.size(); ++i) {
        auto *button = new QPushButton(choices[i], dialog);
        button->setObjectName(QStringLiteral("prompt.choice%1").arg(i));
        button->setAutoDefault(true);
        QObject::connect(button, &QPushButton::clicked, dialog, [dialog, i] { dialog->done(i); });
        buttons->addWidget(button);
        if (i == 0) {
            button->setDefault(true);
            button->setFocus();
        }
    }
    auto *column = new QVBoxLayout(dialog);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addWidget(heading);
    column->addWidget(body, 1);
    column->addSpacing(8);
    column->addLayout(buttons);
    return dialog;
}

} // namespace

Task<QStringList> DialogPrompts::chooseFiles(QWidget *parent, QString title)
{
    QFileDialog *dialog = fileDialog(parent, title);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    Shown shown(dialog);
    co_await shown.ended;
    co_return shown.isAccepted() ? dialog->selectedFiles() : QStringList();
}

Task<QString> DialogPrompts::chooseFolder(QWidget *parent, QString title, QString start)
{
    QFileDialog *dialog = fileDialog(parent, title);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    if (!start.isEmpty())
        dialog->setDirectory(start);
    Shown shown(dialog);
    co_await shown.ended;
    co_return shown.isAccepted() ? dialog->selectedFiles().value(0) : QString();
}

Task<QString> DialogPrompts::chooseSaveFile(QWidget *parent, QString title, QString name)
{
    QFileDialog *dialog = fileDialog(parent, title);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->selectFile(name);
    Shown shown(dialog);
    co_await shown.ended;
    co_return shown.isAccepted() ? dialog->selectedFiles().value(0) : QString();
}

Task<int> DialogPrompts::choose(QWidget *parent, QString title, QString text, QStringList choices)
{
    Shown shown(questionDialog(parent, title, text, choices));
    co_await shown.ended;
    co_return shown.result();
}

} // namespace mf::ui
