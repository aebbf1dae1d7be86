// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/crypto/key_ring.h"

#include <vector>

namespace mf {

// One account's piece of a pack, as a blob:
//
//   nonce 12 | sealed header kFragmentHeaderPlain + tag 16 | data | trailer: CRC32C (LE u32) of each 64 KiB of data
//
// The header is sealed with AES-256-GCM under KeyRing::headerKey of the epoch (AAD "mf1 fragment";
// no plain magic); opening tries the ring, newest first. Plain, 128 bytes, little-endian:
//
//   "MFF1" 4 | version u16 = 1 | k u8 | index u8 | library 16 | pack 16 | salt 32 | commitment 32 |
//   payload length u32 | data length u32 | zero to 128
//
// The nonce is not drawn but the first 12 bytes of HMAC-SHA256(header key, plain header). To whoever
// lacks the key that looks as random; and the same fragment is always the same bytes, also when it is
// sent again after a crash or rebuilt elsewhere: a name determines its bytes. A nonce meets a second
// plaintext only if the HMACs of two different headers agree in 96 bits. Opening checks it, so that
// there is one header for each plain one.
//
// With the kit and k fragments a pack can be read with no registry: the header carries salt and
// commitment of the pack's key. The CRCs cover the data alone; they locate damage, GCM proves.
struct FragmentHeader {
    LibraryId library;
    PackId pack;
    std::uint8_t k = 1;
    std::uint8_t index = 0; // row
    std::array<std::uint8_t, 32> salt {};
    Sha256 commitment;
    std::uint32_t payloadLength = 0; // of the pack, without padding
    std::uint32_t dataLength = 0; // of each fragment of the pack, with padding
};

constexpr int kCrcBlock = 64 << 10;
constexpr qint64 kFragmentHeaderPlain = 128;
constexpr qint64 kFragmentHeaderSize = 12 + kFragmentHeaderPlain + 16; // offset of the data in the blob
qint64 fragmentTrailerSize(qint64 dataLength);
qint64 fragmentSize(qint64 dataLength); // the whole blob

// Largest data length whose blob has exactly this many bytes, or where there is none, fewer
// (by at most 4, when a CRC would have no block); 0 if even an empty blob is larger.
qint64 fragmentDataCapacity(qint64 blobSize);

// Sizes of a pack by storage.md section 3.
struct PackShape {
    int k = 1;
    int fragments = 1; // k + m, or copies when k = 1
    qint64 dataLength = 0; // of each fragment
    qint64 capacity() const { return k * dataLength; } // payload bytes that fit
    PackShape() = default;
    PackShape(int kk, int n, qint64 d)
        : k(kk)
        , fragments(n)
        , dataLength(d)
    {
    }
};
// The largest pack for k + m: fragment blobs of the largest of 1, 2, 4, 8, 16 MiB with (k + m) of them <= 64 MiB
// (1 MiB for more than 64 fragments). k = 1: m + 1 copies.
PackShape fullShape(int k, int m);
// The shape for this many payload bytes under a policy k + m: under k MiB it becomes k = 1 with m + 1 copies (unless
// those passed 64 MiB together, which takes k > 8); blobs padded to the next of 16 steps per power of two, at least
// 4 KiB. Up to fullShape's capacity it is no larger than that; beyond, fragments grow by the same steps.
PackShape shapeFor(qint64 payloadLength, int k, int m);

// Writes a whole blob; data.size() == header.dataLength.
QByteArray makeFragment(const KeyRing &ring, const FragmentHeader &header, ByteView data);
// In place, for buffers that already hold the data at kFragmentHeaderSize: fills header and trailer.
// The epoch that sealed the pack seals the header; the newest one if none of the ring did.
void finishFragment(const KeyRing &ring, const FragmentHeader &header, MutableBytes blob);
// The header alone: nonce, sealed header, tag. out.size() == kFragmentHeaderSize.
void sealFragmentHeader(const KeyRing &ring, const FragmentHeader &header, MutableBytes out);

// Corrupt "MF-FRAGMENT-CORRUPT" / "MF-FRAGMENT-FOREIGN" (another library under the same key; one under
// other keys cannot be told from damage), Unsupported "MF-FRAGMENT-VERSION" (a newer format).
// head: the first kFragmentHeaderSize bytes or more.
Result<FragmentHeader> openFragmentHeader(const KeyRing &ring, ByteView head);

// Which 64 KiB blocks of data differ from the trailer; all, if the trailer has another size than it should.
std::vector<int> damagedBlocks(ByteView data, ByteView trailer);
// Whether a block, by its number, is what the trailer says; false if it says nothing of it.
bool isBlockIntact(ByteView block, std::size_t number, ByteView trailer);

std::uint32_t crc32c(ByteView bytes); // RFC 3720: of "123456789" it is 0xE3069283

// The blob's name: "f/" + two hex digits + "/" + keyed name of (pack, index).
BlobName fragmentName(const KeyRing &ring, const PackId &pack, int index);

} // namespace mf
