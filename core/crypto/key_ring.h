// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"
#include "core/crypto/secret.h"

#include <vector>

namespace mf {

// The keys of one library, as storage.md section 6 derives them.
//
//   M_e   = HKDF(R_e, library id, "mf1 master")      epoch id = SHA-256(M_e)[0..8)
//   names = HKDF(M_0, "", "names")                    gear = HKDF(M_0, "", "gear")
//   of an object or pack: HKDF(M_e, salt, "mf1" || type || id) -> 64 bytes = AES key || commitment
//
// A value; copies are cheap and wiped.
struct DerivedKey {
    SecretKey key;
    Sha256 commitment; // stored beside the salt, compared before anything is opened
};

class KeyRing
{
public:
    struct Epoch {
        EpochId id;
        SecretKey master;
        int generation = 0; // how many rotations its maker knew of, its own included
    };

    // M_e from the 32 bytes of a recovery kit.
    static SecretKey masterOf(const SecretKey &recovery, const LibraryId &library);
    static EpochId epochIdOf(const SecretKey &master);

    // first = M_0, the library's first epoch.
    KeyRing(const LibraryId &library, const SecretKey &first);

    const LibraryId &library() const { return m_library; }
    void add(const SecretKey &master); // becomes the newest; a known one is ignored
    // Two computers may rotate at once: epochs of one generation are in the order of their ids, so that every computer
    // has the same newest one. A known one keeps its place.
    void add(const SecretKey &master, int generation);
    // All of the other's; true if one was new. Both of one library.
    bool merge(const KeyRing &other);
    const std::vector<Epoch> &epochs() const { return m_epochs; } // oldest first, never empty
    const Epoch &newest() const { return m_epochs.back(); }
    const Epoch *find(const EpochId &id) const;

    const SecretKey &namingKey() const { return m_naming; }
    const SecretKey &gearKey() const { return m_gear; }

    // The keyed name of something: base32(HMAC(naming key, purpose || 0 || content)), 52 characters.
    QString nameOf(QByteArrayView purpose, ByteView content) const;

    static DerivedKey derive(const SecretKey &master, ByteView salt, QByteArrayView type, ByteView id);
    // HKDF(M_e, "", "header"): seals fragment headers; the nonce follows from key and header (fragment.cpp).
    static SecretKey headerKey(const SecretKey &master);

private:
    LibraryId m_library;
    std::vector<Epoch> m_epochs;
    SecretKey m_naming;
    SecretKey m_gear;
};

} // namespace mf
