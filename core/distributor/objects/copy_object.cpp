// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/objects/copy_object.h"

#include "core/crypto/sealed_object.h"
#include "core/distributor/objects/segment.h"

namespace mf {

namespace {
constexpr quint64 kLargestCopy = quint64(1) << 40;
}

BlobName copyHeadName(const KeyRing &ring, const ObjectHash &hash)
{
    return BlobName(QString(QString::fromLatin1(kCopyHeads) + ring.nameOf("registry", hash.view())));
}

BlobName copyPartName(const KeyRing &ring, const ObjectHash &hash)
{
    return BlobName(QString(QStringLiteral("copy/part/") + ring.nameOf("registry-part", hash.view())));
}

QByteArray sealCopyHead(const KeyRing &ring, const RegistryCopy &copy)
{
    Cbor map = Cbor::object();
    map["v"] = 1U;
    map["c"] = cborBytes(copy.computer.view());
    map["l"] = copy.lamport;
    map["s"] = static_cast<quint64>(copy.bytes);
    map["h"] = cborBytes(copy.sha256.view());
    map["q"] = cborIds(copy.parts);
    const QByteArray plain = toCbor(map);
    return sealObject(ring, "registry", ring.library().view(), viewOf(plain));
}

Result<RegistryCopy> openCopyHead(const KeyRing &ring, const BlobName &name, ByteView sealed)
{
    if (copyHeadName(ring, objectHash(sealed)) != name)
        return Error(Error::Kind::Corrupt, QStringLiteral("MF-COPY-NAME"),
            QStringLiteral("a copy of the registry is not what its name says: %1").arg(name.value));
    const auto plain = openObject(ring, "registry", ring.library().view(), sealed);
    if (!plain)
        return plain.error();
    const auto map = fromVersionedCbor(viewOf(*plain));
    if (!map)
        return map.error();
    CborReader reader(*map);
    RegistryCopy copy;
    copy.computer = reader.id<ComputerId>("c");
    copy.lamport = reader.number("l");
    copy.bytes = static_cast<qint64>(reader.number("s", kLargestCopy));
    copy.sha256 = reader.id<Sha256>("h");
    copy.parts = reader.ids<ObjectHash>("q");
    if (reader.failed())
        return reader.error(QStringLiteral("registry copy"));
    return copy;
}

QByteArray sealCopyPart(const KeyRing &ring, ByteView bytes)
{
    return sealObject(ring, "registry-part", ring.library().view(), bytes);
}

Result<QByteArray> openCopyPart(const KeyRing &ring, ByteView sealed)
{
    return openObject(ring, "registry-part", ring.library().view(), sealed);
}

} // namespace mf
