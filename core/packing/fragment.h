// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/crypto/key_ring.h"

#include <vector>

namespace mf {

// One account's piece of a pack, as a blob:
//
//   nonce 12 (random) | sealed header kHeaderPlain + tag 16 | data | trailer: CRC32C (LE u32) of each 64 KiB of data
//
// The header is sealed under KeyRing::headerKey of the epoch (no plain magic); opening
// tries the ring, newest first. With the kit and k fragments a pack can be read with
// no registry: the header carries salt and commitment of the pack's key.
struct FragmentHeader {
    LibraryId library;
    PackId pack;
    std::uint8_t k = 1;
    std::uint8_t index = 0;           // row
    std::array<std::uint8_t, 32> salt{};
    Sha256 commitment;
    std::uint32_t payloadLength = 0;  // of the pack, without padding
    std::uint32_t dataLength = 0;     // of each fragment of the pack, with padding
};

constexpr int kCrcBlock = 64 << 10;
constexpr qint64 kFragmentHeaderPlain = 128;
constexpr qint64 kFragmentHeaderSize = 12 + kFragmentHeaderPlain + 16; // offset of the data in the blob
qint64 fragmentTrailerSize(qint64 dataLength);
qint64 fragmentSize(qint64 dataLength); // the whole blob

// Largest data length whose blob has exactly this many bytes or fewer.
qint64 fragmentDataCapacity(qint64 blobSize);

// Sizes of a pack by storage.md section 3.
struct PackShape {
    int k = 1;
    int fragments = 1; // k + m, or copies when k = 1
    qint64 dataLength = 0; // of each fragment
    qint64 capacity() const { return k * dataLength; } // payload bytes that fit
    PackShape() = default;
    PackShape(int kk, int n, qint64 d) : k(kk), fragments(n), dataLength(d) { }
};
// The largest pack for k + m: fragment blobs of the largest of 1, 2, 4, 8, 16 MiB with (k + m) of them <= 64 MiB.
PackShape fullShape(int k, int m);
// The shape for this many payload bytes under a policy k + m: under k MiB it becomes k = 1 with m + 1 copies;
// tails padded to the next of 16 steps per power of two of the blob size.
PackShape shapeFor(qint64 payloadLength, int k, int m);

// Writes a whole blob; data.size() == header.dataLength.
QByteArray makeFragment(const KeyRing &ring, const FragmentHeader &header, ByteView data);
// In place, for buffers that already hold the data at kFragmentHeaderSize: fills header and trailer.
void finishFragment(const KeyRing &ring, const FragmentHeader &header, MutableBytes blob);

// Corrupt "MF-FRAGMENT-CORRUPT" / "MF-FRAGMENT-FOREIGN" (another library).
// head: the first kFragmentHeaderSize bytes or more.
Result<FragmentHeader> openFragmentHeader(const KeyRing &ring, ByteView head);

// Which 64 KiB blocks of data differ from the trailer. trailer.size() == fragmentTrailerSize(data.size()).
std::vector<int> damagedBlocks(ByteView data, ByteView trailer);

std::uint32_t crc32c(ByteView bytes);

// The blob's name: "f/" + two hex digits + "/" + keyed name of (pack, index).
BlobName fragmentName(const KeyRing &ring, const PackId &pack, int index);

} // namespace mf
