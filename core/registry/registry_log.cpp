// SPDX-License-Identifier: GPL-3.0-or-later
// The registry's methods for the log of the library, and for taking in what other computers stored.
#include "core/registry/liveness.h"
#include "core/registry/log_segments.h"
#include "core/registry/registry_hop.h"
#include "core/registry/store.h"
#include "core/registry/take_in.h"
#include "core/registry/taken_packs.h"

namespace mf {

// ---- the log of the library

Task<Result<std::vector<ObjectHash>>> Registry::heads()
{
    return read([](Store &s) { return readHeads(s.db()); });
}

Task<Result<std::vector<bool>>> Registry::segmentsKnown(std::vector<QString> blobNames)
{
    return read([blobNames = std::move(blobNames)](Store &s) { return mf::segmentsKnown(s.db(), blobNames); });
}

Task<Result<>> Registry::addSegment(Segment segment, QDateTime seen, bool isOwn)
{
    return write([segment = std::move(segment), seen = std::move(seen), isOwn](
                     Store &s) { return mf::addSegment(s.db(), segment, seen, isOwn); });
}

Task<Result<std::vector<Registry::Segment>>> Registry::segmentsToTakeIn(int limit, int skip)
{
    return read([limit, skip](Store &s) { return mf::segmentsToTakeIn(s.db(), limit, skip); });
}

Task<Result<std::vector<Registry::SegmentName>>> Registry::segmentNames()
{
    return read([](Store &s) { return mf::segmentNames(s.db()); });
}

Task<Result<>> Registry::noteTakenIn(ObjectHash segment)
{
    return write([segment](Store &s) { return mf::noteTakenIn(s.db(), segment); });
}

Task<Result<std::vector<PackId>>> Registry::doomedOf(std::vector<PackId> packs)
{
    return read([packs = std::move(packs)](Store &s) { return mf::doomedOf(s.db(), packs); });
}

// ---- taking in what other computers stored

Task<Result<std::vector<bool>>> Registry::indexesTaken(std::vector<ObjectHash> indexes)
{
    return read([indexes = std::move(indexes)](Store &s) { return mf::indexesTaken(s.db(), indexes); });
}

Task<Result<>> Registry::addPacks(std::vector<NewPack> packs, std::vector<ObjectHash> indexes)
{
    return write([packs = std::move(packs), indexes = std::move(indexes)](
                     Store &s) { return mf::addPacks(s.db(), s.chunks(), packs, indexes); });
}

Task<Result<std::vector<Registry::SoughtPack>>> Registry::packsSought(AccountId account, int limit)
{
    return read([account, limit](Store &s) { return mf::packsSought(s.db(), account, limit); });
}

Task<Result<>> Registry::noteFragments(AccountId account, std::vector<FoundFragment> fragments)
{
    return write([account, fragments = std::move(fragments)](
                     Store &s) { return mf::noteFragments(s.db(), account, fragments); });
}

Task<Result<>> Registry::seekPacks(std::vector<PackRow> packs)
{
    return write([packs = std::move(packs)](Store &s) { return mf::seekPacks(s.db(), packs); });
}

Task<Result<>> Registry::noteSurveyed(AccountId account, qint64 upTo, QDateTime now, std::chrono::seconds lag)
{
    return write([account, upTo, now = std::move(now), lag](
                     Store &s) { return mf::noteSurveyed(s.db(), account, upTo, now, lag.count()); });
}

Task<Result<std::vector<std::optional<ChunkPlace>>>> Registry::locateChunks(
    std::vector<ChunkHash> hashes, std::vector<PackRow> preferred)
{
    return read([hashes = std::move(hashes), preferred = std::move(preferred)](
                    Store &s) { return s.chunks().locate(hashes, preferred); });
}

Task<Result<Registry::RevisionNews>> Registry::revisionNews(RevisionId revision)
{
    return read([revision](Store &s) { return mf::revisionNews(s.db(), revision); });
}

Task<Result<>> Registry::finishTakenIn(RevisionRecord record)
{
    return write([record = std::move(record)](Store &s) { return mf::finishTakenIn(s.db(), record); });
}

Task<Result<std::vector<bool>>> Registry::objectsGone(std::vector<QString> names)
{
    return read([names = std::move(names)](Store &s) { return mf::objectsGone(s.db(), names); });
}

Task<Result<bool>> Registry::isKeptByLog(RevisionRow revision)
{
    return read([revision](Store &s) { return mf::isKeptByLog(s.db(), revision); });
}

Task<Result<std::vector<bool>>> Registry::packsGone(std::vector<PackId> packs)
{
    return read([packs = std::move(packs)](Store &s) { return mf::packsGone(s.db(), packs); });
}

Task<Result<std::vector<RevisionId>>> Registry::revisionsBehindLog()
{
    return read([](Store &s) { return mf::revisionsBehindLog(s.db()); });
}

Task<Result<std::vector<RevisionId>>> Registry::revisionsOnGonePacks()
{
    return read([](Store &s) { return mf::revisionsOnGonePacks(s.db()); });
}

Task<Result<Registry::ObjectsInUse>> Registry::objectsInUse()
{
    return read([](Store &s) { return mf::objectsInUse(s.db()); });
}

Task<Result<>> Registry::forgetTakenIn()
{
    return write([](Store &s) { return mf::forgetTakenIn(s.db()); });
}

} // namespace mf
