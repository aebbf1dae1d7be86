// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/command_table.h"

namespace mf::cli {

// Help as text, wrapped to `width` cells, with a line break at the end.
QString helpOverview(int width);
// All commands whose first word this is: "account".
QString helpGroup(const QString &group, int width);
// Kinds are listed for `account add`.
QString helpCommand(const CommandSpec &command, const std::vector<KindHelp> &kinds, int width);

// "modelfloat-cli 0.1.0 (Qt 6.4.2)"
QString versionText();

// Of these words ("account", "add"): a command, a group or, without any, the overview; empty if there is no such.
QString helpFor(const QStringList &words, const std::vector<KindHelp> &kinds, int width);

} // namespace mf::cli
