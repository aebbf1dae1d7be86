// SPDX-License-Identifier: GPL-3.0-or-later
// check, repair and protect: how the models stand, and what can be done about it.
#include "app/cli/commands/commands.h"
#include "app/cli/render_health.h"
#include "app/cli/values.h"

namespace mf::cli {

Task<int> runCheck(CommandContext &context, const ParsedArguments &arguments)
{
    CheckRequest request;
    request.model = arguments.argument(0);
    request.deep = arguments.has("deep");
    request.sample = arguments.value("sample").toDouble();
    auto library = co_await openLibrary(context);
    if (!library)
        co_return context.output.fail(library.error());
    const auto begun = context.clock.elapsed();
    const ProgressSink sink = context.progress.sink(QStringLiteral("check"));
    Check check((*library)->engine(), std::move(request), sink);
    const auto checked = co_await check.run();
    context.progress.finish();
    if (!checked)
        co_return context.output.fail(checked.error());
    const auto took = context.clock.elapsed() - begun;
    context.output.result(checkJson(*checked), checkText(*checked, context.output.width(), took));
    co_return number(exitCodeOf(checked->models));
}

Task<int> runRepair(CommandContext &context, const ParsedArguments &arguments)
{
    RepairRequest request;
    request.model = arguments.argument(0);
    auto library = co_await openLibrary(context);
    if (!library)
        co_return context.output.fail(library.error());
    const auto begun = context.clock.elapsed();
    const ProgressSink sink = context.progress.sink(QStringLiteral("repair"));
    Repair repair((*library)->engine(), std::move(request), sink);
    const auto repaired = co_await repair.run();
    context.progress.finish();
    if (!repaired)
        co_return context.output.fail(repaired.error());
    const auto took = context.clock.elapsed() - begun;
    context.output.result(repairJson(*repaired), repairText(*repaired, context.output.width(), took));
    co_return number(exitCodeOf(repaired->models));
}

Task<int> runProtect(CommandContext &context, const ParsedArguments &arguments)
{
    const auto protection = protectionFrom(arguments);
    if (!protection)
        co_return context.output.fail(Error(Error::Kind::Invalid, QStringLiteral("MF-USAGE-OPTION"),
            QStringLiteral("say how: --lose N, --copies N or --erasure K+M")));
    ProtectRequest request;
    request.model = arguments.argument(0);
    request.protection = *protection;
    auto library = co_await openLibrary(context);
    if (!library)
        co_return context.output.fail(library.error());
    const auto begun = context.clock.elapsed();
    const ProgressSink sink = context.progress.sink(QStringLiteral("protect"));
    auto protecting = protectModel((*library)->engine(), std::move(request), sink);
    const auto done = co_await protecting;
    context.progress.finish();
    if (!done)
        co_return context.output.fail(done.error());
    const auto took = context.clock.elapsed() - begun;
    context.output.result(protectJson(*done), protectText(*done, took));
    co_return number(ExitCode::Done);
}

} // namespace mf::cli
