// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Meeting points of tasks: Event, Gate (ordered turns), Budget (a counted
// resource), Channel (a bounded queue). All on the event loop's thread; whoever
// waits is resumed from the event loop, in the order of waiting; a waiter whose
// task is cancelled leaves the queue by itself.

#include "core/base/wakeup.h"

#include <QtGlobal>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

namespace mf {

// Something that happens once. Any number of tasks may wait for it.
class Event
{
public:
    void set()
    {
        m_set = true;
        for (auto *waiter : std::exchange(m_waiters, {}))
            waiter->fire();
    }
    bool isSet() const { return m_set; }

    class Awaiter
    {
    public:
        explicit Awaiter(Event &event)
            : m_event(event)
        {
        }
        ~Awaiter() { std::erase(m_event.m_waiters, &m_wakeup); }
        Awaiter(const Awaiter &) = delete;
        Awaiter &operator=(const Awaiter &) = delete;
        bool await_ready() const { return m_event.m_set; }
        template <typename P> void await_suspend(std::coroutine_handle<P> frame)
        {
            m_wakeup.arm(frame);
            m_event.m_waiters.push_back(&m_wakeup);
        }
        void await_resume() const { }

    private:
        Event &m_event;
        detail::Wakeup m_wakeup;
    };
    Awaiter operator co_await() { return Awaiter(*this); }

private:
    bool m_set = false;
    std::vector<detail::Wakeup *> m_waiters;
};

// Lets tasks pass in the order of their numbers: 0, 1, 2, …
//
//     co_await gate.turn(n);
//     … only one at a time, in order …
//     gate.pass();
class Gate
{
public:
    class Awaiter
    {
    public:
        Awaiter(Gate &gate, std::size_t number)
            : m_gate(gate)
            , m_number(number)
        {
        }
        ~Awaiter() { std::erase(m_gate.m_waiters, this); }
        Awaiter(const Awaiter &) = delete;
        Awaiter &operator=(const Awaiter &) = delete;
        bool await_ready() const { return m_gate.m_next == m_number; }
        template <typename P> void await_suspend(std::coroutine_handle<P> frame)
        {
            m_wakeup.arm(frame);
            m_gate.m_waiters.push_back(this);
        }
        void await_resume() const { }

    private:
        friend class Gate;
        Gate &m_gate;
        std::size_t m_number;
        detail::Wakeup m_wakeup;
    };

    Awaiter turn(std::size_t number) { return Awaiter(*this, number); }
    // Ends the turn of the task that has it.
    void pass()
    {
        ++m_next;
        for (auto *waiter : m_waiters) {
            if (waiter->m_number == m_next)
                waiter->m_wakeup.fire();
        }
    }

private:
    std::size_t m_next = 0;
    std::vector<Awaiter *> m_waiters;
};

// A counted resource: bytes of buffers, connections. First come, first served,
// so that a large request is not starved by small ones.
//
//     auto lease = co_await budget.acquire(bytes);
//
// A request larger than the whole budget is granted when nothing else is out.
class Budget
{
public:
    explicit Budget(qint64 total)
        : m_total(total)
    {
    }
    Budget(const Budget &) = delete;
    Budget &operator=(const Budget &) = delete;

    // What was acquired; given back when destroyed. The Budget must live longer.
    class Lease
    {
    public:
        Lease() = default;
        Lease(Budget &budget, qint64 amount)
            : m_budget(&budget)
            , m_amount(amount)
        {
        }
        Lease(Lease &&other) noexcept
            : m_budget(std::exchange(other.m_budget, nullptr))
            , m_amount(std::exchange(other.m_amount, 0))
        {
        }
        Lease &operator=(Lease &&other) noexcept
        {
            if (this != &other) {
                release();
                m_budget = std::exchange(other.m_budget, nullptr);
                m_amount = std::exchange(other.m_amount, 0);
            }
            return *this;
        }
        ~Lease() { release(); }
        qint64 amount() const { return m_amount; }
        // Splits a part off, to be given back on its own. Precondition: part <= amount().
        Lease split(qint64 part)
        {
            m_amount -= part;
            return Lease(*m_budget, part);
        }
        void release()
        {
            if (m_budget)
                std::exchange(m_budget, nullptr)->giveBack(std::exchange(m_amount, 0));
        }

    private:
        Budget *m_budget = nullptr;
        qint64 m_amount = 0;
    };

    class Awaiter
    {
    public:
        Awaiter(Budget &budget, qint64 amount)
            : m_budget(budget)
            , m_amount(amount)
        {
        }
        ~Awaiter()
        {
            std::erase(m_budget.m_waiters, this);
            if (m_granted && !m_taken)
                m_budget.giveBack(m_amount);
        }
        Awaiter(const Awaiter &) = delete;
        Awaiter &operator=(const Awaiter &) = delete;
        bool await_ready()
        {
            m_granted = m_budget.m_waiters.empty() && m_budget.tryTake(m_amount);
            return m_granted;
        }
        template <typename P> void await_suspend(std::coroutine_handle<P> frame)
        {
            m_wakeup.arm(frame);
            m_budget.m_waiters.push_back(this);
        }
        Lease await_resume()
        {
            m_taken = true;
            return Lease(m_budget, m_amount);
        }

    private:
        friend class Budget;
        Budget &m_budget;
        qint64 m_amount;
        bool m_granted = false;
        bool m_taken = false;
        detail::Wakeup m_wakeup;
    };

    Awaiter acquire(qint64 amount) { return Awaiter(*this, amount); }
    qint64 total() const { return m_total; }
    qint64 inUse() const { return m_used; }
    qint64 peak() const { return m_peak; }

private:
    bool tryTake(qint64 amount)
    {
        if (m_used != 0 && m_used + amount > m_total)
            return false;
        m_used += amount;
        m_peak = std::max(m_peak, m_used);
        return true;
    }
    void giveBack(qint64 amount)
    {
        m_used -= amount;
        while (!m_waiters.empty() && tryTake(m_waiters.front()->m_amount)) {
            auto *waiter = m_waiters.front();
            m_waiters.erase(m_waiters.begin());
            waiter->m_granted = true;
            waiter->m_wakeup.fire();
        }
    }

    qint64 m_total;
    qint64 m_used = 0;
    qint64 m_peak = 0;
    std::vector<Awaiter *> m_waiters;
};

} // namespace mf
