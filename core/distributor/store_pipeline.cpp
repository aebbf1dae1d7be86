// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/store_pipeline.h"

#include <algorithm>

namespace mf {
namespace {

// One is read while two are computed on and one is appended.
constexpr qint64 kBatchesAtOnce = 4;

// How many of these a batch counts for: where less memory is allowed than usual there are fewer, and half as many for
// each of several stores, so that all of them together have no more.
qint64 shareOf(const Engine &engine)
{
    const qint64 allowed = std::max<qint64>(engine.buffers.total(), 1);
    const qint64 share = (kBufferBudget + allowed - 1) / allowed * (engine.running.size() > 1 ? 2 : 1);
    return std::clamp<qint64>(share, 1, kBatchesAtOnce);
}

} // namespace

struct StorePipeline::Batch {
    SourceBatch source;
    std::vector<ChunkWriter::Claim> claims; // parallel to source.chunks
    std::vector<Encoded> encoded; // parallel; of new chunks
};

StorePipeline::StorePipeline(
    Engine &engine, std::vector<SourceEntry> entries, ChunkWriter &writer, RevisionBuilder &builder, bool verifyEncode)
    : m_engine(engine)
    , m_writer(writer)
    , m_builder(builder)
    , m_verify(verifyEncode)
    , m_slots(kBatchesAtOnce)
{
    for (const SourceEntry &entry : entries)
        m_paths.push_back(entry.stored);
    m_reader = std::make_shared<SourceReader>(std::move(entries), engine.ring.gearKey());
}

Task<Result<>> StorePipeline::run(AfterBatch afterBatch, FileEnded fileEnded)
{
    m_afterBatch = std::move(afterBatch);
    m_fileEnded = std::move(fileEnded);
    for (std::size_t number = 0; !m_sawLast && !m_error; ++number) {
        auto slot = co_await m_slots.acquire(shareOf(m_engine));
        if (!m_sawLast && !m_error)
            m_scope.start(runBatch(number, std::move(slot)));
    }
    const auto all = co_await m_slots.acquire(kBatchesAtOnce); // every batch has ended
    Q_UNUSED(all)
    if (m_error)
        co_return *m_error;
    co_return Result<>();
}

Task<void> StorePipeline::runBatch(std::size_t number, Budget::Lease slot)
{
    // Every batch passes every gate, also after an error: others wait behind it.
    Batch batch;
    const auto note = [this](const Error &error) {
        if (!m_error)
            m_error = error;
    };
    co_await m_readTurn.turn(number);
    if (!m_error) {
        auto read = [reader = m_reader] { return reader->next(); };
        auto source = co_await onPool(m_engine.cpu, read);
        if (source) {
            batch.source = std::move(*source);
            m_sawLast = m_sawLast || batch.source.isLast;
        } else {
            note(source.error());
        }
    }
    m_readTurn.pass();

    if (!m_error && !batch.source.chunks.empty()) {
        auto prepare = [source = std::move(batch.source), hasher = m_hasher]() mutable {
            hasher->prepare(source);
            return std::move(source);
        };
        batch.source = co_await onPool(m_engine.cpu, prepare);
    }
    co_await m_hashTurn.turn(number);
    if (!m_error) {
        auto hashFiles = [source = std::move(batch.source), hasher = m_hasher]() mutable {
            hasher->add(source);
            return std::move(source);
        };
        batch.source = co_await onPool(m_engine.cpu, hashFiles);
    }
    m_hashTurn.pass();

    co_await m_lookUpTurn.turn(number);
    if (!m_error) {
        const auto done = co_await lookUp(batch);
        if (!done)
            note(done.error());
    }
    m_lookUpTurn.pass();

    if (!m_error) {
        const auto done = co_await encode(batch);
        if (!done)
            note(done.error());
    }

    co_await m_appendTurn.turn(number);
    if (!m_error) {
        const auto done = co_await append(batch);
        if (!done)
            note(done.error());
    }
    m_appendTurn.pass();
    slot.release();
}

Task<Result<>> StorePipeline::lookUp(Batch &batch)
{
    std::vector<ChunkHash> hashes;
    std::vector<std::size_t> which;
    for (std::size_t i = 0; i < batch.source.chunks.size(); ++i) {
        if (batch.source.chunks[i].kind == SourceChunk::Kind::Chunk) {
            hashes.push_back(batch.source.chunks[i].hash);
            which.push_back(i);
        }
    }
    batch.claims.resize(batch.source.chunks.size());
    if (hashes.empty())
        co_return Result<>();
    auto claims = co_await m_writer.claim(std::move(hashes), PackClass::Data);
    if (!claims)
        co_return claims.error();
    for (std::size_t i = 0; i < which.size(); ++i)
        batch.claims[which[i]] = std::move((*claims)[i]);
    co_return Result<>();
}

Task<Result<>> StorePipeline::encode(Batch &batch)
{
    struct Input {
        std::size_t index;
        QByteArray bytes;
        ElementKind element;
    };
    std::vector<Input> inputs;
    for (std::size_t i = 0; i < batch.claims.size(); ++i) {
        SourceChunk &chunk = batch.source.chunks[i];
        if (batch.claims[i].isNew)
            inputs.push_back(Input { i, std::move(chunk.bytes), chunk.element });
    }
    batch.encoded.resize(batch.claims.size());
    if (inputs.empty())
        co_return Result<>();
    auto work = [inputs = std::move(inputs),
                    verify = m_verify]() mutable -> Result<std::vector<std::pair<std::size_t, Encoded>>> {
        // Its scratch memory is kept for the next batch that runs on this thread.
        static thread_local ChunkCodec codec;
        std::vector<std::pair<std::size_t, Encoded>> out;
        for (Input &input : inputs) {
            auto encoded = codec.encode(input.bytes, input.element, verify);
            if (!encoded)
                return encoded.error();
            input.bytes.clear();
            out.emplace_back(input.index, std::move(*encoded));
        }
        return out;
    };
    // The lengths are needed after the bytes have gone.
    auto encoded = co_await onPool(m_engine.cpu, work);
    if (!encoded)
        co_return encoded.error();
    for (auto &[index, value] : *encoded)
        batch.encoded[index] = std::move(value);
    co_return Result<>();
}

Task<Result<>> StorePipeline::appendChunk(Batch &batch, std::size_t i)
{
    SourceChunk &chunk = batch.source.chunks[i];
    ContentPiece piece;
    piece.length = chunk.length;
    if (chunk.kind == SourceChunk::Kind::Zeros) {
        piece.kind = ContentPiece::Kind::Zeros;
        m_totals.safe += piece.length;
        m_builder.add(piece, nullptr);
        co_return Result<>();
    }
    if (chunk.kind == SourceChunk::Kind::Literal) {
        piece.kind = ContentPiece::Kind::Literal;
        piece.literal = chunk.bytes;
        m_totals.safe += piece.length;
        m_builder.add(piece, nullptr);
        co_return Result<>();
    }
    piece.hash = chunk.hash;
    ChunkWriter::Claim &claim = batch.claims[i];
    if (claim.isNew) {
        Record record;
        record.hash = chunk.hash;
        record.plainLength = static_cast<std::uint32_t>(chunk.length);
        record.encodedLength = static_cast<std::uint32_t>(batch.encoded[i].bytes.size());
        record.codec = batch.encoded[i].codec;
        const RecordSource source(chunk.file, chunk.offset);
        m_totals.newBytes += chunk.length;
        const auto appended = co_await m_writer.append(
            claim.entry, std::move(record), std::move(batch.encoded[i].bytes), source, PackClass::Data);
        if (!appended)
            co_return appended.error();
    }
    if (claim.entry->slot && !claim.entry->slot->isComplete)
        claim.entry->slot->waiting += chunk.length;
    else
        m_totals.safe += chunk.length;
    m_builder.add(piece, claim.entry);
    co_return Result<>();
}

Task<Result<>> StorePipeline::append(Batch &batch)
{
    std::size_t next = 0;
    std::size_t end = 0;
    while (next < batch.source.chunks.size() || end < batch.source.ends.size()) {
        if (!m_fileIsOpen) {
            const QString path = m_paths[static_cast<std::size_t>(m_nextFile)];
            const auto begun = co_await m_builder.beginFile(path);
            if (!begun)
                co_return begun.error();
            m_fileIsOpen = true;
        }
        if (end < batch.source.ends.size() && batch.source.ends[end].chunks == next) {
            SourceFacts facts = std::move(batch.source.ends[end].facts);
            ++end;
            const auto ended = co_await endFile(std::move(facts));
            if (!ended)
                co_return ended.error();
            continue;
        }
        const auto appended = co_await appendChunk(batch, next);
        if (!appended)
            co_return appended.error();
        ++next;
    }
    const auto leaves = co_await storeLeaves();
    if (!leaves)
        co_return leaves.error();
    const auto flushed = co_await m_builder.flush();
    if (!flushed)
        co_return flushed.error();
    auto after = m_afterBatch();
    const auto called = co_await after;
    if (!called)
        co_return called.error();
    co_return Result<>();
}

Task<Result<>> StorePipeline::endFile(SourceFacts facts)
{
    m_fileEnded(facts);
    const auto ended = co_await m_builder.endFile(std::move(facts.record), std::move(facts.tensors));
    if (!ended)
        co_return ended.error();
    m_fileIsOpen = false;
    ++m_nextFile;
    co_return Result<>();
}

Task<Result<>> StorePipeline::storeLeaves()
{
    while (m_builder.hasLeaf()) {
        QByteArray leaf = m_builder.takeLeaf();
        Record record;
        record.hash = ChunkHash(sha256(viewOf(leaf)).bytes);
        record.plainLength = static_cast<std::uint32_t>(leaf.size());
        record.encodedLength = record.plainLength; // hashes do not compress
        std::vector<ChunkHash> one(1, record.hash);
        auto claims = co_await m_writer.claim(std::move(one), PackClass::Metadata);
        if (!claims)
            co_return claims.error();
        ChunkWriter::Claim &claim = claims->front();
        if (claim.isNew) {
            const RecordSource none;
            const auto appended
                = co_await m_writer.append(claim.entry, std::move(record), std::move(leaf), none, PackClass::Metadata);
            if (!appended)
                co_return appended.error();
        }
        m_builder.addLeaf(claim.entry); // a new one has its pack only now
    }
    co_return Result<>();
}

} // namespace mf
