// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/library_keys.h"

#include "core/distributor/objects/cbor.h"

namespace mf {
namespace {

std::optional<SecretKey> keyOf(const QByteArray &bytes)
{
    if (bytes.size() != qsizetype(SecretKey::kSize))
        return std::nullopt;
    return SecretKey(viewOf(bytes));
}

} // namespace

QString keysEntry(const LibraryId &library) { return QStringLiteral("library/") + toBase32(library.view()); }

QByteArray encodeKeys(const LibraryKeys &keys)
{
    Cbor map = Cbor::object();
    map["v"] = 1U;
    map["recovery"] = cborBytes(keys.recovery.view());
    Cbor masters = Cbor::array();
    Cbor generations = Cbor::array();
    for (const auto &epoch : keys.ring.epochs()) {
        masters.push_back(cborBytes(epoch.master.view()));
        generations.push_back(static_cast<quint64>(epoch.generation));
    }
    map["masters"] = masters;
    map["g"] = generations;
    if (keys.next)
        map["next"] = cborBytes(keys.next->view());
    return toCbor(map);
}

Result<LibraryKeys> decodeKeys(const LibraryId &library, const QByteArray &bytes)
{
    const Error damaged(Error::Kind::Corrupt, QStringLiteral("MF-SECRETS-DAMAGED"),
        QStringLiteral("the library’s keys in the secret store are damaged; open the library from its "
                       "recovery kit"));
    const auto map = fromCbor(viewOf(bytes));
    if (!map)
        return map.error();
    CborReader reader(*map);
    const auto recovery = keyOf(reader.bytes("recovery"));
    std::vector<SecretKey> masters;
    for (const Cbor &master : reader.array("masters")) {
        if (master.is_binary() && master.get_binary().size() == SecretKey::kSize)
            masters.emplace_back(ByteView(master.get_binary()));
        else
            reader.fail("masters");
    }
    std::vector<int> generations; // 0.1.0 kept none: it had one epoch
    constexpr quint64 kMost = 1'000'000;
    if (reader.has("g")) {
        for (const Cbor &generation : reader.array("g")) {
            if (generation.is_number_unsigned() && generation.get<quint64>() <= kMost)
                generations.push_back(static_cast<int>(generation.get<quint64>()));
        }
        if (generations.size() != masters.size())
            reader.fail("g");
    }
    std::optional<SecretKey> next;
    if (reader.has("next")) {
        next = keyOf(reader.bytes("next"));
        if (!next)
            reader.fail("next");
    }
    if (reader.failed() || masters.empty() || !recovery)
        return damaged;
    LibraryKeys keys { *recovery, KeyRing(library, masters.front()), next };
    for (std::size_t i = 1; i < masters.size(); ++i)
        keys.ring.add(masters[i], generations.empty() ? static_cast<int>(i) : generations[i]);
    return keys;
}

} // namespace mf
