// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/collect.h"

#include "core/base/crash_point.h"
#include "core/base/log.h"
#include "core/distributor/checkpoint_log.h"
#include "core/distributor/library_log.h"
#include "core/distributor/repack.h"
#include "core/distributor/stray_blobs.h"
#include "core/distributor/sync_library.h"

#include <algorithm>
#include <array>
#include <map>

namespace mf {
namespace {

constexpr std::size_t kMostInDoom = 256; // a segment stays small, and a pardon spares not too much

// What lies on the same accounts is deleted together: an account that is away holds up only its own.
using Groups = std::map<std::vector<AccountId>, std::vector<DoomRecord>>;

DoomRecord &groupFor(Groups &groups, std::vector<AccountId> accounts)
{
    std::sort(accounts.begin(), accounts.end());
    accounts.erase(std::unique(accounts.begin(), accounts.end()), accounts.end());
    auto &sets = groups[accounts];
    if (sets.empty() || sets.back().packs.size() + sets.back().fragments.size() >= kMostInDoom)
        sets.emplace_back();
    return sets.back();
}

std::vector<DoomRecord> setsOf(Groups groups)
{
    std::vector<DoomRecord> sets;
    for (auto &[accounts, some] : groups)
        std::move(some.begin(), some.end(), std::back_inserter(sets));
    return sets;
}

class Collector
{
public:
    Collector(Engine &engine, Deletion::Seams seams)
        : m_engine(engine)
        , m_deletion(engine, seams)
    {
    }

    Task<Result<CollectResult>> run();

private:
    Task<Result<>> prune();
    Task<Result<>> dropLeftovers();
    Task<Result<>> repackSparse();
    Task<Result<>> eraseGhosts();
    Task<Result<>> lookForStrays();
    Task<Result<>> doomPacks();
    Task<Result<>> doomSurplus();
    Task<Result<>> doomObjects();
    Task<Result<>> doomLog();
    Task<Result<>> eraseAgain(QStringList segments);

