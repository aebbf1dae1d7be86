// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"
#include "ui/common/desk.h"

#include <QDialog>

class QPlainTextEdit;

namespace mf::ui {

// Shows the diagnostics file before it is written anywhere.
class DiagnosticsDialog final : public QDialog
{
    Q_OBJECT
public:
    DiagnosticsDialog(Desk &desk, QString text, QWidget *parent = nullptr);

private:
    Task<void> save();

    Desk &m_desk;
    QString m_text;
    InlineMessage *m_message;
    TaskScope m_scope;
};

} // namespace mf::ui
