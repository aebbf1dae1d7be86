// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/connection.h"
#include "core/registry/registry.h"

namespace mf {

class ChunkIndex;

// The packs that other computers (or a registry that is lost) stored, and the search for where they lie. See Registry
// for what each promises. Each runs inside a transaction of the caller.
Result<std::vector<bool>> indexesTaken(Connection &db, std::span<const ObjectHash> indexes);
Result<> addPacks(Connection &db, ChunkIndex &chunks, const std::vector<Registry::NewPack> &packs,
    std::span<const ObjectHash> indexes);
Result<std::vector<bool>> packsGone(Connection &db, std::span<const PackId> packs);

Result<std::vector<Registry::SoughtPack>> packsSought(Connection &db, const AccountId &account, int limit);
Result<> noteFragments(Connection &db, const AccountId &account, const std::vector<Registry::FoundFragment> &fragments);
Result<> seekPacks(Connection &db, std::span<const PackRow> packs);
Result<> noteSurveyed(Connection &db, const AccountId &account, qint64 upTo, const QDateTime &now, qint64 lagSeconds);

// Everything is to be taken in again, and every pack to be looked for on every account.
Result<> forgetTakenIn(Connection &db);

} // namespace mf
