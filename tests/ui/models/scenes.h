// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/audit/scene.h"

namespace mf::ui {

// The Models page in each of its states.
std::vector<Scene> modelsScenes();

} // namespace mf::ui
