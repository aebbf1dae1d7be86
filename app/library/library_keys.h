// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/crypto/key_ring.h"

namespace mf {

// The entry of the secret store with a library's keys: CBOR {"v":1,"recovery":32,"masters":[32 …]}.
QString keysEntry(const LibraryId &library);
QByteArray encodeKeys(const SecretKey &recovery, const KeyRing &ring);

} // namespace mf
