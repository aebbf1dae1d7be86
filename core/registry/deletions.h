// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/chunk_index.h"
#include "core/registry/registry.h"

#include <span>

namespace mf {

// The deletions of this computer while they are under way, and what leaves the registry with them.

Result<bool> lacksAncestors(Connection &db);
Result<std::vector<Registry::OwnDoom>> ownDooms(Connection &db);
Result<> noteDoomAcknowledged(Connection &db, const DoomId &doom);
Result<> noteDecided(Connection &db, const DoomId &doom);
Result<std::vector<bool>> doomedObjects(Connection &db, const QStringList &names);

Result<> dropGone(Connection &db, ChunkIndex &chunks);
Result<> dropPack(Connection &db, ChunkIndex &chunks, PackRow pack);

Result<int> adoptFragments(Connection &db, const AccountId &account, std::span<const Registry::PackIndex> found);
Result<> addFragment(Connection &db, PackRow pack, int index, const AccountId &account);
Result<std::vector<PackRow>> packsOn(Connection &db, const AccountId &account);
Result<std::vector<Registry::KnownPack>> knownPacks(Connection &db);
Result<std::vector<Registry::Stray>> noteStrays(
    Connection &db, const AccountId &account, std::span<const Registry::Stray> found);

} // namespace mf
