// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/sync_library.h"

#include "core/base/crash_point.h"
#include "core/base/log.h"
#include "core/distributor/checkpoint_log.h"
#include "core/distributor/daily_copy.h"
#include "core/distributor/fragment_survey.h"
#include "core/distributor/holding.h"
#include "core/distributor/index_merge.h"
#include "core/distributor/library_keys.h"
#include "core/distributor/library_log.h"
#include "core/distributor/move_out.h"
#include "core/distributor/resume.h"
#include "core/distributor/share_objects.h"
#include "core/distributor/store.h"
#include "core/distributor/take_in.h"

#include <map>

namespace mf {
namespace {

using Snapshot = std::map<QString, std::pair<RevisionId, ObjectHash>>; // by name

Snapshot snapshotOf(const std::vector<RevisionRecord> &models)
{
    Snapshot snapshot;
    for (const RevisionRecord &model : models)
        snapshot[model.name] = { model.id, model.manifest };
    return snapshot;
}

// Everything that sync and recover have in common; how many revisions wait.
Task<Result<int>> takeInAll(Engine &engine, QStringList &warnings)
{
    LibraryLog log(engine);
    const auto read = co_await log.sync(engine.accounts.verified());
    if (!read)
        co_return read.error();
    const auto taken = co_await takeIn(engine); // before anything is written: it may be a newer library
    if (!taken)
        co_return taken.error();
    warnings += taken->reasons;
    const auto healed = co_await healStale(engine, log);
    if (!healed)
        co_return healed.error();
    warnings += *healed;
    if (engine.ring.epochs().size() > 1) { // for an account that came, or came back, after a new kit was made
        const auto shared = co_await shareKeys(engine, engine.ring, engine.accounts.verified());
        if (!shared)
            logWarning("keys", shared.error().message);
    }
    const auto found = co_await surveyPacksInNeed(engine, 0);
    if (!found)
        co_return found.error();
    const auto settled = co_await settleUnfinished(engine);
    if (!settled)
        co_return settled.error();
    const auto shared = co_await shareObjects(engine);
    if (!shared)
        co_return shared.error();
    // Housekeeping: what cannot be done now is done another time.
    const auto merged = co_await mergeIndexes(engine);
    if (!merged)
        logWarning("index", merged.error().message);
    const auto shortened = co_await writeCheckpoint(engine);
    if (!shortened)
        logWarning("log", shortened.error().message);
    const auto copied = co_await copyDaily(engine);
    if (!copied)
        logWarning("copy", copied.error().message);
    co_return taken->waiting;
}

} // namespace

Task<Result<SyncResult>> syncLibrary(Engine &engine)
{
    SyncResult result;
    const auto ready = co_await readyAccounts(engine, result.warnings);
    if (!ready)
        co_return ready.error();
    const auto before = co_await engine.registry.models(QString());
    if (!before)
        co_return before.error();
    const auto waiting = co_await takeInAll(engine, result.warnings);
    if (!waiting)
        co_return waiting.error();
    result.waiting = *waiting;
    const auto movedOut = co_await moveOutHeld(engine);
    if (!movedOut)
        co_return movedOut.error();
    result.movedOut = movedOut->models;
    result.onThisComputer = movedOut->waiting;
    result.warnings += movedOut->warnings;
    const auto after = co_await engine.registry.models(QString());
    if (!after)
        co_return after.error();
    Snapshot old = snapshotOf(*before);
    for (const auto &[name, now] : snapshotOf(*after)) {
        const auto known = old.find(name);
        if (known == old.end()) {
            ++result.added;
            continue;
        }
        result.changed += known->second == now ? 0 : 1;
        old.erase(known);
    }
    result.removed = static_cast<int>(old.size());
    result.models = static_cast<int>(after->size());
    co_return result;
}

Task<Result<RecoverResult>> recoverLibrary(Engine &engine)
{
    RecoverResult result;
    const auto ready = co_await readyAccounts(engine, result.warnings);
    if (!ready)
        co_return ready.error();
    const auto begun = co_await beginWithCopy(engine);
    if (!begun)
        co_return begun.error();
    result.fromCopy = *begun;
    if (!*begun) {
        const auto forgotten = co_await engine.registry.forgetTakenIn();
        if (!forgotten)
            co_return forgotten.error();
    }
    crashPoint(CrashPoint::RecoverForgotten);
    const auto waiting = co_await takeInAll(engine, result.warnings);
    if (!waiting)
        co_return waiting.error();
    const auto models = co_await engine.registry.models(QString());
    if (!models)
        co_return models.error();
    std::vector<AccountId> away;
    for (const auto &account : engine.accounts.all()) {
        if (!account->isVerified())
            away.push_back(account->id());
    }
    for (const RevisionRecord &model : *models) {
        const auto spare = co_await engine.registry.spare(model.row, away);
        if (!spare)
            co_return spare.error();
        ++(!*spare || **spare >= 0 || isHeld(model) ? result.readable : result.unreadable);
    }
    result.unreadable += *waiting;
    result.models = static_cast<int>(models->size()) + *waiting;
    co_return result;
}

} // namespace mf
