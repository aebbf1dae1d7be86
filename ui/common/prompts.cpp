// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/prompts.h"

#include "core/base/event.h"
#include "ui/common/question_dialog.h"

#include <QDir>
#include <QFileDialog>
#include <QPointer>
#include <QStandardPaths>

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
    // The working directory is any.
    const QString documents = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    dialog->setDirectory(QDir(documents).exists() ? documents : QDir::homePath());
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