    Engine &m_engine;
    Deletion m_deletion;
    CollectResult m_result;
};

Task<Result<CollectResult>> Collector::run()
{
    // What others stored and removed, and what was interrupted here, comes first.
    const auto synced = co_await syncLibrary(m_engine);
    if (!synced)
        co_return synced.error();
    // What others deleted is not known here any more: where it came back it is a stray.
    const auto dropped = co_await m_engine.registry.dropGone();
    if (!dropped)
        co_return dropped.error();
    using Step = Task<Result<>> (Collector::*)();
    // The objects last: those of a revision go when its packs are gone.
    static constexpr std::array<Step, 9> kSteps { &Collector::prune, &Collector::dropLeftovers,
        &Collector::repackSparse, &Collector::eraseGhosts, &Collector::lookForStrays, &Collector::doomPacks,
        &Collector::doomSurplus, &Collector::doomObjects, &Collector::doomLog };
    for (const Step step : kSteps) {
        auto task = (this->*step)();
        const auto done = co_await task;
        if (!done)
            co_return done.error();
        const auto went = co_await m_deletion.goOn();
        if (!went)
            co_return went.error();
    }
    m_result.freedBytes = m_deletion.freed().bytes;
    m_result.fragments = m_deletion.freed().fragments;
    m_result.waiting = m_deletion.freed().waiting;
    co_return m_result;
}

// Old revisions go out of the trash at once: they were kept for longer than that.
Task<Result<>> Collector::prune()
{
    const auto settings = co_await m_engine.registry.settings();
    if (!settings)
        co_return settings.error();
    const auto old = co_await m_engine.registry.oldRevisions(keptRevisions(*settings));
    if (!old)
        co_return old.error();
    if (old->empty())
        co_return Result<>();
    Cbor events = Cbor::array();
    for (const RevisionRecord &revision : *old) {
        const auto standing = co_await m_engine.registry.standing(revision.id);
        if (!standing)
            co_return standing.error();
        events.push_back(events::trash(revision.id, standing->all, true));
        logInfo(
            "collect", QStringLiteral("revision %1 of %2 is no longer kept").arg(revision.number).arg(revision.name));
    }
    LibraryLog log(m_engine);
    const auto logged = co_await log.append(std::move(events));
    if (!logged)
        co_return logged.error();
    co_return Result<>();
}

// Nobody else ever knew these packs: they need no doom.
Task<Result<>> Collector::dropLeftovers()
{
    const auto leftovers = co_await m_engine.registry.takeLeftovers();
    if (!leftovers)
        co_return leftovers.error();
    if (!leftovers->empty())
        crashPoint(CrashPoint::CollectLeftoverTaken);
    for (const Registry::DeadPack &pack : *leftovers) {
        bool all = true;
        for (const FragmentPlace &place : pack.fragments) {
            const BlobName name = fragmentName(m_engine.ring, pack.id, place.index);
            const auto why = co_await m_deletion.erase(place.account, name);
            if (why) {
                m_deletion.wait(*why);
                all = false;
            } else {
                m_deletion.count(fragmentSize(pack.shape.dataLength));
            }
        }
        if (!all)
            continue;
        const auto dropped = co_await m_engine.registry.dropPack(pack.row);
        if (!dropped)
            co_return dropped.error();
    }
    co_return Result<>();
}

// Packs more than half of which nothing needs: the rest moves, so that all of them can go.
Task<Result<>> Collector::repackSparse()
{
    const auto uses = co_await m_engine.registry.packUses(std::nullopt);
    if (!uses)
        co_return uses.error();
    QSet<PackRow> sparse;
    QSet<PackRow> dead;
    for (const PackUse &use : *uses) {
        if (!use.isUsed)
            dead.insert(use.row);
        else if (!use.isDoomed && use.usedBytes * 2 < use.bytes)
            sparse.insert(use.row);
    }
    if (sparse.isEmpty())
        co_return Result<>();
    RepackRequest request;
    request.packs = std::make_shared<const QSet<PackRow>>(std::move(sparse));
    request.avoid = std::make_shared<const QSet<PackRow>>(std::move(dead)); // they are about to go
    const auto done = co_await repack(m_engine, std::move(request), nullptr);
    if (!done) { // what can be freed without it still is
        m_deletion.wait(QStringLiteral("packs that are mostly unused stay for now: ") + done.error().message);
        co_return Result<>();
    }
    for (const QString &warning : done->warnings)
        m_deletion.wait(QStringLiteral("packs that are mostly unused stay for now: ") + warning);
    m_result.repacked = done->packs;
    co_return Result<>();
}

// Manifests and index objects that the log says are deleted, and that an account has all the same: it is an older
// state of itself. Their names never come again, so they need no other doom.
Task<Result<>> Collector::eraseGhosts()
{
    for (const AccountId &id : accountsThatCount(m_engine)) {
        Account *account = m_engine.accounts.find(id);
        if (!account->isVerified())
            continue;
        const QString prefix = QStringLiteral("meta/");
        const auto listed = co_await listAll(account->provider(), prefix);
        if (!listed) {
            m_deletion.wait(account->name() + QStringLiteral(": ") + listed.error().message);
            continue;
        }
        std::vector<QString> names;
        for (const BlobInfo &blob : *listed)
            names.push_back(blob.name.value);
        const auto gone = co_await m_engine.registry.objectsGone(names);
        if (!gone)
            co_return gone.error();
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (!(*gone)[i])
                continue;
            const auto why = co_await m_deletion.erase(id, BlobName(names[i]));
            if (why)
                m_deletion.wait(*why);
        }
    }
    co_return Result<>();
}

Task<Result<>> Collector::lookForStrays()
{
    auto looked = co_await lookThroughAccounts(m_engine);
    if (!looked)
        co_return looked.error();
    m_result.strays = looked->strays;
    m_result.strayBytes = looked->bytes;
    if (!looked->why.isEmpty())
        m_deletion.wait(QStringLiteral("fragments that nothing names stay for now: ") + looked->why);
    if (looked->old.empty())
        co_return Result<>();
    DoomRecord set;
    set.fragments = std::move(looked->old);
    std::vector<DoomRecord> sets;
    sets.push_back(std::move(set));
    co_return co_await m_deletion.doom(std::move(sets));
}

Task<Result<>> Collector::doomPacks()
{
    const auto inSessions = co_await packsOfOpenSessions(m_engine);
    if (!inSessions) {
        m_deletion.wait(QStringLiteral("nothing can be deleted now: ") + inSessions.error().message);
        co_return Result<>();
    }
    const auto dead = co_await m_engine.registry.deadPacks(*inSessions);
    if (!dead)
        co_return dead.error();
    Groups groups;
    for (const Registry::DeadPack &pack : *dead) {
        if (pack.isDoomed)
            continue;
        std::vector<AccountId> accounts;
        accounts.reserve(pack.fragments.size());
        for (const FragmentPlace &place : pack.fragments)
            accounts.push_back(place.account);
        groupFor(groups, std::move(accounts)).packs.push_back(pack.id);
    }
    co_return co_await m_deletion.doom(setsOf(std::move(groups)));
}

Task<Result<>> Collector::doomSurplus()
{
    const auto inSessions = co_await packsOfOpenSessions(m_engine);
    if (!inSessions)
        co_return Result<>(); // doomPacks has said it
    const auto surplus = co_await m_engine.registry.surplusFragments(*inSessions);
    if (!surplus)
        co_return surplus.error();
    Groups groups;
    for (const FragmentKey &key : *surplus) {
        const std::vector<PackId> one(1, key.pack);
        const auto rows = co_await m_engine.registry.packRowsOf(one);
        if (!rows)
            co_return rows.error();
        const auto pack = co_await m_engine.registry.pack(rows->front());
        if (!pack)
            co_return pack.error();
        std::vector<AccountId> accounts;
        for (const FragmentPlace &place : pack->fragments)
            accounts.push_back(place.account);
        groupFor(groups, std::move(accounts)).fragments.push_back(key);
    }
    co_return co_await m_deletion.doom(setsOf(std::move(groups)));
}

Task<Result<>> Collector::doomObjects()
{
    const auto inSessions = co_await packsOfOpenSessions(m_engine);
    if (!inSessions)
        co_return Result<>();
    const auto dead = co_await deadObjects(m_engine, *inSessions);
    if (!dead)
        co_return dead.error();
    const auto doomed = co_await m_engine.registry.doomedObjects(*dead);
    if (!doomed)
        co_return doomed.error();
    DoomRecord set;
    for (std::size_t i = 0; i < doomed->size(); ++i) {
        if (!(*doomed)[i])
            set.objects.append(dead->at(static_cast<qsizetype>(i)));
    }
    if (set.objects.isEmpty())
        co_return Result<>();
    std::vector<DoomRecord> sets;
    sets.push_back(std::move(set));
    co_return co_await m_deletion.doom(std::move(sets));
}

// What a checkpoint tells again needs no segments of its own.
Task<Result<>> Collector::doomLog()
{
    const auto covered = co_await coveredOnAccounts(m_engine);
    if (!covered)
        co_return covered.error();
    if (covered->isEmpty())
        co_return Result<>();
    const auto doomed = co_await m_engine.registry.doomedObjects(*covered);
    if (!doomed)
        co_return doomed.error();
    const std::vector<QString> names(covered->begin(), covered->end());
    const auto gone = co_await m_engine.registry.objectsGone(names);
    if (!gone)
        co_return gone.error();
    QStringList back;
    std::vector<DoomRecord> sets;
    for (std::size_t i = 0; i < doomed->size(); ++i) {
        if ((*gone)[i])
            back.append(names[i]);
        if ((*doomed)[i])
            continue;
        if (sets.empty() || sets.back().objects.size() >= static_cast<qsizetype>(kMostInDoom))
            sets.emplace_back();
        sets.back().objects.append(names[i]);
    }
    const auto erased = co_await eraseAgain(std::move(back));
    if (!erased)
        co_return erased.error();
    co_return co_await m_deletion.doom(std::move(sets));
}

// Deleted by the log, and there: on an account that only this computer knows, or that is an older state of itself.
Task<Result<>> Collector::eraseAgain(QStringList segments)
{
    if (segments.isEmpty())
        co_return Result<>();
    const auto why = co_await whyCoveredStay(m_engine);
    if (!why)
        co_return why.error();
    if (*why)
        co_return Result<>();
    for (const QString &name : segments) {
        for (const AccountId &id : accountsThatCount(m_engine)) {
            const auto erased = co_await m_deletion.erase(id, BlobName(name));
            if (erased)
                m_deletion.wait(*erased);
        }
    }
    co_return Result<>();
}

} // namespace

int keptRevisions(const QMap<QString, QString> &settings)
{
    bool isNumber = false;
    const int kept = settings.value(QString::fromLatin1(kKeptRevisionsSetting)).toInt(&isNumber);
    return isNumber && kept >= 1 ? kept : kKeptRevisions;
}

Task<Result<CollectResult>> collect(Engine &engine, Deletion::Seams seams)
{
    Collector collector(engine, seams);
    co_return co_await collector.run();
}

} // namespace mf
