// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/estimate.h"

#include "core/distributor/source_format.h"
#include "core/distributor/source_reader.h"

#include <algorithm>
#include <unordered_set>

namespace mf {
namespace {

constexpr qint64 kEncodedWhole = qint64(128)
    << 20; // bytes; of a larger model a sample, of one in eight chunks at least
constexpr qint64 kSparsest = 8;

// Every how-manieth chunk is encoded: some hundred chunks tell the ratio of a mix of tensors well enough.
std::size_t sampleStep(qint64 bytes)
{
    return static_cast<std::size_t>(std::clamp<qint64>(bytes / kEncodedWhole, 1, kSparsest));
}

struct Sampled {
    qint64 plain = 0;
    qint64 encoded = 0;
};

} // namespace

Task<Result<EstimateResult>> estimateStore(Engine &engine, StoreRequest request, ProgressSink progress)
{
    EstimateResult result;
    auto scan = [paths = request.paths] { return scanSources(paths); };
    const auto entries = co_await onPool(engine.io, scan);
    if (!entries)
        co_return entries.error();
    for (const SourceEntry &entry : *entries)
        result.bytes += entry.size;
    result.model = request.name.isEmpty() ? defaultModelName(*entries, request.paths) : request.name;

    const auto ready = co_await readyAccounts(engine, result.warnings);
    if (!ready)
        co_return ready.error();
    const auto places = placementAccounts(engine.accounts, request.accounts);
    const Protection asked = request.protection.value_or(defaultProtection(places));
    const auto policy = resolveProtection(places, asked);
    if (!policy)
        co_return policy.error();

    auto rules = co_await hitRules(engine, policy->m);
    if (!rules)
        co_return rules.error();
    rules->accounts = request.accounts;
    auto reader = std::make_shared<SourceReader>(*entries, engine.ring.gearKey());
    std::unordered_set<ChunkHash, FixedBytesHash> seen;
    Sampled sampled;
    const std::size_t step = sampleStep(result.bytes);
    std::size_t newChunks = 0;
    Progress now;
    now.phase = Progress::Phase::Reading;
    now.total = result.bytes;
    for (bool last = false; !last;) {
        auto read = [reader]() -> Result<SourceBatch> {
            auto batch = reader->next();
            if (batch)
                hashChunks(*batch);
            return batch;
        };
        auto batch = co_await onPool(engine.cpu, read);
        if (!batch)
            co_return batch.error();
        last = batch->isLast;
        std::vector<ChunkHash> hashes;
        std::vector<SourceChunk *> chunks;
        for (SourceChunk &chunk : batch->chunks) {
            if (chunk.kind == SourceChunk::Kind::Chunk) {
                hashes.push_back(chunk.hash);
                chunks.push_back(&chunk);
            }
        }
        const auto found = co_await engine.registry.findChunks(hashes, *rules);
        if (!found)
            co_return found.error();
        std::vector<std::pair<QByteArray, ElementKind>> sample;
        for (std::size_t i = 0; i < chunks.size(); ++i) {
            if ((*found)[i] || !seen.insert(hashes[i]).second)
                continue;
            result.newBytes += chunks[i]->length;
            if (newChunks++ % step == 0)
                sample.emplace_back(chunks[i]->bytes, chunks[i]->element);
        }
        auto encode = [sample = std::move(sample)] {
            Sampled sum;
            ChunkCodec codec;
            for (const auto &[bytes, element] : sample) {
                const auto encoded = codec.encode(bytes, element, false);
                sum.plain += bytes.size();
                sum.encoded += encoded ? encoded->bytes.size() : bytes.size();
            }
            return sum;
        };
        const Sampled sum = co_await onPool(engine.cpu, encode);
        sampled.plain += sum.plain;
        sampled.encoded += sum.encoded;
        now.bytes += batch->bytes;
        if (progress)
            progress(now);
    }
    const double ratio
        = sampled.plain > 0 ? static_cast<double>(sampled.encoded) / static_cast<double>(sampled.plain) : 1.0;
    result.storedBytes = static_cast<qint64>(static_cast<double>(result.newBytes) * ratio);
    const auto trial = trialPlacement(places, asked, result.storedBytes);
    if (!trial)
        co_return trial.error();
    result.protection = trial->protection;
    result.fits = trial->fits >= result.storedBytes;
    for (std::size_t i = 0; i < places.size(); ++i) {
        EstimateResult::PerAccount account;
        account.account = places[i].name;
        account.bytes = trial->perAccount[i];
        if (places[i].room)
            account.freeAfter = std::max<qint64>(0, *places[i].room - account.bytes);
        result.perAccount.push_back(std::move(account));
    }
    co_return result;
}

} // namespace mf
