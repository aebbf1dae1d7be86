// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/audit/scene.h"

namespace mf::ui {

// The scenes of all folders that this program was built with.
std::vector<Scene> allScenes();

} // namespace mf::ui
