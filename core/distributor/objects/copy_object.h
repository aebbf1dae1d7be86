// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/crypto/key_ring.h"
#include "core/distributor/objects/cbor.h"

namespace mf {

// A copy of a registry on the accounts: a head that names its parts, and the parts, which joined are an SQLite file.
//
// Head, below "copy/head/": CBOR {"v":1,"c" computer 16,"l" Lamport clock up to which it knows the log,"s" bytes of the
// file,"h" SHA-256 of the file,"q":[hashes of the parts]}, sealed as "registry" under the library id. Part, below
// "copy/part/": that many bytes of the file, sealed as "registry-part". Each is named by its own hash.
struct RegistryCopy {
    ComputerId computer;
    quint64 lamport = 0;
    qint64 bytes = 0;
    Sha256 sha256;
    std::vector<ObjectHash> parts;
};
constexpr qint64 kCopyPartBytes = qint64(32) << 20;
constexpr auto kCopyHeads = "copy/head/";

QByteArray sealCopyHead(const KeyRing &ring, const RegistryCopy &copy);
Result<RegistryCopy> openCopyHead(const KeyRing &ring, const BlobName &name, ByteView sealed);
BlobName copyHeadName(const KeyRing &ring, const ObjectHash &hash);
QByteArray sealCopyPart(const KeyRing &ring, ByteView bytes);
Result<QByteArray> openCopyPart(const KeyRing &ring, ByteView sealed);
BlobName copyPartName(const KeyRing &ring, const ObjectHash &hash);

} // namespace mf
