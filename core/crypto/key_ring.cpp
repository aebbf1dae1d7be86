// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto/key_ring.h"

#include "core/crypto/hkdf.h"
#include "core/crypto/sha256.h"

#include <algorithm>

namespace mf {
namespace {
ByteView viewOfText(QByteArrayView text)
{
    return { reinterpret_cast<const std::uint8_t *>(text.data()), static_cast<std::size_t>(text.size()) };
}

SecretKey keyFrom(ByteView secret, ByteView salt, QByteArrayView info)
{
    std::array<std::uint8_t, SecretKey::kSize> bytes;
    hkdfSha256(secret, salt, viewOfText(info), bytes);
    const SecretKey key(bytes);
    wipe(bytes);
    return key;
}
} // namespace

SecretKey KeyRing::masterOf(const SecretKey &recovery, const LibraryId &library)
{
    return keyFrom(recovery.view(), library.view(), "mf1 master");
}

EpochId KeyRing::epochIdOf(const SecretKey &master)
{
    const Sha256 digest = sha256(master.view());
    return EpochId(digest.view().first(EpochId::size()));
}

KeyRing::KeyRing(const LibraryId &library, const SecretKey &first)
    : m_library(library)
    , m_epochs { Epoch { epochIdOf(first), first, 0 } }
    , m_naming(keyFrom(first.view(), {}, "names"))
    , m_gear(keyFrom(first.view(), {}, "gear"))
{
}

void KeyRing::add(const SecretKey &master) { add(master, newest().generation + 1); }

void KeyRing::add(const SecretKey &master, int generation)
{
    const EpochId id = epochIdOf(master);
    if (find(id))
        return;
    const Epoch added { id, master, std::max(generation, 1) }; // the first one stays the first
    const auto before
        = [](const Epoch &a, const Epoch &b) { return std::pair(a.generation, a.id) < std::pair(b.generation, b.id); };
    m_epochs.insert(std::upper_bound(m_epochs.begin(), m_epochs.end(), added, before), added);
}

bool KeyRing::merge(const KeyRing &other)
{
    const std::size_t had = m_epochs.size();
    for (const Epoch &epoch : other.epochs())
        add(epoch.master, epoch.generation);
    return m_epochs.size() > had;
}

const KeyRing::Epoch *KeyRing::find(const EpochId &id) const
{
    const auto found
        = std::find_if(m_epochs.begin(), m_epochs.end(), [&](const Epoch &epoch) { return epoch.id == id; });
    return found == m_epochs.end() ? nullptr : &*found;
}

QString KeyRing::nameOf(QByteArrayView purpose, ByteView content) const
{
    QByteArray message;
    message.reserve(purpose.size() + 1 + static_cast<qsizetype>(content.size()));
    message.append(purpose);
    message.append('\0');
    message.append(reinterpret_cast<const char *>(content.data()), static_cast<qsizetype>(content.size()));
    return toBase32(hmacSha256(m_naming.view(), viewOf(message)).view());
}

DerivedKey KeyRing::derive(const SecretKey &master, ByteView salt, QByteArrayView type, ByteView id)
{
    QByteArray info("mf1");
    info.append(type);
    info.append(reinterpret_cast<const char *>(id.data()), static_cast<qsizetype>(id.size()));

    std::array<std::uint8_t, SecretKey::kSize + Sha256::size()> bytes;
    hkdfSha256(master.view(), salt, viewOf(info), bytes);
    const ByteView both = bytes;
    const DerivedKey derived { SecretKey(both.first(SecretKey::kSize)), Sha256(both.subspan(SecretKey::kSize)) };
    wipe(bytes);
    return derived;
}

SecretKey KeyRing::headerKey(const SecretKey &master) { return keyFrom(master.view(), {}, "header"); }

} // namespace mf
