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
//     co_await channel.ready();      // until there is an item, or the end
//     while (auto item = channel.pop()) …
//
// Precondition of push: room() was awaited by the same task and no other task
// pushed since; with several writers, loop: while (channel.isFull()) co_await room().
template <typename T> class Channel
{
public:
    explicit Channel(std::size_t capacity)
        : m_capacity(std::max<std::size_t>(capacity, 1))
    {
    }
    Channel(const Channel &) = delete;
    Channel &operator=(const Channel &) = delete;

    class Awaiter
    {
    public:
        Awaiter(Channel &channel, bool writer)
            : m_channel(channel)
            , m_writer(writer)
        {
        }
        ~Awaiter() { std::erase(m_channel.waiters(m_writer), &m_wakeup); }
        Awaiter(const Awaiter &) = delete;
        Awaiter &operator=(const Awaiter &) = delete;
        bool await_ready() const { return m_writer ? !m_channel.isFull() : m_channel.isReady(); }
        template <typename P> void await_suspend(std::coroutine_handle<P> frame)
        {
            m_wakeup.arm(frame);
            m_channel.waiters(m_writer).push_back(&m_wakeup);
        }
        void await_resume() const { }

    private:
        Channel &m_channel;
        bool m_writer;
        detail::Wakeup m_wakeup;
    };

    Awaiter room() { return Awaiter(*this, true); }
    Awaiter ready() { return Awaiter(*this, false); }

    bool isFull() const { return m_items.size() >= m_capacity; }
    bool isReady() const { return m_closed || !m_items.empty(); }
    std::size_t size() const { return m_items.size(); }

    void push(T item)
    {
        m_items.push_back(std::move(item));
        wakeOne(m_readers);
    }
    // The oldest item; nothing when there is none now.
    std::optional<T> pop()
    {
        if (m_items.empty())
            return std::nullopt;
        std::optional<T> item(std::move(m_items.front()));
        m_items.pop_front();
        wakeOne(m_writers);
        return item;
    }
    void close()
    {
        m_closed = true;
        for (auto *reader : std::exchange(m_readers, {}))
            reader->fire();
    }
    // True when nothing is left and nothing will come.
    bool isAtEnd() const { return m_closed && m_items.empty(); }

private:
    using Waiters = std::vector<detail::Wakeup *>;
    Waiters &waiters(bool writer) { return writer ? m_writers : m_readers; }
    static void wakeOne(Waiters &waiters)
    {
        if (waiters.empty())
            return;
        auto *first = waiters.front();
        waiters.erase(waiters.begin());
        first->fire();
    }

    std::size_t m_capacity;
    std::deque<T> m_items;
    bool m_closed = false;
    Waiters m_readers;
    Waiters m_writers;
};

} // namespace mf
