// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/chunk_writer.h"

#include "core/distributor/ready_accounts.h"

namespace mf {
namespace {

constexpr std::size_t kMostRecords = 60'000; // a registry place has 16 bits for the record

} // namespace

ChunkWriter::ChunkWriter(
    Engine &engine, PackUploader &uploader, Protection policy, std::vector<AccountId> allowed, PackSet avoid)
    : m_engine(engine)
    , m_uploader(uploader)
    , m_policy(policy)
    , m_allowed(std::move(allowed))
    , m_avoid(std::move(avoid))
{
}

Task<Result<std::vector<ChunkWriter::Claim>>> ChunkWriter::claim(std::vector<ChunkHash> hashes, PackClass packClass)
{
    Result<std::vector<std::optional<ChunkPlace>>> found(std::vector<std::optional<ChunkPlace>>(hashes.size()));
    if (m_takesHits) {
        auto rules = co_await hitRules(m_engine, m_policy.m);
        if (!rules)
            co_return rules.error();
        rules->packClass = packClass;
        rules->accounts = m_allowed;
        rules->avoid = m_avoid;
        found = co_await m_engine.registry.findChunks(hashes, std::move(*rules));
    }
    if (!found)
        co_return found.error();
    std::vector<ChunkPlace> hits;
    for (const auto &place : *found) {
        const auto key = place ? (static_cast<quint64>(place->pack) << 16 | place->record) : 0;
        if (place && packClass == PackClass::Data && m_counted.insert(key).second)
            hits.push_back(*place);
    }
    if (!hits.empty()) {
        const auto records = co_await m_engine.registry.records(std::move(hits));
        if (!records)
            co_return records.error();
        for (const Record &record : *records)
            m_stored += record.encodedLength;
    }
    std::vector<Claim> claims(hashes.size());
    for (std::size_t i = 0; i < hashes.size(); ++i) {
        Claim &claim = claims[i];
        if ((*found)[i]) {
            claim.entry = std::make_shared<ChunkEntry>();
            claim.entry->place = *(*found)[i];
            continue;
        }
        std::shared_ptr<ChunkEntry> &recent = m_recent[hashes[i]];
        if (!recent) {
            recent = std::make_shared<ChunkEntry>();
            claim.isNew = true;
        }
        claim.entry = recent;
    }
    co_return claims;
}

Task<Result<>> ChunkWriter::append(
    std::shared_ptr<ChunkEntry> entry, Record record, QByteArray encoded, RecordSource source, PackClass packClass)
{
    std::shared_ptr<OpenPack> &open = m_open[static_cast<std::size_t>(packClass)];
    const int k = packClass == PackClass::Metadata ? 1 : m_policy.k;
    const qint64 capacity = fullShape(k, m_policy.m).capacity();
    const qint64 growth = payloadLengthOf(std::span(&record, 1)) - payloadLengthOf({});
    if (open && (open->payload + growth > capacity || open->records.size() == kMostRecords)) {
        const auto sent = co_await submit(open);
        if (!sent)
            co_return sent.error();
    }
    if (!open) {
        open = std::make_shared<OpenPack>();
        open->packClass = packClass;
        open->slot->id = randomId<PackId>();
    }
    entry->slot = open->slot;
    entry->place.record = static_cast<std::uint32_t>(open->records.size());
    m_stored += record.encodedLength;
    open->payload += growth;
    open->records.push_back(std::move(record));
    open->encoded.push_back(std::move(encoded));
    open->sources.push_back(source);
    co_return Result<>();
}

Task<Result<>> ChunkWriter::submit(std::shared_ptr<OpenPack> &open)
{
    const auto sent = co_await m_uploader.submit(std::exchange(open, nullptr), m_policy);
    if (!sent)
        co_return sent.error();
    co_return Result<>();
}

Task<Result<>> ChunkWriter::finish()
{
    for (std::shared_ptr<OpenPack> &open : m_open) {
        if (!open)
            continue;
        const auto sent = co_await submit(open);
        if (!sent)
            co_return sent.error();
    }
    co_return Result<>();
}

void ChunkWriter::packFinished(const OpenPack &pack)
{
    if (!m_takesHits)
        return; // the registry would not find them
    for (const Record &record : pack.records)
        m_recent.erase(record.hash);
}

} // namespace mf
