// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/packing/codec.h"
#include "core/packing/fragment.h"

#include <functional>

namespace mf {

// The registry keeps a record's number in 16 bits.
constexpr std::size_t kMaxRecords = std::size_t(1) << 16;

// A chunk's record in a pack's directory.
struct Record {
    ChunkHash hash;
    std::uint32_t encodedLength = 0; // without its tag; at most plainLength
    std::uint32_t plainLength = 0; // at most Chunker::kLargest
    Codec codec = Codec::Raw; // read from a directory, it may be one that isKnownCodec denies
    QByteArray parameters; // of the codec; usually empty, at most 255 bytes
};

// Directory bytes: per record hash 32 | encoded u24 | plain u24 | codec u8 (bit 7: parameters follow:
// varint length, bytes). Also how the registry and index objects keep it. All little-endian.
QByteArray encodeDirectory(std::span<const Record> records);
Result<std::vector<Record>> decodeDirectory(ByteView bytes); // Corrupt "MF-PACK-CORRUPT"; bounds everything

// Payload of a pack: each record's AES-256-GCM ciphertext and tag in a row (nonce = record
// number), then the sealed directory (nonce 2^32), then the sealed footer (nonce 2^32 + 1; fixed
// size kFooterSize: directory offset u32, directory length u32, record count u32, version u16 = 1,
// zero u16, + tag), then padding up to k * dataLength. The directory's length counts its plain
// bytes; with its tag it ends where the footer begins. The key of all of it:
// KeyRing::derive(M_e, salt, "pack", pack id), its commitment beside the salt. AAD:
//   record r    "mf1 record" || pack id || u32 r || codec u8 || u32 plain length
//   directory   "mf1 directory" || pack id
//   footer      "mf1 footer" || pack id
// Padding is AES-256-GCM of zeros in steps of 64 KiB (nonces 2^32 + 2 and on, tags dropped), so
// that an account cannot see where the payload ends, which zeros would show, and the bytes of a
// fragment still follow from its name. What is read back never depends on it.
constexpr qint64 kFooterSize = 16 + 16;
constexpr std::uint64_t kDirectoryNonce = std::uint64_t(1) << 32;
constexpr std::uint64_t kFooterNonce = kDirectoryNonce + 1;
constexpr std::uint64_t kPaddingNonce = kDirectoryNonce + 2;

qint64 payloadLengthOf(std::span<const Record> records); // all of it, without padding
qint64 recordOffset(std::span<const Record> records, std::size_t record); // of its ciphertext in the payload

struct SealedPack {
    PackId id;
    PackShape shape;
    std::array<std::uint8_t, 32> salt {};
    Sha256 commitment;
    EpochId epoch;
    qint64 payloadLength = 0;
    std::vector<Record> records;
    Sha256 digest; // SHA-256(tags of records, directory, footer || directory's plain bytes)
    std::vector<QByteArray> blobs; // shape.fragments of them, complete
};

// Seals encoded records (parallel to `records`) into fragments of a pack with m parity rows (copies: k = 1),
// under the ring's newest epoch. payloadLengthOf(records) <= shape.capacity(), at most kMaxRecords.
// salt: fresh random bytes, except when resuming a pack under its committed salt (storage.md section 3); then
// nothing may leave unless the digest is the committed one, under the committed shape (which the digest does not
// cover: it covers what is encrypted, the shape only where that lies). The same ring, id, salt, shape, records and
// encoded bytes give the same blobs, byte for byte. Encoded bytes are let go one by one as they are sealed, so hand
// them over where memory counts. Pure and CPU-bound: on the pool.
SealedPack sealPack(const KeyRing &ring, const PackId &id, const std::array<std::uint8_t, 32> &salt, PackShape shape,
    std::vector<Record> records, std::vector<QByteArray> encoded);

// The padding that sealPack gave a payload, from payloadLength up to its capacity, piece by piece. False if the ring
// lacks the epoch.
using PaddingVisitor = std::function<void(std::size_t at, ByteView bytes)>; // at: offset in the payload
[[nodiscard]] bool visitPadding(const KeyRing &ring, const PackId &id, ByteView salt, const EpochId &epoch,
    qint64 payloadLength, qint64 capacity, const PaddingVisitor &visit);

// Where the directory lies in a payload.
struct PackFooter {
    qint64 directoryOffset = 0;
    qint64 directoryLength = 0; // plain; sealed it is 16 bytes longer
    std::size_t recordCount = 0;
};

// Opens records of one pack. Not thread-safe (holds cipher and codec contexts).
class PackOpener
{
public:
    // Tries the ring's epochs by the commitment; isValid() false if none fits.
    PackOpener(const KeyRing &ring, const PackId &id, ByteView salt, const Sha256 &commitment);
    ~PackOpener();
    bool isValid() const;
    // sealed: record.encodedLength + 16 bytes; plain: record.plainLength bytes. Opens, decodes, and
    // compares SHA-256 with record.hash unless the caller does that itself for many (verify = false).
    // Corrupt "MF-PACK-CORRUPT" otherwise (parameters "pack", "record"), Unsupported "MF-CODEC-UNKNOWN"
    // for a newer codec; plain is then wiped.
    Result<> openRecord(
        std::size_t number, const Record &record, ByteView sealed, MutableBytes plain, bool verify = true);
    // The same of bytes that lie in several places, in their order.
    Result<> openRecord(std::size_t number, const Record &record, std::span<const ByteView> sealed, MutableBytes plain,
        bool verify = true);
    // What openRecord decodes, as it was encoded; right if openRecord says that its plain bytes are.
    Result<QByteArray> decryptRecord(std::size_t number, const Record &record, std::span<const ByteView> sealed);
    // From the footer and directory in a whole payload without padding (payload.size() is the
    // header's payloadLength): what recover uses. Corrupt "MF-PACK-CORRUPT", Unsupported "MF-PACK-VERSION".
    Result<std::vector<Record>> readDirectory(ByteView payload);
    // The same from ranges: the last kFooterSize bytes of the payload, then the sealed directory.
    Result<PackFooter> openFooter(ByteView sealed, qint64 payloadLength);
    Result<std::vector<Record>> openDirectory(const PackFooter &footer, ByteView sealed);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace mf
