// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/rate_estimate.h"

#include <QtTest>

#include <cmath>
#include <functional>
#include <limits>

using namespace mf;
using namespace std::chrono_literals;
using Time = RateEstimate::Time;

namespace {

// Calls sample() every `step`, with the bytes that `speed(t)` gives.
struct Drive {
    RateEstimate estimate;
    Time now { 1000000 };
    double done = 0;

    void run(Time length, const std::function<double(Time)> &speed, Time step = 1000ms)
    {
        estimate.sample(now, std::llround(done));
        for (const Time end = now + length; now < end;) {
            now += step;
            done += speed(now) * std::chrono::duration<double>(step).count();
            estimate.sample(now, std::llround(done));
        }
    }
    void run(Time length, double speed, Time step = 1000ms)
    {
        run(length, [speed](Time) { return speed; }, step);
    }
};

bool near(double value, double expected, double within) { return std::abs(value - expected) <= within * expected; }

} // namespace

class TestRateEstimate : public QObject
{
    Q_OBJECT

private slots:
    void isRightAfterThreeSeconds_data()
    {
        QTest::addColumn<int>("step");
        QTest::newRow("called once a second") << 1000;
        QTest::newRow("called ten times a second") << 100;
        QTest::newRow("called every 2.9 s") << 2900;
    }
    void isRightAfterThreeSeconds()
    {
        QFETCH(int, step);
        Drive drive;
        QCOMPARE(drive.estimate.bytesPerSecond(), 0.0);
        drive.run(3s, 5e6, Time(step));
        QVERIFY(near(drive.estimate.bytesPerSecond(), 5e6, 0.01));
    }

    void aSlowStartIsForgottenSoon()
    {
        Drive drive;
        drive.run(1s, 1e5);
        drive.run(3s, 5e6);
        QVERIFY2(drive.estimate.bytesPerSecond() > 3e6, "the ramp lets the first seconds go");
    }

    void laterItMovesSlowly()
    {
        Drive drive;
        drive.run(60s, 1e6);
        drive.run(1s, 10e6);
        QVERIFY(drive.estimate.bytesPerSecond() < 1.7e6);
        drive.run(14s, 10e6); // 15 s: 1 - 1/e of the way
        QVERIFY(near(drive.estimate.bytesPerSecond(), 1e6 + 9e6 * (1 - std::exp(-1)), 0.03));
    }

    void aFirstCallCountsNothingThatWasThere()
    {
        Drive drive;
        drive.done = 7e9; // resumed
        drive.run(3s, 1e6);
        QVERIFY(near(drive.estimate.bytesPerSecond(), 1e6, 0.01));
    }

    void aPauseIsNotASample()
    {
        Drive drive;
        drive.run(30s, 4e6);
        drive.estimate.pause();
        drive.now += 1h;
        drive.done += 5e9; // found elsewhere meanwhile: not our speed
        drive.run(2s, 4e6);
        QVERIFY(near(drive.estimate.bytesPerSecond(), 4e6, 0.01));
    }

    void aSleepingComputerStartsTheRampAnew()
    {
        Drive drive;
        drive.run(60s, 4e6);
        drive.now += 8h;
        drive.run(3s, 1e6);
        QVERIFY(near(drive.estimate.bytesPerSecond(), 1e6, 0.05));
    }

    void aStallFallsAndRecovers()
    {
        Drive drive;
        drive.run(60s, 4e6);
        drive.run(45s, 0.0);
        QVERIFY(drive.estimate.bytesPerSecond() < 0.25e6);
        drive.run(45s, 4e6);
        QVERIFY(near(drive.estimate.bytesPerSecond(), 4e6, 0.07));
    }

    void strangeInputDoesNoHarm()
    {
        RateEstimate estimate;
        estimate.sample(10s, 100);
        estimate.sample(9s, 200); // time runs back
        estimate.sample(11s, 50); // bytes run back
        estimate.sample(11s, 60); // no time at all
        estimate.sample(12s, std::numeric_limits<qint64>::max());
        QVERIFY(std::isfinite(estimate.bytesPerSecond()));
        QVERIFY(estimate.bytesPerSecond() >= 0);
        QVERIFY(!estimate.timeLeft(1000));
    }

