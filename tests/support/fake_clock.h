// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/event.h"

#include <memory>

namespace mf {

// Time that moves only when a test says so.
class FakeClock final : public Clock
{
public:
    QDateTime now() const override { return m_now; }
    Duration elapsed() const override { return m_elapsed; }
    Task<void> sleep(Duration interval) override;

    // Moves both clocks and wakes the sleepers whose time has come.
    void advance(Duration interval);
    // The wall clock alone jumps.
    void jump(Duration interval) { m_now = m_now.addMSecs(interval.count()); }
    // Advances by itself to the next sleeper whenever somebody sleeps: for tests that wait a lot.
    void setAutomatic(bool on) { m_automatic = on; }
    int sleepers() const { return static_cast<int>(m_sleepers.size()); }
    Duration slept() const { return m_slept; } // sum of all sleeps asked for

private:
    struct Sleeper {
        Duration until;
        Event awake;
        explicit Sleeper(Duration u) : until(u) { }
    };
    QDateTime m_now = QDateTime(QDate(2026, 1, 1), QTime(0, 0), Qt::UTC);
    Duration m_elapsed{0};
    Duration m_slept{0};
    bool m_automatic = false;
    std::vector<Sleeper *> m_sleepers;
};

} // namespace mf
