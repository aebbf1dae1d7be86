// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Several tasks at once: allOf (a batch), eachOf (as many as there are), Running (one, awaited later).

#include "core/base/event.h"
#include "core/base/result.h"

namespace mf {

namespace detail {
template <typename T> struct Batch {
    std::vector<Task<T>> tasks;
    std::vector<std::optional<T>> results;
    std::size_t next = 0;
    std::size_t unfinished = 0;
    Event done;
};

template <typename T> Task<void> work(Batch<T> &batch)
{
    while (batch.next < batch.tasks.size()) {
        const std::size_t i = batch.next++;
        const Task<T> task = std::move(batch.tasks[i]); // its frame, and all that it owns, goes when it is done
        batch.results[i].emplace(co_await task);
        if (--batch.unfinished == 0)
            batch.done.set();
    }
}
} // namespace detail

// Runs the tasks, at most atOnce at a time, and returns their results in order.
// Cancelling the caller cancels them all: the scope below is a local.
template <typename T> Task<std::vector<T>> allOf(std::vector<Task<T>> tasks, std::size_t atOnce)
{
    detail::Batch<T> batch;
    batch.unfinished = tasks.size();
    batch.results.resize(tasks.size());
    batch.tasks = std::move(tasks);
    TaskScope workers;
    for (std::size_t i = 0; i < std::min(std::max<std::size_t>(atOnce, 1), batch.results.size()); ++i)
        workers.start(detail::work(batch));
    if (batch.unfinished)
        co_await batch.done;
    std::vector<T> values;
    values.reserve(batch.results.size());
    for (auto &result : batch.results)
        values.push_back(std::move(*result));
    co_return values;
}

namespace detail {
template <typename Make> struct Each {
    Make &make;
    std::size_t count;
    std::size_t next = 0;
    std::size_t workers = 0;
    Result<> result = {};
    Event done = {};
};

template <typename Make> Task<void> workOn(Each<Make> &each)
{
    while (each.next < each.count && each.result) {
        const std::size_t i = each.next++;
        const Result<> result = co_await each.make(i);
        if (!result && each.result)
            each.result = result.error();
    }
    if (--each.workers == 0)
        each.done.set();
}
} // namespace detail

// Runs make(0) … make(count - 1), each a Task<Result<>> that is made when its turn comes, at most atOnce at a time.
// After the first error, which is the result, none is begun; those under way come to their end. Cancelling the caller
// cancels them all. `make` outlives the task: a named function (see onPool).
template <typename Make> Task<Result<>> eachOf(std::size_t count, std::size_t atOnce, Make &make)
{
    detail::Each<Make> each { make, count };
    each.workers = std::min(std::max<std::size_t>(atOnce, 1), count);
    TaskScope scope;
    for (std::size_t left = each.workers; left > 0; --left)
        scope.start(detail::workOn(each));
    if (each.workers)
        co_await each.done;
    co_return std::move(each.result);
}

// A task that runs while its owner does something else. Destroying it cancels
// the task.
//
//     Running<int> sum(add(1, 2));
//     …
//     co_await sum.done();
//     use(sum.value());
template <typename T> class Running
{
public:
    explicit Running(Task<T> task) { m_scope.start(run(this, std::move(task))); }
    Running(const Running &) = delete;
    Running &operator=(const Running &) = delete;

    Event &done() { return m_done; }
    bool isDone() const { return m_done.isSet(); }
    // Precondition: isDone().
    T &value() { return *m_value; }

private:
    static Task<void> run(Running *self, Task<T> task)
    {
        self->m_value.emplace(co_await task);
        self->m_done.set();
    }

    std::optional<T> m_value;
    Event m_done;
    TaskScope m_scope;
};

} // namespace mf
