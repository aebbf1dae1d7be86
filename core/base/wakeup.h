// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// How a leaf awaitable comes back to the event loop. Only core/base uses this.

#include "core/base/task.h"

#include <QBasicTimer>
#include <QCoreApplication>
#include <QEvent>
#include <QObject>

#include <algorithm>
#include <chrono>
#include <limits>

#if defined(__SANITIZE_THREAD__)
#define MF_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define MF_TSAN 1
#endif
#endif

#ifdef MF_TSAN
extern "C" void __tsan_acquire(void *);
extern "C" void __tsan_release(void *);
#endif

namespace mf::detail {

// Qt's event queue orders the two threads, but the distribution's Qt is not
// instrumented; these two tell ThreadSanitizer what Qt guarantees.
inline void tsanRelease([[maybe_unused]] void *address)
{
#ifdef MF_TSAN
    __tsan_release(address);
#endif
}
inline void tsanAcquire([[maybe_unused]] void *address)
{
#ifdef MF_TSAN
    __tsan_acquire(address);
#endif
}

// Resumes the awaiting task from the event loop, once; forgets it when destroyed. Its destruction drops
// the pending call, the timer and the connections that were made to it.
class Wakeup final : public QObject
{
public:
    template <typename P> void arm(std::coroutine_handle<P> frame)
    {
        m_frame = frame;
        m_root = frame.promise().root;
    }
    // May be called from any thread, as long as the Wakeup lives meanwhile.
    void fire()
    {
        // Made before the release: what this thread wrote until here is what the other one may read.
        auto *call = new QEvent(QEvent::User);
        tsanRelease(this);
        QCoreApplication::postEvent(this, call);
    }
    // From the event loop's own thread. Never at once, and after 24 days at the latest.
    void fireAfter(std::chrono::milliseconds interval)
    {
        constexpr std::chrono::milliseconds kLongest(std::numeric_limits<int>::max());
        const auto bounded = std::clamp(interval, std::chrono::milliseconds::zero(), kLongest);
        m_timer.start(static_cast<int>(bounded.count()), Qt::PreciseTimer, this);
    }

protected:
    bool event(QEvent *event) override
    {
        if (event->type() == QEvent::Timer)
            m_timer.stop();
        else if (event->type() == QEvent::User)
            tsanAcquire(this);
        else
            return QObject::event(event);
        // A second call that was already queued finds nothing: the frame has moved on.
        if (const auto frame = std::exchange(m_frame, {}))
            resume(frame, m_root); // the task may destroy this
        return true;
    }

private:
    QBasicTimer m_timer;
    std::coroutine_handle<> m_frame;
    Root *m_root = nullptr;
};

} // namespace mf::detail
