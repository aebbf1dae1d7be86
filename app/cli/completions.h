// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/command_table.h"

namespace mf::cli {

// A script that completes commands, options and what is known of their values. Shell: "bash", "zsh" or
// "fish"; anything else gives an empty text.
QString completionsFor(const QString &shell, const std::vector<KindHelp> &kinds);

} // namespace mf::cli
