// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/packing/codec.h"
#include "core/packing/fragment.h"

namespace mf {

// A chunk's record in a pack's directory.
struct Record {
    ChunkHash hash;
    std::uint32_t encodedLength = 0; // without its tag; < 2^24
    std::uint32_t plainLength = 0;   // < 2^24
    Codec codec = Codec::Raw;
    QByteArray parameters;           // of the codec; usually empty, at most 255 bytes
};

// Directory bytes: per record hash 32 | encoded u24 | plain u24 | codec u8 (bit 7: parameters follow:
// varint length, bytes). Also how the registry and index objects keep it. All little-endian.
QByteArray encodeDirectory(std::span<const Record> records);
Result<std::vector<Record>> decodeDirectory(ByteView bytes); // Corrupt "MF-PACK-CORRUPT"; bounds everything

// Payload of a pack: each record's AES-256-GCM ciphertext and tag in a row, then the sealed
// directory (nonce 2^32), then the sealed footer (nonce 2^32 + 1; fixed size kFooterSize: directory
// offset u32, directory length u32, record count u32, version u16, zero u16, + tag), then padding
// (zero) up to k * dataLength. AAD of record r: "mf1 record" || pack id || u32 r || codec || u32 plain length.
constexpr qint64 kFooterSize = 16 + 16;
constexpr std::uint64_t kDirectoryNonce = std::uint64_t(1) << 32;
constexpr std::uint64_t kFooterNonce = kDirectoryNonce + 1;

qint64 payloadLengthOf(std::span<const Record> records); // all of it, without padding
qint64 recordOffset(std::span<const Record> records, std::size_t record); // of its ciphertext in the payload

struct SealedPack {
    PackId id;
    PackShape shape;
    std::array<std::uint8_t, 32> salt{};
    Sha256 commitment;
    EpochId epoch;
    qint64 payloadLength = 0;
    std::vector<Record> records;
    Sha256 digest;                  // SHA-256(all GCM tags in order || directory bytes)
    std::vector<QByteArray> blobs;  // shape.fragments of them, complete
};

// Seals encoded records (parallel to `records`) into fragments of a pack with m parity rows (copies: k = 1).
// salt: fresh random bytes, except when resuming a pack under its committed salt (storage.md section 3).
// Pure and CPU-bound: on the pool.
SealedPack sealPack(const KeyRing &ring, const PackId &id, const std::array<std::uint8_t, 32> &salt, PackShape shape,
                    std::vector<Record> records, std::span<const QByteArray> encoded);

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
    // Corrupt "MF-PACK-CORRUPT" otherwise; plain is then wiped.
    Result<> openRecord(std::size_t number, const Record &record, ByteView sealed, MutableBytes plain, bool verify = true);
    // From the footer and directory in a whole payload: what recover uses.
    Result<std::vector<Record>> readDirectory(ByteView payload);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace mf
