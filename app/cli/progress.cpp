// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/progress.h"

#include "app/cli/layout.h"
#include "core/base/size_text.h"

#include <QJsonDocument>

#include <algorithm>
#include <cmath>

namespace mf::cli {

using namespace std::chrono_literals;

namespace {

constexpr Clock::Duration kBarInterval = 100ms;
constexpr Clock::Duration kJsonInterval = 200ms;
constexpr Clock::Duration kTick = 200ms;
const QByteArray kEraseLine = QByteArrayLiteral("\r\x1b[K");

// "1.57 of 2.54 GB": the unit once where both have the same.
QString amounts(qint64 bytes, qint64 total)
{
    const QString done = sizeText(bytes);
    const QString all = sizeText(total);
    const QString unit = all.section(u' ', 1);
    const bool same = done.section(u' ', 1) == unit;
    return QStringLiteral("%1 of %2").arg(same ? done.section(u' ', 0, 0) : done, all);
}

} // namespace

QString phaseName(Progress::Phase phase)
{
    switch (phase) {
    case Progress::Phase::Preparing:
        return QStringLiteral("preparing");
    case Progress::Phase::Reading:
        return QStringLiteral("reading");
    case Progress::Phase::Storing:
        return QStringLiteral("storing");
    case Progress::Phase::Confirming:
        return QStringLiteral("confirming");
    case Progress::Phase::Downloading:
        return QStringLiteral("downloading");
    case Progress::Phase::Verifying:
        return QStringLiteral("verifying");
    case Progress::Phase::Done:
        break;
    }
    return QStringLiteral("done");
}

QString phaseTitle(Progress::Phase phase)
{
    QString name = phaseName(phase);
    name[0] = name.at(0).toUpper();
    return name;
}

QJsonObject progressJson(
    const QString &task, const Progress &progress, double rate, std::optional<std::chrono::seconds> eta)
{
    const QJsonObject inner { { QStringLiteral("task"), task }, { QStringLiteral("phase"), phaseName(progress.phase) },
        { QStringLiteral("bytes"), progress.bytes }, { QStringLiteral("total"), progress.total },
        { QStringLiteral("network"), progress.network },
        { QStringLiteral("rate"), static_cast<qint64>(std::llround(rate)) },
        { QStringLiteral("eta"), eta ? QJsonValue(static_cast<qint64>(eta->count())) : QJsonValue(QJsonValue::Null) } };
    return QJsonObject { { QStringLiteral("progress"), inner } };
}

QString progressBar(const Progress &progress, double rate, const TimeLeft &left, int width)
{
    const QString head = phaseTitle(progress.phase);
    if (progress.total <= 0) {
        const QString line
            = progress.bytes > 0 ? QString(head + QStringLiteral("  ") + sizeText(progress.bytes)) : head;
        return elided(line, width);
    }
    const double part = std::clamp(static_cast<double>(progress.bytes) / static_cast<double>(progress.total), 0.0, 1.0);
    // 100 % is only for the end: 99.9 % is 99 %.
    const int percent = static_cast<int>(std::floor(part * 100));
    const QString number = QStringLiteral("%1 %").arg(percent, 3);

    // In the order in which a narrow terminal keeps them.
    QStringList tail { amounts(progress.bytes, progress.total) };
    if (progress.bytes < progress.total)
        tail << rateText(rate) << timeLeftText(left);
    const auto needed = [&] {
        int cells = displayWidth(head) + 2 + static_cast<int>(number.size());
        for (const QString &word : tail)
            cells += 2 + displayWidth(word);
        return cells;
    };
    constexpr int kLeastBar = 10;
    constexpr int kMostBar = 40;
    constexpr int kFrame = 3; // brackets and a space
    while (!tail.isEmpty() && needed() + kFrame + kLeastBar > width)
        tail.removeLast();
    QString line = head + QStringLiteral("  ");
    const int bar = std::min(kMostBar, width - needed() - kFrame);
    if (bar >= kLeastBar) {
        const int full = static_cast<int>(std::floor(part * bar));
        line += u'[' + QString(full, u'#') + QString(bar - full, u'-') + QStringLiteral("] ");
    }
    line += number;
    for (const QString &word : tail)
        line += QStringLiteral("  ") + word;
    return elided(line, width);
}

ProgressDisplay::ProgressDisplay(
    Clock &clock, Mode mode, std::function<void(const QByteArray &)> write, std::function<int()> width)
    : m_clock(clock)
    , m_mode(mode)
    , m_write(std::move(write))
    , m_width(std::move(width))
{
    m_timer.setInterval(kTick);
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { tick(); });
}

ProgressDisplay::~ProgressDisplay() { clear(); }

void ProgressDisplay::begin(const QString &task)
{
    finish();
    m_task = task;
}

ProgressSink ProgressDisplay::sink(const QString &task)
{
    begin(task);
    return [this](const Progress &progress) { update(progress); };
}

void ProgressDisplay::update(const Progress &progress)
{
    if (m_mode == Mode::None)
        return;
    if (!m_hasLatest)
        m_timer.start();
    m_latest = progress;
    m_hasLatest = true;
    m_isDirty = true;
    sample();
    const auto interval = m_mode == Mode::Bar ? kBarInterval : kJsonInterval;
    if (!m_lastShown || m_clock.elapsed() - *m_lastShown >= interval)
        show();
}

void ProgressDisplay::tick()
{
    if (!m_hasLatest)
        return;
    sample();
    // A bar is drawn again also when nothing came: its speed falls.
    const auto interval = m_mode == Mode::Bar ? kBarInterval : kJsonInterval;
    const bool isDue = !m_lastShown || m_clock.elapsed() - *m_lastShown >= interval;
    if (isDue && (m_isDirty || m_mode == Mode::Bar))
        show();
}

void ProgressDisplay::finish()
{
    m_timer.stop();
    if (m_hasLatest && m_isDirty && m_mode == Mode::Json)
        show();
    clear();
    m_hasLatest = false;
    m_latest = Progress();
    m_isDirty = false;
    m_lastShown.reset();
    m_rate = RateEstimate();
    m_left = SteadyTimeLeft();
}

void ProgressDisplay::clear()
{
    if (std::exchange(m_isDrawn, false))
        m_write(kEraseLine);
}

void ProgressDisplay::sample()
{
    m_rate.sample(m_clock.elapsed(), m_latest.bytes);
    m_left.update(m_clock.elapsed(), TimeLeft::of(timeLeft()));
}

std::optional<std::chrono::seconds> ProgressDisplay::timeLeft() const
{
    return m_latest.total > 0 ? m_rate.timeLeft(m_latest.total - m_latest.bytes) : std::nullopt;
}

void ProgressDisplay::show()
{
    m_isDirty = false;
    m_lastShown = m_clock.elapsed();
    const double rate = m_rate.bytesPerSecond();
    if (m_mode == Mode::Json) {
        const QJsonObject line = progressJson(m_task, m_latest, rate, timeLeft());
        m_write(QJsonDocument(line).toJson(QJsonDocument::Compact) + '\n');
        return;
    }
    // One cell stays free: a full line makes some terminals wrap.
    const int width = std::max(1, m_width() - 1);
    m_write(kEraseLine + progressBar(m_latest, rate, m_left.shown(), width).toUtf8());
    m_isDrawn = true;
}

} // namespace mf::cli
