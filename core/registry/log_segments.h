// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/connection.h"
#include "core/registry/registry.h"

#include <span>

namespace mf {

// What is known of the log of the library (storage.md section 5); see Registry.
Result<std::vector<ObjectHash>> readHeads(Connection &db);
Result<std::vector<bool>> segmentsKnown(Connection &db, std::span<const QString> blobNames);
Result<> addSegment(Connection &db, const Registry::Segment &segment, const QDateTime &seen, bool isOwn);
Result<std::vector<Registry::Segment>> segmentsToTakeIn(Connection &db, int limit, int skip);
// The rest of the rows of a query that asked for these columns.
#define MF_SEGMENT_COLUMNS "hash, name, author, lamport, events"
Result<std::vector<Registry::Segment>> readSegments(Statement &query);
Result<> noteTakenIn(Connection &db, const ObjectHash &segment);
Result<std::vector<PackId>> doomedOf(Connection &db, std::span<const PackId> packs);

// A doom on the pack is open (its author has not pardoned it), or it is gone.
Result<bool> isDoomed(Connection &db, const PackId &pack);
// Its single fragments with an open doom: they count as absent. One that is gone has left the registry.
Result<std::vector<std::pair<int, AccountId>>> doomedFragments(Connection &db, const PackId &pack);
Result<bool> anyDooms(Connection &db);

} // namespace mf
