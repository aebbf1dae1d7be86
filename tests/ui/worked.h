// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ctime>

namespace mf::ui {

// Milliseconds that this thread has worked itself: what else runs on this computer does not count.
inline double workedMs()
{
    timespec now {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

} // namespace mf::ui
