// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/connection.h"
#include "core/registry/records.h"

#include <span>

namespace mf {

class ChunkIndex;

// Packs from the commit before their first byte leaves until they are complete; see Registry for
// what each promises. Each runs inside a transaction of the caller.
Result<PackRow> commitPending(Connection &db, const PendingPack &pack);
Result<> moveFragment(Connection &db, PackRow pack, int index, const AccountId &to);
Result<> acknowledge(Connection &db, PackRow pack, int index);
Result<> completePack(Connection &db, ChunkIndex &chunks, PackRow pack, const std::vector<int> &missing);
Result<> dropPending(Connection &db, ChunkIndex &chunks, PackRow pack);

// Reading (pack_queries.cpp).
Result<std::vector<PendingRecord>> pendingPacks(Connection &db);
Result<PackRecord> readPack(Connection &db, PackRow row);
Result<std::vector<PackRow>> packRowsOf(Connection &db, std::span<const PackId> ids);
Result<std::vector<PackRecord>> packsWithoutIndex(Connection &db, int limit);
Result<> noteIndexed(Connection &db, std::span<const PackRow> packs, const ObjectHash &index);

// pack.dir; Corrupt "MF-REGISTRY-CORRUPT" if it does not decode.
Result<std::vector<Record>> readDirectory(Connection &db, const QByteArray &bytes);
Error packUnknown(const QString &what);

} // namespace mf
