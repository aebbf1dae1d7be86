// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <vector>

namespace mf {

// How long an event has to wait until the event loop comes to it, as if one came at every instant: a timer runs in the
// loop, and what it is late by is what an event would have waited. A stall counts for as long as it lasts.
class LagProbe final : public QObject
{
public:
    LagProbe();
    void start(); // forgets what was
    void stop();

    struct Lag {
        double median = 0; // ms
        double p99 = 0;
        double worst = 0;
    };
    Lag waited() const { return lagOf(m_gaps); }
    // Of it, what this thread worked itself: what else runs on this computer does not count, nor does a disk.
    Lag worked() const { return lagOf(m_works); }
    std::size_t ticks() const { return m_gaps.size(); }
    QString words(const char *what) const; // "…: waited 0.6 / 3.1 / 9.9 ms (median, p99, worst), worked …"

private:
    void tick();
    Lag lagOf(const std::vector<double> &gaps) const;

    QTimer m_timer;
    QElapsedTimer m_clock;
    double m_workedBefore = 0;
    std::vector<double> m_gaps; // ms, between two ticks
    std::vector<double> m_works; // ms, of this thread
};

double memoryMb(); // resident, at most so far

} // namespace mf
