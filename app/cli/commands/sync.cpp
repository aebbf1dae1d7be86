// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands/commands.h"
#include "app/cli/render_sync.h"

namespace mf::cli {

Task<int> runSync(CommandContext &context, const ParsedArguments &)
{
    auto library = co_await openLibrary(context);
    if (!library)
        co_return context.output.fail(library.error());
    const auto synced = co_await syncLibrary((*library)->engine());
    if (!synced)
        co_return context.output.fail(synced.error());
    for (const QString &warning : synced->warnings)
        context.output.note(warning);
    context.output.result(syncJson(*synced), syncText(*synced));
    co_return number(synced->onThisComputer > 0 ? ExitCode::Reduced : ExitCode::Done);
}

Task<int> runRecover(CommandContext &context, const ParsedArguments &)
{
    auto library = co_await openLibrary(context);
    if (!library)
        co_return context.output.fail(library.error());
    const auto recovered = co_await recoverLibrary((*library)->engine());
    if (!recovered)
        co_return context.output.fail(recovered.error());
    for (const QString &warning : recovered->warnings)
        context.output.note(warning);
    context.output.result(recoverJson(*recovered), recoverText(*recovered));
    co_return number(recovered->unreadable > 0 ? ExitCode::Unreadable : ExitCode::Done);
}

} // namespace mf::cli
