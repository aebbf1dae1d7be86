// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Meeting points of tasks: Event, Gate (ordered turns), Budget (a counted
// resource), Channel (a bounded queue). All on the event loop's thread; whoever
// waits is resumed from the event loop, in the order of waiting; a waiter whose
// task is cancelled leaves the queue by itself, and what it was given goes to the
// next. A meeting point that is destroyed leaves its waiters waiting for ever.

#include "core/base/wait_list.h"

#include <QtGlobal>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <optional>

namespace mf {

// Something that happens once. Any number of tasks may wait for it.
class Event
{
public:
    void set()
    {
        m_set = true;
        while (auto *waiter = m_waiters.first())
            waiter->wake();
    }
    bool isSet() const { return m_set; }

    class Awaiter : public detail::Waiter
    {
    public:
        explicit Awaiter(Event &event)
            : m_event(event)
        {
        }
        bool await_ready() const { return m_event.m_set; }
        template <typename P> void await_suspend(std::coroutine_handle<P> frame) { wait(m_event.m_waiters, frame); }
        void await_resume() const { }

    private:
        Event &m_event;
    };
    Awaiter operator co_await() { return Awaiter(*this); }

private:
    bool m_set = false;
    detail::WaitList m_waiters;
};

// Lets tasks pass in the order of their numbers: 0, 1, 2, …
//
//     co_await gate.turn(n);
//     … only one at a time, in order …
//     gate.pass();
//
// Each number is taken once and must be passed, also by whoever fails: a turn that is
// never ended (or whose task is cancelled) holds up all later ones.
class Gate
{
public:
    class Awaiter : public detail::Waiter
    {
    public:
        Awaiter(Gate &gate, std::size_t number)
            : m_gate(gate)
            , m_number(number)
        {
        }
        bool await_ready() const { return m_gate.m_next == m_number; }
        template <typename P> void await_suspend(std::coroutine_handle<P> frame) { wait(m_gate.m_waiters, frame); }
        void await_resume() const { }

    private:
        friend class Gate;
        Gate &m_gate;
        std::size_t m_number;
    };

    Awaiter turn(std::size_t number) { return Awaiter(*this, number); }
    // Ends the turn of the task that has it.
    void pass()
    {
        ++m_next;
        auto *next = m_waiters.find([this](const Awaiter &waiter) { return waiter.m_number == m_next; });
        if (next)
            next->wake();
    }

private:
    std::size_t m_next = 0;
    detail::WaitListOf<Awaiter> m_waiters;
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

    // What was acquired; given back when destroyed. The Budget must live longer. Belongs to
    // the event loop's thread: never let a function on a pool own one.
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
            if (!m_budget)
                return Lease();
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

    class Awaiter : public detail::Waiter
    {
    public:
        Awaiter(Budget &budget, qint64 amount)
            : m_budget(budget)
            , m_amount(amount)
        {
        }
        ~Awaiter()
        {
            if (leave(m_budget.m_granted)) // cancelled between the grant and the task's turn to run
                m_budget.giveBack(m_amount);
            else if (leave(m_budget.m_waiters)) // cancelled: those behind may fit
                m_budget.grant();
        }
        bool await_ready() { return m_budget.m_waiters.isEmpty() && m_budget.tryTake(m_amount); }
        template <typename P> void await_suspend(std::coroutine_handle<P> frame) { wait(m_budget.m_waiters, frame); }
        Lease await_resume()
        {
            leave(m_budget.m_granted);
            return Lease(m_budget, m_amount);
        }

    private:
        friend class Budget;
        Budget &m_budget;
        qint64 m_amount;
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
        grant();
    }
    void grant()
    {
        while (auto *waiter = m_waiters.first()) {
            if (!tryTake(waiter->m_amount))
                return;
            waiter->wakeInto(m_granted);
        }
    }

    qint64 m_total;
    qint64 m_used = 0;
    qint64 m_peak = 0;
    detail::WaitListOf<Awaiter> m_waiters;
    detail::WaitListOf<Awaiter> m_granted; // the amount is theirs, they have not run yet
};

} // namespace mf
