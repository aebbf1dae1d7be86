// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// How a leaf awaitable comes back to the event loop. Only core/base uses this.

#include "core/base/task.h"

#include <QObject>

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
extern "C" void AnnotateIgnoreWritesBegin(const char *file, int line);
extern "C" void AnnotateIgnoreWritesEnd(const char *file, int line);
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

// While one lives, what this thread writes is not looked at: Qt's inline code makes the object
// that carries a call across, and reads it over there before tsanAcquire can be reached.
struct TsanIgnoreWrites {
#ifdef MF_TSAN
    TsanIgnoreWrites() { AnnotateIgnoreWritesBegin(__FILE__, __LINE__); }
    ~TsanIgnoreWrites() { AnnotateIgnoreWritesEnd(__FILE__, __LINE__); }
    TsanIgnoreWrites(const TsanIgnoreWrites &) = delete;
    TsanIgnoreWrites &operator=(const TsanIgnoreWrites &) = delete;
#endif
};

// Resumes the awaiting task from the event loop; forgets it when destroyed.
class Wakeup
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
        tsanRelease(this);
        [[maybe_unused]] const TsanIgnoreWrites ignore{};
        QMetaObject::invokeMethod(
            &m_receiver,
            [this] {
                tsanAcquire(this);
                resume(m_frame, m_root);
            },
            Qt::QueuedConnection);
    }
    QObject *receiver() { return &m_receiver; }

private:
    QObject m_receiver; // its destruction drops pending calls and connections
    std::coroutine_handle<> m_frame;
    Root *m_root = nullptr;
};

} // namespace mf::detail
