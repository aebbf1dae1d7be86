// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/crypto/key_ring.h"

namespace mf {

// A sealed object: salt 32 | commitment 32 | AES-256-GCM(plain), tag 16.
//
// Key and commitment from (M_e, salt, type, id); nonce = counter 0, because the
// key is fresh for every object; AAD = "mf1" || type || id. Which epoch sealed it
// is not written: opening compares the commitment under each epoch, newest first.
//
// type is a short constant ("manifest", "segment", "index", "marker", "library",
// "registry"); id binds the object to its context (often the library id).
constexpr qsizetype kSealedOverhead = 32 + 32 + 16;

QByteArray sealObject(const KeyRing &ring, QByteArrayView type, ByteView id, ByteView plain);

// Corrupt "MF-OBJECT-CORRUPT": not sealed by this library under this type and id, or damaged.
Result<QByteArray> openObject(const KeyRing &ring, QByteArrayView type, ByteView id, ByteView sealed);

} // namespace mf
