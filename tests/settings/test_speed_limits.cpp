// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/settings/speed_limits.h"

#include <QtTest>

using namespace mf;

class TestSpeedLimits : public QObject
{
    Q_OBJECT

    static SpeedLimits limitsOf(const QStringList &settings)
    {
        SpeedLimits limits;
        for (const QString &setting : settings) {
            const auto set = limits.set(setting.section(u'=', 0, 0), setting.section(u'=', 1));
            if (!set)
                qFatal("%s", qPrintable(set.error().message));
        }
        return limits;
    }

private slots:
    void theScheduleDecides_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<QString>("days");
        QTest::addColumn<QString>("when"); // 2026-01-02 is a Friday
        QTest::addColumn<bool>("alternative");
        const auto row
            = [](const char *name, const char *from, const char *to, const char *days, const char *when, bool is) {
                  QTest::newRow(name) << QString::fromLatin1(from) << QString::fromLatin1(to)
                                      << QString::fromLatin1(days) << QString::fromLatin1(when) << is;
              };
        row("no schedule", "none", "none", "every-day", "2026-01-02T12:00:00", false);
        row("half a schedule", "08:00", "none", "every-day", "2026-01-02T12:00:00", false);
        row("a schedule of nothing", "08:00", "08:00", "every-day", "2026-01-02T12:00:00", false);
        row("before it", "08:00", "18:00", "every-day", "2026-01-02T07:59:59", false);
        row("at its beginning", "08:00", "18:00", "every-day", "2026-01-02T08:00:00", true);
        row("in its last second", "08:00", "18:00", "every-day", "2026-01-02T17:59:59", true);
        row("at its end", "08:00", "18:00", "every-day", "2026-01-02T18:00:00", false);
        row("a weekday of weekdays", "08:00", "18:00", "weekdays", "2026-01-02T12:00:00", true);
        row("a Saturday of weekdays", "08:00", "18:00", "weekdays", "2026-01-03T12:00:00", false);
        row("a Sunday of weekends", "08:00", "18:00", "weekends", "2026-01-04T12:00:00", true);
        row("a Monday of weekends", "08:00", "18:00", "weekends", "2026-01-05T12:00:00", false);
        row("over midnight, before it", "22:00", "06:00", "every-day", "2026-01-02T23:00:00", true);
        row("over midnight, after it", "22:00", "06:00", "every-day", "2026-01-03T05:59:00", true);
        row("over midnight, by day", "22:00", "06:00", "every-day", "2026-01-03T12:00:00", false);
        row("the night that begins on Friday belongs to weekdays", "22:00", "06:00", "weekdays", "2026-01-03T05:00:00",
            true);
        row("the night that begins on Sunday does not", "22:00", "06:00", "weekdays", "2026-01-05T05:00:00", false);
    }
    void theScheduleDecides()
    {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(QString, days);
        QFETCH(QString, when);
        QFETCH(bool, alternative);
        const SpeedLimits limits = limitsOf({ QStringLiteral("up=1MB"), QStringLiteral("down=2MB"),
            QStringLiteral("alt-up=3MB/s"), QStringLiteral("alt-down=none"), QStringLiteral("alt-from=") + from,
            QStringLiteral("alt-to=") + to, QStringLiteral("alt-days=") + days });
        const QDateTime time = QDateTime::fromString(when, Qt::ISODate);
        QVERIFY(time.isValid());
        QCOMPARE(limits.isAlternative(time), alternative);
        QCOMPARE(limits.at(time).up, qint64(alternative ? 3'000'000 : 1'000'000));
        QCOMPARE(limits.at(time).down, qint64(alternative ? 0 : 2'000'000));
    }

    void refusesWhatItDoesNotUnderstand_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        QTest::newRow("an unknown limit") << QStringLiteral("sideways") << QStringLiteral("1MB");
        QTest::newRow("no rate") << QStringLiteral("up") << QStringLiteral("fast");
        QTest::newRow("an empty rate") << QStringLiteral("up") << QString();
        QTest::newRow("no time") << QStringLiteral("alt-from") << QStringLiteral("25:00");
        QTest::newRow("unknown days") << QStringLiteral("alt-days") << QStringLiteral("mondays");
    }
    void refusesWhatItDoesNotUnderstand()
    {
        QFETCH(QString, key);
        QFETCH(QString, value);
        SpeedLimits limits;
        limits.up = 7;
        const SpeedLimits before = limits;
        const auto set = limits.set(key, value);
        QVERIFY(!set);
        QCOMPARE(set.error().id, QStringLiteral("MF-USAGE-VALUE"));
        QCOMPARE(limits, before);
    }

    void comesBackFromSettings()
    {
        const SpeedLimits limits = limitsOf({ QStringLiteral("up=1MB"), QStringLiteral("alt-down=500kB"),
            QStringLiteral("alt-from=22:30"), QStringLiteral("alt-to=06:00"), QStringLiteral("alt-days=weekends") });
        QCOMPARE(SpeedLimits::fromSettings(limits.toSettings()), limits);
        QCOMPARE(SpeedLimits::fromSettings(SpeedLimits().toSettings()), SpeedLimits());
        for (const QString &value : SpeedLimits().toSettings())
            QVERIFY2(value.isEmpty(), "what is not set is removed from the registry");
        QMap<QString, QString> odd = limits.toSettings();
        odd.insert(QStringLiteral("limits/up"), QStringLiteral("garbage"));
        odd.insert(QStringLiteral("limits/newer"), QStringLiteral("1"));
        odd.insert(QStringLiteral("other"), QStringLiteral("1"));
        QCOMPARE(SpeedLimits::fromSettings(odd).up, qint64(0));
        QCOMPARE(SpeedLimits::fromSettings(odd).alternativeDown, std::optional<qint64>(500'000));
    }
};

QTEST_GUILESS_MAIN(TestSpeedLimits)
#include "test_speed_limits.moc"
