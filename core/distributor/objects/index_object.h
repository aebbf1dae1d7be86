// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/objects/cbor.h"
#include "core/crypto/key_ring.h"
#include "core/registry/records.h"

namespace mf {

// Which packs exist, with what is in each; where their fragments lie follows from the
// fragments' names, so it is not written. With the manifests this is all that recover needs.
//
// CBOR {"v":1,"x":[superseded index hashes],"q":[{"i" id,"c" class,"k","n" fragments,"d" data length,
// "p" payload length,"s" salt,"t" commitment,"e" epoch,"r" directory}]}, sealed as "index" under the library id.
struct IndexObject {
    std::vector<ObjectHash> supersedes;
    std::vector<PackRecord> packs; // row, state and fragments are not written
};
QByteArray sealIndex(const KeyRing &ring, const IndexObject &index);
Result<IndexObject> openIndex(const KeyRing &ring, ByteView sealed);
BlobName indexName(const KeyRing &ring, const ObjectHash &hash);

constexpr int kPacksPerIndex = 64; // a session writes one at least this often

} // namespace mf
