// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands/commands.h"
#include "app/cli/render_transfer.h"
#include "app/cli/values.h"

namespace mf::cli {
namespace {

Result<StoreRequest> requestFrom(Library &library, const ParsedArguments &arguments)
{
    StoreRequest request;
    for (const QString &path : arguments.arguments)
        request.paths.push_back(absolutePath(path));
    request.name = arguments.value("name");
    request.protection = protectionFrom(arguments);
    request.verifyEncode = !arguments.has("no-verify-encode");
    if (arguments.has("accounts")) {
        for (const QString &name : accountsFrom(arguments.value("accounts")).value_or(QStringList())) {
            const Account *account = library.accounts().findByName(name);
            if (!account)
                return Error(Error::Kind::NotFound, QStringLiteral("MF-ACCOUNT-UNKNOWN"),
                    QStringLiteral("there is no account %1; `account list` shows them").arg(name))
                    .at(name);
            request.accounts.push_back(account->id());
        }
    }
    return request;
}

} // namespace

Task<int> runStore(CommandContext &context, const ParsedArguments &arguments)
{
    auto library = co_await openLibrary(context);
    if (!library)
        co_return context.output.fail(library.error());
    auto request = requestFrom(**library, arguments);
    if (!request)
        co_return context.output.fail(request.error());
    const auto begun = context.clock.elapsed();
    const ProgressSink sink = context.progress.sink(QStringLiteral("store"));
    Store store((*library)->engine(), std::move(*request), sink);
    const auto stored = co_await store.run();
    context.progress.finish();
    if (!stored)
        co_return context.output.fail(stored.error());
    const auto took = context.clock.elapsed() - begun;
    context.output.result(storeJson(*stored, took), storeText(*stored, took));
    const bool isBelow = stored->reducedPacks > 0 || stored->onThisComputer;
    co_return number(isBelow ? ExitCode::Reduced : ExitCode::Done);
}

Task<int> runEstimate(CommandContext &context, const ParsedArguments &arguments)
{
    auto library = co_await openLibrary(context);
    if (!library)
        co_return context.output.fail(library.error());
    auto request = requestFrom(**library, arguments);
    if (!request)
        co_return context.output.fail(request.error());
    const ProgressSink sink = context.progress.sink(QStringLiteral("estimate"));
    auto estimating = estimateStore((*library)->engine(), std::move(*request), sink);
    const auto estimated = co_await estimating;
    context.progress.finish();
    if (!estimated)
        co_return context.output.fail(estimated.error());
    context.output.result(estimateJson(*estimated), estimateText(*estimated, context.output.width()));
    co_return number(estimated->fits ? ExitCode::Done : ExitCode::NoRoom);
}

} // namespace mf::cli
