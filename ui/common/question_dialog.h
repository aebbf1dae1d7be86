// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QStringList>

namespace mf::ui {

// What Prompts::choose shows. Its result is the index of the button that was clicked; Esc and the window's × give that
// of the safe one, which has the focus: 0.
QDialog *questionDialog(QWidget *parent, const QString &title, const QString &text, const QStringList &choices);

} // namespace mf::ui
