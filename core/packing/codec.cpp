// SPDX-License-Identifier: GPL-3.0-or-later
// The codecs of chunks. Codec::Raw: the bytes. Codec::Zstd: one zstd frame (RFC 8878) that
// states its content size, no dictionary, no checksum. The planes codecs:
//
//   P x { mode u8 | stored length u24 }   P = 2 (BF16, FP16), 4 (FP32), 1 (FP8)
//   P stored planes                       from the lowest bytes of the elements to the highest
//   tail                                  plain length mod element size bytes as they are
//
// All little-endian. A plane holds one byte of each element after the element was rotated
// left by one bit, which puts the sign into the lowest plane and all of the exponent (with
// FP16 the top of the mantissa too) into the highest. FP8 elements are taken as they are:
// for one-byte symbols a rotation only renames them. Mode 0: the plane as it is; mode 1:
// one zstd frame. An encoder may choose either for any plane.
//
// Planes of weights have no repetitions worth a search, only a skewed distribution: zstd's
// lowest level does Huffman coding and practically nothing else. It is also used for other
// bytes where a sample gains as much by it as by a search (8-bit quantised blocks).
#define ZSTD_STATIC_LINKING_ONLY // ZSTD_c_literalCompressionMode
#include "core/packing/codec.h"

#include <zstd.h>

#include <algorithm>

namespace mf {
namespace {
constexpr int kEntropyLevel = -131072; // zstd's least, taken as it is (ZSTD_minCLevel): steps over whole blocks
constexpr int kSampleLevel = 1;
constexpr int kTextLevel = 3;
constexpr std::uint8_t kPlaneRaw = 0;
constexpr std::uint8_t kPlaneZstd = 1;
constexpr std::size_t kPlaneHead = 4;
constexpr std::size_t kMaxPlanes = 4;

struct FreeCompressor {
    void operator()(ZSTD_CCtx *context) const { ZSTD_freeCCtx(context); }
};
struct FreeDecompressor {
    void operator()(ZSTD_DCtx *context) const { ZSTD_freeDCtx(context); }
};
using Compressor = std::unique_ptr<ZSTD_CCtx, FreeCompressor>;

Compressor makeCompressor(int level, ZSTD_paramSwitch_e literals)
{
    Compressor context(ZSTD_createCCtx());
    Q_CHECK_PTR(context.get());
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_literalCompressionMode, static_cast<int>(literals));
    return context;
}

// Bytes written to `out`, or 0 if they do not fit (or zstd fails: then raw is right too).
std::size_t deflate(const Compressor &context, ByteView in, MutableBytes out)
{
    const std::size_t size = ZSTD_compress2(context.get(), out.data(), out.size(), in.data(), in.size());
    return ZSTD_isError(size) ? 0 : size;
}

// The first `size` bytes of scratch memory that grows as needed.
MutableBytes take(std::vector<std::uint8_t> &scratch, std::size_t size)
{
    if (scratch.size() < size)
        scratch.resize(size);
    return MutableBytes(scratch).first(size);
}

std::size_t planeCount(Codec codec)
{
    switch (codec) {
    case Codec::PlanesBF16:
    case Codec::PlanesFP16:
        return 2;
    case Codec::PlanesFP32:
        return 4;
    case Codec::PlanesFP8:
        return 1;
    case Codec::Raw:
    case Codec::Zstd:
        break;
    }
    return 0;
}

Codec codecFor(ElementKind element)
{
    switch (element) {
    case ElementKind::BF16:
        return Codec::PlanesBF16;
    case ElementKind::FP16:
        return Codec::PlanesFP16;
    case ElementKind::FP32:
        return Codec::PlanesFP32;
    case ElementKind::FP8:
        return Codec::PlanesFP8;
    case ElementKind::Bytes:
        break;
    }
    return Codec::Zstd;
}

// What is not at least this much smaller stays raw: reading raw bytes costs nothing.
std::size_t worthwhile(std::size_t plain) { return plain - std::min(plain, plain / 50 + 1); }

// A quick look at 16 KiB of a plane: could Huffman coding save 1 % or more? The sum of
// squares of a histogram is 1 / 256 of the square of its total for even bytes, and 10 % more
// when their entropy is near 7.93 bits; noise is 0.2 %.
bool looksSkewed(ByteView plane)
{
    constexpr std::size_t spots = 8;
    constexpr std::size_t length = 2 << 10;
    if (plane.size() < 2 * spots * length)
        return true;
    std::array<std::uint32_t, 256> counts {};
    const std::size_t step = (plane.size() - length) / (spots - 1);
    for (std::size_t spot = 0; spot < spots; ++spot)
        for (const std::uint8_t byte : plane.subspan(spot * step, length))
            ++counts[byte];
    std::uint64_t squares = 0;
    for (const std::uint64_t count : counts)
        squares += count * count;
    constexpr std::uint64_t total = spots * length;
    return squares * 256 * 10 > total * total * 11;
}

Error corrupt(const QString &what)
{
    return Error(Error::Kind::Corrupt, QStringLiteral("MF-CHUNK-CORRUPT"),
        QStringLiteral("A piece of a model could not be decoded: ") + what
            + QStringLiteral("; run a check, which repairs it from the other copies"));
}
} // namespace

