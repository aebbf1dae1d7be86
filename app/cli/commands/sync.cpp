// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands/commands.h"
#include "app/cli/render_sync.h"
#include "core/distributor/repair.h"

namespace mf::cli {

namespace {

// Repairs as set, after a sync: what is known to be below its protection, nothing is looked for.
Task<Result<Upkeep>> keepUp(CommandContext &context, Engine &engine)
{
    Upkeep upkeep;
    const QString all;
    auto models = co_await engine.registry.models(all);
    if (!models)
        co_return models.error();
    const auto views = co_await modelViews(engine, std::move(*models));
    if (!views)
        co_return views.error();
    for (const ModelView &view : *views)
        upkeep.states.push_back(view.state);
    const auto settings = co_await engine.registry.settings();
    if (!settings)
        co_return settings.error();
    if (upkeep.below() == 0 || !syncRepairs(*settings))
        co_return upkeep;
    const ProgressSink sink = context.progress.sink(QStringLiteral("repair"));
    Repair repair(engine, RepairRequest(), sink);
    const auto repaired = co_await repair.run();
    context.progress.finish();
    if (!repaired)
        co_return repaired.error();
    for (const QString &warning : repaired->warnings)
        context.output.note(warning);
    upkeep = Upkeep();
    upkeep.isRepaired = true;
    upkeep.rebuilt = repaired->rebuilt;
    for (const ModelRepair &model : repaired->models)
        upkeep.states.push_back(model.state);
    co_return upkeep;
}

} // namespace

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
    auto keeping = keepUp(context, (*library)->engine());
    const auto upkeep = co_await keeping;
    if (!upkeep)
        co_return context.output.fail(upkeep.error());
    context.output.result(syncJson(*synced, *upkeep), syncText(*synced, *upkeep));
    const ExitCode left = upkeep->exitCode();
    co_return number(left == ExitCode::Done && synced->onThisComputer > 0 ? ExitCode::Reduced : left);
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
