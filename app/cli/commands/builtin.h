// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The commands that need no library.

#include "app/cli/context.h"

namespace mf::cli {

Task<int> runCompletions(CommandContext &context, const ParsedArguments &arguments);
Task<int> runHelp(CommandContext &context, const ParsedArguments &arguments);
Task<int> runManPage(CommandContext &context, const ParsedArguments &arguments);

} // namespace mf::cli
