// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/command_table.h"

namespace mf::cli {

// modelfloat-cli(1) as roff (man macros), UTF-8.
QString manPage(const std::vector<KindHelp> &kinds);

} // namespace mf::cli
