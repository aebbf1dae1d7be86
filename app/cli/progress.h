// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/rate_estimate.h"
#include "core/distributor/engine.h"

#include <QJsonObject>
#include <QString>
#include <QTimer>

#include <functional>

namespace mf::cli {

// The words for a phase: of JSON ("storing"), and for people ("Storing").
QString phaseName(Progress::Phase phase);
QString phaseTitle(Progress::Phase phase);

// {"progress":{"task","phase","bytes","total","network","rate","eta"}}; rate in bytes a second,
// eta in seconds or null while it cannot be trusted.
QJsonObject progressJson(
    const QString &task, const Progress &progress, double rate, std::optional<std::chrono::seconds> eta);

// One line of at most `width` cells: bar, per cent, amounts, speed, time left; what does not fit is left out.
QString progressBar(const Progress &progress, double rate, const TimeLeft &left, int width);

// Shows progress: as a bar on a terminal (drawn at most 10 times a second), as JSON lines (at most 5 a
// second), or not at all. The last state is always shown.
class ProgressDisplay
{
public:
    enum class Mode { None, Bar, Json };

    // width: cells of the terminal now; asked at every drawing, since windows change.
    ProgressDisplay(Clock &clock, Mode mode, std::function<void(const QByteArray &)> write, std::function<int()> width);
    ~ProgressDisplay();
    ProgressDisplay(const ProgressDisplay &) = delete;
    ProgressDisplay &operator=(const ProgressDisplay &) = delete;

    // What follows is the progress of this task ("store"). Ends the one before.
    void begin(const QString &task);
    // As often as one likes.
    void update(const Progress &progress);
    // begin(), and a sink that calls update(); the display must outlive its last call.
    ProgressSink sink(const QString &task);
    // Shows the last state, takes the bar away and ends the task. Without any update: nothing.
    void finish();
    // Takes the bar away while something else is printed; the next drawing brings it back.
    void clear();
    // What the timer does five times a second, and tests by hand.
    void tick();

private:
    void sample();
    std::optional<std::chrono::seconds> timeLeft() const;
    void show();

    Clock &m_clock;
    Mode m_mode;
    std::function<void(const QByteArray &)> m_write;
    std::function<int()> m_width;
    QTimer m_timer;
    QString m_task;
    Progress m_latest;
    bool m_hasLatest = false;
    bool m_isDirty = false;
    bool m_isDrawn = false; // a bar stands on the terminal's line
    std::optional<Clock::Duration> m_lastShown;
    RateEstimate m_rate;
    SteadyTimeLeft m_left;
};

} // namespace mf::cli
