// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/event.h"

namespace mf {

// A bounded queue between tasks: a full one makes the writers wait
// (back-pressure), an empty one the readers.
//
//     co_await channel.room();       // until there is room
//     channel.push(item);
//     channel.close();               // nothing more will come
//
//     while (!channel.isAtEnd()) {
//         co_await channel.ready();  // until there is an item, or the end
//         while (auto item = channel.pop()) …
//     }
//
// Precondition of push: room() was awaited by the same task and no other task
// pushed since; with several writers, loop: while (channel.isFull()) co_await room().
// With several readers, another one may have been quicker: hence the outer loop.
template <typename T> class Channel
{
public:
    explicit Channel(std::size_t capacity)
        : m_capacity(std::max<std::size_t>(capacity, 1))
    {
    }
    Channel(const Channel &) = delete;
    Channel &operator=(const Channel &) = delete;

    class Awaiter : public detail::Waiter
    {
    public:
        Awaiter(Channel &channel, bool writer)
            : m_channel(channel)
            , m_writer(writer)
        {
        }
        ~Awaiter()
        {
            if (leave(m_channel.m_woken)) // cancelled before it ran: what it was woken for goes to the next
                m_channel.wakeOne(m_writer);
        }
        bool await_ready() const { return m_channel.isOpenFor(m_writer); }
        template <typename P> void await_suspend(std::coroutine_handle<P> frame)
        {
            wait(m_channel.waiters(m_writer), frame);
        }
        void await_resume() { leave(m_channel.m_woken); }

    private:
        Channel &m_channel;
        bool m_writer;
    };

    Awaiter room() { return Awaiter(*this, true); }
    Awaiter ready() { return Awaiter(*this, false); }

    bool isFull() const { return m_items.size() >= m_capacity; }
    bool isReady() const { return m_closed || !m_items.empty(); }
    std::size_t size() const { return m_items.size(); }

    void push(T item)
    {
        m_items.push_back(std::move(item));
        wakeOne(false);
    }
    // The oldest item; nothing when there is none now.
    std::optional<T> pop()
    {
        if (m_items.empty())
            return std::nullopt;
        std::optional<T> item(std::move(m_items.front()));
        m_items.pop_front();
        wakeOne(true);
        return item;
    }
    void close()
    {
        m_closed = true;
        while (auto *reader = m_readers.first())
            reader->wake();
    }
    // True when nothing is left and nothing will come.
    bool isAtEnd() const { return m_closed && m_items.empty(); }

private:
    bool isOpenFor(bool writer) const { return writer ? !isFull() : isReady(); }
    detail::WaitList &waiters(bool writer) { return writer ? m_writers : m_readers; }
    void wakeOne(bool writer)
    {
        auto *first = waiters(writer).first();
        if (first && isOpenFor(writer))
            first->wakeInto(m_woken);
    }

    std::size_t m_capacity;
    std::deque<T> m_items;
    bool m_closed = false;
    detail::WaitList m_readers;
    detail::WaitList m_writers;
    detail::WaitList m_woken; // of both kinds: woken, and have not run yet
};

} // namespace mf
