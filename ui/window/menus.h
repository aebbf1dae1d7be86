// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QMenuBar;

namespace mf::ui {

class Actions;

// The menu bar, from the ids of the actions.
void fillMenuBar(QMenuBar &bar, const Actions &actions);

} // namespace mf::ui
