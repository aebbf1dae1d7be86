// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/take_in.h"

#include "core/base/crash_point.h"
#include "core/base/log.h"
#include "core/distributor/evidence.h"
#include "core/distributor/fetch_object.h"
#include "core/distributor/fragment_survey.h"
#include "core/distributor/objects/checkpoint.h"
#include "core/distributor/objects/index_object.h"
#include "core/distributor/objects/segment.h"
#include "core/distributor/pack_rescue.h"
#include "core/distributor/take_in_revision.h"
#include "core/packing/pack_layout.h"

#include <QSet>

#include <algorithm>
#include <map>
#include <set>

namespace mf {
namespace {

constexpr std::size_t kRecordsAtOnce = 250'000; // put into the registry together, sorted: about 40 MB
constexpr int kSegmentsAtOnce = 1'000;
constexpr int kUsualData = 8; // k, where it is chosen pack by pack
constexpr int kFurther = 8; // fragments beyond what the policy says: protection may have been higher once

struct WantedRevision {
    RevisionId id;
    std::vector<PackId> packs;
};

// What one segment says that has to be taken in.
struct Wanted {
    ObjectHash segment;
    std::vector<WantedRevision> revisions;
    std::vector<ObjectHash> indexes;
};

void addWanted(const Cbor &events, Wanted &wanted)
{
    for (const Cbor &event : events) {
        CborReader reader(event);
        const QString kind = reader.text("k");
        std::vector<ObjectHash> indexes;
        if (reader.has("i"))
            indexes = reader.ids<ObjectHash>("i");
        if (kind == QStringLiteral("revision")) {
            WantedRevision revision;
            revision.id = reader.id<RevisionId>("r");
            revision.packs = reader.ids<PackId>("q");
            if (!reader.failed())
                wanted.revisions.push_back(std::move(revision));
        }
        const bool isKnown = kind == QStringLiteral("revision") || kind == QStringLiteral("session-advanced");
        if (isKnown && !reader.failed())
            wanted.indexes.insert(wanted.indexes.end(), indexes.begin(), indexes.end());
        if (kind == QString::fromLatin1(kCheckpointKind)) {
            const auto checkpoint = readCheckpoint(event);
            if (!checkpoint)
                continue;
            for (const ToldSegment &told : checkpoint->told)
                addWanted(told.events, wanted);
        }
    }
}

Wanted wantedOf(const Registry::Segment &segment)
{
    Wanted wanted;
    wanted.segment = segment.hash;
    const auto map = fromCbor(viewOf(segment.events));
    if (!map)
        return wanted;
    CborReader outer(*map);
    addWanted(outer.array("e"), wanted);
    return wanted;
}

class TakeIn
{
public:
    explicit TakeIn(Engine &engine)
        : m_engine(engine)
    {
    }

    Task<Result<TakenIn>> run()
    {
        const auto read = co_await readSegments();
        if (!read)
            co_return read.error();
        if (!m_wanted.empty())
            crashPoint(CrashPoint::TakeInLogRead);
        auto moved = co_await m_engine.registry.revisionsOnGonePacks();
        if (!moved)
            co_return moved.error();
        const auto behind = co_await m_engine.registry.revisionsBehindLog();
        if (!behind)
            co_return behind.error();
        for (const RevisionId &revision : *behind) {
            if (std::find(moved->begin(), moved->end(), revision) == moved->end())
                moved->push_back(revision);
        }
        if (!m_wanted.empty()) {
            const auto indexed = co_await takeInIndexes();
            if (!indexed)
                co_return indexed.error();
            const auto rescued = co_await rescueUnknown();
            if (!rescued)
                co_return rescued.error();
        }
        const auto surveyed = co_await surveyFragments(m_engine);
        if (!surveyed)
            co_return surveyed.error();
        if (!m_wanted.empty())
            crashPoint(CrashPoint::TakeInSurveyed);
        for (const Wanted &wanted : m_wanted) {
            const auto taken = co_await takeInSegment(wanted);
            if (!taken)
                co_return taken.error();
        }
        for (const RevisionId &revision : *moved) {
            const auto taken = co_await takeInOne(revision, true);
            if (!taken)
                co_return taken.error();
        }
        co_return m_result;
    }

    // Nothing is noted.
    Task<Result<>> look()
    {
        const auto read = co_await readSegments();
        if (!read)
            co_return read.error();
        for (const Wanted &wanted : m_wanted) {
            const auto taken = co_await m_engine.registry.indexesTaken(wanted.indexes);
            if (!taken)
                co_return taken.error();
            for (std::size_t i = 0; i < taken->size(); ++i) {
                if ((*taken)[i])
                    continue;
                const auto packs = co_await packsOfIndex(m_engine, wanted.indexes[i]);
                if (!packs && isFatal(packs.error()))
                    co_return packs.error();
            }
            for (const WantedRevision &revision : wanted.revisions) {
                const auto news = co_await m_engine.registry.revisionNews(revision.id);
                if (!news)
                    co_return news.error();
                if (news->manifest.isNull() || news->known == news->manifest)
                    continue;
                const auto manifest = co_await manifestOf(revision.id);
                if (!manifest && isFatal(manifest.error()))
                    co_return manifest.error();
            }
        }
        co_return Result<>();
    }

private:
    Task<Result<>> readSegments()
    {
        for (;;) {
            const int skip = static_cast<int>(m_wanted.size());
            const auto segments = co_await m_engine.registry.segmentsToTakeIn(kSegmentsAtOnce, skip);
            if (!segments)
                co_return segments.error();
            for (const Registry::Segment &segment : *segments)
                m_wanted.push_back(wantedOf(segment));
            if (segments->size() < static_cast<std::size_t>(kSegmentsAtOnce))
                co_return Result<>();
        }
    }

