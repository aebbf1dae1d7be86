// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/pack_mover.h"

#include "core/distributor/ready_accounts.h"
#include "core/distributor/registry_contradiction.h"

#include <algorithm>

namespace mf {
namespace {

constexpr qint64 kGroup = qint64(16) << 20; // encoded bytes that are read at once
constexpr std::size_t kLookedUp = 256; // chunks, by one hop to the registry

// A record's bytes as they were encoded. Written once, by one thread.
class EncodedRecord final : public ChunkTarget
{
public:
    Result<> write(qint64 offset, ByteView from) override
    {
        if (offset != 0)
            return Error(Error::Kind::Internal, QStringLiteral("MF-RANGE"), QStringLiteral("a record has one part"));
        bytes = toByteArray(from);
        return {};
    }
    QByteArray bytes;
};

} // namespace

PackMover::PackMover(Engine &engine, Protection policy, std::vector<PlacementAccount> places, PackSet avoid,
    SessionId session, std::shared_ptr<Shares> shares, PackUploader::BeforeFirst beforeFirst)
    : m_engine(engine)
    , m_policy(policy)
    , m_avoid(std::move(avoid))
    , m_uploader(engine, std::move(places), session, shares,
          [this](const PackUploader::Finished &finished) { packFinished(finished); })
    , m_writer(engine, m_uploader, policy, {}, m_avoid)
{
    m_stats.shares = std::move(shares);
    m_uploader.setBeforeFirst(std::move(beforeFirst));
}

void PackMover::packFinished(const PackUploader::Finished &finished)
{
    m_writer.packFinished(*finished.pack);
    ++m_sealed;
    m_reduced += finished.missing > 0 ? 1 : 0;
    m_uploaded += finished.uploaded;
}

// Those that do not lie elsewhere.
Task<Result<std::vector<std::uint32_t>>> PackMover::wantedOf(const PackRecord &pack, std::vector<std::uint32_t> records)
{
    auto rules = co_await hitRules(m_engine, m_policy.m);
    if (!rules)
        co_return rules.error();
    rules->packClass = pack.packClass;
    rules->avoid = m_avoid;
    std::vector<std::uint32_t> wanted;
    for (std::size_t from = 0; from < records.size(); from += kLookedUp) {
        const std::size_t end = std::min(from + kLookedUp, records.size());
        std::vector<ChunkHash> hashes;
        for (std::size_t i = from; i < end; ++i) {
            if (records[i] >= pack.records.size())
                co_return noSuchRecord();
            hashes.push_back(pack.records[records[i]].hash);
        }
        const auto found = co_await m_engine.registry.findChunks(std::move(hashes), *rules);
        if (!found)
            co_return found.error();
        for (std::size_t i = from; i < end; ++i) {
            if (!(*found)[i - from])
                wanted.push_back(records[i]);
        }
    }
    co_return wanted;
}

Task<Result<std::optional<Error>>> PackMover::move(PackRecord pack, std::vector<std::uint32_t> records)
{
    const auto wanted = co_await wantedOf(pack, std::move(records));
    if (!wanted)
        co_return wanted.error();
    std::vector<std::uint32_t> group;
    qint64 bytes = 0;
    for (std::size_t i = 0; i < wanted->size(); ++i) {
        group.push_back((*wanted)[i]);
        bytes += pack.records[(*wanted)[i]].encodedLength;
        if (bytes < kGroup && i + 1 < wanted->size())
            continue;
        bytes = 0;
        std::vector<std::uint32_t> full = std::exchange(group, {});
        const auto moved = co_await moveGroup(pack, std::move(full));
        if (!moved || *moved)
            co_return moved;
    }
    co_return std::optional<Error>();
}

Task<Result<std::optional<Error>>> PackMover::moveGroup(PackRecord pack, std::vector<std::uint32_t> group)
{
    std::vector<Record> records;
    std::vector<ChunkHash> hashes;
    std::vector<std::shared_ptr<EncodedRecord>> targets;
    std::vector<WantedRecord> wanted;
    for (const std::uint32_t number : group) {
        records.push_back(pack.records[number]);
        hashes.push_back(pack.records[number].hash);
        targets.push_back(std::make_shared<EncodedRecord>());
        WantedRecord::Place place;
        place.target = targets.back();
        WantedRecord want;
        want.record = number;
        want.isEncoded = true;
        want.places.push_back(std::move(place));
        wanted.push_back(std::move(want));
    }
    const PackClass packClass = pack.packClass;
    {
        PackReader reader(m_engine, std::move(pack), m_stats);
        const std::function<void(qint64)> ignore = [](qint64) { };
        auto reading = reader.read(std::move(wanted), ignore);
        const auto read = co_await reading;
        if (!read)
            co_return std::optional<Error>(read.error());
    }
    auto claims = co_await m_writer.claim(std::move(hashes), packClass);
    if (!claims)
        co_return claims.error();
    const RecordSource nowhere(-1, 0); // it cannot be encoded again from a file
    for (std::size_t i = 0; i < claims->size(); ++i) {
        if (!(*claims)[i].isNew)
            continue;
        const auto appended = co_await m_writer.append(
            (*claims)[i].entry, std::move(records[i]), std::move(targets[i]->bytes), nowhere, packClass);
        if (!appended)
            co_return appended.error();
    }
    co_return std::optional<Error>();
}

Task<Result<>> PackMover::finish()
{
    const auto finished = co_await m_writer.finish();
    const auto drained = co_await m_uploader.drain();
    co_return finished ? drained : finished;
}

} // namespace mf
