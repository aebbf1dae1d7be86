// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"

#include <QEventLoop>
#include <QTimer>
#include <QtTest>

#include <optional>

namespace mf {

// Runs a task to its end on the test's event loop and returns its value; fails the test (and
// aborts) after the time. Sleeps while nothing happens. For tests only: core never waits like this.
template <typename T> T runTask(Task<T> task, std::chrono::milliseconds limit = std::chrono::minutes(2))
{
    std::optional<T> value;
    QEventLoop loop;
    struct Body {
        static Task<void> run(Task<T> t, std::optional<T> &out, QEventLoop &waiting)
        {
            out.emplace(co_await t);
            waiting.quit();
        }
    };
    TaskScope scope;
    scope.start(Body::run(std::move(task), value, loop));
    if (!value) {
        QTimer deadline;
        deadline.setSingleShot(true);
        QObject::connect(&deadline, &QTimer::timeout, &loop, &QEventLoop::quit);
        deadline.start(limit);
        loop.exec();
    }
    if (!value)
        qFatal("runTask: the task did not end in time");
    return std::move(*value);
}

} // namespace mf
