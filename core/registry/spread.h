// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/connection.h"
#include "core/registry/registry.h"

#include <span>

namespace mf {

// Where the fragments of a revision are and what it survives; see Registry.
Result<std::vector<Registry::SpreadEntry>> spreadOf(Connection &db, RevisionRow revision);
// Of each pack, in the order of their rows.
Result<std::vector<int>> sparesOf(Connection &db, RevisionRow revision, std::span<const AccountId> without);
Result<std::optional<int>> spareOf(Connection &db, RevisionRow revision, std::span<const AccountId> without);

} // namespace mf
