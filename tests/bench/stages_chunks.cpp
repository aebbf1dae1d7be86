// SPDX-License-Identifier: GPL-3.0-or-later
// Cutting, hashing and the codecs.
#define ZSTD_STATIC_LINKING_ONLY // ZSTD_c_literalCompressionMode
#include "core/crypto/sha256_pieces.h"
#include "core/packing/codec.h"
#include "tests/bench/stages.h"
#include "tests/support/must.h"

#include <openssl/evp.h>
#include <zstd.h>

namespace mf::bench {
namespace {

// ---- cutting

void cutOurs(benchmark::State &state)
{
    std::vector<QByteArray> chunks = chunksOf({});
    QByteArray whole;
    for (const QByteArray &chunk : chunks)
        whole += chunk;
    const SecretKey gear = someKey();
    for (auto _ : state) {
        Chunker chunker(whole.size(), {}, gear);
        while (!chunker.isDone())
            benchmark::DoNotOptimize(chunker.next(viewOf(whole).subspan(static_cast<std::size_t>(chunker.position()))));
    }
    countModel(state);
}

// ---- hashing

void hashOurs(benchmark::State &state, Sha256Engine engine)
{
    if (!isAvailable(engine)) {
        state.SkipWithError("this processor has no such engine");
        return;
    }
    const std::vector<QByteArray> chunks = chunksOf({});
    const std::vector<ByteView> views = viewsOf(chunks);
    std::vector<Sha256> digests(views.size());
    const auto atOnce = static_cast<std::size_t>(state.range(0));
    for (auto _ : state)
        for (std::size_t i = 0; i < views.size(); i += atOnce)
            sha256Many(std::span(views).subspan(i, atOnce), std::span(digests).subspan(i, atOnce), engine);
    countModel(state);
}

void hashLibrary(benchmark::State &state)
{
    const std::vector<QByteArray> chunks = chunksOf({});
    std::array<unsigned char, 32> digest;
    for (auto _ : state)
        for (const QByteArray &chunk : chunks)
            EVP_Digest(chunk.constData(), kChunk, digest.data(), nullptr, EVP_sha256(), nullptr);
    countModel(state);
}

// A file and its chunks, eight at once, as a store hashes them.
void hashFileAndChunks(benchmark::State &state, bool together)
{
    const std::vector<QByteArray> chunks = chunksOf({});
    const std::vector<ByteView> views = viewsOf(chunks);
    std::vector<Sha256> digests(views.size());
    constexpr std::size_t atOnce = 8;
    for (auto _ : state) {
        Sha256Pieces file(together);
        for (std::size_t i = 0; i < views.size(); i += atOnce)
            file.add(std::span(views).subspan(i, atOnce), std::span(digests).subspan(i, atOnce));
        benchmark::DoNotOptimize(file.finish());
    }
    countModel(state);
}

// ---- codecs

void encodeOurs(benchmark::State &state, const Content &content, bool verify)
{
    const std::vector<QByteArray> chunks = chunksOf(content);
    ChunkCodec codec;
    qsizetype kept = 0;
    for (auto _ : state) {
        kept = 0;
        for (const QByteArray &chunk : chunks)
            kept += must(codec.encode(chunk, content.element, verify)).bytes.size();
    }
    countModel(state);
    state.counters["kept"] = double(kept) / double(kModel);
}

void decodeOurs(benchmark::State &state, const Content &content)
{
    ChunkCodec codec;
    std::vector<Encoded> encoded;
    for (const QByteArray &chunk : chunksOf(content))
        encoded.push_back(must(codec.encode(chunk, content.element, false)));
    QByteArray plain(static_cast<qsizetype>(kChunk), '\0');
    for (auto _ : state)
        for (const Encoded &one : encoded)
            if (!codec.decode(one.codec, viewOf(one.bytes), mutableViewOf(plain)))
                qFatal("what was encoded does not decode");
    countModel(state);
}

// The high bytes of BF16, sign rotated away: the plane that zstd codes.
std::vector<QByteArray> highPlanes()
{
    std::vector<QByteArray> planes;
    QByteArray low(static_cast<qsizetype>(kChunk / 2), '\0');
    for (const QByteArray &chunk : chunksOf(kContents[0].second)) {
        QByteArray high(low.size(), '\0');
        planes::splitBF16(viewOf(chunk), mutableViewOf(high), mutableViewOf(low));
        planes.push_back(high);
    }
    return planes;
}

QByteArray frameOf(ZSTD_CCtx *context, const QByteArray &plane)
{
    QByteArray frame(static_cast<qsizetype>(ZSTD_compressBound(static_cast<std::size_t>(plane.size()))), '\0');
    frame.resize(static_cast<qsizetype>(ZSTD_compress2(context, frame.data(), static_cast<std::size_t>(frame.size()),
        plane.constData(), static_cast<std::size_t>(plane.size()))));
    return frame;
}

void zstdLibrary(benchmark::State &state, bool back)
{
    const std::vector<QByteArray> planes = highPlanes();
    ZSTD_CCtx *const context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, ZSTD_minCLevel());
    ZSTD_CCtx_setParameter(context, ZSTD_c_literalCompressionMode, ZSTD_ps_enable);
    ZSTD_DCtx *const decoder = ZSTD_createDCtx();
    std::vector<QByteArray> frames;
    for (const QByteArray &plane : planes)
        frames.push_back(frameOf(context, plane));
    QByteArray out(static_cast<qsizetype>(ZSTD_compressBound(kChunk)), '\0');
    const auto room = static_cast<std::size_t>(out.size());
    for (auto _ : state) {
        for (std::size_t i = 0; i < planes.size(); ++i) {
            const QByteArray &in = back ? frames[i] : planes[i];
            const auto size = static_cast<std::size_t>(in.size());
            benchmark::DoNotOptimize(back ? ZSTD_decompressDCtx(decoder, out.data(), room, in.constData(), size)
                                          : ZSTD_compress2(context, out.data(), room, in.constData(), size));
        }
    }
    countModel(state);
    ZSTD_freeCCtx(context);
    ZSTD_freeDCtx(decoder);
}

} // namespace

void addChunkRows()
{
    using benchmark::RegisterBenchmark;
    RegisterBenchmark("cut/ours", cutOurs);
    RegisterBenchmark("hash/ours/portable", hashOurs, Sha256Engine::Portable)->Arg(kChunks);
    RegisterBenchmark("hash/ours/SHA-NI", hashOurs, Sha256Engine::ShaNi)->Arg(4)->Arg(kChunks);
    RegisterBenchmark("hash/ours/AVX2", hashOurs, Sha256Engine::Avx2)->Arg(4)->Arg(kChunks);
    RegisterBenchmark("hash/ours/AVX-512", hashOurs, Sha256Engine::Avx512)->Arg(4)->Arg(kChunks);
    RegisterBenchmark("hash/library/one by one", hashLibrary);
    RegisterBenchmark("hash file and chunks/ours/together", hashFileAndChunks, true);
    RegisterBenchmark("hash file and chunks/ours/apart", hashFileAndChunks, false);
    for (const auto &[name, content] : kContents) {
        RegisterBenchmark((std::string("encode/ours/") + name).c_str(), encodeOurs, content, false);
        RegisterBenchmark((std::string("encode and verify/ours/") + name).c_str(), encodeOurs, content, true);
        RegisterBenchmark((std::string("decode/ours/") + name).c_str(), decodeOurs, content);
    }
    RegisterBenchmark("encode/library/BF16, its high plane", zstdLibrary, false);
    RegisterBenchmark("decode/library/BF16, its high plane", zstdLibrary, true);
}

} // namespace mf::bench
