// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/placement.h"
#include "ui/common/snapshots.h"

namespace mf {

// Where `storedBytes` would go, by the placement that a store uses. Nothing is hashed or read.
ui::StorePlan planStore(
    std::vector<PlacementAccount> places, std::optional<Protection> asked, qint64 bytes, qint64 storedBytes);

// What still fits, with the protection that a store has by default.
ui::RoomLeft roomFor(std::vector<PlacementAccount> places);

} // namespace mf
