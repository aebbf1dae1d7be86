// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/crypto/sha256_pieces.h"
#include "core/distributor/source_file.h"
#include "core/packing/codec.h"
#include "core/registry/records.h"

namespace mf {

// A cut of a source file with its bytes.
struct SourceChunk {
    int file = 0; // index of the entry
    qint64 offset = 0;
    qint64 length = 0;
    ElementKind element = ElementKind::Bytes;
    QByteArray bytes; // length of them, until a codec takes them
    ChunkHash hash; // by hashChunks or FileHasher; of chunks only
    enum class Kind { Chunk, Literal, Zeros } kind = Kind::Chunk;
};

// What was learnt about a source file once it is read to its end.
struct SourceFacts {
    int file = 0;
    FileRecord record; // path, size, hash, executable, modified
    std::vector<TensorRecord> tensors;
    ModelFacts facts;
    QMap<QString, QString> metadata;
};

// A run of chunks, of one file or of several small ones, in order.
struct SourceBatch {
    std::vector<SourceChunk> chunks;
    // Files that end in this batch: the file and how many chunks of the batch come before its end.
    struct End {
        SourceFacts facts;
        std::size_t chunks = 0;
    };
    std::vector<End> ends;
    qint64 bytes = 0;
    bool isLast = false;
};

// A batch ends when another megabyte does not fit: eight chunks of a tensor, as many as are hashed fastest at once.
constexpr qint64 kBatchBytes = qint64(8) << 20;
constexpr std::size_t kBatchChunks = 256;

// A window on a file that only moves forward: what content-defined cuts are found in. It keeps its memory, because
// fresh pages for every megabyte cost more than finding the cuts.
class SourceWindow
{
public:
    // The `length` bytes of the file at `offset`, valid until the next call. Blocking.
    // Precondition: length <= Chunker::kLargest, offset >= any before since clear().
    Result<ByteView> at(const SourceFile &file, qint64 offset, qint64 length);
    // Another file follows.
    void clear()
    {
        m_offset = 0;
        m_begin = m_end = 0;
    }

private:
    std::vector<std::uint8_t> m_bytes;
    qint64 m_offset = 0; // in the file, of what lies at m_begin
    std::size_t m_begin = 0; // what has been read lies in [m_begin, m_end)
    std::size_t m_end = 0;
};

// Reads entries one after the other, cuts them where their format says. Blocking: every call
// runs on a pool, one at a time.
class SourceReader
{
public:
    SourceReader(std::vector<SourceEntry> entries, const SecretKey &gear);

    Result<SourceBatch> next();

private:
    Result<> openNext();
    Result<> readChunk(SourceBatch &batch);

    std::vector<SourceEntry> m_entries;
    SecretKey m_gear;
    std::size_t m_index = 0; // of the open file, or the next one
    std::shared_ptr<SourceFile> m_file;
    std::optional<Chunker> m_chunker;
    SourceFacts m_facts;
    SourceWindow m_window;
};

// SHA-256 of every chunk of the batch. Pure.
void hashChunks(SourceBatch &batch);

// SHA-256 of whole files and of their chunks, fed with batches in order. A file of one chunk reuses its hash.
class FileHasher
{
public:
    explicit FileHasher(bool together = Sha256Pieces::isFastTogether()); // as Sha256Pieces has it
    // What add() would only do one batch after the other, though it need not: to be called before it, any batch at any
    // time, on any thread.
    void prepare(SourceBatch &batch) const;
    // Adds the batch's bytes; fills FileRecord::sha256 of files that end in it, and the hash of each chunk.
    // Precondition: prepare(batch).
    void add(SourceBatch &batch);

private:
    bool m_together;
    std::optional<Sha256Pieces> m_file; // that the last batch left open
};

} // namespace mf