    void timeLeftIsShownWhenItCanBeTrusted_data()
    {
        using Story = std::function<void(Drive &)>;
        QTest::addColumn<Story>("story");
        QTest::addColumn<int>("seconds"); // for 100 MB; -1: not shown
        QTest::newRow("nothing began") << Story([](Drive &) { }) << -1;
        QTest::newRow("7 s of activity") << Story([](Drive &d) { d.run(7s, 1e6); }) << -1;
        QTest::newRow("8 s of activity") << Story([](Drive &d) { d.run(8s, 1e6); }) << 100;
        QTest::newRow("30 s of activity") << Story([](Drive &d) { d.run(30s, 2e6); }) << 50;
        QTest::newRow("the speed doubled just now") << Story([](Drive &d) {
            d.run(30s, 1e6);
            d.run(5s, 3e6);
        }) << -1;
        QTest::newRow("the speed changed a little") << Story([](Drive &d) {
            d.run(60s, 1e6);
            d.run(60s, 1.2e6);
        }) << 84;
        QTest::newRow("paused") << Story([](Drive &d) {
            d.run(30s, 1e6);
            d.estimate.pause();
        }) << -1;
        QTest::newRow("7 s after a pause") << Story([](Drive &d) {
            d.run(30s, 1e6);
            d.estimate.pause();
            d.run(7s, 1e6);
        }) << -1;
        QTest::newRow("8 s after a pause") << Story([](Drive &d) {
            d.run(30s, 1e6);
            d.estimate.pause();
            d.run(8s, 1e6);
        }) << 100;
        QTest::newRow("7 s after the computer slept") << Story([](Drive &d) {
            d.run(30s, 1e6);
            d.now += 1h;
            d.run(7s, 1e6);
        }) << -1;
        QTest::newRow("never a byte") << Story([](Drive &d) { d.run(60s, 0.0); }) << -1;
        QTest::newRow("a hundredth of what it was: absurd") << Story([](Drive &d) {
            d.run(30s, 1e6);
            d.run(300s, 9e3);
        }) << -1;
        QTest::newRow("a fiftieth of what it was") << Story([](Drive &d) {
            d.run(30s, 1e6);
            d.run(300s, 2e4);
        }) << 5000;
    }
    void timeLeftIsShownWhenItCanBeTrusted()
    {
        QFETCH(std::function<void(Drive &)>, story);
        QFETCH(int, seconds);
        Drive drive;
        story(drive);
        const auto left = drive.estimate.timeLeft(100'000'000);
        if (seconds < 0) {
            QVERIFY(!left);
            return;
        }
        QVERIFY(left.has_value());
        QVERIFY2(std::abs(left->count() - seconds) <= 1, qPrintable(QString::number(left->count())));
    }

    void timeLeftIsNeverASentinel()
    {
        Drive drive;
        drive.run(30s, 2.0);
        const auto left = drive.estimate.timeLeft(std::numeric_limits<qint64>::max());
        QVERIFY(left.has_value());
        QVERIFY(left->count() <= 1'000'000'000);
        QCOMPARE(drive.estimate.timeLeft(-5)->count(), std::int64_t(0));
    }

    void wording_data()
    {
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<QString>("text");
        const auto row = [](const char *name, std::chrono::seconds seconds, const char *text) {
            QTest::newRow(name) << qint64(seconds.count()) << QString::fromUtf8(text);
        };
        row("done", 0s, "less than a minute");
        row("59 s", 59s, "less than a minute");
        row("a minute", 60s, "about 1 min");
        row("89 s", 89s, "about 1 min");
        row("90 s", 90s, "about 2 min");
        row("7 min 10 s", 430s, "about 7 min");
        row("9 min 29 s", 569s, "about 9 min");
        row("9 min 59 s", 599s, "about 10 min");
        row("12 min 29 s", 749s, "about 10 min");
        row("12 min 30 s", 750s, "about 15 min");
        row("57 min", 57min, "about 55 min");
        row("58 min", 58min, "about 1 h");
        row("68 min", 68min, "about 1 h 10 min");
        row("1 h 55 min", 115min, "about 1 h 55 min");
        row("1 h 59 min", 119min, "about 2 h");
        row("2 h", 120min, "about 2 h");
        row("2 h 29 min", 149min, "about 2 h");
        row("2 h 30 min", 150min, "about 3 h");
        row("5 h 10 min", 310min, "about 5 h");
        row("23 h 40 min", 23h + 40min, "about 1 day");
        row("a day", 24h, "about 1 day");
        row("36 h", 36h, "about 2 days");
        row("a week", 7 * 24h, "about 7 days");
        row("over a week", 7 * 24h + 1s, "more than a week");
        row("years", 24h * 365 * 30, "more than a week");
    }
    void wording()
    {
        QFETCH(qint64, seconds);
        QFETCH(QString, text);
        QCOMPARE(timeLeftText(TimeLeft::of(std::chrono::seconds(seconds))), text);
    }

    void otherWordings()
    {
        QCOMPARE(timeLeftText(TimeLeft::of(std::nullopt)), QStringLiteral("Estimating…"));
        QCOMPARE(timeLeftText(TimeLeft(TimeLeft::Form::Waiting)), QStringLiteral("—"));
    }

    void aWordingShowsWhenItHeldForThreeSeconds()
    {
        const TimeLeft seven(TimeLeft::Form::Minutes, 7);
        const TimeLeft six(TimeLeft::Form::Minutes, 6);
        const TimeLeft waiting(TimeLeft::Form::Waiting);
        SteadyTimeLeft steady;
        QCOMPARE(steady.shown(), TimeLeft());
        QCOMPARE(steady.update(0s, seven), TimeLeft()); // "Estimating…" still
        QCOMPARE(steady.update(2s, seven), TimeLeft());
        QCOMPARE(steady.update(3s, seven), seven);
        // It flickers between two wordings: the first stays.
        for (int s = 4; s < 20; ++s)
            QCOMPARE(steady.update(std::chrono::seconds(s), s % 2 ? seven : six), seven);
        QCOMPARE(steady.update(20s, six), seven);
        QCOMPARE(steady.update(22900ms, six), seven);
        QCOMPARE(steady.update(23s, six), six);
        QCOMPARE(steady.update(24s, waiting), waiting);
        QCOMPARE(steady.update(25s, seven), seven);
    }
};

QTEST_GUILESS_MAIN(TestRateEstimate)
#include "test_rate_estimate.moc"
