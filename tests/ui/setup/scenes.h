// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/audit/scene.h"

namespace mf::ui {

std::vector<Scene> setupScenes();

} // namespace mf::ui
