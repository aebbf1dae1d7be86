// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QtTest>

#include <optional>

namespace mf {

// Runs a task to its end on the test's event loop and returns its value; fails the test (and
// aborts) after the time. For tests only: core never waits like this.
template <typename T> T runTask(Task<T> task, std::chrono::milliseconds limit = std::chrono::minutes(2))
{
    std::optional<T> value;
    struct Body {
        static Task<void> run(Task<T> t, std::optional<T> &out) { out.emplace(co_await t); }
    };
    TaskScope scope;
    scope.start(Body::run(std::move(task), value));
    const QDeadlineTimer deadline(limit);
    while (!value && !deadline.hasExpired())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents | QEventLoop::AllEvents, 20);
    if (!value)
        qFatal("runTask: the task did not end in time");
    return std::move(*value);
}

} // namespace mf
