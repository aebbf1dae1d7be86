// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/connection.h"
#include "core/registry/registry.h"

#include <span>

namespace mf {

class ChunkIndex;

// How much of each pack is needed, and by whom: what packing anew works with. See Registry.
Result<std::vector<PackUse>> packUses(Connection &db, const std::optional<RevisionPromise> &promise);
Result<std::vector<std::vector<std::uint32_t>>> recordsInUse(Connection &db, std::span<const PackRow> packs);
Result<std::vector<RevisionRecord>> revisionsOn(Connection &db, const PackSet &packs);
Result<Relocation> relocate(
    Connection &db, ChunkIndex &chunks, RevisionRow revision, const PackSet &from, HitRules rules);

Result<> noteLeaves(Connection &db, RevisionRow revision, std::span<const ChunkPlace> leaves);

} // namespace mf
