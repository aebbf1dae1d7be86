// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/task.h"

#include <algorithm>

namespace mf {
namespace {

// The outermost frame: owns the task it runs and stops at its end so that
// detail::resume() can clean up.
struct RootFrame {
    struct promise_type : detail::PromiseBase {
        RootFrame get_return_object() { return { std::coroutine_handle<promise_type>::from_promise(*this) }; }
        std::suspend_always final_suspend() noexcept { return {}; }
        void return_void() { }
    };
    std::coroutine_handle<promise_type> handle;
};

RootFrame run(Task<void> task) { co_await task; }

void discard(detail::Root *root)
{
    root->frame.destroy();
    delete root;
}

} // namespace

void detail::resume(std::coroutine_handle<> frame, Root *root)
{
    root->running = true;
    frame.resume();
    root->running = false;
    if (root->frame.done() && root->scope)
        root->scope->forget(root);
    if (root->frame.done() || root->cancelled)
        discard(root);
}

void TaskScope::start(Task<void> task)
{
    auto outer = run(std::move(task));
    auto *root = new detail::Root { this, outer.handle };
    outer.handle.promise().root = root;
    m_roots.push_back(root);
    detail::resume(outer.handle, root);
}

void TaskScope::cancelAll()
{
    for (auto *root : std::exchange(m_roots, {})) {
        root->scope = nullptr;
        root->cancelled = true;
        if (!root->running) // else discarded at its next suspension
            discard(root);
    }
}

void TaskScope::forget(detail::Root *root) { std::erase(m_roots, root); }

} // namespace mf
