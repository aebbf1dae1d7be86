// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/protect.h"

#include "core/base/crash_point.h"
#include "core/distributor/confirm.h"
#include "core/distributor/holding.h"
#include "core/distributor/publish.h"
#include "core/distributor/ready_accounts.h"
#include "core/distributor/repack.h"
#include "core/distributor/take_in.h"

namespace mf {
namespace {

// What the revision consists of, from any account that has its manifest.
Task<Result<Manifest>> readManifest(Engine &engine, RevisionRecord revision)
{
    const BlobName name = manifestName(engine.ring, revision.manifest);
    QStringList reasons;
    for (Account *account : engine.accounts.verified()) {
        const Range whole;
        const auto sealed = co_await account->provider().get(name, whole);
        if (!sealed) {
            reasons.append(account->name() + QStringLiteral(": ") + sealed.error().message);
            continue;
        }
        if (objectHash(viewOf(*sealed)) == revision.manifest) {
            auto manifest = openManifest(engine.ring, viewOf(*sealed));
            if (manifest)
                co_return manifest;
        }
        reasons.append(account->name() + QStringLiteral(": it is damaged"));
    }
    co_return Error(Error::Kind::Network, QStringLiteral("MF-MANIFEST-AWAY"),
        QStringLiteral("the manifest of %1 cannot be read now (%2); connect the accounts that are away and try again")
            .arg(revision.name, reasons.join(QStringLiteral("; "))))
        .of(revision.name)
        .offering(Error::Action::Retry);
}

// Gives every pack the fragments that it takes to lose `m` domains.
Task<Result<PacksRepaired>> addParity(Engine &engine, RevisionRecord revision, int k, int m, PackSet without,
    std::shared_ptr<Shares> shares, ProgressSink progress)
{
    std::vector<AccountId> anyAccount;
    const auto places = placementAccounts(engine.accounts, anyAccount);
    const Protection asked(k, m);
    const auto enough = resolveProtection(places, asked);
    if (!enough)
        co_return enough.error();
    const auto lost = co_await lostAccounts(engine);
    if (!lost)
        co_return lost.error();
    auto needs = co_await engine.registry.packsInNeed(revision.row, *lost, m);
    if (!needs)
        co_return needs.error();
    std::erase_if(*needs, [&without](const PackNeed &need) { return without && without->contains(need.pack); });
    Progress state;
    state.phase = Progress::Phase::Storing;
    state.shares = shares;
    for (const PackNeed &need : *needs)
        state.total += need.bytes;
    const PackDone done = [&state, &progress, &shares](PackNeed need, const PackRepairer::Outcome &) {
        state.bytes += need.bytes;
        state.network = shares->bytes();
        if (progress)
            progress(state);
    };
    auto repaired = co_await repairPacks(engine, shares, std::move(*needs), done);
    if (!repaired)
        co_return repaired.error();
    const auto health = co_await engine.registry.health(revision.row, *lost);
    if (!health)
        co_return health.error();
    if (health->spare && *health->spare < 0)
        co_return Error(Error::Kind::Corrupt, QStringLiteral("MF-PACK-UNREADABLE"),
            QStringLiteral(
                "too little is left of %1 to add to it; connect the accounts that are away, or store it again")
                .arg(revision.name))
            .of(revision.name);
    if (!without && health->spare && *health->spare < m)
        co_return Error(Error::Kind::Quota, QStringLiteral("MF-PROTECT-ROOM"),
            QStringLiteral("there is no room for all that this protection takes; what was added stays; free some "
                           "space or add storage, and the same command goes on"))
            .of(revision.name)
            .offering(Error::Action::AddStorage);
    co_return repaired;
}

// The new promise, as storing writes one.
Task<Result<>> promise(Engine &engine, RevisionRecord revision, int m, std::vector<ObjectHash> indexes)
{
    auto manifest = co_await readManifest(engine, revision);
    if (!manifest)
        co_return manifest.error();
    const auto rows = co_await engine.registry.packsRelied(revision.row);
    if (!rows)
        co_return rows.error();
    auto covering = co_await accountsOfPacks(engine, *rows);
    if (!covering)
        co_return covering.error();
    Publication publication;
    publication.manifest = std::move(*manifest);
    publication.manifest.revision.protection = revision.protection;
    publication.manifest.revision.name = revision.name;
    publication.indexes = std::move(indexes);
    publication.domains = m + 1;
    publication.covering = std::move(*covering);
    const auto put = co_await putManifest(engine, publication);
    if (!put)
        co_return put.error();
    crashPoint(CrashPoint::ProtectManifestPut);
    const auto logged = co_await logRevision(engine, std::move(publication), *put);
    if (!logged)
        co_return logged.error();
    crashPoint(CrashPoint::ProtectRevisionLogged);
    const auto confirmed = co_await confirmRevision(engine, revision.row, revision.protection.m);
    if (!confirmed)
        co_return confirmed.error();
    if (!*confirmed)
        co_return Error(Error::Kind::Network, QStringLiteral("MF-PROTECT-CONFIRM"),
            QStringLiteral("another computer is deleting what %1 relies on; store it again").arg(revision.name))
            .of(revision.name);
    revision.manifest = *put;
    co_return co_await engine.registry.updateRevision(std::move(revision));
}

// Data packs that are not cut into the pieces that they would be cut into now: the revision's own, and all.
struct OtherCut {
    PackSet own; // null: none
    PackSet all;
};

Task<Result<OtherCut>> packsOfOtherCut(Engine &engine, RevisionRow revision, Protection asked)
{
    const auto rows = co_await engine.registry.packsRelied(revision);
    if (!rows)
        co_return rows.error();
    const QSet<PackRow> relied(rows->begin(), rows->end());
    const auto uses = co_await engine.registry.packUses(std::nullopt);
    if (!uses)
        co_return uses.error();
    QSet<PackRow> own;
    QSet<PackRow> all;
    for (const PackUse &use : *uses) {
        if (use.packClass != PackClass::Data || shapeFor(use.payloadLength, asked.k, asked.m).k == use.shape.k)
            continue;
        all.insert(use.row);
        if (relied.contains(use.row))
            own.insert(use.row);
    }
    OtherCut cut;
    if (!own.isEmpty())
        cut.own = std::make_shared<const QSet<PackRow>>(std::move(own));
    cut.all = std::make_shared<const QSet<PackRow>>(std::move(all));
    co_return cut;
}

// Other pieces are other packs: the model's chunks are sealed into new ones, with the new promise.
Task<Result<>> cutAnew(Engine &engine, RevisionRecord revision, OtherCut cut, ProtectResult &result,
    std::shared_ptr<Shares> shares, ProgressSink progress)
{
    RepackRequest request;
    request.packs = std::move(cut.own);
    request.avoid = std::move(cut.all);
    const RevisionPromise promise { revision.id, revision.protection };
    request.promise = promise;
    request.shares = std::move(shares);
    auto packing = repack(engine, std::move(request), std::move(progress));
    const auto packed = co_await packing;
    if (!packed)
        co_return packed.error();
    result.uploadedBytes += packed->uploadedBytes;
    result.repacked = packed->packs;
    if (packed->left > 0)
        co_return Error(Error::Kind::Quota, QStringLiteral("MF-PROTECT-ROOM"),
            QStringLiteral("not all of %1 could be packed anew (%2); what was stays as it is; connect the accounts "
                           "that are away, free some space or add storage, and the same command goes on")
                .arg(revision.name, packed->warnings.join(QStringLiteral("; "))))
            .of(revision.name)
            .offering(Error::Action::AddStorage);
    result.warnings += packed->warnings;
    co_return Result<>();
}

} // namespace

Task<Result<ProtectResult>> protectModel(Engine &engine, ProtectRequest request, ProgressSink progress)
{
    ProtectResult result;
    const auto shares = std::make_shared<Shares>();
    const auto found = co_await engine.registry.revision(request.model, 0);
    if (!found)
        co_return found.error();
    if (isHeld(*found))
        co_return Error(Error::Kind::Network, QStringLiteral("MF-HELD-WAITS"),
            QStringLiteral("%1 is on this computer only, because no account could be reached; connect one, run `sync`, "
                           "then protect it")
                .arg(found->name))
            .of(found->name);
    RevisionRecord revision = *found;
    result.model = revision.name;
    std::vector<AccountId> none;
    const auto health = co_await engine.registry.health(revision.row, std::move(none));
    if (!health)
        co_return health.error();
    const int m = request.protection.m;
    const Protection before = revision.protection;
    revision.protection = Protection(request.protection.k > 0 ? request.protection.k : revision.protection.k, m);
    result.protection = Protection(revision.protection.k > 0 ? revision.protection.k : health->k, m);

    const auto ready = co_await readyAccounts(engine, result.warnings);
    if (!ready)
        co_return ready.error();
    const auto read = co_await readLog(engine);
    if (!read)
        co_return read.error();
    const auto known = co_await refuseNewerObjects(engine);
    if (!known)
        co_return known.error();
    const auto standing = co_await engine.registry.standing(revision.id);
    if (!standing)
        co_return standing.error();
    if (standing->removed)
        co_return Error(Error::Kind::NotFound, QStringLiteral("MF-MODEL-REMOVED"),
            QStringLiteral("%1 was removed by another computer; `restore` takes it out of the trash")
                .arg(revision.name))
            .of(revision.name);
    std::vector<ObjectHash> indexes;
    OtherCut cut;
    if (request.protection.k > 0) {
        const std::vector<AccountId> anyAccount;
        const auto places = placementAccounts(engine.accounts, anyAccount);
        const auto enough = resolveProtection(places, request.protection);
        const auto others = co_await packsOfOtherCut(engine, revision.row, request.protection);
        if (!others)
            co_return others.error();
        if (others->own && !enough)
            co_return enough.error();
        cut = *others;
    }
    if (m >= before.m && m > 0) {
        const int k = cut.own ? 1 : health->k; // the rest: lists of chunks, which are copies
        auto added = co_await addParity(engine, revision, k, m, cut.own, shares, progress);
        if (!added)
            co_return added.error();
        result.uploadedBytes = added->uploaded;
        result.fragments = added->rebuilt;
        result.warnings += added->warnings;
        indexes = std::move(added->indexes);
    }
    crashPoint(CrashPoint::ProtectFragmentsPut);
    if (cut.own) {
        const auto done = co_await cutAnew(engine, revision, cut, result, shares, progress);
        if (!done)
            co_return done.error();
        co_return result;
    }
    if (before == revision.protection) {
        result.unchanged = true;
        co_return result;
    }
    revision.uploadedBytes += result.uploadedBytes;
    const auto promised = co_await promise(engine, revision, m, std::move(indexes));
    if (!promised)
        co_return promised.error();
    co_return result;
}

} // namespace mf
