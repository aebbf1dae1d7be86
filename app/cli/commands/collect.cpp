// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands/commands.h"
#include "app/cli/render_trash.h"

namespace mf::cli {

Task<int> runCollect(CommandContext &context, const ParsedArguments &)
{
    auto library = co_await openLibrary(context);
    if (!library)
        co_return context.output.fail(library.error());
    const auto collected = co_await collect((*library)->engine());
    if (!collected)
        co_return context.output.fail(collected.error());
    context.output.result(collectJson(*collected), collectText(*collected));
    co_return number(ExitCode::Done);
}

} // namespace mf::cli
