// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/event.h"
#include "core/base/task.h"
#include "tests/support/fake_clock.h"

#include <QString>

#include <functional>
#include <memory>
#include <vector>

namespace mf::simulation {

// Where the calls of all computers wait until a test says whose turn it is: every order of their reads and writes
// can be tried.
class Turnstile
{
public:
    // Comes back when it is this call's turn. A call that is cancelled does not wait any more.
    Task<void> pass(QString what);

    std::size_t waiting() const { return m_waiting.size(); }
    const QString &what(std::size_t i) const { return m_waiting[i]->what; }
    void letGo(std::size_t i);

private:
    struct Call {
        QString what;
        Event turn;
    };
    std::vector<std::shared_ptr<Call>> m_waiting; // in the order of their names: the same in each run
};

// Which of those that wait is next.
using Chooser = std::function<std::size_t(const Turnstile &)>;

// Runs several activities at once to their ends, one call at a time; time goes on when all wait for it. Returns what
// was done, in order.
QStringList runInterleaved(
    Turnstile &turnstile, FakeClock &clock, std::vector<Task<void>> activities, const Chooser &choose);

} // namespace mf::simulation
