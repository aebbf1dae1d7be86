// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Packs with known keys and contents, and what an owner of all fragments sees of them.

#include "core/crypto/sha256.h"
#include "core/packing/pack.h"
#include "tests/packing/sample_bytes.h"

#include <algorithm>

namespace mf::sample {

inline SecretKey keyOf(std::uint8_t fill)
{
    std::array<std::uint8_t, 32> bytes;
    bytes.fill(fill);
    return SecretKey(bytes);
}

inline KeyRing ring()
{
    LibraryId library;
    library.bytes.fill(1);
    return KeyRing(library, keyOf(2));
}

inline PackId packId()
{
    PackId id;
    id.bytes.fill(3);
    return id;
}

inline std::array<std::uint8_t, 32> salt(std::uint8_t fill = 4)
{
    std::array<std::uint8_t, 32> bytes;
    bytes.fill(fill);
    return bytes;
}

// Chunks, encoded as a store would.
struct Chunks {
    std::vector<QByteArray> plain;
    std::vector<QByteArray> encoded;
    std::vector<Record> records;

    void add(const QByteArray &bytes, ElementKind element = ElementKind::Bytes)
    {
        ChunkCodec codec;
        Result<Encoded> result = codec.encode(bytes, element, true);
        if (!result)
            qFatal("encoding failed: %s", qPrintable(result.error().message));
        addEncoded(bytes, *result);
    }
    void addEncoded(const QByteArray &bytes, const Encoded &code)
    {
        Record record;
        record.hash = ChunkHash(sha256(viewOf(bytes)).view());
        record.plainLength = static_cast<std::uint32_t>(bytes.size());
        record.encodedLength = static_cast<std::uint32_t>(code.bytes.size());
        record.codec = code.codec;
        plain.push_back(bytes);
        encoded.push_back(code.bytes);
        records.push_back(record);
    }
    SealedPack seal(const PackShape &shape, std::uint8_t saltFill = 4) const
    {
        return sealPack(ring(), packId(), salt(saltFill), shape, records, encoded);
    }
    PackShape shape(int k, int m) const { return shapeFor(payloadLengthOf(records), k, m); }
};

// Some of each codec, in sizes that fall on no boundary.
inline Chunks mixedChunks(qsizetype about)
{
    Chunks chunks;
    for (std::uint64_t i = 0; about > 0; ++i) {
        const qsizetype size = std::min<qsizetype>(about, qsizetype(1 + i * 7919 % 300000));
        const auto element = static_cast<ElementKind>(i % 5);
        chunks.add(element == ElementKind::Bytes ? (i % 2 ? randomBytes(size, i) : jsonText(size, i))
                                                 : weights(size, element, i),
            element);
        about -= size;
    }
    return chunks;
}

inline ByteView dataOf(const QByteArray &blob, const PackShape &shape)
{
    return viewOf(blob).subspan(kFragmentHeaderSize, static_cast<std::size_t>(shape.dataLength));
}

// The payload without padding, from the data fragments.
inline QByteArray payloadOf(const SealedPack &pack)
{
    QByteArray payload;
    for (int i = 0; i < pack.shape.k; ++i)
        payload += toByteArray(dataOf(pack.blobs[std::size_t(i)], pack.shape));
    payload.truncate(pack.payloadLength);
    return payload;
}

inline ByteView sealedRecord(const QByteArray &payload, std::span<const Record> records, std::size_t number)
{
    return viewOf(payload).subspan(
        static_cast<std::size_t>(recordOffset(records, number)), records[number].encodedLength + std::size_t(16));
}

// The error's id, or nothing.
inline QString idOf(const Result<> &result) { return result ? QString() : result.error().id; }

} // namespace mf::sample
