// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/connection.h"
#include "core/registry/registry.h"

namespace mf {

// What other computers (or a registry that is lost) stored: their revisions (their packs: taken_packs.h), and what the
// log says of each. See Registry for what each promises. Each runs inside a transaction of the caller.
Result<> noteRevisionEvent(
    Connection &db, const Registry::RevisionEvent &event, quint64 lamport, const ObjectHash &segment);
Result<Registry::RevisionNews> revisionNews(Connection &db, const RevisionId &revision);
Result<> finishTakenIn(Connection &db, RevisionRecord revision); // Live, or Trashed if the log says so
Result<std::vector<bool>> objectsGone(Connection &db, std::span<const QString> names);
Result<std::vector<Registry::SegmentName>> segmentNames(Connection &db);
Result<std::vector<RevisionId>> revisionsOnGonePacks(Connection &db);
Result<std::vector<RevisionId>> revisionsBehindLog(Connection &db);

Result<Registry::ObjectsInUse> objectsInUse(Connection &db);

} // namespace mf
