// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The queue of tasks at a meeting point. Only core/base uses this.

#include "core/base/wakeup.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace mf::detail {

class Waiter;

// Waiters in the order of waiting. Either side may be destroyed first.
class WaitList
{
public:
    WaitList() = default;
    ~WaitList();
    WaitList(const WaitList &) = delete;
    WaitList &operator=(const WaitList &) = delete;
    bool isEmpty() const { return m_waiters.empty(); }
    Waiter *first() const { return m_waiters.empty() ? nullptr : m_waiters.front(); }

protected:
    friend class Waiter;
    std::vector<Waiter *> m_waiters;
};

// The base of a meeting point's awaiter: in at most one list at a time.
class Waiter
{
public:
    Waiter(const Waiter &) = delete;
    Waiter &operator=(const Waiter &) = delete;

    // Resumes the task from the event loop.
    void wake()
    {
        enter(nullptr);
        m_wakeup.fire();
    }
    // Likewise; until the task runs, the waiter is in that list.
    void wakeInto(WaitList &list)
    {
        enter(&list);
        m_wakeup.fire();
    }

protected:
    Waiter() = default;
    ~Waiter() { enter(nullptr); }
    template <typename P> void wait(WaitList &list, std::coroutine_handle<P> frame)
    {
        m_wakeup.arm(frame);
        enter(&list);
    }
    // True if it was in this list. The address is only compared: the list may be gone.
    bool leave(const WaitList &list)
    {
        if (m_list != &list)
            return false;
        enter(nullptr);
        return true;
    }

private:
    friend class WaitList;
    void enter(WaitList *list)
    {
        if (m_list)
            std::erase(m_list->m_waiters, this);
        m_list = list;
        if (m_list)
            m_list->m_waiters.push_back(this);
    }

    WaitList *m_list = nullptr;
    Wakeup m_wakeup;
};

inline WaitList::~WaitList()
{
    for (auto *waiter : m_waiters)
        waiter->m_list = nullptr;
}

// A list of waiters of one class.
template <typename Awaiter> class WaitListOf final : public WaitList
{
public:
    Awaiter *first() const { return static_cast<Awaiter *>(WaitList::first()); }
    // The first for which the predicate holds, or null.
    template <typename Predicate> Awaiter *find(Predicate predicate) const
    {
        for (auto *waiter : m_waiters) {
            if (auto *awaiter = static_cast<Awaiter *>(waiter); predicate(*awaiter))
                return awaiter;
        }
        return nullptr;
    }
};

} // namespace mf::detail
