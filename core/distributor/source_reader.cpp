// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/source_reader.h"

#include "core/distributor/objects/leaf.h"
#include "core/distributor/source_format.h"

namespace mf {

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
    m_ahead.clear();
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
    if (m_ahead.size() < wanted) {
        const qint64 have = m_ahead.size();
        auto more = m_file->read(chunk.offset + have, wanted - have);
        if (!more)
            return more.error();
        m_ahead = have == 0 ? std::move(*more) : QByteArray(m_ahead + *more);
    }
    const Cut cut = m_chunker->next(viewOf(m_ahead));
    chunk.element = cut.element;
    chunk.length = cut.length;
    if (cut.length == m_ahead.size()) {
        chunk.bytes = std::exchange(m_ahead, {});
    } else {
        chunk.bytes = m_ahead.left(cut.length);
        m_ahead.remove(0, cut.length);
    }
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
    while (batch.bytes < kBatchBytes && batch.chunks.size() < kBatchChunks && batch.ends.size() < kBatchChunks) {
        if (!m_chunker) {
            if (m_index == m_entries.size()) {
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

void hashChunks(SourceBatch &batch)
{
    std::vector<ByteView> inputs;
    std::vector<SourceChunk *> chunks;
    for (SourceChunk &chunk : batch.chunks) {
        if (chunk.kind == SourceChunk::Kind::Chunk) {
            inputs.push_back(viewOf(chunk.bytes));
            chunks.push_back(&chunk);
        }
    }
    std::vector<Sha256> digests(inputs.size());
    sha256Many(inputs, digests);
    for (std::size_t i = 0; i < chunks.size(); ++i)
        chunks[i]->hash = ChunkHash(digests[i].bytes);
}

void FileHasher::add(SourceBatch &batch)
{
    std::size_t next = 0;
    const auto feed = [this, &batch, &next](std::size_t end) {
        if (!m_stream)
            m_stream.emplace();
        for (; next < end; ++next)
            m_stream->update(viewOf(batch.chunks[next].bytes));
    };
    for (auto &end : batch.ends) {
        Sha256 &digest = end.facts.record.sha256;
        if (!m_stream && end.chunks == next + 1 && batch.chunks[next].kind == SourceChunk::Kind::Chunk) {
            digest = Sha256(batch.chunks[next].hash.bytes);
            ++next;
            continue;
        }
        feed(end.chunks);
        digest = m_stream->finish();
        m_stream.reset();
    }
    if (next < batch.chunks.size())
        feed(batch.chunks.size());
}

} // namespace mf
