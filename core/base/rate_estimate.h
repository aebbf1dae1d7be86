// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"

#include <QString>

#include <chrono>
#include <deque>
#include <optional>

namespace mf {

// How fast something goes, and how long it will take, from what it says it has done.
//
// Time is passed in: milliseconds of a monotonic clock (Clock::elapsed). Call sample() about once a
// second, also when nothing moved; more often does no harm. The speed is an exponential average over
// about 15 s with a ramp at the start, so that it is right after 2 to 3 s. A paused interval is not a
// sample; one of more than 3 s without a call (the computer slept) neither, and starts the ramp anew.
class RateEstimate
{
public:
    using Time = Clock::Duration;

    // `done`: bytes so far, in total. What is done before the first call counts for nothing.
    void sample(Time now, qint64 done);
    // Until the next sample() nothing counts: paused, waiting, offline.
    void pause();

    // Bytes a second; 0 while nothing is known.
    double bytesPerSecond() const { return m_rate; }

    // Nothing unless it can be trusted: after 8 s of activity, when the average changed by less than
    // 30 % within 5 s, and when it is not absurd (a hundred times what the best speed so far promises).
    std::optional<std::chrono::seconds> timeLeft(qint64 remaining) const;

private:
    struct Point {
        Time when;
        double rate;
    };

    std::optional<Time> m_last; // of the last accepted sample; none: paused or not begun
    Time m_lastCall { 0 };
    qint64 m_done = 0;
    double m_rate = 0;
    double m_ramp = 1; // 1 at the start: the newest sample is all that counts; falls to 0
    Time m_active { 0 };
    double m_best = 0;
    std::deque<Point> m_history; // of the average, a little more than 5 s
};

// A time left in the words that are shown: they do not dance.
struct TimeLeft {
    enum class Form {
        Waiting, // "—": paused or waiting
        Estimating, // "Estimating…"
        UnderAMinute, // "less than a minute"
        Minutes, // "about 7 min"
        Hours, // "about 1 h 10 min", "about 5 h"
        Days, // "about 2 days"
        OverAWeek, // "more than a week"
    };
    Form form = Form::Estimating;
    int amount = 0; // minutes, hours or days
    int minutes = 0; // beside hours

    TimeLeft() = default;
    explicit TimeLeft(Form f, int a = 0, int m = 0)
        : form(f)
        , amount(a)
        , minutes(m)
    {
    }
    // Steps of 1 min below 10 min, 5 min below 2 h, 1 h below a day. No estimate: Estimating.
    static TimeLeft of(std::optional<std::chrono::seconds> estimate);

    friend bool operator==(const TimeLeft &, const TimeLeft &) = default;
};

// In English, as the command line shows it.
QString timeLeftText(const TimeLeft &time);

// Lets a wording through only when it has held for 3 s. Waiting shows at once, and ends at once.
class SteadyTimeLeft
{
public:
    const TimeLeft &update(RateEstimate::Time now, const TimeLeft &fresh);
    const TimeLeft &shown() const { return m_shown; }

private:
    TimeLeft m_shown;
    TimeLeft m_candidate;
    RateEstimate::Time m_since { 0 };
};

} // namespace mf
