// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/wakeup.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <vector>

namespace mf {

// Threads that run pure functions, first come first served. With no threads each function runs at once where it is
// submitted, and only its result comes from the event loop: for tests in which the same must happen each time.
//
// Not QThreadPool: under ThreadSanitizer that gives dozens of reports on
// race-free code. A pool of one thread is a serial worker (the registry's).
// Reached only by `co_await onPool(pool, function)`, and by submitTo() for what nobody waits for.
class Pool
{
public:
    // A piece of work; its destructor runs on the thread that ran it.
    class Work
    {
    public:
        virtual ~Work() = default;
        virtual void run() = 0;
    };

    explicit Pool(int threads); // >= 0
    ~Pool(); // runs what was submitted, then joins
    Pool(const Pool &) = delete;
    Pool &operator=(const Pool &) = delete;

    void submit(std::unique_ptr<Work> work); // from any thread
    // Work of all pools that was submitted and has not come to its end: for tests that wait until nothing goes on.
    static int underWay() { return s_underWay.load(); }
    int threads() const { return static_cast<int>(m_threads.size()); }

    // One thread per core.
    static int cores();

private:
    void loop();

    std::mutex m_mutex;
    std::condition_variable m_some;
    std::deque<std::unique_ptr<Work>> m_queue;
    bool m_stop = false;
    std::vector<std::thread> m_threads;
    static inline std::atomic<int> s_underWay = 0;
};

// Runs the function on a thread of the pool; the pool's end waits for it, nobody else does.
template <typename F> void submitTo(Pool &pool, F function)
{
    class Job final : public Pool::Work
    {
    public:
        explicit Job(F f)
            : m_function(std::move(f))
        {
        }
        void run() override { m_function(); }

    private:
        F m_function;
    };
    pool.submit(std::make_unique<Job>(std::move(function)));
}

// co_await onPool(pool, function): runs function on a thread of the pool and
// returns its result. The function is moved from (a const one is copied) and must
// own all it touches: a cancelled task does not wait for it, its result is dropped.
// What the function owns is gone when the task goes on, and is destroyed on the
// pool's thread: nothing that belongs to the event loop (a Lease, a QObject).
//
// Takes a named function only: GCC 12 destroys a temporary lambda with captures
// twice when it stands in the same expression as co_await.
template <typename F> class onPool
{
    using T = std::invoke_result_t<F>;
    struct Shared {
        std::mutex mutex;
        detail::Wakeup *wakeup = nullptr; // null when nobody waits any more
        std::optional<T> result;
    };
    class Call final : public Pool::Work
    {
    public:
        Call(std::shared_ptr<Shared> shared, F function)
            : m_shared(std::move(shared))
            , m_function(std::move(function))
        {
        }
        void run() override
        {
            auto result = (*m_function)();
            m_function.reset();
            const std::lock_guard lock(m_shared->mutex);
            m_shared->result.emplace(std::move(result));
            if (m_shared->wakeup)
                m_shared->wakeup->fire();
        }

    private:
        std::shared_ptr<Shared> m_shared;
        std::optional<F> m_function;
    };

public:
    onPool(Pool &pool, F &function)
        : m_pool(pool)
        , m_function(std::move(function))
    {
    }
    onPool(Pool &pool, F &&function) = delete;
    ~onPool()
    {
        const std::lock_guard lock(m_shared->mutex);
        m_shared->wakeup = nullptr;
    }
    onPool(const onPool &) = delete;
    onPool &operator=(const onPool &) = delete;

    bool await_ready() const { return false; }
    template <typename P> void await_suspend(std::coroutine_handle<P> frame)
    {
        m_wakeup.arm(frame);
        {
            const std::lock_guard lock(m_shared->mutex);
            m_shared->wakeup = &m_wakeup;
        }
        m_pool.submit(std::make_unique<Call>(m_shared, std::move(m_function)));
    }
    T await_resume() { return std::move(*m_shared->result); }

private:
    Pool &m_pool;
    F m_function;
    std::shared_ptr<Shared> m_shared = std::make_shared<Shared>();
    detail::Wakeup m_wakeup;
};

} // namespace mf
