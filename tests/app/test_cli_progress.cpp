// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/layout.h"
#include "app/cli/progress.h"
#include "tests/support/fake_clock.h"

#include <QJsonDocument>
#include <QtTest>

using namespace mf;
using namespace mf::cli;
using namespace std::chrono_literals;

class TestCliProgress : public QObject
{
    Q_OBJECT

    struct Shown {
        FakeClock clock;
        QByteArrayList writes;
        ProgressDisplay display;
        explicit Shown(ProgressDisplay::Mode mode, int width = 100)
            : display(clock, mode, [this](const QByteArray &data) { writes << data; }, [width] { return width; })
        {
        }
        QJsonObject last() const
        {
            return QJsonDocument::fromJson(writes.last()).object().value(u"progress").toObject();
        }
    };
    static Progress at(qint64 bytes, qint64 total, Progress::Phase phase = Progress::Phase::Storing)
    {
        Progress progress;
        progress.phase = phase;
        progress.bytes = bytes;
        progress.total = total;
        progress.network = bytes * 3 / 2;
        return progress;
    }

private slots:
    void bar_data()
    {
        QTest::addColumn<qint64>("bytes");
        QTest::addColumn<qint64>("total");
        QTest::addColumn<int>("width");
        QTest::addColumn<QString>("line");
        const qint64 total = 2'540'000'000;
        QTest::newRow("a wide terminal") << qint64(1'570'000'000) << total << 119
                                         << QStringLiteral("Storing  [########################----------------]  61 %  "
                                                           "1.57 of 2.54 GB  3.10 MB/s  about 7 min");
        QTest::newRow("80 cells")
            << qint64(1'570'000'000) << total << 79
            << QStringLiteral("Storing  [############---------]  61 %  1.57 of 2.54 GB  3.10 MB/s  about 7 min");
        QTest::newRow("60 cells: the time goes first")
            << qint64(1'570'000'000) << total << 60
            << QStringLiteral("Storing  [#########------]  61 %  1.57 of 2.54 GB  3.10 MB/s");
        QTest::newRow("40 cells") << qint64(1'570'000'000) << total << 40
                                  << QStringLiteral("Storing  [##############---------]  61 %");
        QTest::newRow("20 cells: no bar") << qint64(1'570'000'000) << total << 20 << QStringLiteral("Storing   61 %");
        QTest::newRow("5 cells") << qint64(1'570'000'000) << total << 5 << QStringLiteral("Stor…");
        QTest::newRow("other units") << qint64(812'000'000) << total << 60
                                     << QStringLiteral("Storing  [####---------]  31 %  812 MB of 2.54 GB  3.10 MB/s");
        QTest::newRow("nearly all is not all")
            << qint64(2'539'999'999) << total << 20 << QStringLiteral("Storing   99 %");
        QTest::newRow("all") << total << total << 79
                             << QStringLiteral(
                                    "Storing  [########################################] 100 %  2.54 of 2.54 GB");
        QTest::newRow("the total is not known yet")
            << qint64(5000) << qint64(0) << 79 << QStringLiteral("Storing  5.00 kB");
        QTest::newRow("nothing is known yet") << qint64(0) << qint64(0) << 79 << QStringLiteral("Storing");
        QTest::newRow("more than all") << qint64(11) << qint64(10) << 20 << QStringLiteral("Storing  100 %");
    }
    void bar()
    {
        QFETCH(qint64, bytes);
        QFETCH(qint64, total);
        QFETCH(int, width);
        QFETCH(QString, line);
        const QString shown = progressBar(at(bytes, total), 3.1e6, TimeLeft(TimeLeft::Form::Minutes, 7), width);
        QCOMPARE(shown, line);
        QVERIFY(displayWidth(shown) <= width);
    }

    void jsonLinesHaveTheFieldsOfTheContract()
    {
        Shown shown(ProgressDisplay::Mode::Json);
        shown.display.begin(QStringLiteral("store"));
        shown.display.update(at(0, 1000));
        QCOMPARE(shown.writes.size(), 1);
        QVERIFY(shown.writes.last().endsWith('\n'));
        QCOMPARE(shown.last().keys(),
            QStringList({ QStringLiteral("bytes"), QStringLiteral("eta"), QStringLiteral("network"),
                QStringLiteral("phase"), QStringLiteral("rate"), QStringLiteral("task"), QStringLiteral("total") }));
        QCOMPARE(shown.last().value(u"task").toString(), QStringLiteral("store"));
        QCOMPARE(shown.last().value(u"phase").toString(), QStringLiteral("storing"));
        QVERIFY(shown.last().value(u"eta").isNull());
        for (int second = 1; second <= 20; ++second) {
            shown.clock.advance(1s);
            shown.display.update(at(qint64(second) * 10, 1000));
        }
        QCOMPARE(shown.last().value(u"bytes").toInteger(), 200);
        QCOMPARE(shown.last().value(u"network").toInteger(), 300);
        QCOMPARE(shown.last().value(u"rate").toInteger(), 10);
        QCOMPARE(shown.last().value(u"eta").toInteger(), 80);
    }

    void jsonLinesAreAtMostFiveASecondAndTheLastOneIsThere()
    {
        Shown shown(ProgressDisplay::Mode::Json);
        shown.display.begin(QStringLiteral("fetch"));
        for (int i = 0; i <= 1000; ++i) { // 10 s
            shown.display.update(at(i, 1000, Progress::Phase::Downloading));
            if (i < 1000)
                shown.clock.advance(10ms);
        }
        QVERIFY2(shown.writes.size() <= 51, qPrintable(QString::number(shown.writes.size())));
        QVERIFY(shown.writes.size() >= 45);
        shown.clock.advance(10ms);
        shown.display.update(at(1000, 1000, Progress::Phase::Done));
        shown.display.finish();
        QCOMPARE(shown.last().value(u"phase").toString(), QStringLiteral("done"));
        QCOMPARE(shown.last().value(u"bytes").toInteger(), 1000);
        const auto count = shown.writes.size();
        shown.display.finish();
        QCOMPARE(shown.writes.size(), count);
    }

    void aLineThatWasHeldBackComesWithTheTimer()
    {
        Shown shown(ProgressDisplay::Mode::Json);
        shown.display.begin(QStringLiteral("store"));
        shown.display.update(at(1, 10));
        shown.clock.advance(50ms);
        shown.display.update(at(2, 10));
        QCOMPARE(shown.writes.size(), 1);
        shown.display.tick();
        QCOMPARE(shown.writes.size(), 1);
        shown.clock.advance(150ms);
        shown.display.tick();
        QCOMPARE(shown.writes.size(), 2);
        QCOMPARE(shown.last().value(u"bytes").toInteger(), 2);
        shown.clock.advance(1s);
        shown.display.tick(); // nothing new
        QCOMPARE(shown.writes.size(), 2);
    }

    void theBarIsDrawnAtMostTenTimesASecondAndTakenAway()
    {
        Shown shown(ProgressDisplay::Mode::Bar);
        shown.display.begin(QStringLiteral("store"));
        for (int i = 0; i < 200; ++i) { // 2 s
            shown.display.update(at(i, 200));
            shown.clock.advance(10ms);
        }
        QVERIFY2(shown.writes.size() <= 20, qPrintable(QString::number(shown.writes.size())));
        for (const QByteArray &write : shown.writes) {
            QVERIFY(write.startsWith("\r\x1b[K"));
            QVERIFY(!write.contains('\n'));
        }
        shown.display.finish();
        QCOMPARE(shown.writes.last(), QByteArray("\r\x1b[K"));
    }

    void aFallingSpeedIsDrawnWithoutNews()
    {
        Shown shown(ProgressDisplay::Mode::Bar);
        shown.display.begin(QStringLiteral("store"));
        for (int second = 0; second <= 10; ++second) {
            shown.display.update(at(qint64(second) * 1'000'000, 1'000'000'000));
            shown.clock.advance(1s);
        }
        QVERIFY(shown.writes.last().contains("1.00 MB/s"));
        for (int second = 0; second < 60; ++second) {
            shown.clock.advance(1s);
            shown.display.tick();
        }
        QVERIFY2(!shown.writes.last().contains("1.00 MB/s"), shown.writes.last().constData());
    }

    void theSinkBeginsATask()
    {
        Shown shown(ProgressDisplay::Mode::Json);
        const ProgressSink store = shown.display.sink(QStringLiteral("store"));
        store(at(5, 10));
        const ProgressSink fetch = shown.display.sink(QStringLiteral("fetch"));
        fetch(at(1, 10, Progress::Phase::Verifying));
        QCOMPARE(shown.writes.size(), 2);
        QCOMPARE(shown.last().value(u"task").toString(), QStringLiteral("fetch"));
        QCOMPARE(shown.last().value(u"phase").toString(), QStringLiteral("verifying"));
    }

    void nothingIsShownIfNobodyLooks()
    {
        Shown shown(ProgressDisplay::Mode::None);
        shown.display.begin(QStringLiteral("store"));
        shown.display.update(at(5, 10));
        shown.clock.advance(10s);
        shown.display.tick();
        shown.display.finish();
        QVERIFY(shown.writes.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestCliProgress)
#include "test_cli_progress.moc"
