// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/objects/cbor.h"
#include "core/crypto/key_ring.h"

namespace mf {

// A piece of the library's log. Segments name their parents by hash, so together
// they are a DAG that computers merge by set union; each is named by its own hash below "log/".
//
// CBOR {"v":1,"p":[parent 32 …],"c":computer 16,"l":lamport,"t":ms since 1970 (for people only),
// "e":[event …]}, sealed as "segment" under the library id. An event is a map with "k", its kind:
//   session-opened {"s"}                            a store begins
//   session-advanced {"s","i":[index object hash …]} index objects of packs that are whole
//   session-ended {"s"}
//   revision {"r","m" model,"n" name,"o" manifest hash,"i":[index hashes],"q":[pack ids relied on]}
//   doom {"d" id 16,"q":[packs]}  pardon {"d"}  gone {"d"}
// Unknown kinds are kept and skipped.
struct Segment {
    std::vector<ObjectHash> parents;
    ComputerId author;
    quint64 lamport = 0;
    qint64 time = 0; // ms since 1970
    Cbor events = Cbor::array();
};

struct SealedSegment {
    ObjectHash hash;
    BlobName name;
    QByteArray bytes;
};
SealedSegment sealSegment(const KeyRing &ring, const Segment &segment);
// Checks that the name fits the bytes, too.
Result<Segment> openSegment(const KeyRing &ring, const BlobName &name, ByteView sealed);
// The plain CBOR, for tests and the fuzzer.
QByteArray encodeSegment(const Segment &segment);
Result<Segment> decodeSegment(ByteView plain);
BlobName segmentName(const KeyRing &ring, const ObjectHash &hash);

ObjectHash objectHash(ByteView sealed);

namespace events {
Cbor sessionOpened(const SessionId &session);
Cbor sessionAdvanced(const SessionId &session, const std::vector<ObjectHash> &indexes);
Cbor sessionEnded(const SessionId &session);
struct Revision {
    RevisionId id;
    ModelId model;
    QString name;
    ObjectHash manifest;
    std::vector<ObjectHash> indexes;
    std::vector<PackId> packs;
};
Cbor revision(const Revision &revision);
} // namespace events

} // namespace mf
