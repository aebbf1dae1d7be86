// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands/commands.h"
#include "app/cli/render_trash.h"

namespace mf::cli {

Task<int> runRemove(CommandContext &context, const ParsedArguments &arguments)
{
    const QString name = arguments.argument(0);
    const int revision = arguments.value("revision").toInt();
    const bool isForever = arguments.has("forever");
    auto library = co_await openLibrary(context);
    if (!library)
        co_return context.output.fail(library.error());
    const auto removed = co_await removeModel((*library)->engine(), name, revision, isForever);
    if (!removed)
        co_return context.output.fail(removed.error());
    const std::vector<TrashEntry> one(1, *removed);
    context.output.result(trashJson(one), removedText(*removed));
    co_return number(ExitCode::Done);
}

Task<int> runRestore(CommandContext &context, const ParsedArguments &arguments)
{
    const QString name = arguments.argument(0);
    auto library = co_await openLibrary(context);
    if (!library)
        co_return context.output.fail(library.error());
    const auto restored = co_await restoreModel((*library)->engine(), name);
    if (!restored)
        co_return context.output.fail(restored.error());
    const std::vector<TrashEntry> one(1, *restored);
    context.output.result(trashJson(one), restoredText(*restored));
    co_return number(ExitCode::Done);
}

Task<int> runTrash(CommandContext &context, const ParsedArguments &)
{
    auto library = co_await openLibrary(context);
    if (!library)
        co_return context.output.fail(library.error());
    const auto entries = co_await listTrash((*library)->engine());
    if (!entries)
        co_return context.output.fail(entries.error());
    context.output.result(trashJson(*entries), trashText(*entries, context.output.width()));
    co_return number(ExitCode::Done);
}

} // namespace mf::cli
