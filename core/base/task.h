// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Task<T>: a lazily started coroutine with exactly one owner.
// TaskScope: the owner of started tasks; destroying the scope cancels them.
//
// Cancelling a task means destroying its frame. Every local in the frame is
// destroyed in the usual order, so a network reply held by a ReplyPtr is
// aborted, a file is closed and no line after the co_await runs. There is no
// other cancellation mechanism and none is needed.
//
// Everything here belongs to the thread that runs the event loop.

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

namespace mf {

template <typename T> class Task;
class TaskScope;

namespace detail {

// One task started by a TaskScope, and the state its frames share.
struct Root {
    TaskScope *scope = nullptr; // null once the scope is gone
    std::coroutine_handle<> frame;
    bool running = false; // a frame of this task is on the stack
    bool cancelled = false; // while running: discard at the next suspension, or when an awaited task ends
};

struct PromiseBase {
    std::coroutine_handle<> continuation; // who awaits us; null for a root
    Root *root = nullptr;

    std::suspend_always initial_suspend() noexcept { return {}; }
    void unhandled_exception() noexcept { std::terminate(); } // errors are values

    struct FinalAwaiter {
        bool await_ready() noexcept { return false; }
        template <typename P> std::coroutine_handle<> await_suspend(std::coroutine_handle<P> self) noexcept
        {
            const PromiseBase &promise = self.promise();
            if (!promise.continuation || promise.root->cancelled)
                return std::noop_coroutine();
            return promise.continuation;
        }
        void await_resume() noexcept { }
    };
    FinalAwaiter final_suspend() noexcept { return {}; }
};

template <typename T> struct Promise : PromiseBase {
    std::optional<T> value;
    Task<T> get_return_object();
    void return_value(T v) { value.emplace(std::move(v)); }
    T take() { return std::move(*value); }
};

template <> struct Promise<void> : PromiseBase {
    Task<void> get_return_object();
    void return_void() { }
    void take() { }
};

void resume(std::coroutine_handle<> frame, Root *root); // used by leaf awaitables

} // namespace detail

template <typename T = void> class [[nodiscard]] Task
{
public:
    using promise_type = detail::Promise<T>;

    explicit Task(std::coroutine_handle<promise_type> frame)
        : m_frame(frame)
    {
    }
    Task(Task &&other) noexcept
        : m_frame(std::exchange(other.m_frame, {}))
    {
    }
    Task &operator=(Task &&) = delete;
    ~Task()
    {
        if (m_frame)
            m_frame.destroy();
    }

    class Awaiter
    {
    public:
        explicit Awaiter(std::coroutine_handle<promise_type> frame)
            : m_frame(frame)
        {
        }
        bool await_ready() const noexcept { return false; }
        // Runs the child. Suspends the parent only if the child did not finish
        // at once, so a loop over such children does not deepen the stack.
        template <typename P> bool await_suspend(std::coroutine_handle<P> parent)
        {
            const detail::Root *root = m_frame.promise().root = parent.promise().root;
            m_frame.resume();
            if (m_frame.done())
                return root->cancelled; // no line after the co_await runs then
            m_frame.promise().continuation = parent;
            return true;
        }
        T await_resume() { return m_frame.promise().take(); }

    private:
        std::coroutine_handle<promise_type> m_frame;
    };
    Awaiter operator co_await() const noexcept { return Awaiter(m_frame); }

private:
    std::coroutine_handle<promise_type> m_frame;
};

template <typename T> Task<T> detail::Promise<T>::get_return_object()
{
    return Task<T>(std::coroutine_handle<Promise>::from_promise(*this));
}
inline Task<void> detail::Promise<void>::get_return_object()
{
    return Task<void>(std::coroutine_handle<Promise>::from_promise(*this));
}

// Owns the tasks it started. A member of whoever starts work; declare it last,
// so that the tasks end before what they touch.
class TaskScope
{
public:
    TaskScope() = default;
    ~TaskScope()
    {
        while (!m_roots.empty()) // what a destructor in a cancelled frame starts ends, too
            cancelAll();
    }
    TaskScope(const TaskScope &) = delete;
    TaskScope &operator=(const TaskScope &) = delete;

    // Runs the task at once, up to its first suspension.
    void start(Task<void> task);
    // Destroys the frames; a task that is running now ends at its next suspension, or when a task that it
    // awaits ends.
    void cancelAll();
    bool isIdle() const { return m_roots.empty(); }

private:
    friend void detail::resume(std::coroutine_handle<>, detail::Root *);
    void forget(detail::Root *root);
    std::vector<detail::Root *> m_roots;
};

} // namespace mf
