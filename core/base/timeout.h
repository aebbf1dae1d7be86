// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/before.h"
#include "core/base/clock.h"

namespace mf {

// The task's value, or nothing if it takes longer than `limit`; it is cancelled then.
template <typename T> Task<std::optional<T>> within(Clock &clock, Clock::Duration limit, Task<T> task)
{
    return before(clock.sleep(limit), std::move(task));
}

} // namespace mf
