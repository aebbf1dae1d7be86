// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/connection.h"
#include "core/registry/registry.h"

namespace mf {

class ChunkIndex;

// What other computers (or a registry that is lost) stored: their packs, where those lie, their revisions. See
// Registry for what each promises. Each runs inside a transaction of the caller.
Result<std::vector<bool>> indexesTaken(Connection &db, std::span<const ObjectHash> indexes);
Result<> addPacks(Connection &db, ChunkIndex &chunks, const std::vector<Registry::NewPack> &packs,
    std::span<const ObjectHash> indexes);

Result<std::vector<Registry::SoughtPack>> packsSought(Connection &db, const AccountId &account, int limit);
Result<> noteFragments(Connection &db, const AccountId &account, const std::vector<Registry::FoundFragment> &fragments);
Result<> seekPacks(Connection &db, std::span<const PackRow> packs);
Result<> noteSurveyed(Connection &db, const AccountId &account, qint64 upTo, const QDateTime &now, qint64 lagSeconds);

Result<> noteRevisionEvent(
    Connection &db, const Registry::RevisionEvent &event, quint64 lamport, const ObjectHash &segment);
Result<Registry::RevisionNews> revisionNews(Connection &db, const RevisionId &revision);
Result<> finishTakenIn(Connection &db, RevisionRecord revision); // Live, or Trashed if the log says so
Result<std::vector<bool>> objectsGone(Connection &db, std::span<const QString> names);
Result<std::vector<bool>> packsGone(Connection &db, std::span<const PackId> packs);
Result<std::vector<Registry::SegmentName>> segmentNames(Connection &db);
Result<std::vector<RevisionId>> revisionsOnGonePacks(Connection &db);
Result<std::vector<RevisionId>> revisionsBehindLog(Connection &db);

Result<Registry::ObjectsInUse> objectsInUse(Connection &db);

// Everything is to be taken in again, and every pack to be looked for on every account.
Result<> forgetTakenIn(Connection &db);

} // namespace mf
