// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/lane.h"

#include <future>
#include <thread>

namespace mf {

Lane::Lane(Clock &clock, Pool &shared, int threads, Clock::Duration limit)
    : m_clock(clock)
    , m_shared(shared)
    , m_limit(limit)
    , m_pool(std::make_unique<Pool>(std::min(threads, shared.threads())))
    , m_threads(m_pool->threads())
{
}

Lane::~Lane()
{
    const bool isBusy = m_threads.inUse() > 0;
    const bool mayEndSoon = m_threads.inUse() > m_stuck;
    m_scope.cancelAll();
    if (!isBusy)
        return;
    // A thread that waits for the others, for ever if need be, and owns all that they touch.
    std::promise<void> ending;
    std::future<void> ended = ending.get_future();
    std::thread([pool = std::move(m_pool), ending = std::move(ending)]() mutable {
        pool.reset();
        ending.set_value();
    }).detach();
    if (mayEndSoon)
        submitTo(m_shared, [ended = std::move(ended)] { ended.wait_for(kFarewell); });
}

Task<Budget::Lease> Lane::freeThread()
{
    auto thread = co_await m_threads.acquire(1);
    co_return thread;
}

namespace {

Task<bool> isSet(Event &event)
{
    co_await event;
    co_return true;
}

} // namespace

Task<void> Lane::watch(std::shared_ptr<Call> call)
{
    auto waiting = within(m_clock, m_limit, isSet(call->over));
    co_await waiting;
    if (call->over.isSet())
        co_return;
    call->isStuck = true;
    if (++m_stuck == m_pool->threads())
        m_allStuck->set();
    call->over.set();
}

void Lane::cameBack(Call &call)
{
    if (call.isStuck && m_stuck-- == m_pool->threads())
        m_allStuck = std::make_shared<Event>();
    call.over.set();
}

} // namespace mf
