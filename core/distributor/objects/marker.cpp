// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/objects/marker.h"

#include "core/crypto/sealed_object.h"
#include "core/crypto/sha256.h"
#include "core/distributor/objects/cbor.h"

namespace mf {
namespace {

Error newer()
{
    return Error(Error::Kind::Unsupported, QStringLiteral("MF-LIBRARY-NEWER"),
        QStringLiteral("this library was written by a newer ModelFloat; update this one"));
}

} // namespace

BlobName markerName(const KeyRing &ring)
{
    return BlobName(QString(QStringLiteral("meta/") + ring.nameOf("marker", ring.library().view())));
}

QByteArray sealMarker(const KeyRing &ring, const Marker &marker)
{
    Cbor map = Cbor::object();
    map["v"] = 1U;
    map["library"] = cborBytes(marker.library.view());
    map["account"] = cborBytes(marker.account.view());
    const QByteArray plain = toCbor(map);
    return sealObject(ring, "marker", ring.library().view(), viewOf(plain));
}

Result<Marker> openMarker(const KeyRing &ring, ByteView sealed)
{
    const auto plain = openObject(ring, "marker", ring.library().view(), sealed);
    if (!plain)
        return plain.error();
    const auto map = fromCbor(viewOf(*plain));
    if (!map)
        return map.error();
    CborReader reader(*map);
    if (reader.number("v") > kLibraryFormat)
        return newer();
    Marker marker;
    marker.library = reader.id<LibraryId>("library");
    marker.account = reader.id<AccountId>("account");
    if (reader.failed())
        return reader.error(QStringLiteral("marker"));
    return marker;
}

QByteArray sealLibraryObject(const KeyRing &ring)
{
    Cbor map = Cbor::object();
    map["v"] = kLibraryFormat;
    map["library"] = cborBytes(ring.library().view());
    Cbor epochs = Cbor::array();
    for (const auto &epoch : ring.epochs())
        epochs.push_back(cborBytes(epoch.master.view()));
    map["epochs"] = epochs;
    const QByteArray plain = toCbor(map);
    return ring.library().toByteArray() + sealObject(ring, "library", ring.library().view(), viewOf(plain));
}

BlobName libraryObjectName(const KeyRing &ring, ByteView object)
{
    return BlobName(QString(QStringLiteral("lib/") + ring.nameOf("library", sha256(object).view())));
}

Result<LibraryId> libraryIdOf(ByteView object)
{
    if (object.size() <= LibraryId::size() + std::size_t(kSealedOverhead))
        return Error(Error::Kind::Corrupt, QStringLiteral("MF-OBJECT-CORRUPT"),
            QStringLiteral("the library object is too short"));
    return LibraryId(object.first(LibraryId::size()));
}

Result<KeyRing> openLibraryObject(const SecretKey &master, ByteView object)
{
    const auto library = libraryIdOf(object);
    if (!library)
        return library.error();
    const KeyRing alone(*library, master);
    const auto plain = openObject(alone, "library", library->view(), object.subspan(LibraryId::size()));
    if (!plain)
        return Error(Error::Kind::Unauthorised, QStringLiteral("MF-KIT-OTHER"),
            QStringLiteral("this recovery kit does not open this library; it belongs to another library, or a "
                           "newer kit replaced it"));
    const auto map = fromCbor(viewOf(*plain));
    if (!map)
        return map.error();
    CborReader reader(*map);
    if (reader.number("v") > kLibraryFormat)
        return newer();
    const auto inside = reader.id<LibraryId>("library");
    const Cbor &epochs = reader.array("epochs");
    std::vector<SecretKey> masters;
    for (const Cbor &epoch : epochs) {
        if (!epoch.is_binary() || epoch.get_binary().size() != SecretKey::kSize) {
            reader.fail("epochs");
            break;
        }
        masters.emplace_back(ByteView(epoch.get_binary()));
    }
    if (reader.failed() || masters.empty() || inside != *library)
        return reader.error(QStringLiteral("library object"));
    KeyRing ring(*library, masters.front());
    for (const SecretKey &m : masters)
        ring.add(m);
    return ring;
}

} // namespace mf
