// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"
#include "core/crypto/secret.h"

#include <vector>

namespace mf {

// What the bytes of a chunk are, so that a codec can treat them as such.
enum class ElementKind : std::uint8_t {
    Bytes, // anything: text, quantised blocks, unknown
    BF16,
    FP16,
    FP32,
    FP8,
};

// A region of a file whose inside is cut in a known way. Regions are in order and do
// not overlap; what no region covers is content-defined. The chunker leaves out regions
// that break this (hostile headers), clips what runs past the file's end, and reads a
// block below 0 or above Chunker::kLargest as 1: the cuts cover the file in any case.
struct Region {
    qint64 offset = 0;
    qint64 length = 0;
    ElementKind element = ElementKind::Bytes;
    int block = 1; // bytes; cuts inside fall on multiples of it from `offset`; 0: they are content-defined
    Region() = default;
    Region(qint64 o, qint64 l, ElementKind e, int b)
        : offset(o)
        , length(l)
        , element(e)
        , block(b)
    {
    }
};

// A chunk's place in its file.
struct Cut {
    qint64 offset = 0;
    int length = 0;
    ElementKind element = ElementKind::Bytes;
    Cut() = default;
    Cut(qint64 o, int l, ElementKind e)
        : offset(o)
        , length(l)
        , element(e)
    {
    }
};

// Cuts a file: storage.md section 2. Inside a region: pieces of
// floor(2^20 / block) * block bytes; elsewhere content-defined (gear, minimum
// 256 KiB, mean 1 MiB, maximum 4 MiB), so it must see those bytes. A cut never
// holds bytes of two regions, or of a region and of what lies outside: a region of
// block 0 is cut as if it were a file of its own.
//
// Use: while (!chunker.isDone()) { give at least chunker.wanted() bytes of the
// file from chunker.position(), or all that is left; take next(bytes) }.
class Chunker
{
public:
    static constexpr int kLargest = 4 << 20;
    static constexpr int kTarget = 1 << 20;

    // gear: KeyRing::gearKey(), so that cut positions tell nothing to others.
    Chunker(qint64 fileSize, std::vector<Region> regions, const SecretKey &gear);

    bool isDone() const { return m_position >= m_size; }
    qint64 position() const { return m_position; }
    // Bytes needed to decide the next cut; at most kLargest, never past the file's end.
    int wanted() const;
    // The next cut takes all of the wanted bytes, whatever they are.
    bool isFixed() const { return here() && here()->block != 0; }
    // The next cut; bytes begin at position(), bytes.size() >= wanted(). Advances.
    Cut next(ByteView bytes);

private:
    const Region *here() const; // the region around position(), if any

    qint64 m_size;
    qint64 m_position = 0;
    std::vector<Region> m_regions;
    std::size_t m_region = 0;
    std::array<std::uint64_t, 256> m_gear {};
};

} // namespace mf
