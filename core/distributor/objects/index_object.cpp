// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/objects/index_object.h"

#include "core/crypto/sealed_object.h"
#include "core/packing/pack_layout.h"

namespace mf {
namespace {

Cbor encodePack(const PackRecord &pack)
{
    Cbor map = Cbor::object();
    map["i"] = cborBytes(pack.id.view());
    map["c"] = static_cast<unsigned>(pack.packClass);
    map["k"] = static_cast<unsigned>(pack.shape.k);
    map["n"] = static_cast<unsigned>(pack.shape.fragments);
    map["d"] = static_cast<quint64>(pack.shape.dataLength);
    map["p"] = static_cast<quint64>(pack.payloadLength);
    map["s"] = cborBytes(pack.salt);
    map["t"] = cborBytes(pack.commitment.view());
    map["e"] = cborBytes(pack.epoch.view());
    const QByteArray directory = encodeDirectory(pack.records);
    map["r"] = cborBytes(viewOf(directory));
    return map;
}

Result<PackRecord> decodePack(const Cbor &map)
{
    CborReader reader(map);
    PackRecord pack;
    pack.state = PackState::Complete;
    pack.id = reader.id<PackId>("i");
    pack.packClass = static_cast<PackClass>(reader.number("c", 1));
    pack.shape.k = static_cast<int>(reader.number("k", kMostFragments));
    pack.shape.fragments = static_cast<int>(reader.number("n", kMostFragments));
    pack.shape.dataLength = static_cast<qint64>(reader.number("d", kLargestFragmentData));
    pack.payloadLength = static_cast<qint64>(reader.number("p", kLargestCapacity));
    const auto salt = reader.id<Sha256>("s");
    pack.salt = salt.bytes;
    pack.commitment = reader.id<Sha256>("t");
    pack.epoch = reader.id<EpochId>("e");
    const QByteArray directory = reader.bytes("r");
    if (reader.failed())
        return reader.error(QStringLiteral("pack in an index"));
    auto records = decodeDirectory(viewOf(directory));
    if (!records)
        return records.error();
    pack.records = std::move(*records);
    const auto layout = checkPackLayout(pack.shape, pack.payloadLength, pack.records);
    if (!layout)
        return layout.error();
    return pack;
}

} // namespace

QByteArray sealIndex(const KeyRing &ring, const IndexObject &index)
{
    Cbor map = Cbor::object();
    map["v"] = 1U;
    map["x"] = cborIds(index.supersedes);
    Cbor packs = Cbor::array();
    for (const PackRecord &pack : index.packs)
        packs.push_back(encodePack(pack));
    map["q"] = std::move(packs);
    const QByteArray plain = toCbor(map);
    return sealObject(ring, "index", ring.library().view(), viewOf(plain));
}

Result<IndexObject> openIndex(const KeyRing &ring, ByteView sealed)
{
    const auto plain = openObject(ring, "index", ring.library().view(), sealed);
    if (!plain)
        return plain.error();
    const auto map = fromVersionedCbor(viewOf(*plain));
    if (!map)
        return map.error();
    CborReader reader(*map);
    IndexObject index;
    index.supersedes = reader.ids<ObjectHash>("x");
    for (const Cbor &item : reader.array("q")) {
        auto pack = decodePack(item);
        if (!pack)
            return pack.error();
        index.packs.push_back(std::move(*pack));
    }
    if (reader.failed())
        return reader.error(QStringLiteral("index"));
    return index;
}

BlobName indexName(const KeyRing &ring, const ObjectHash &hash)
{
    return BlobName(QString(QStringLiteral("meta/") + ring.nameOf("index", hash.view())));
}

} // namespace mf
