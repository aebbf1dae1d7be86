// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace mf {

// Bytes wrapped with a passphrase, for local files only:
// "MFPW" | version 1 | log2 N | r | p (one byte each) | salt 32 | commitment 32 | AES-256-GCM(plain).
// scrypt (RFC 7914), N = 2^17, r = 8, p = 1 -> key || commitment; the passphrase is UTF-8, NFC.
// Nonce = counter 0, because salt and key are fresh; AAD = all that stands before.
// About 0.4 s and 128 MiB: run it on the pool. Ends the program if there is no such memory.
QByteArray wrapWithPassphrase(const QString &passphrase, ByteView plain, int log2N = 17);

// Unauthorised "MF-SECRETS-PASSPHRASE": wrong passphrase; Corrupt "MF-SECRETS-DAMAGED": not such
// a file, or damaged; parameters that need more than 512 MiB, or 16 times the time of ours, are
// refused so too. Unsupported "MF-SECRETS-VERSION": of another version. Internal "MF-SECRETS-MEMORY".
Result<QByteArray> unwrapWithPassphrase(const QString &passphrase, ByteView wrapped);

} // namespace mf
