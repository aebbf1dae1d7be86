// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/packing/chunker.h"

#include <memory>

namespace mf {

// How a chunk's bytes are encoded in its record. The numbers are on disk: never renumber.
enum class Codec : std::uint8_t {
    Raw = 0,
    Zstd = 1, // one zstd frame
    PlanesBF16 = 2, // see codec.cpp for the exact layout of the planes codecs
    PlanesFP16 = 3,
    PlanesFP32 = 4,
    PlanesFP8 = 5,
};
bool isKnownCodec(std::uint8_t number);

// The plane transforms, chosen at run time between SIMD and portable code with identical
// results. Exposed for tests and the bench. value = little-endian elements, a whole number
// of them; each plane holds one byte of every element.
namespace planes {
enum class Engine { Portable, Avx2, Avx512 };
bool isAvailable(Engine engine);
Engine bestEngine();
// BF16 and FP16: rotate left by one (sign to the low end), high bytes to hi, low bytes to lo.
void splitBF16(ByteView value, MutableBytes hi, MutableBytes lo, Engine engine = bestEngine());
void mergeBF16(ByteView hi, ByteView lo, MutableBytes value, Engine engine = bestEngine());
// FP32: rotate left by one; plane 0 takes the lowest bytes, plane 3 the exponents.
void splitFP32(ByteView value, const std::array<MutableBytes, 4> &parts, Engine engine = bestEngine());
void mergeFP32(const std::array<ByteView, 4> &parts, MutableBytes value, Engine engine = bestEngine());
}

struct Encoded {
    Codec codec = Codec::Raw;
    QByteArray bytes; // shares the plain bytes when Raw
};

// Encodes and decodes chunks; holds zstd contexts and scratch memory (a few MiB), so
// keep one per job or thread. Not thread-safe.
class ChunkCodec
{
public:
    explicit ChunkCodec(planes::Engine engine = planes::bestEngine());
    ~ChunkCodec();
    ChunkCodec(const ChunkCodec &) = delete;
    ChunkCodec &operator=(const ChunkCodec &) = delete;

    // Picks the codec for the element kind (Bytes: zstd only if a sample of it shrinks); Raw when
    // it saves under 2 %. With verify, what was encoded is decoded and compared first, and
    // Internal "MF-CODEC-VERIFY" tells of a broken machine or library. plain.size() <= Chunker::kLargest.
    Result<Encoded> encode(const QByteArray &plain, ElementKind element, bool verify);

    // Decodes into plain, whose size is the plain length that the directory says.
    // Corrupt "MF-CHUNK-CORRUPT" unless the encoded bytes give exactly that many; Unsupported
    // "MF-CODEC-UNKNOWN" for a codec of a newer version. Hostile input is safe. After an error
    // plain holds anything.
    Result<> decode(Codec codec, ByteView encoded, MutableBytes plain);

private:
    struct Contexts;
    std::unique_ptr<Contexts> m_contexts;
};

} // namespace mf
