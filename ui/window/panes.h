// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

class QWidget;

namespace mf::ui {

// The focus goes to the first in it that Tab would come to; false: there is none.
bool focusInto(QWidget *pane);
// From the pane that has the focus to the next (step 1) or the one before (-1) that can have it, round and round.
void focusNextPane(const std::vector<QWidget *> &panes, int step);

} // namespace mf::ui
