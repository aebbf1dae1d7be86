// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSettings>

class QAction;
class QWidget;

namespace mf::ui {

class Actions;

// Adds "view.appearance", whose menu chooses between the system's colours, light, dark and high contrast. The choice
// is kept in memory, and one that is there already takes effect at once. memory and the actions outlive the window.
QAction *addAppearance(Actions &actions, QSettings &memory, QWidget *window);

} // namespace mf::ui
