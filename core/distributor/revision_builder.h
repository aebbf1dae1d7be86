// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"
#include "core/distributor/objects/manifest.h"
#include "core/distributor/pack_upload.h"

#include <set>

namespace mf {

// A chunk of this store or of an earlier one: what a piece points to. The slot is set for a chunk
// that this run stores (its row may come later), else the place is known.
struct ChunkEntry {
    std::shared_ptr<PackSlot> slot;
    ChunkPlace place;
    ChunkPlace resolved() const { return slot ? ChunkPlace(slot->row, place.record) : place; }
    bool isResolved() const { return !slot || slot->row != 0; }
};

// Collects the pieces of a revision's files in order, and writes them where they belong: as parts
// into the registry, as leaves or inline into the manifest. Memory stays bounded: a part leaves it
// as soon as the packs of its chunks have rows.
class RevisionBuilder
{
public:
    RevisionBuilder(Engine &engine, RevisionRow revision)
        : m_engine(engine)
        , m_revision(revision)
    {
    }

    // Begins the next file.
    Task<Result<>> beginFile(QString path);
    // entry: of a chunk; null for literals and zeros.
    void add(const ContentPiece &piece, std::shared_ptr<ChunkEntry> entry);
    // The pack of a leaf, which the revision needs besides its chunks'.
    void addLeaf(const std::shared_ptr<ChunkEntry> &entry);
    // Leaves that are ready to be stored as metadata chunks; the caller stores them.
    bool hasLeaf() const { return !m_leaves.empty(); }
    QByteArray takeLeaf();
    // Writes the parts that can be written.
    Task<Result<>> flush();
    Task<Result<>> endFile(FileRecord record, std::vector<TensorRecord> tensors);

    // After the last file and when all packs have rows.
    const std::vector<ManifestFile> &files() const { return m_files; }
    std::set<PackRow> packs() const;
    std::vector<ChunkPlace> leaves() const;
    qint64 bytes() const { return m_bytes; }

private:
    struct Part {
        FileRow file = 0;
        int number = 0;
        std::vector<ContentPiece> pieces;
        std::vector<std::shared_ptr<ChunkEntry>> entries; // parallel; null where not a chunk
    };
    void endPart();
    void relyOn(const std::shared_ptr<ChunkEntry> &entry);

    Engine &m_engine;
    RevisionRow m_revision;
    FileRow m_file = 0;
    int m_nextPart = 0;
    LeafBuilder m_leafBuilder;
    Part m_part;
    std::deque<Part> m_parts;
    std::deque<QByteArray> m_leaves;
    ManifestFile m_entry;
    std::vector<ManifestFile> m_files;
    std::set<PackRow> m_known; // packs of hits
    std::set<std::shared_ptr<PackSlot>> m_slots; // packs of this run
    std::vector<std::shared_ptr<ChunkEntry>> m_leafEntries;
    qint64 m_bytes = 0;
};

} // namespace mf