    Task<Result<bool>> isGone(BlobName name)
    {
        const std::vector<QString> names(1, name.value);
        const auto gone = co_await m_engine.registry.objectsGone(names);
        if (!gone)
            co_return gone.error();
        co_return gone->front();
    }

    // What stays away although every account was asked is lost.
    bool allReached() const
    {
        const auto &all = m_engine.accounts.all();
        return std::all_of(all.begin(), all.end(),
            [](const auto &account) { return account->record().retired || account->isVerified(); });
    }

    Task<Result<>> takeInIndexes()
    {
        std::set<ObjectHash> named;
        for (const Wanted &wanted : m_wanted)
            named.insert(wanted.indexes.begin(), wanted.indexes.end());
        const std::vector<ObjectHash> hashes(named.begin(), named.end());
        const auto taken = co_await m_engine.registry.indexesTaken(hashes);
        if (!taken)
            co_return taken.error();
        for (std::size_t i = 0; i < hashes.size(); ++i) {
            if ((*taken)[i] || m_superseded.contains(hashes[i]))
                continue;
            const auto added = co_await takeInIndex(hashes[i]);
            if (!added)
                co_return added.error();
        }
        for (const ObjectHash &hash : m_superseded)
            m_missing.erase(hash);
        co_return co_await writePacks();
    }

    Task<Result<>> takeInIndex(ObjectHash hash)
    {
        const BlobName name = indexName(m_engine.ring, hash);
        const auto gone = co_await isGone(name);
        if (!gone)
            co_return gone.error();
        if (*gone)
            co_return Result<>();
        const auto bytes = co_await fetchObject(m_engine, name, hash);
        if (!bytes) {
            m_missing.insert(hash);
            co_return Result<>();
        }
        auto open = [ring = m_engine.ring, bytes = *bytes] { return openIndex(ring, viewOf(bytes)); };
        auto index = co_await onPool(m_engine.cpu, open);
        if (!index) {
            if (index.error().id == QStringLiteral("MF-LIBRARY-NEWER"))
                co_return index.error();
            m_missing.insert(hash);
            logWarning("take-in", index.error().message);
            co_return Result<>();
        }
        for (PackRecord &pack : index->packs) {
            m_records += pack.records.size();
            Registry::NewPack added;
            added.pack = std::move(pack);
            added.index = hash;
            m_packs.push_back(std::move(added));
        }
        m_indexes.push_back(hash);
        m_indexes.insert(m_indexes.end(), index->supersedes.begin(), index->supersedes.end());
        m_superseded.insert(index->supersedes.begin(), index->supersedes.end());
        m_newer.emplace_back(hash, std::move(index->supersedes));
        if (m_records < kRecordsAtOnce)
            co_return Result<>();
        co_return co_await writePacks();
    }

    Task<Result<>> writePacks()
    {
        m_records = 0;
        auto packs = std::exchange(m_packs, {});
        auto indexes = std::exchange(m_indexes, {});
        if (packs.empty() && indexes.empty())
            co_return Result<>();
        auto newer = std::exchange(m_newer, {});
        for (auto &[by, superseded] : newer) { // first: an index object that is taken in is not read again
            const auto noted = co_await m_engine.registry.noteSuperseded(std::move(superseded), by);
            if (!noted)
                co_return noted.error();
        }
        const auto added = co_await m_engine.registry.addPacks(std::move(packs), std::move(indexes));
        crashPoint(CrashPoint::TakeInPacksAdded);
        co_return added;
    }