bool isKnownCodec(std::uint8_t number) { return number <= static_cast<std::uint8_t>(Codec::PlanesFP8); }

struct ChunkCodec::Contexts {
    planes::Engine engine = planes::Engine::Portable;
    Compressor entropy = makeCompressor(kEntropyLevel, ZSTD_ps_enable);
    Compressor sampler = makeCompressor(kSampleLevel, ZSTD_ps_auto);
    Compressor text = makeCompressor(kTextLevel, ZSTD_ps_auto);
    std::unique_ptr<ZSTD_DCtx, FreeDecompressor> decoder { ZSTD_createDCtx() };
    std::vector<std::uint8_t> packed; // what was compressed, before it is known to be worth it
    std::vector<std::uint8_t> split; // planes on the way back
    std::vector<std::uint8_t> compare;

    // Nothing if it is not worth it.
    QByteArray encodeBytes(ByteView plain);
    QByteArray encodePlanes(Codec codec, ByteView plain);
    const Compressor *choose(ByteView plain);
    bool inflate(ByteView frame, MutableBytes out);

    // Of an encoded chunk: where they lie in it, or unpacked in `split`, or in `single` if there is but one.
    struct Planes {
        std::array<ByteView, kMaxPlanes> bytes {};
        ByteView tail;
    };
    Result<Planes> openPlanes(Codec codec, ByteView encoded, std::size_t plainSize, MutableBytes single);
    void merge(Codec codec, const Planes &planes, std::size_t first, MutableBytes out) const;
    Result<> decodePlanes(Codec codec, ByteView encoded, MutableBytes plain);
    bool givesPlanes(Codec codec, ByteView encoded, ByteView plain);
    bool gives(Codec codec, ByteView encoded, ByteView plain);
};

// Which compressor suits these bytes, by 48 KiB of them; nullptr if none does.
const Compressor *ChunkCodec::Contexts::choose(ByteView plain)
{
    constexpr std::size_t piece = 16 << 10;
    constexpr std::size_t whole = 3 * piece;
    if (plain.size() < 2 * whole)
        return &text;
    std::array<std::uint8_t, whole> sample;
    std::memcpy(sample.data(), plain.data(), piece);
    std::memcpy(sample.data() + piece, plain.data() + (plain.size() - piece) / 2, piece);
    std::memcpy(sample.data() + 2 * piece, plain.data() + plain.size() - piece, piece);
    const MutableBytes out = take(packed, ZSTD_compressBound(whole));
    const std::size_t coded = deflate(entropy, sample, out);
    const std::size_t searched = deflate(sampler, sample, out);
    if (std::min(coded, searched) > whole - whole * 3 / 100)
        return nullptr;
    return coded <= searched + searched / 64 ? &entropy : &text;
}

QByteArray ChunkCodec::Contexts::encodeBytes(ByteView plain)
{
    const Compressor *context = choose(plain);
    if (!context)
        return {};
    const MutableBytes out = take(packed, worthwhile(plain.size()));
    return toByteArray(out.first(deflate(*context, plain, out)));
}

