// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace mf::cli {

bool isTerminal(int descriptor);
// Cells of the terminal in a row; 0 if the descriptor is no terminal.
int terminalWidth(int descriptor);
// False if the other end is closed or full; a signal does not cut it short.
bool writeAll(int descriptor, const QByteArray &data);

// One line from standard input, without its line break. At a terminal it is asked for with `prompt` and not
// shown. Nothing at the end of input, or if the line is longer than 64 KiB. Blocks: before any task runs.
std::optional<QString> readSecretLine(const QString &prompt);

} // namespace mf::cli
