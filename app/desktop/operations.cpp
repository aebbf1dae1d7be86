// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/operations.h"

#include "app/desktop/words.h"
#include "core/distributor/sync_library.h"

namespace mf {

using Outcome = TransferQueue::Outcome;

namespace {

// Progress of one of several models as progress of them all: each counts as much as it is large.
ProgressSink partOf(ProgressSink whole, const std::vector<NamedModel> &models, std::size_t at)
{
    if (models.size() < 2)
        return whole;
    qint64 before = 0;
    qint64 total = 0;
    for (std::size_t i = 0; i < models.size(); ++i) {
        before += i < at ? models[i].bytes : 0;
        total += models[i].bytes;
    }
    return [whole = std::move(whole), before, total, mine = models[at].bytes](const Progress &progress) {
        Progress shown = progress;
        const double done
            = progress.total > 0 ? static_cast<double>(progress.bytes) / static_cast<double>(progress.total) : 0;
        shown.bytes = before + static_cast<qint64>(done * static_cast<double>(mine));
        shown.total = total;
        whole(shown);
    };
}

// Core's words tell of an option of the command line.
Error inTheWindow(Error error)
{
    if (error.id == QStringLiteral("MF-ACCOUNT-ROOM"))
        error.message = QStringLiteral("not all that lies on %1 finds another place, on an account that counts by "
                                       "itself and has room; add storage, then try again")
                            .arg(error.account);
    return error;
}

} // namespace

OperationTask storeOperation(Library &library, StoreRequest request, ProgressSink sink)
{
    Store store(library.engine(), std::move(request), std::move(sink));
    const auto stored = co_await store.run();
    if (!stored)
        co_return stored.error();
    co_return outcomeOf(*stored);
}

OperationTask fetchOperation(Library &library, FetchRequest request, ProgressSink sink)
{
    Fetch fetch(library.engine(), std::move(request), std::move(sink));
    const auto fetched = co_await fetch.run();
    if (!fetched)
        co_return fetched.error();
    co_return outcomeOf(*fetched);
}

OperationTask checkOperation(Library &library, std::vector<NamedModel> models, bool deep, ProgressSink sink)
{
    std::vector<CheckResult> results;
    for (std::size_t i = 0; i < models.size(); ++i) {
        CheckRequest request;
        request.model = models[i].name;
        request.deep = deep;
        const ProgressSink part = partOf(sink, models, i);
        Check check(library.engine(), request, part);
        auto checked = co_await check.run();
        if (!checked)
            co_return checked.error();
        results.push_back(std::move(*checked));
    }
    co_return outcomeOf(results);
}

OperationTask repairOperation(Library &library, std::vector<NamedModel> models, ProgressSink sink)
{
    std::vector<RepairResult> results;
    for (std::size_t i = 0; i < models.size(); ++i) {
        RepairRequest request;
        request.model = models[i].name;
        const ProgressSink part = partOf(sink, models, i);
        Repair repair(library.engine(), request, part);
        auto repaired = co_await repair.run();
        if (!repaired)
            co_return repaired.error();
        results.push_back(std::move(*repaired));
    }
    co_return outcomeOf(results);
}

OperationTask protectOperation(Library &library, QString model, Protection protection, ProgressSink sink)
{
    ProtectRequest request;
    request.model = model;
    request.protection = protection;
    auto protecting = protectModel(library.engine(), std::move(request), std::move(sink));
    const auto done = co_await protecting;
    if (!done)
        co_return done.error();
    co_return outcomeOf(*done);
}

OperationTask collectOperation(Library &library)
{
    const auto collected = co_await collect(library.engine());
    if (!collected)
        co_return collected.error();
    co_return outcomeOf(*collected);
}

OperationTask removeAccountOperation(Library &library, AccountId account, bool isLost, ProgressSink sink)
{
    auto removing = removeAccount(library.engine(), account, isLost, std::move(sink));
    const auto removed = co_await removing;
    if (!removed)
        co_return inTheWindow(removed.error());
    if (removed->isRetired) {
        const auto forgotten = co_await library.forgetSecret(account);
        if (!forgotten)
            co_return forgotten.error();
    }
    co_return outcomeOf(*removed);
}

OperationTask syncOperation(Library &library)
{
    const auto synced = co_await syncLibrary(library.engine());
    if (!synced)
        co_return synced.error();
    co_return Outcome();
}

OperationTask failedOperation(Error error) { co_return error; }

} // namespace mf
