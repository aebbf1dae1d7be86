// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/objects/segment.h"

#include <set>

namespace mf {

// A segment of the log as a checkpoint tells it again: without the events that mean nothing any more.
struct ToldSegment {
    ObjectHash hash;
    ComputerId author;
    quint64 lamport = 0;
    Cbor events = Cbor::array();
};

// An event of the log that stands for all segments that it covers. Large ones have several parts, each in a segment of
// its own; events count at once, coverage when all parts are known.
//
//   checkpoint {"d" id 16,"n" part from 0,"o" parts,"c" hashes of covered segments, one after the other,
//       "y" library object (in part 0, else empty),"s":[{"h" hash,"c" author,"l" lamport,"e":[event …]} …]}
struct Checkpoint {
    CheckpointId id;
    int part = 0;
    int parts = 1;
    std::vector<ObjectHash> covered;
    QByteArray library;
    std::vector<ToldSegment> told;
};
constexpr const char *kCheckpointKind = "checkpoint";
Cbor checkpointEvent(const Checkpoint &checkpoint);
Result<Checkpoint> readCheckpoint(const Cbor &event);

// What the log says, told as briefly as the next checkpoint may. Checkpoints among the segments are told on. Left out
// is what can change nothing any more for anybody who reads the rest:
//   revision events of removed revisions whose manifest the log says is deleted; those between the first and the newest
//     whose manifest and index objects others name or are deleted;
//   sessions that are not in `open`, except for index objects that nothing else names and that are still there;
//   dooms that their author pardoned; of those that are carried out, what is not a pack, a fragment of a pack that is
//     there, or an object that something still names.
// What is removed or deleted keeps its tombstone: 30 to 100 bytes for a revision, 16 for a pack.
std::vector<ToldSegment> tellAgain(
    const KeyRing &ring, const std::vector<ToldSegment> &log, const std::set<SessionId> &open);

} // namespace mf
