// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/chunk_writer.h"
#include "core/distributor/source_reader.h"

namespace mf {

// Moves the bytes of a store: read and cut -> hash -> look up -> encode -> append, batch by
// batch. Several batches are under way at once, so that the disk, the cores and the registry
// all have work; reading, looking up and appending happen in the order of the batches.
class StorePipeline
{
public:
    struct Totals {
        qint64 newBytes = 0; // plain bytes of chunks that were not stored before
        qint64 safe = 0; // bytes that are where they belong already: hits, zeros, literals
    };
    // Called after every batch, on the event loop; may be slow: the next batches wait.
    using AfterBatch = std::function<Task<Result<>>()>;
    using FileEnded = std::function<void(const SourceFacts &)>;

    StorePipeline(Engine &engine, std::vector<SourceEntry> entries, ChunkWriter &writer, RevisionBuilder &builder,
        bool verifyEncode);

    Task<Result<>> run(AfterBatch afterBatch, FileEnded fileEnded);
    const Totals &totals() const { return m_totals; }

private:
    struct Batch;
    Task<void> runBatch(std::size_t number, Budget::Lease slot);
    Task<Result<>> lookUp(Batch &batch);
    Task<Result<>> encode(Batch &batch);
    Task<Result<>> append(Batch &batch);
    Task<Result<>> appendChunk(Batch &batch, std::size_t i);
    Task<Result<>> storeLeaves();
    Task<Result<>> endFile(SourceFacts facts);

    Engine &m_engine;
    ChunkWriter &m_writer;
    RevisionBuilder &m_builder;
    bool m_verify;
    std::shared_ptr<SourceReader> m_reader;
    std::shared_ptr<FileHasher> m_hasher = std::make_shared<FileHasher>();
    std::vector<QString> m_paths; // stored, by entry
    AfterBatch m_afterBatch;
    FileEnded m_fileEnded;
    Totals m_totals;
    bool m_fileIsOpen = false;
    int m_nextFile = 0;
    bool m_sawLast = false;
    std::optional<Error> m_error;
    Gate m_readTurn;
    Gate m_hashTurn;
    Gate m_lookUpTurn;
    Gate m_appendTurn;
    Budget m_slots;
    TaskScope m_scope; // last: its tasks use all of the above
};

} // namespace mf
