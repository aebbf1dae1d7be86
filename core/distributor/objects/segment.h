// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/objects/cbor.h"
#include "core/crypto/key_ring.h"
#include "core/registry/registry.h"

namespace mf {

// A piece of the library's log. Segments name their parents by hash, so together
// they are a DAG that computers merge by set union; each is named by its own hash below "log/".
//
// CBOR {"v":1,"p":[parent 32 …],"c":computer 16,"l":lamport,"t":ms since 1970 (for people only),
// "e":[event …]}, sealed as "segment" under the library id. An event is a map with "k", its kind:
//   session-opened {"s"}                            a store begins
//   session-advanced {"s","i":[index object hash …]} index objects of packs that are whole
//   session-ended {"s"}
//   revision {"r","m" model,"n" name,"o" manifest hash,"i":[index hashes],"q":[pack ids relied on]}; a later
//       one of the same "r" (by Lamport clock, then segment hash) supersedes it: other protection, other packs
//   trash {"r","a":[presence 16 …],"f" forever}  takes these presences of a revision away: those its author knew
//   restore {"r","a" presence 16 random}          gives it a new one
//       A revision's first presence is its own id. It is there while one of its presences is: so a restore beside
//       a trash wins, and both can come in any order.
//   doom {"d" id 16,"q":[packs],"x":[[pack,index,account] …] single fragments,"b":[names of other objects]}
//       A "pack" whose id is an account's is that account, which is about to be given up: see account_end.h.
//   pardon {"d"}  gone {"d"}
//   account {"a" account,"n" its name,"d" its failure domain}  is one of the library's: whoever cannot look there
//       deletes nothing
//   retired {"a" account}                          lost or removed for good: nothing there counts any more
//   epoch {"e" id of the newest}                 a kit was made; this segment is sealed under it, which is what matters
//   checkpoint: see checkpoint.h
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
Cbor trash(const RevisionId &revision, const std::vector<PresenceId> &presences, bool isForever);
Cbor restore(const RevisionId &revision, const PresenceId &presence);
Cbor doom(const DoomRecord &doom); // id, packs, fragments and objects of it
Cbor pardon(const DoomId &doom);
Cbor gone(const DoomId &doom);
Cbor account(const AccountRecord &account);
Cbor retired(const AccountId &account);
} // namespace events

// What the registry keeps of a segment: its events that change more than models.
Registry::Segment registryRecord(
    const ObjectHash &hash, const BlobName &name, const Segment &segment, const QDateTime &seen);
// Gives the segments that a checkpoint covers the names of their blobs, which the registry cannot know.
void nameCovered(const KeyRing &ring, Registry::Segment &record);

} // namespace mf
