// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/all_of.h"
#include "core/base/channel.h"
#include "core/base/clock.h"

namespace mf {

namespace detail {
template <typename T> Task<void> intoChannel(Task<T> task, Channel<std::optional<T>> &out)
{
    std::optional<T> value;
    value.emplace(co_await task);
    out.push(std::move(value));
}
template <typename T> Task<void> timeIntoChannel(Clock &clock, Clock::Duration limit, Channel<std::optional<T>> &out)
{
    co_await clock.sleep(limit);
    out.push(std::nullopt);
}
} // namespace detail

// The task's value, or nothing if it takes longer than `limit`; it is cancelled then.
template <typename T> Task<std::optional<T>> within(Clock &clock, Clock::Duration limit, Task<T> task)
{
    Channel<std::optional<T>> first(2);
    TaskScope scope;
    scope.start(detail::intoChannel(std::move(task), first));
    scope.start(detail::timeIntoChannel(clock, limit, first));
    co_await first.ready();
    auto value = first.pop();
    co_return std::move(*value);
}

} // namespace mf
