// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/objects/marker.h"

#include "core/crypto/sealed_object.h"
#include "core/crypto/sha256.h"
#include "core/distributor/objects/cbor.h"

namespace mf {

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
    const auto map = fromVersionedCbor(viewOf(*plain), kLibraryFormat);
    if (!map)
        return map.error();
    CborReader reader(*map);
    Marker marker;
    marker.library = reader.id<LibraryId>("library");
    marker.account = reader.id<AccountId>("account");
    if (reader.failed())
        return reader.error(QStringLiteral("marker"));
    return marker;
}

namespace {

QByteArray sealUnder(const KeyRing &ring, const KeyRing::Epoch &newest)
{
    Cbor map = Cbor::object();
    map["v"] = kLibraryFormat;
    map["library"] = cborBytes(ring.library().view());
    Cbor epochs = Cbor::array();
    Cbor generations = Cbor::array();
    bool isPlain = true;
    for (const auto &epoch : ring.epochs()) {
        isPlain = isPlain && static_cast<std::size_t>(epoch.generation) == epochs.size();
        epochs.push_back(cborBytes(epoch.master.view()));
        generations.push_back(static_cast<quint64>(epoch.generation));
    }
    map["epochs"] = epochs;
    if (!isPlain)
        map["g"] = generations;
    const QByteArray plain = toCbor(map);
    const KeyRing alone(ring.library(), newest.master);
    return ring.library().toByteArray() + sealObject(alone, "library", ring.library().view(), viewOf(plain));
}

} // namespace

QByteArray sealLibraryObject(const KeyRing &ring) { return sealUnder(ring, ring.newest()); }

std::vector<QByteArray> sealLibraryObjects(const KeyRing &ring)
{
    std::vector<QByteArray> objects;
    for (const auto &epoch : ring.epochs()) {
        if (epoch.generation == ring.newest().generation)
            objects.push_back(sealUnder(ring, epoch));
    }
    return objects;
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
    const auto map = fromVersionedCbor(viewOf(*plain), kLibraryFormat);
    if (!map)
        return map.error();
    CborReader reader(*map);
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
    std::vector<quint64> generations;
    constexpr quint64 kMost = 1'000'000;
    if (reader.has("g")) {
        for (const Cbor &generation : reader.array("g")) {
            if (!generation.is_number_unsigned() || generation.get<quint64>() > kMost)
                reader.fail("g");
            else
                generations.push_back(generation.get<quint64>());
        }
        if (generations.size() != masters.size())
            reader.fail("g");
    }
    if (reader.failed() || masters.empty() || inside != *library)
        return reader.error(QStringLiteral("library object"));
    KeyRing ring(*library, masters.front());
    for (std::size_t i = 1; i < masters.size(); ++i) {
        const std::size_t generation = generations.empty() ? i : static_cast<std::size_t>(generations[i]);
        ring.add(masters[i], static_cast<int>(generation));
    }
    return ring;
}

} // namespace mf
