// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/audit/scene.h"

namespace mf::ui {

// The window as a whole with each of its pages, in every size that it may have, and its own dialogs.
std::vector<Scene> windowScenes();

} // namespace mf::ui
