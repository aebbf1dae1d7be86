// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/speed/lag_probe.h"

#include "tests/ui/worked.h"

#include <sys/resource.h>

#include <algorithm>
#include <numeric>

namespace mf {
namespace {

constexpr int kEvery = 1; // ms
constexpr double kMs = 1e6; // ns
constexpr double kKibPerMb = 1e6 / 1024;

// That part of the events waits for longer than it, if one comes at every instant of `all`.
double exceededBy(const std::vector<double> &gaps, double all, double part)
{
    double low = 0;
    double high = gaps.empty() ? 0 : *std::max_element(gaps.begin(), gaps.end());
    constexpr int kSteps = 50;
    for (int i = 0; i < kSteps; ++i) {
        const double wait = (low + high) / 2;
        const double longer = std::accumulate(
            gaps.begin(), gaps.end(), 0.0, [wait](double sum, double gap) { return sum + std::max(0.0, gap - wait); });
        (longer > part * all ? low : high) = wait;
    }
    return high;
}

} // namespace

double memoryMb()
{
    rusage usage {};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / kKibPerMb;
}

LagProbe::LagProbe()
{
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(kEvery);
    connect(&m_timer, &QTimer::timeout, this, &LagProbe::tick);
}

void LagProbe::start()
{
    m_gaps.clear();
    m_works.clear();
    m_workedBefore = ui::workedMs();
    m_clock.start();
    m_timer.start();
}

void LagProbe::stop()
{
    m_timer.stop();
    tick(); // also what goes on now
}

void LagProbe::tick()
{
    m_gaps.push_back(static_cast<double>(m_clock.nsecsElapsed()) / kMs);
    m_clock.start();
    const double worked = ui::workedMs();
    m_works.push_back(worked - std::exchange(m_workedBefore, worked));
}

LagProbe::Lag LagProbe::lagOf(const std::vector<double> &gaps) const
{
    const double all = std::accumulate(m_gaps.begin(), m_gaps.end(), 0.0);
    Lag lag;
    lag.median = exceededBy(gaps, all, 0.5);
    lag.p99 = exceededBy(gaps, all, 0.01);
    lag.worst = gaps.empty() ? 0 : *std::max_element(gaps.begin(), gaps.end());
    return lag;
}

QString LagProbe::words(const char *what) const
{
    const auto lag = [](const Lag &one) {
        return QStringLiteral("%1 / %2 / %3")
            .arg(one.median, 0, 'f', 1)
            .arg(one.p99, 0, 'f', 1)
            .arg(one.worst, 0, 'f', 1);
    };
    return QStringLiteral("%1: waited %2 ms (median, p99, worst), worked %3 ms; %4 ticks")
        .arg(QString::fromUtf8(what), lag(waited()), lag(worked()))
        .arg(ticks());
}

} // namespace mf