QByteArray ChunkCodec::Contexts::encodePlanes(Codec codec, ByteView plain)
{
    const std::size_t parts = planeCount(codec);
    const std::size_t count = plain.size() / parts;
    const ByteView elements = plain.first(parts * count);
    const ByteView tail = plain.subspan(parts * count);
    const MutableBytes scratch = take(split, parts == 1 ? 0 : parts * count);
    std::array<MutableBytes, kMaxPlanes> planes {};
    for (std::size_t i = 0; parts > 1 && i < parts; ++i)
        planes[i] = scratch.subspan(i * count, count);
    if (parts == 2)
        planes::splitBF16(elements, planes[1], planes[0], engine);
    else if (parts == 4)
        planes::splitFP32(elements, planes, engine);

    // Each plane as it will be stored: where it is, or packed.
    const MutableBytes room = take(packed, plain.size());
    std::array<ByteView, kMaxPlanes> stored {};
    std::array<std::uint8_t, kMaxPlanes> modes {};
    std::size_t total = parts * kPlaneHead + tail.size();
    for (std::size_t i = 0; i < parts; ++i) {
        const ByteView plane = parts == 1 ? elements : ByteView(planes[i]);
        const MutableBytes out = room.subspan(i * count, worthwhile(count));
        const std::size_t size = looksSkewed(plane) ? deflate(entropy, plane, out) : 0;
        modes[i] = size > 0 ? kPlaneZstd : kPlaneRaw;
        stored[i] = size > 0 ? ByteView(out.first(size)) : plane;
        total += stored[i].size();
    }
    if (total > worthwhile(plain.size()))
        return {};

    // Exactly as large as it must be: a pack's worth of these is in memory at a time, and blocks that
    // are cut down later make the allocator fetch fresh pages for each (measured: a third of the time).
    QByteArray encoded(static_cast<qsizetype>(total), Qt::Uninitialized);
    std::uint8_t *at = mutableViewOf(encoded).data();
    for (std::size_t i = 0; i < parts; ++i, at += kPlaneHead)
        storeLe<std::uint32_t>(at, static_cast<std::uint32_t>(modes[i] | (stored[i].size() << 8)));
    for (std::size_t i = 0; i < parts; ++i)
        at = std::copy(stored[i].begin(), stored[i].end(), at);
    std::copy(tail.begin(), tail.end(), at);
    return encoded;
}

bool ChunkCodec::Contexts::inflate(ByteView frame, MutableBytes out)
{
    // Exactly one frame of today's format that says this size: no skippable frames, and
    // none of the old formats that zstd may have been built with.
    if (frame.size() < 4 || loadLe<std::uint32_t>(frame.data()) != ZSTD_MAGICNUMBER
        || ZSTD_getFrameContentSize(frame.data(), frame.size()) != out.size()
        || ZSTD_findFrameCompressedSize(frame.data(), frame.size()) != frame.size())
        return false;
    return ZSTD_decompressDCtx(decoder.get(), out.data(), out.size(), frame.data(), frame.size()) == out.size();
}

Result<ChunkCodec::Contexts::Planes> ChunkCodec::Contexts::openPlanes(
    Codec codec, ByteView encoded, std::size_t plainSize, MutableBytes single)
{
    const std::size_t parts = planeCount(codec);
    const std::size_t count = plainSize / parts;
    const std::size_t tail = plainSize % parts;
    if (encoded.size() < parts * kPlaneHead + tail)
        return corrupt(QStringLiteral("its header is cut off"));
    std::size_t at = parts * kPlaneHead;
    const std::size_t end = encoded.size() - tail;
    const MutableBytes scratch = take(split, parts == 1 ? 0 : parts * count);
    Planes planes;
    for (std::size_t i = 0; i < parts; ++i) {
        const std::uint32_t field = loadLe<std::uint32_t>(encoded.data() + i * kPlaneHead);
        const std::size_t length = field >> 8;
        const std::uint8_t mode = field & 0xff;
        if (length > end - at)
            return corrupt(QStringLiteral("a plane ends past its end"));
        const ByteView stored = encoded.subspan(at, length);
        at += length;
        if (mode == kPlaneRaw && length == count) {
            planes.bytes[i] = stored;
        } else if (mode == kPlaneZstd) {
            const MutableBytes out = parts == 1 ? single : scratch.subspan(i * count, count);
            if (!inflate(stored, out))
                return corrupt(QStringLiteral("a plane is not what its header says"));
            planes.bytes[i] = out;
        } else {
            return corrupt(QStringLiteral("a plane has an unknown form"));
        }
    }
    if (at != end)
        return corrupt(QStringLiteral("it is longer than its planes"));
    planes.tail = encoded.last(tail);
    return planes;
}

// The elements from `first` on, as many as fill `out`.
void ChunkCodec::Contexts::merge(Codec codec, const Planes &planes, std::size_t first, MutableBytes out) const
{
    const std::size_t parts = planeCount(codec);
    std::array<ByteView, kMaxPlanes> some {};
    for (std::size_t i = 0; i < parts; ++i)
        some[i] = planes.bytes[i].subspan(first, out.size() / parts);
    if (parts == 2)
        planes::mergeBF16(some[1], some[0], out, engine);
    else if (parts == 4)
        planes::mergeFP32(some, out, engine);
    else if (some[0].data() != out.data())
        std::copy(some[0].begin(), some[0].end(), out.begin());
}

