// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/diagnostics_dialog.h"

#include "ui/activity/diagnostics.h"

#include <QFontDatabase>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace mf::ui {

DiagnosticsDialog::DiagnosticsDialog(Desk &desk, QString text, QWidget *parent)
    : QDialog(parent)
    , m_desk(desk)
    , m_text(std::move(text))
    , m_message(new InlineMessage(this))
{
    setObjectName(QStringLiteral("diagnostics"));
    setWindowTitle(tr("Diagnostics File"));
    auto *note
        = new QLabel(tr("Account names, e-mail addresses, paths, hashes and model names are replaced. Look through "
                        "it before you share it."),
            this);
    note->setWordWrap(true);
    auto *preview = new QPlainTextEdit(m_text, this);
    preview->setObjectName(QStringLiteral("diagnostics.preview"));
    preview->setAccessibleName(tr("What the diagnostics file will hold"));
    preview->setReadOnly(true);
    preview->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    preview->setTabChangesFocus(true);
    preview->setLineWrapMode(QPlainTextEdit::NoWrap);
    preview->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    preview->setLayoutDirection(Qt::LeftToRight); // it is in English
    m_message->setObjectName(QStringLiteral("diagnostics.message"));
    auto *close = new QPushButton(tr("Close"), this);
    close->setObjectName(QStringLiteral("diagnostics.close"));
    close->setAccessibleName(close->text());
    close->setAutoDefault(false);
    QPushButton *save = primaryButton(tr("Save As…"), QStringLiteral("save"));
    save->setObjectName(QStringLiteral("diagnostics.save"));
    save->setAccessibleName(tr("Save the diagnostics file"));
    save->setDefault(true);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addStretch();
    row->addWidget(close);
    row->addWidget(save);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    column->addWidget(note);
    column->addWidget(m_message);
    column->addWidget(preview, 1);
    column->addLayout(row);
    resize(720, 520);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    connect(save, &QPushButton::clicked, this, [this] { m_scope.start(this->save()); });
}

Task<void> DiagnosticsDialog::save()
{
    const QString path = co_await m_desk.prompts.chooseSaveFile(
        this, tr("Save Diagnostics File"), QStringLiteral("modelfloat-diagnostics.txt"));
    if (path.isEmpty())
        co_return;
    const Result<> written = writeText(path, m_text);
    if (!written) {
        m_message->tell(InlineMessage::Kind::Bad, tr("Nothing was saved."), written.error().message);
        co_return;
    }
    m_desk.toaster.show(tr("Diagnostics file saved."));
    accept();
}

} // namespace mf::ui
