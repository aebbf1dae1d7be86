// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands/builtin.h"
#include "app/cli/completions.h"

namespace mf::cli {

Task<int> runCompletions(CommandContext &context, const ParsedArguments &arguments)
{
    context.output.bytes(completionsFor(arguments.argument(0), context.kinds).toUtf8());
    co_return number(ExitCode::Done);
}

} // namespace mf::cli
