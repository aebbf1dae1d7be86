// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/rate_estimate.h"

#include <algorithm>
#include <cmath>

namespace mf {

using namespace std::chrono_literals;

namespace {

constexpr RateEstimate::Time kInterval = 500ms; // shorter ones are gathered: two calls in a burst say nothing
constexpr RateEstimate::Time kGap = 3s;
constexpr double kAverageOver = 15; // seconds
constexpr double kRampPerSecond = 0.7; // what a second leaves of the ramp
constexpr RateEstimate::Time kTrustAfter = 8s;
constexpr RateEstimate::Time kSteadyFor = 5s;
constexpr double kSteadyWithin = 0.3;
constexpr double kAbsurd = 100;
constexpr RateEstimate::Time kWordingHolds = 3s;

} // namespace

void RateEstimate::sample(Time now, qint64 done)
{
    const bool slept = m_last && now - m_lastCall > kGap;
    m_lastCall = now;
    if (!m_last || slept || now < *m_last || done < m_done) {
        // What was known of the speed is shown until the ramp replaces it.
        m_last = now;
        m_done = done;
        m_ramp = 1;
        m_active = Time(0);
        m_history.clear();
        return;
    }
    const Time interval = now - *m_last;
    if (interval < kInterval)
        return;
    const double seconds = std::chrono::duration<double>(interval).count();
    const double keep = std::exp(-seconds / kAverageOver) * (1 - m_ramp);
    m_rate = keep * m_rate + (1 - keep) * (static_cast<double>(done - m_done) / seconds);
    m_ramp *= std::pow(kRampPerSecond, seconds);
    m_last = now;
    m_done = done;
    m_active += interval;
    if (m_active >= kTrustAfter)
        m_best = std::max(m_best, m_rate);
    m_history.push_back({ now, m_rate });
    while (m_history.size() > 1 && now - m_history[1].when >= kSteadyFor)
        m_history.pop_front();
}

void RateEstimate::pause() { m_last.reset(); }

std::optional<std::chrono::seconds> RateEstimate::timeLeft(qint64 remaining) const
{
    if (!m_last || m_active < kTrustAfter || m_history.empty() || m_rate < 1)
        return std::nullopt;
    const double before = m_history.front().rate;
    if (std::abs(m_rate - before) >= kSteadyWithin * before || m_rate * kAbsurd < m_best)
        return std::nullopt;
    const double seconds = std::ceil(static_cast<double>(std::max<qint64>(remaining, 0)) / m_rate);
    constexpr double kLongest = 1e9; // 30 years: the caller's arithmetic stays far from its limits
    return std::chrono::seconds(static_cast<std::int64_t>(std::min(seconds, kLongest)));
}

TimeLeft TimeLeft::of(std::optional<std::chrono::seconds> estimate)
{
    if (!estimate)
        return TimeLeft(Form::Estimating);
    const auto rounded = [&](std::chrono::seconds step) { return static_cast<int>((*estimate + step / 2) / step); };
    if (*estimate < 1min)
        return TimeLeft(Form::UnderAMinute);
    if (*estimate < 10min)
        return TimeLeft(Form::Minutes, rounded(1min));
    if (*estimate < 2h) {
        const int minutes = rounded(5min) * 5;
        return minutes < 60 ? TimeLeft(Form::Minutes, minutes) : TimeLeft(Form::Hours, minutes / 60, minutes % 60);
    }
    if (*estimate < 24h) {
        const int hours = rounded(1h);
        return hours < 24 ? TimeLeft(Form::Hours, hours) : TimeLeft(Form::Days, 1);
    }
    if (*estimate <= 24h * 7)
        return TimeLeft(Form::Days, rounded(24h));
    return TimeLeft(Form::OverAWeek);
}

QString timeLeftText(const TimeLeft &time)
{
    switch (time.form) {
    case TimeLeft::Form::Waiting:
        return QStringLiteral("—");
    case TimeLeft::Form::Estimating:
        return QStringLiteral("Estimating…");
    case TimeLeft::Form::UnderAMinute:
        return QStringLiteral("less than a minute");
    case TimeLeft::Form::Minutes:
        return QStringLiteral("about %1 min").arg(time.amount);
    case TimeLeft::Form::Hours:
        if (time.minutes == 0)
            return QStringLiteral("about %1 h").arg(time.amount);
        return QStringLiteral("about %1 h %2 min").arg(time.amount).arg(time.minutes);
    case TimeLeft::Form::Days:
        return time.amount == 1 ? QStringLiteral("about 1 day") : QStringLiteral("about %1 days").arg(time.amount);
    case TimeLeft::Form::OverAWeek:
        break;
    }
    return QStringLiteral("more than a week");
}

const TimeLeft &SteadyTimeLeft::update(RateEstimate::Time now, const TimeLeft &fresh)
{
    if (fresh != m_candidate) {
        m_candidate = fresh;
        m_since = now;
    }
    const bool waits = fresh.form == TimeLeft::Form::Waiting || m_shown.form == TimeLeft::Form::Waiting;
    if (waits || now - m_since >= kWordingHolds)
        m_shown = m_candidate;
    return m_shown;
}

} // namespace mf
