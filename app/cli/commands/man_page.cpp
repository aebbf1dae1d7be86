// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands/builtin.h"
#include "app/cli/man_page.h"

namespace mf::cli {

Task<int> runManPage(CommandContext &context, const ParsedArguments &)
{
    context.output.bytes(manPage(context.kinds).toUtf8());
    co_return number(ExitCode::Done);
}

} // namespace mf::cli
