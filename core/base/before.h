// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/all_of.h"
#include "core/base/channel.h"

namespace mf {

namespace detail {
template <typename T> Task<void> valueIntoChannel(Task<T> task, Channel<std::optional<T>> &out)
{
    std::optional<T> value;
    value.emplace(co_await task);
    out.push(std::move(value));
}
template <typename T> Task<void> endIntoChannel(Task<void> end, Channel<std::optional<T>> &out)
{
    co_await end;
    out.push(std::nullopt);
}
} // namespace detail

// The task's value, or nothing if `end` is over first; the other one is cancelled then.
template <typename T> Task<std::optional<T>> before(Task<void> end, Task<T> task)
{
    Channel<std::optional<T>> first(2);
    TaskScope scope;
    scope.start(detail::valueIntoChannel(std::move(task), first));
    scope.start(detail::endIntoChannel(std::move(end), first));
    co_await first.ready();
    auto value = first.pop();
    co_return std::move(*value);
}

} // namespace mf
