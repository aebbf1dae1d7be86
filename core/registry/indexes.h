// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/connection.h"
#include "core/registry/registry.h"

#include <span>

namespace mf {

// Index objects that others replace; see Registry.
Result<std::vector<Registry::IndexInUse>> indexesInUse(Connection &db);
Result<> noteSuperseded(Connection &db, std::span<const ObjectHash> indexes, const ObjectHash &by);
// Packs that a superseded one indexes are indexed by the newer one.
Result<> followSuperseded(Connection &db);
Result<std::vector<std::optional<ObjectHash>>> supersededBy(Connection &db, std::span<const ObjectHash> indexes);

} // namespace mf
