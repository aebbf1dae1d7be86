// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace mf {

// From here on the threads of new pools give way to other threads where cores are scarce. For a process with a window,
// whose event loop must not wait behind the workers' time slices.
void letWorkersGiveWay();

// Of the thread that calls it, if it was asked for: every thread of a pool does at its start.
void giveWayAsWorker();

} // namespace mf
