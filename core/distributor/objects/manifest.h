// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/objects/cbor.h"
#include "core/distributor/objects/leaf.h"
#include "core/crypto/key_ring.h"
#include "core/registry/records.h"

namespace mf {

// What one revision of a model consists of; the root from which everything else follows.
//
// CBOR, sealed as "manifest" under the library id:
// {"v":1,"r" revision,"m" model,"n" name,"u" number,"t" created ms,"k","l" losses (protection as asked),
//  "a":{facts},"d":{metadata},"g":[tags],"cv" chunker version,"ev" codec version,
//  "f":[{"p" path text,"s" size,"h" sha256,"x" executable,"t" modified ms,
//        "c" pieces (leaf bytes, short lists) or "l":[{"h" leaf hash,"n" leaf length} …],
//        "e":[[name,type,offset,length,[shape]] …] tensors}],
//  "q":[pack ids relied on]}
struct LeafReference {
    ChunkHash hash;
    qint64 length = 0;
};

struct ManifestFile {
    FileRecord file;
    QByteArray pieces; // leaf bytes; used when leaves is empty
    std::vector<LeafReference> leaves;
    std::vector<TensorRecord> tensors;
};

struct Manifest {
    RevisionRecord revision; // id, model, name, number, created, protection, facts, metadata, tags, bytes
    std::vector<ManifestFile> files;
    std::vector<PackId> packs;
};

QByteArray sealManifest(const KeyRing &ring, const Manifest &manifest);
// Every path checked (checkRelativePath), every number bounded.
Result<Manifest> openManifest(const KeyRing &ring, ByteView sealed);
BlobName manifestName(const KeyRing &ring, const ObjectHash &hash);

// The plain CBOR, for tests and the fuzzer.
QByteArray encodeManifest(const Manifest &manifest);
Result<Manifest> decodeManifest(ByteView plain);

} // namespace mf
