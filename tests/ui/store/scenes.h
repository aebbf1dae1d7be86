// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/audit/scene.h"

namespace mf::ui {

// The dialogs of storing, downloading and protecting in each of their states, and the overlay of a drag.
std::vector<Scene> storeScenes();

} // namespace mf::ui
