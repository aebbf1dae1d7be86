// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/checkpoint_log.h"

#include "core/base/crash_point.h"
#include "core/base/log.h"
#include "core/distributor/fetch_object.h"
#include "core/distributor/library_log.h"
#include "core/distributor/objects/checkpoint.h"
#include "core/distributor/objects/marker.h"

#include <algorithm>

namespace mf {
namespace {

constexpr std::size_t kMostInPart = std::size_t(8) << 20; // bytes of events, and of covered hashes

// Small enough for a segment each.
std::vector<Checkpoint> inParts(std::vector<ToldSegment> told, const std::vector<ObjectHash> &covered)
{
    std::vector<Checkpoint> parts(1);
    std::size_t bytes = 0;
    for (ToldSegment &segment : told) {
        const std::size_t more = Cbor::to_cbor(segment.events).size() + 64;
        if (bytes > 0 && bytes + more > kMostInPart) {
            parts.emplace_back();
            bytes = 0;
        }
        bytes += more;
        parts.back().told.push_back(std::move(segment));
    }
    constexpr std::size_t kMostCovered = kMostInPart / ObjectHash::size();
    for (std::size_t at = 0; at < covered.size(); at += kMostCovered) {
        if (at / kMostCovered >= parts.size())
            parts.emplace_back();
        const std::size_t end = std::min(covered.size(), at + kMostCovered);
        parts[at / kMostCovered].covered.assign(
            covered.begin() + static_cast<std::ptrdiff_t>(at), covered.begin() + static_cast<std::ptrdiff_t>(end));
    }
    const auto id = randomId<CheckpointId>();
    for (std::size_t i = 0; i < parts.size(); ++i) {
        parts[i].id = id;
        parts[i].part = static_cast<int>(i);
        parts[i].parts = static_cast<int>(parts.size());
    }
    return parts;
}

// The log as a whole is on every account that can be reached.
Task<Result<bool>> isWhole(Engine &engine)
{
    std::vector<Account *> accounts;
    for (Account *account : engine.accounts.verified()) {
        if (!account->record().retired)
            accounts.push_back(account);
    }
    if (accounts.empty())
        co_return false;
    LibraryLog log(engine);
    const auto complete = co_await log.sync(accounts);
    if (!complete)
        co_return complete.error();
    const auto lacks = co_await engine.registry.lacksAncestors();
    if (!lacks)
        co_return lacks.error();
    co_return complete->size() == accounts.size() && !*lacks;
}

} // namespace

namespace {

// All that this computer knows of the log, in a checkpoint.
Task<Result<>> tellAll(Engine &engine)
{
    auto covered = co_await engine.registry.coveredSegments();
    if (!covered)
        co_return covered.error();
    const auto segments = co_await engine.registry.logToTell();
    if (!segments)
        co_return segments.error();
    const auto open = co_await engine.registry.openSessions(); // after it: a session that it tells of is among them
    if (!open)
        co_return open.error();
    std::vector<ToldSegment> log;
    for (const Registry::Segment &segment : *segments) {
        const auto map = fromCbor(viewOf(segment.events));
        if (!map)
            co_return map.error();
        CborReader reader(*map);
        ToldSegment told;
        told.hash = segment.hash;
        told.author = segment.author;
        told.lamport = segment.lamport;
        told.events = reader.array("e");
        log.push_back(std::move(told));
        covered->push_back(segment.hash);
    }
    auto tell = [ring = engine.ring, log = std::move(log), all = *covered,
                    sessions = std::set<SessionId>(open->begin(), open->end())] {
        return inParts(tellAgain(ring, log, sessions), all);
    };
    auto parts = co_await onPool(engine.cpu, tell);
    parts.front().library = sealLibraryObject(engine.ring);
    LibraryLog appending(engine);
    for (const Checkpoint &part : parts) {
        Cbor events = Cbor::array();
        events.push_back(checkpointEvent(part));
        const auto appended = co_await appending.append(std::move(events));
        if (!appended)
            co_return appended.error();
    }
    logInfo("log", QStringLiteral("a checkpoint of %1 segments").arg(segments->size()));
    crashPoint(CrashPoint::CheckpointWritten);
    co_return Result<>();
}

} // namespace

Task<Result<bool>> writeCheckpoint(Engine &engine, int after)
{
    const auto count = co_await engine.registry.segmentsSinceCheckpoint();
    if (!count)
        co_return count.error();
    if (*count < after)
        co_return false;
    const auto whole = co_await isWhole(engine);
    if (!whole || !*whole)
        co_return whole;
    const auto told = co_await tellAll(engine);
    if (!told)
        co_return told.error();
    co_return true;
}

Task<Result<bool>> tellLostAgain(Engine &engine)
{
    for (const AccountId &id : accountsThatCount(engine)) {
        if (!engine.accounts.find(id)->isVerified())
            co_return false;
    }
    const auto lacks = co_await engine.registry.lacksAncestors();
    if (!lacks)
        co_return lacks.error();
    if (*lacks)
        co_return false;
    const auto told = co_await tellAll(engine);
    if (!told)
        co_return told.error();
    co_return true;
}

Task<Result<QStringList>> coveredOnAccounts(Engine &engine)
{
    std::set<QString> listed;
    for (Account *account : engine.accounts.verified()) {
        if (account->record().retired)
            continue;
        const QString prefix = QStringLiteral("log/");
        const auto blobs = co_await listAll(account->provider(), prefix);
        if (!blobs) {
            logWarning("log", account->name() + QStringLiteral(": ") + blobs.error().message);
            continue;
        }
        for (const BlobInfo &blob : *blobs)
            listed.insert(blob.name.value);
    }
    const std::vector<QString> names(listed.begin(), listed.end());
    const auto covered = co_await engine.registry.areCovered(names);
    if (!covered)
        co_return covered.error();
    QStringList found;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if ((*covered)[i])
            found.append(names[i]);
    }
    co_return found;
}

Task<Result<std::optional<QString>>> whyCoveredStay(Engine &engine)
{
    const auto checkpoints = co_await engine.registry.checkpoints();
    if (!checkpoints)
        co_return checkpoints.error();
    for (const AccountId &id : accountsThatCount(engine)) {
        Account *account = engine.accounts.find(id);
        for (const Registry::SegmentName &part : *checkpoints) {
            const BlobName name(part.name);
            const Range whole;
            const auto bytes = co_await account->provider().get(name, whole);
            if (bytes && objectHash(viewOf(*bytes)) == part.hash)
                continue;
            const auto good = co_await fetchObject(engine, name, part.hash);
            if (good) {
                const auto put = co_await account->provider().put(name, *good);
                if (!put)
                    logWarning("log", account->name() + QStringLiteral(": ") + put.error().message);
            }
            co_return std::optional<QString>(
                QStringLiteral("old parts of the log stay: %1 does not have the newest one whole yet")
                    .arg(account->name()));
        }
    }
    co_return std::optional<QString>();
}

} // namespace mf
