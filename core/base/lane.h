// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/event.h"
#include "core/base/pool.h"
#include "core/base/timeout.h"
#include "core/base/unless.h"

#include <memory>
#include <optional>
#include <type_traits>

namespace mf {

// A few threads for the blocking calls of one place that may stop answering: a disk, a network folder. Whatever hangs
// there holds up nobody else.
//
// A call that has not come back after the limit is given up: who waits for it gets nothing, and its thread is stuck
// until the call comes back, if ever. While all threads are stuck nothing is begun: who asks, and who already waits for
// a thread, gets nothing at once. What comes back late frees its thread, which then is of use again. So at most as many
// calls hang as there are threads; what they own is kept until they come back.
//
// Given up is not undone: a call that somebody gave up, or whose task was cancelled, may yet do what it was to do. One
// that was not begun never does it.
//
// Belongs to the event loop's thread, as its tasks do.
class Lane
{
public:
    // As many threads as `shared` has, at most that many. Where it has none each function runs at once, and none is
    // given up (see Pool). Both references outlive the lane.
    Lane(Clock &clock, Pool &shared, int threads, Clock::Duration limit);
    // Does not wait: threads that are at work end by themselves when their calls come back. For calls that are not
    // given up yet the end of the shared pool, and so of the program, waits for kFarewell.
    ~Lane();
    Lane(const Lane &) = delete;
    Lane &operator=(const Lane &) = delete;

    static constexpr std::chrono::seconds kFarewell { 5 };

    // What the function returns, or nothing: see above. As for onPool it must own all it touches.
    template <typename F> Task<std::optional<std::invoke_result_t<F>>> run(F function);

private:
    struct Call {
        Event over; // it came back, or was given up
        bool isStuck = false;
    };
    template <typename T> struct CallOf : Call {
        std::optional<T> value;
    };
    Task<Budget::Lease> freeThread();
    template <typename T, typename F>
    Task<void> perform(std::shared_ptr<CallOf<T>> call, F function, Budget::Lease thread);
    Task<void> watch(std::shared_ptr<Call> call);
    void cameBack(Call &call);

    Clock &m_clock;
    Pool &m_shared;
    Clock::Duration m_limit;
    std::unique_ptr<Pool> m_pool;
    Budget m_threads;
    int m_stuck = 0; // threads
    std::shared_ptr<Event> m_allStuck = std::make_shared<Event>(); // another one when that is over
    TaskScope m_scope; // not the callers': a call goes on when its caller is cancelled
};

template <typename F> Task<std::optional<std::invoke_result_t<F>>> Lane::run(F function)
{
    using T = std::invoke_result_t<F>;
    if (m_pool->threads() == 0) {
        std::optional<T> value(co_await onPool(*m_pool, function));
        co_return value;
    }
    const std::shared_ptr<Event> allStuck = m_allStuck;
    auto asking = unless(allStuck.get(), freeThread());
    auto thread = co_await asking;
    if (!thread)
        co_return std::nullopt;
    const auto call = std::make_shared<CallOf<T>>();
    m_scope.start(perform(call, std::move(function), std::move(*thread)));
    m_scope.start(watch(call));
    co_await call->over;
    co_return std::move(call->value);
}

template <typename T, typename F>
Task<void> Lane::perform(std::shared_ptr<CallOf<T>> call, F function, Budget::Lease thread)
{
    const Budget::Lease mine = std::move(thread);
    auto value = co_await onPool(*m_pool, function);
    call->value.emplace(std::move(value));
    cameBack(*call);
}

} // namespace mf