    // Packs that a revision relies on and no index object told of.
    Task<Result<>> rescueUnknown()
    {
        std::map<PackId, int> unknown;
        QSet<QByteArray> leaves;
        for (const Wanted &wanted : m_wanted) {
            for (const WantedRevision &revision : wanted.revisions) {
                const auto rows = co_await m_engine.registry.packRowsOf(revision.packs);
                if (!rows)
                    co_return rows.error();
                if (std::find(rows->begin(), rows->end(), 0) == rows->end())
                    continue;
                const auto gone = co_await m_engine.registry.packsGone(revision.packs);
                if (!gone)
                    co_return gone.error();
                const auto manifest = co_await manifestOf(revision.id);
                int most = kUsualData + kFurther;
                if (manifest) { // tells metadata packs from others
                    const Protection &policy = manifest->revision.protection;
                    most = (policy.k > 0 ? policy.k : kUsualData) + policy.m + kFurther;
                    for (const ManifestFile &file : manifest->files) {
                        for (const LeafReference &leaf : file.leaves)
                            leaves.insert(leaf.hash.toByteArray());
                    }
                }
                for (std::size_t i = 0; i < rows->size(); ++i) {
                    if ((*rows)[i] == 0 && !(*gone)[i])
                        unknown[revision.packs[i]]
                            = std::max(unknown[revision.packs[i]], std::min(most, kMostFragments));
                }
            }
        }
        if (unknown.empty())
            co_return Result<>();
        std::vector<RescuePack> packs;
        for (const auto &[id, most] : unknown) {
            RescuePack pack;
            pack.id = id;
            pack.most = most;
            packs.push_back(pack);
        }
        auto rescued = co_await rescuePacks(m_engine, std::move(packs));
        if (!rescued)
            co_return rescued.error();
        for (PackRecord &pack : *rescued) {
            const bool isMetadata = std::any_of(pack.records.begin(), pack.records.end(),
                [&leaves](const Record &record) { return leaves.contains(record.hash.toByteArray()); });
            pack.packClass = isMetadata ? PackClass::Metadata : PackClass::Data;
            Registry::NewPack added;
            added.pack = std::move(pack);
            m_packs.push_back(std::move(added));
        }
        co_return co_await writePacks();
    }

    Task<Result<Manifest>> manifestOf(RevisionId revision)
    {
        const auto news = co_await m_engine.registry.revisionNews(revision);
        if (!news)
            co_return news.error();
        co_return co_await fetchManifest(m_engine, revision, news->manifest);
    }

    Task<Result<>> takeInSegment(Wanted wanted)
    {
        bool isWhole = true;
        for (const WantedRevision &revision : wanted.revisions) {
            const auto taken = co_await takeInOne(revision.id, false);
            if (!taken)
                co_return taken.error();
            isWhole = isWhole && *taken;
        }
        const bool lacksIndex = std::any_of(wanted.indexes.begin(), wanted.indexes.end(),
            [this](const ObjectHash &hash) { return m_missing.contains(hash); });
        // Without its index object a revision may be whole all the same, its packs being known by themselves.
        if (lacksIndex && wanted.revisions.empty() && !allReached())
            isWhole = false;
        if (!isWhole)
            co_return Result<>();
        co_return co_await m_engine.registry.noteTakenIn(wanted.segment);
    }

    // False: it has to wait.
    Task<Result<bool>> takeInOne(RevisionId revision, bool again)
    {
        const auto news = co_await m_engine.registry.revisionNews(revision);
        if (!news)
            co_return news.error();
        const bool isThere = news->row != 0 && news->state != RevisionState::Storing && news->known == news->manifest;
        if (news->manifest.isNull() || (isThere && !again))
            co_return true;
        if (m_waiting.contains(revision))
            co_return false;
        const auto gone = co_await isGone(manifestName(m_engine.ring, news->manifest));
        if (!gone)
            co_return gone.error();
        if (*gone)
            co_return true;
        auto manifest = co_await fetchManifest(m_engine, revision, news->manifest);
        Result<> taken;
        if (manifest)
            taken = co_await takeInRevision(m_engine, std::move(*manifest), news->manifest);
        else
            taken = manifest.error();
        if (taken)
            crashPoint(CrashPoint::TakeInRevisionTaken);
        if (taken)
            co_return true;
        if (isFatal(taken.error()))
            co_return taken.error();
        logWarning("take-in", taken.error().message);
        m_waiting.insert(revision);
        const auto standing = co_await m_engine.registry.standing(revision);
        if (!standing)
            co_return standing.error();
        if (!standing->removed) { // else nobody misses it
            ++m_result.waiting;
            m_result.reasons.append(taken.error().message);
        }
        co_return false;
    }

    // Else it is the one revision that cannot be had.
    static bool isFatal(const Error &error)
    {
        return error.id == QStringLiteral("MF-LIBRARY-NEWER") || error.id == QStringLiteral("MF-DISK-FULL")
            || error.id == QStringLiteral("MF-REGISTRY-CORRUPT") || error.id == QStringLiteral("MF-REGISTRY-SQL");
    }

    Engine &m_engine;
    TakenIn m_result;
    std::vector<Wanted> m_wanted;
    std::set<ObjectHash> m_missing; // index objects
    std::set<ObjectHash> m_superseded;
    std::vector<std::pair<ObjectHash, std::vector<ObjectHash>>> m_newer; // what each supersedes; to be written
    std::set<RevisionId> m_waiting;
    std::vector<Registry::NewPack> m_packs; // to be written
    std::vector<ObjectHash> m_indexes; // with them
    std::size_t m_records = 0; // of m_packs
};

} // namespace

Task<Result<>> refuseNewerObjects(Engine &engine)
{
    TakeIn looking(engine);
    auto running = looking.look();
    co_return co_await running;
}

Task<Result<TakenIn>> takeIn(Engine &engine)
{
    const auto turn = co_await engine.settling.acquire(1); // nobody drops what it has begun meanwhile
    Q_UNUSED(turn)
    TakeIn taking(engine);
    auto running = taking.run();
    co_return co_await running;
}

} // namespace mf
