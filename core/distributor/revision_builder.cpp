// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/revision_builder.h"

#include "core/crypto/sha256.h"

namespace mf {
namespace {

Piece toPiece(const ContentPiece &piece, const ChunkEntry *entry)
{
    switch (piece.kind) {
    case ContentPiece::Kind::Literal:
        return Piece::ofLiteral(piece.literal);
    case ContentPiece::Kind::Zeros:
        return Piece::ofZeros(piece.length);
    case ContentPiece::Kind::Chunk:
        break;
    }
    return Piece::chunk(entry->resolved());
}

} // namespace

Task<Result<>> RevisionBuilder::beginFile(QString path)
{
    FileRecord record;
    record.path = path;
    m_entry = ManifestFile();
    m_entry.file = record;
    m_nextPart = 0;
    const auto row = co_await m_engine.registry.addFile(m_revision, std::move(record));
    if (!row)
        co_return row.error();
    m_file = *row;
    co_return Result<>();
}

void RevisionBuilder::add(const ContentPiece &piece, std::shared_ptr<ChunkEntry> entry)
{
    if (entry)
        relyOn(entry);
    m_part.pieces.push_back(piece);
    m_part.entries.push_back(std::move(entry));
    if (m_leafBuilder.add(piece))
        endPart();
}

void RevisionBuilder::relyOn(const std::shared_ptr<ChunkEntry> &entry)
{
    if (entry->slot)
        m_slots.insert(entry->slot);
    else
        m_known.insert(entry->place.pack);
}

void RevisionBuilder::addLeaf(const std::shared_ptr<ChunkEntry> &entry)
{
    relyOn(entry);
    m_leafEntries.push_back(entry);
}

void RevisionBuilder::endPart()
{
    const bool isLeaf = m_nextPart > 0 || m_leafBuilder.pieces() > kMostInlinePieces;
    QByteArray bytes = m_leafBuilder.take();
    if (isLeaf) {
        LeafReference reference;
        reference.hash = ChunkHash(sha256(viewOf(bytes)).bytes);
        reference.length = bytes.size();
        m_entry.leaves.push_back(reference);
        m_leaves.push_back(std::move(bytes));
    } else {
        m_entry.pieces = std::move(bytes);
    }
    m_part.file = m_file;
    m_part.number = m_nextPart++;
    m_parts.push_back(std::exchange(m_part, {}));
}

QByteArray RevisionBuilder::takeLeaf()
{
    QByteArray leaf = std::move(m_leaves.front());
    m_leaves.pop_front();
    return leaf;
}

Task<Result<>> RevisionBuilder::flush()
{
    while (!m_parts.empty()) {
        Part &part = m_parts.front();
        const bool resolved = std::all_of(
            part.entries.begin(), part.entries.end(), [](const auto &entry) { return !entry || entry->isResolved(); });
        if (!resolved)
            break;
        std::vector<Piece> pieces;
        pieces.reserve(part.pieces.size());
        for (std::size_t i = 0; i < part.pieces.size(); ++i)
            pieces.push_back(toPiece(part.pieces[i], part.entries[i].get()));
        const FileRow file = part.file;
        const int number = part.number;
        m_parts.pop_front();
        const auto put = co_await m_engine.registry.putPart(file, number, std::move(pieces));
        if (!put)
            co_return put.error();
    }
    co_return Result<>();
}

Task<Result<>> RevisionBuilder::endFile(FileRecord record, std::vector<TensorRecord> tensors)
{
    if (!m_leafBuilder.isEmpty())
        endPart();
    record.row = m_file;
    m_bytes += record.size;
    m_entry.file = record;
    m_entry.tensors = tensors;
    m_files.push_back(std::move(m_entry));
    const auto finished = co_await m_engine.registry.finishFile(m_file, std::move(record));
    if (!finished)
        co_return finished.error();
    if (!tensors.empty()) {
        const auto put = co_await m_engine.registry.putTensors(m_file, std::move(tensors));
        if (!put)
            co_return put.error();
    }
    co_return Result<>();
}

std::set<PackRow> RevisionBuilder::packs() const
{
    std::set<PackRow> rows = m_known;
    for (const auto &slot : m_slots)
        rows.insert(slot->row);
    return rows;
}

std::vector<ChunkPlace> RevisionBuilder::leaves() const
{
    std::vector<ChunkPlace> places;
    places.reserve(m_leafEntries.size());
    for (const auto &entry : m_leafEntries)
        places.push_back(entry->resolved());
    return places;
}

} // namespace mf
