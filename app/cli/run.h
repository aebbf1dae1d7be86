// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/context.h"

namespace mf::cli {

// completions, help, man-page: those that need no library.
CommandMap builtinCommands();

// Reads the command line, runs the command on an event loop and returns the exit status.
//
// Precondition: there is a QCoreApplication. `commands` are those of the program beside the built-in
// ones; `kinds` the kinds of accounts, for help and completions. Prints help, version and what is wrong
// with the command line; Ctrl+C cancels the command, which leaves a resumable state: exit status 130.
int runCommandLine(int argc, const char *const *argv, const std::vector<KindHelp> &kinds, const CommandMap &commands);

} // namespace mf::cli
