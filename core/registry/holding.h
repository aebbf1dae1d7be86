// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/connection.h"
#include "core/registry/records.h"

#include <span>

namespace mf {

// What lies in the holding folder of this computer; see Registry. Each runs inside a transaction of the caller.
Result<> noteHeld(Connection &db, PackRow pack, qint64 bytes);
Result<bool> isHeld(Connection &db, PackRow pack);
Result<std::vector<HeldPack>> heldPacks(Connection &db);
Result<> releaseHeld(Connection &db, std::span<const PackRow> packs);
Result<> setHeldFor(Connection &db, RevisionRow revision, std::span<const AccountId> accounts);
Result<std::vector<AccountId>> heldFor(Connection &db, RevisionRow revision);
Result<std::vector<ObjectHash>> indexesOf(Connection &db, RevisionRow revision);

} // namespace mf
