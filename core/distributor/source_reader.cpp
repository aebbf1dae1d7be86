// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/source_reader.h"

#include "core/distributor/objects/leaf.h"
#include "core/distributor/source_format.h"

#include <algorithm>
#include <cstring>

namespace mf {

Result<ByteView> SourceWindow::at(const SourceFile &file, qint64 offset, qint64 length)
{
    const auto wanted = static_cast<std::size_t>(length);
    const auto passed = static_cast<std::size_t>(std::min<qint64>(offset - m_offset, qint64(m_end - m_begin)));
    m_begin += passed;
    m_offset = offset;
    if (m_bytes.empty())
        m_bytes.resize(std::size_t(2) * Chunker::kLargest);
    if (m_begin + wanted > m_bytes.size()) {
        std::memmove(m_bytes.data(), m_bytes.data() + m_begin, m_end - m_begin);
        m_end -= std::exchange(m_begin, 0);
    }
    const std::size_t have = m_end - m_begin;
    if (have < wanted) {
        const auto more = file.read(offset + qint64(have), MutableBytes(m_bytes).subspan(m_end, wanted - have));
        if (!more)
            return more.error();
        m_end = m_begin + wanted;
    }
    return ByteView(m_bytes).subspan(m_begin, wanted);
}

SourceReader::SourceReader(std::vector<SourceEntry> entries, const SecretKey &gear)
    : m_entries(std::move(entries))
    , m_gear(gear)
{
}

Result<> SourceReader::openNext()
{
    const SourceEntry &entry = m_entries[m_index];
    m_facts = SourceFacts();
    m_facts.file = static_cast<int>(m_index);
    m_facts.record.path = entry.stored;
    m_window.clear();
    if (entry.stored.endsWith(u'/')) { // an empty folder
        m_chunker.emplace(0, std::vector<Region>(), m_gear);
        return {};
    }
    auto file = SourceFile::open(entry.path);
    if (!file)
        return file.error();
    m_file = std::move(*file);
    m_facts.record.size = m_file->size();
    m_facts.record.executable = m_file->isExecutable();
    m_facts.record.modified = m_file->modified();
    SourceFormat format = inspectSource(*m_file, entry.stored);
    m_facts.facts = format.facts;
    m_facts.metadata = format.metadata;
    m_facts.tensors = std::move(format.tensors);
    m_chunker.emplace(m_file->size(), std::move(format.regions), m_gear);
    return {};
}

Result<> SourceReader::readChunk(SourceBatch &batch)
{
    SourceChunk chunk;
    chunk.file = m_facts.file;
    chunk.offset = m_chunker->position();
    const qint64 wanted = m_chunker->wanted();
    Cut cut;
    if (m_chunker->isFixed()) {
        auto bytes = m_file->read(chunk.offset, wanted);
        if (!bytes)
            return bytes.error();
        chunk.bytes = std::move(*bytes);
        cut = m_chunker->next(viewOf(chunk.bytes));
    } else {
        const auto bytes = m_window.at(*m_file, chunk.offset, wanted);
        if (!bytes)
            return bytes.error();
        cut = m_chunker->next(*bytes);
        chunk.bytes = toByteArray(bytes->first(static_cast<std::size_t>(cut.length)));
    }
    chunk.element = cut.element;
    chunk.length = cut.length;
    if (isZero(viewOf(chunk.bytes)))
        chunk.kind = SourceChunk::Kind::Zeros;
    else if (chunk.bytes.size() <= kLongestLiteral)
        chunk.kind = SourceChunk::Kind::Literal;
    batch.bytes += chunk.bytes.size();
    batch.chunks.push_back(std::move(chunk));
    return {};
}

Result<SourceBatch> SourceReader::next()
{
    SourceBatch batch;
    const auto isFull = [&batch] {
        return batch.bytes + Chunker::kTarget > kBatchBytes || batch.chunks.size() >= kBatchChunks
            || batch.ends.size() >= kBatchChunks;
    };
    while (!isFull()) {
        if (!m_chunker) {
            if (m_index == m_entries.size()) {
                const auto unchanged = checkUnchanged(m_entries); // those read before, too
                if (!unchanged)
                    return unchanged.error();
                batch.isLast = true;
                break;
            }
            const auto opened = openNext();
            if (!opened)
                return opened.error();
        }
        if (!m_chunker->isDone()) {
            const auto read = readChunk(batch);
            if (!read)
                return read.error();
            continue;
        }
        if (m_file) {
            const auto unchanged = m_file->checkUnchanged();
            if (!unchanged)
                return unchanged.error();
        }
        SourceBatch::End end;
        end.facts = std::move(m_facts);
        end.chunks = batch.chunks.size();
        batch.ends.push_back(std::move(end));
        m_file.reset();
        m_chunker.reset();
        ++m_index;
    }
    return batch;
}

namespace {
// The chunks of the batch that belong to one file.
struct FilePart {
    std::span<SourceChunk> chunks;
    SourceBatch::End *end = nullptr; // where the file ends here
    bool isWholeFile() const { return end && chunks.size() == 1 && chunks[0].offset == 0 && isChunk(chunks[0]); }
    static bool isChunk(const SourceChunk &chunk) { return chunk.kind == SourceChunk::Kind::Chunk; }
};

std::vector<FilePart> partsOf(SourceBatch &batch)
{
    std::vector<FilePart> parts;
    const std::span<SourceChunk> chunks = batch.chunks;
    std::size_t next = 0;
    for (SourceBatch::End &end : batch.ends) {
        parts.push_back({ chunks.subspan(next, end.chunks - next), &end });
        next = end.chunks;
    }
    if (next < chunks.size())
        parts.push_back({ chunks.subspan(next), nullptr });
    return parts;
}

void hashAll(std::span<SourceChunk *const> chunks)
{
    std::vector<ByteView> inputs;
    inputs.reserve(chunks.size());
    for (const SourceChunk *chunk : chunks)
        inputs.push_back(viewOf(chunk->bytes));
    std::vector<Sha256> digests(inputs.size());
    sha256Many(inputs, digests);
    for (std::size_t i = 0; i < chunks.size(); ++i)
        chunks[i]->hash = ChunkHash(digests[i].bytes);
}
} // namespace

void hashChunks(SourceBatch &batch)
{
    std::vector<SourceChunk *> chunks;
    for (SourceChunk &chunk : batch.chunks)
        if (FilePart::isChunk(chunk))
            chunks.push_back(&chunk);
    hashAll(chunks);
}

FileHasher::FileHasher(bool together)
    : m_together(together)
{
}

void FileHasher::prepare(SourceBatch &batch) const
{
    if (!m_together) {
        hashChunks(batch);
        return;
    }
    std::vector<SourceChunk *> chunks;
    for (const FilePart &part : partsOf(batch))
        if (part.isWholeFile())
            chunks.push_back(&part.chunks[0]);
    hashAll(chunks);
}

void FileHasher::add(SourceBatch &batch)
{
    for (const FilePart &part : partsOf(batch)) {
        if (part.isWholeFile()) {
            part.end->facts.record.sha256 = Sha256(part.chunks[0].hash.bytes);
            continue;
        }
        if (!m_file)
            m_file.emplace(m_together);
        std::vector<ByteView> pieces;
        for (const SourceChunk &chunk : part.chunks)
            pieces.push_back(viewOf(chunk.bytes));
        std::vector<Sha256> digests(m_together ? pieces.size() : 0);
        m_file->add(pieces, digests);
        for (std::size_t i = 0; i < digests.size(); ++i)
            part.chunks[i].hash = ChunkHash(digests[i].bytes);
        if (part.end) {
            part.end->facts.record.sha256 = m_file->finish();
            m_file.reset();
        }
    }
}

} // namespace mf
