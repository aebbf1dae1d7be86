// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What the programs that froze the format were made of.

#include "core/crypto/sha256.h"
#include "core/packing/pack.h"
#include "tests/support/weights.h"

#include <QJsonArray>
#include <QJsonObject>

namespace mf {

template <typename Id> Id idOf(std::uint8_t seed)
{
    Id id;
    for (std::size_t i = 0; i < id.bytes.size(); ++i)
        id.bytes[i] = static_cast<std::uint8_t>(std::size_t { seed } * 16 + i);
    return id;
}

inline QByteArray weights(WeightKind kind, int size)
{
    QByteArray bytes(size, '\0');
    WeightSource(kind, 0.02, 7).fill(mutableViewOf(bytes));
    return bytes;
}

struct Chunks {
    std::vector<Record> records;
    std::vector<QByteArray> encoded;
    QJsonArray facts;

    void add(const QByteArray &plain, ElementKind element, Codec wanted)
    {
        ChunkCodec codec;
        const auto coded = codec.encode(plain, element, true);
        if (!coded || coded->codec != wanted)
            qFatal("codec %d was not chosen", static_cast<int>(wanted));
        Record record;
        record.hash = ChunkHash(sha256(viewOf(plain)).bytes);
        record.plainLength = static_cast<std::uint32_t>(plain.size());
        record.encodedLength = static_cast<std::uint32_t>(coded->bytes.size());
        record.codec = coded->codec;
        records.push_back(record);
        encoded.push_back(coded->bytes);
        facts.append(QJsonObject { { QStringLiteral("codec"), static_cast<int>(wanted) },
            { QStringLiteral("sha256"), record.hash.toHex() }, { QStringLiteral("bytes"), plain.size() } });
    }
};

} // namespace mf
