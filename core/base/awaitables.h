// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Leaf awaitables over Qt: where a task meets a timer or a signal.

#include "core/base/wakeup.h"

namespace mf {

// co_await delay(200ms); always goes through the event loop.
// Code that must be testable with a fake clock awaits Clock::sleep instead.
class delay
{
public:
    explicit delay(std::chrono::milliseconds interval)
        : m_interval(interval)
    {
    }
    bool await_ready() const { return false; }
    template <typename P> void await_suspend(std::coroutine_handle<P> frame)
    {
        m_wakeup.arm(frame);
        m_wakeup.fireAfter(m_interval);
    }
    void await_resume() const { }

private:
    std::chrono::milliseconds m_interval;
    detail::Wakeup m_wakeup;
};

// co_await finished(*sender); for anything with `bool isFinished() const` and a
// signal `finished()`: QNetworkReply, QProcess-like objects of ours.
template <typename Sender> class finished
{
public:
    explicit finished(Sender &sender)
        : m_sender(sender)
    {
    }
    bool await_ready() const { return m_sender.isFinished(); }
    template <typename P> void await_suspend(std::coroutine_handle<P> frame)
    {
        m_wakeup.arm(frame);
        QObject::connect(&m_sender, &Sender::finished, &m_wakeup, [this] { m_wakeup.fire(); });
    }
    void await_resume() const { }

private:
    Sender &m_sender;
    detail::Wakeup m_wakeup;
};

} // namespace mf