Result<> ChunkCodec::Contexts::decodePlanes(Codec codec, ByteView encoded, MutableBytes plain)
{
    const std::size_t elements = plain.size() - plain.size() % planeCount(codec);
    const auto planes = openPlanes(codec, encoded, plain.size(), plain.first(elements));
    if (!planes)
        return planes.error();
    merge(codec, *planes, 0, plain.first(elements));
    std::copy(planes->tail.begin(), planes->tail.end(), plain.begin() + static_cast<std::ptrdiff_t>(elements));
    return {};
}

// As decodePlanes and a comparison, but what is merged stays in the nearest cache. Of several planes.
bool ChunkCodec::Contexts::givesPlanes(Codec codec, ByteView encoded, ByteView plain)
{
    const std::size_t parts = planeCount(codec);
    const std::size_t count = plain.size() / parts;
    const auto planes = openPlanes(codec, encoded, plain.size(), {});
    if (!planes)
        return false;
    constexpr std::size_t piece = 4 << 10; // elements
    std::array<std::uint8_t, piece * kMaxPlanes> merged;
    for (std::size_t at = 0; at < count; at += piece) {
        const MutableBytes some = MutableBytes(merged).first(parts * std::min(piece, count - at));
        merge(codec, *planes, at, some);
        if (std::memcmp(some.data(), plain.data() + parts * at, some.size()) != 0)
            return false;
    }
    return std::equal(planes->tail.begin(), planes->tail.end(), plain.end() - std::ssize(planes->tail));
}

// Whether the encoded bytes decode to these.
bool ChunkCodec::Contexts::gives(Codec codec, ByteView encoded, ByteView plain)
{
    if (planeCount(codec) > 1)
        return givesPlanes(codec, encoded, plain);
    const MutableBytes back = take(compare, plain.size());
    const bool isDecoded = codec == Codec::Zstd ? inflate(encoded, back) : bool(decodePlanes(codec, encoded, back));
    return isDecoded && std::memcmp(back.data(), plain.data(), plain.size()) == 0;
}

ChunkCodec::ChunkCodec(planes::Engine engine)
    : m_contexts(std::make_unique<Contexts>())
{
    Q_CHECK_PTR(m_contexts->decoder.get());
    m_contexts->engine = engine;
}

ChunkCodec::~ChunkCodec() = default;

Result<Encoded> ChunkCodec::encode(const QByteArray &plain, ElementKind element, bool verify)
{
    const ByteView view = viewOf(plain);
    Encoded encoded;
    encoded.codec = codecFor(element);
    encoded.bytes
        = encoded.codec == Codec::Zstd ? m_contexts->encodeBytes(view) : m_contexts->encodePlanes(encoded.codec, view);
    if (encoded.bytes.isEmpty()) {
        encoded.codec = Codec::Raw;
        encoded.bytes = plain;
        return encoded;
    }
    if (verify && !m_contexts->gives(encoded.codec, viewOf(encoded.bytes), view))
        return Error(Error::Kind::Internal, QStringLiteral("MF-CODEC-VERIFY"),
            QStringLiteral("A piece of the model did not come back from its compressed form, so it was "
                           "not stored; this computer's memory may be faulty: test it, then try again"));
    return encoded;
}

Result<> ChunkCodec::decode(Codec codec, ByteView encoded, MutableBytes plain)
{
    if (!isKnownCodec(static_cast<std::uint8_t>(codec)))
        return Error(Error::Kind::Unsupported, QStringLiteral("MF-CODEC-UNKNOWN"),
            QStringLiteral("A piece of a model was compressed by a newer version of ModelFloat; update it"));
    if (codec == Codec::Raw) {
        if (encoded.size() != plain.size())
            return corrupt(QStringLiteral("its length is wrong"));
        std::copy(encoded.begin(), encoded.end(), plain.begin());
        return {};
    }
    if (codec == Codec::Zstd) {
        if (!m_contexts->inflate(encoded, plain))
            return corrupt(QStringLiteral("it is not what its directory says"));
        return {};
    }
    return m_contexts->decodePlanes(codec, encoded, plain);
}

} // namespace mf
