// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/pack_upload.h"
#include "core/distributor/revision_builder.h"

#include <unordered_map>
#include <unordered_set>

namespace mf {

// Turns chunks into records of packs: finds what is stored already, collects the rest into open
// packs (one per class), hands full ones to the uploader.
//
// A chunk is looked up once (claim), encoded by the caller if it is new, and appended in order.
class ChunkWriter
{
public:
    struct Claim {
        std::shared_ptr<ChunkEntry> entry; // filled at once for a hit, by append otherwise
        bool isNew = false; // the claimant encodes and appends it
    };

    // avoid: what lies in these packs does not count as stored.
    ChunkWriter(Engine &engine, PackUploader &uploader, Protection policy, std::vector<AccountId> allowed,
        PackSet avoid = nullptr);

    // Nothing that is stored already counts: all chunks are to lie in packs of this run.
    void takeNoHits() { m_takesHits = false; }

    // Parallel to hashes.
    Task<Result<std::vector<Claim>>> claim(std::vector<ChunkHash> hashes, PackClass packClass);
    // Adds a claimed new chunk; waits while too much is on its way.
    Task<Result<>> append(
        std::shared_ptr<ChunkEntry> entry, Record record, QByteArray encoded, RecordSource source, PackClass packClass);
    // Sends the open packs on their way, full or not.
    Task<Result<>> finish();
    // The uploader's: the chunks of this pack can be found in the registry from now on.
    void packFinished(const OpenPack &pack);

    // Encoded bytes of the distinct data chunks that were claimed, new or not, and of what else was appended.
    qint64 storedBytes() const { return m_stored; }

private:
    Task<Result<>> submit(std::shared_ptr<OpenPack> &open);

    Engine &m_engine;
    PackUploader &m_uploader;
    Protection m_policy;
    std::vector<AccountId> m_allowed;
    bool m_takesHits = true;
    PackSet m_avoid;
    // Chunks of this run that the registry does not know yet.
    std::unordered_map<ChunkHash, std::shared_ptr<ChunkEntry>, FixedBytesHash> m_recent;
    std::shared_ptr<OpenPack> m_open[2]; // by class
    std::unordered_set<quint64> m_counted; // places of hits that m_stored has
    qint64 m_stored = 0;
};

} // namespace mf
