// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/before.h"

namespace mf {

namespace detail {
inline Task<void> happening(Event &event) { co_await event; }
} // namespace detail

// The task's value, or nothing if `stop` (which may be null) is set before it ends; it is cancelled then, or never
// begins. For work whose owner has something to put in order afterwards; everybody else cancels by destroying the task.
template <typename T> Task<std::optional<T>> unless(Event *stop, Task<T> task)
{
    Event never;
    Event &stopping = stop ? *stop : never;
    if (stopping.isSet())
        co_return std::nullopt;
    auto working = before(detail::happening(stopping), std::move(task));
    auto value = co_await working;
    co_return value;
}

} // namespace mf
