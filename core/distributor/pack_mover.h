// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/chunk_writer.h"
#include "core/distributor/pack_reader.h"

namespace mf {

// Seals what is needed of some packs into new ones, under one policy. Records are read and verified, and sealed again
// as they were encoded. What lies elsewhere by the rules of storing is not sealed again: so an interrupted run is
// continued by doing it once more. Memory: one group of records, one open pack, and what Engine::buffers allows.
class PackMover
{
public:
    // policy: resolved. avoid: packs whose chunks do not count as stored, the moved ones among them. shares: told what
    // each account gave and took.
    PackMover(Engine &engine, Protection policy, std::vector<PlacementAccount> places, PackSet avoid, SessionId session,
        std::shared_ptr<Shares> shares, PackUploader::BeforeFirst beforeFirst);

    // These records of a pack, ascending. Nothing, or why the pack cannot be read: it stays as it is. An Error is about
    // writing.
    Task<Result<std::optional<Error>>> move(PackRecord pack, std::vector<std::uint32_t> records);
    // Sends the last packs on their way and waits for all.
    Task<Result<>> finish();

    int sealed() const { return m_sealed; } // packs
    int reduced() const { return m_reduced; } // of those, that miss fragments: they replace nothing
    qint64 uploadedBytes() const { return m_uploaded; }

private:
    Task<Result<std::vector<std::uint32_t>>> wantedOf(const PackRecord &pack, std::vector<std::uint32_t> records);
    Task<Result<std::optional<Error>>> moveGroup(PackRecord pack, std::vector<std::uint32_t> group);
    void packFinished(const PackUploader::Finished &finished);

    Engine &m_engine;
    Protection m_policy;
    PackSet m_avoid;
    ReadStats m_stats;
    int m_sealed = 0;
    int m_reduced = 0;
    qint64 m_uploaded = 0;
    PackUploader m_uploader;
    ChunkWriter m_writer;
};

} // namespace mf
