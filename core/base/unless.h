// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/channel.h"

namespace mf {

namespace detail {
template <typename T> Task<void> valueIntoChannel(Task<T> task, Channel<std::optional<T>> &out)
{
    std::optional<T> value;
    value.emplace(co_await task);
    out.push(std::move(value));
}
template <typename T> Task<void> eventIntoChannel(Event &event, Channel<std::optional<T>> &out)
{
    co_await event;
    out.push(std::nullopt);
}
} // namespace detail

// The task's value, or nothing if `stop` (which may be null) is set before it ends; it is cancelled then, or never
// begins. For work whose owner has something to put in order afterwards; everybody else cancels by destroying the task.
template <typename T> Task<std::optional<T>> unless(Event *stop, Task<T> task)
{
    Event never;
    Event &stopping = stop ? *stop : never;
    if (stopping.isSet())
        co_return std::nullopt;
    Channel<std::optional<T>> first(2);
    TaskScope scope;
    scope.start(detail::valueIntoChannel(std::move(task), first));
    scope.start(detail::eventIntoChannel(stopping, first));
    co_await first.ready();
    auto value = first.pop();
    co_return std::move(*value);
}

} // namespace mf
