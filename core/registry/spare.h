// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/connection.h"
#include "core/registry/registry.h"

#include <span>

namespace mf {

// Which fragments a pack can do without. Doomed fragments count as absent (storage.md section 5): of two computers
// that move a fragment to each other's places, one at least sees the other's doom.

Result<bool> maySpare(
    Connection &db, std::span<const FragmentKey> fragments, const DoomId &mine, std::span<const PackId> also);
// Whether everything that lies on the account can be done without. Nobody may know better where something lies: false
// if the log names a pack that this computer does not know.
Result<bool> maySpareAccount(Connection &db, const AccountId &account, std::span<const PackId> also);
Result<std::vector<FragmentKey>> surplusFragments(Connection &db, std::span<const PackId> also);
Result<bool> areWeakened(Connection &db, std::span<const PackRow> packs, int losses);

} // namespace mf
