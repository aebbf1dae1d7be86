// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/crypto/key_ring.h"

namespace mf {

// The entry of the secret store with a library's keys: CBOR {"v":1,"recovery":32,"masters":[32 …],"g":[generations],
// "next":32}. next: of a kit that is being made, and not used until every account has its library object.
struct LibraryKeys {
    SecretKey recovery;
    KeyRing ring;
    std::optional<SecretKey> next;
};
QString keysEntry(const LibraryId &library);
QByteArray encodeKeys(const LibraryKeys &keys);
Result<LibraryKeys> decodeKeys(const LibraryId &library, const QByteArray &bytes); // Corrupt "MF-SECRETS-DAMAGED"

} // namespace mf
