// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_clock.h"

namespace mf {

Task<void> FakeClock::sleep(Duration interval)
{
    m_slept += interval;
    if (m_automatic) {
        m_elapsed += interval;
        m_now = m_now.addMSecs(interval.count());
        co_return;
    }
    struct Registered { // leaves the list also when the task is cancelled
        std::vector<Sleeper *> &list;
        Sleeper sleeper;
        Registered(std::vector<Sleeper *> &l, Duration until) : list(l), sleeper(until) { list.push_back(&sleeper); }
        ~Registered() { std::erase(list, &sleeper); }
    };
    Registered me(m_sleepers, m_elapsed + interval);
    co_await me.sleeper.awake;
}

void FakeClock::advance(Duration interval)
{
    m_elapsed += interval;
    m_now = m_now.addMSecs(interval.count());
    const auto sleepers = m_sleepers;
    for (auto *sleeper : sleepers) {
        if (sleeper->until <= m_elapsed)
            sleeper->awake.set();
    }
}

} // namespace mf
