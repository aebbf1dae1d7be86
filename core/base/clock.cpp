// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"

#include "core/base/awaitables.h"

namespace mf {

QDateTime SystemClock::now() const { return QDateTime::currentDateTimeUtc(); }

Clock::Duration SystemClock::elapsed() const
{
    return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch());
}

Task<void> SystemClock::sleep(Duration interval) { co_await delay(interval); }

} // namespace mf
