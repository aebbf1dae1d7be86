// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/turnstile.h"

#include "core/base/pool.h"

#include <QAbstractEventDispatcher>
#include <QDeadlineTimer>
#include <QScopeGuard>

#include <algorithm>
#include <thread>

namespace mf::simulation {

Task<void> Turnstile::pass(QString what)
{
    auto call = std::make_shared<Call>();
    call->what = std::move(what);
    const auto place = std::upper_bound(
        m_waiting.begin(), m_waiting.end(), call, [](const auto &a, const auto &b) { return a->what < b->what; });
    m_waiting.insert(place, call);
    const auto leave = qScopeGuard([this, call] { std::erase(m_waiting, call); });
    co_await call->turn;
}

void Turnstile::letGo(std::size_t i)
{
    const auto call = m_waiting[i];
    m_waiting.erase(m_waiting.begin() + static_cast<std::ptrdiff_t>(i));
    call->turn.set();
}

namespace {

// Until nobody gets any further by himself: all calls that will come next are waiting.
void settle(const Turnstile &turnstile, FakeClock &clock, const int &running)
{
    const QDeadlineTimer deadline(std::chrono::minutes(1));
    QAbstractEventDispatcher *const events = QAbstractEventDispatcher::instance();
    while (running > 0) {
        if (deadline.hasExpired())
            qFatal("the activities neither end nor wait (%d sleep)", clock.sleepers());
        const bool isQuiet = Pool::underWay() == 0; // then what it has done is among the events
        if (events->processEvents(QEventLoop::AllEvents))
            continue;
        if (!isQuiet)
            std::this_thread::sleep_for(std::chrono::microseconds(20));
        else if (turnstile.waiting() > 0)
            return;
        else if (clock.sleepers() > 0)
            clock.advance(std::chrono::seconds(30));
    }
}

Task<void> counted(Task<void> activity, int &running)
{
    co_await activity;
    --running;
}

} // namespace

QStringList runInterleaved(
    Turnstile &turnstile, FakeClock &clock, std::vector<Task<void>> activities, const Chooser &choose)
{
    QStringList done;
    int running = static_cast<int>(activities.size());
    TaskScope scope;
    for (Task<void> &activity : activities)
        scope.start(counted(std::move(activity), running));
    for (;;) {
        settle(turnstile, clock, running);
        if (running == 0)
            return done;
        const std::size_t next = choose(turnstile);
        done.append(turnstile.what(next));
        turnstile.letGo(next);
    }
}

} // namespace mf::simulation
