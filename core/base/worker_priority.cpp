// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/worker_priority.h"

#include <atomic>

#ifdef __linux__
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace mf {
namespace {

std::atomic<bool> giveWay = false;

} // namespace

void letWorkersGiveWay() { giveWay = true; }

void giveWayAsWorker()
{
#ifdef __linux__
    // A third of the others' share; on Linux, niceness is a thread's own. Refused, all stays as it is.
    constexpr int kNice = 5;
    if (giveWay)
        setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), kNice);
#endif
}

} // namespace mf
