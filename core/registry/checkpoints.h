// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/connection.h"
#include "core/registry/registry.h"

#include <span>

namespace mf {

// Checkpoints of the log: what one covers needs no row of its own any more, because everything of it that still means
// something is told again by the checkpoint. The names of covered segments stay for ever: they tell that a parent is
// not missing, and that an account that lacks one lacks nothing.

// The segment is known and its events are taken in. If all parts are there now, what they cover leaves.
Result<> noteCheckpoint(Connection &db, const ObjectHash &segment, const Registry::CheckpointPart &part);
Result<bool> isCovered(Connection &db, const ObjectHash &segment);

Result<std::vector<Registry::Segment>> logToTell(Connection &db);
Result<std::vector<ObjectHash>> coveredSegments(Connection &db);
Result<std::vector<bool>> areCovered(Connection &db, std::span<const QString> blobNames);
Result<std::vector<Registry::SegmentName>> wholeCheckpoints(Connection &db);
Result<int> segmentsSinceCheckpoint(Connection &db);
Result<bool> hasEnded(Connection &db, const SessionId &session);
Result<std::vector<SessionId>> openSessions(Connection &db);

} // namespace mf
