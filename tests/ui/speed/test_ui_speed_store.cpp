// SPDX-License-Identifier: GPL-3.0-or-later
// The real program while it stores: how long an event of its window waits. MF_STORE_SIZE: bytes of the model
// (100,000,000; by hand 4,294,967,296 with TMPDIR on a large disk). The times are printed, and judged with MF_BENCH.
#include "core/base/heap.h"
#include "core/base/worker_priority.h"
#include "tests/ui/speed/lag_probe.h"
#include "tests/ui/stories/story.h"

#include <QtTest>

using namespace mf;

namespace {

constexpr qint64 kUsualSize = 100'000'000;
constexpr int kIdle = 2'000; // ms
constexpr double kLag = 16; // ms
const QString kModel = QStringLiteral("Story-7B");

qint64 modelSize()
{
    const qint64 asked = qEnvironmentVariable("MF_STORE_SIZE").toLongLong();
    return asked > 0 ? asked : kUsualSize;
}

// In the event loop itself, which is measured; the rest is looked at four times a second.
void runUntil(const std::function<bool()> &isSo)
{
    QEventLoop loop;
    QTimer look;
    QObject::connect(&look, &QTimer::timeout, &loop, [&] {
        if (isSo())
            loop.quit();
    });
    look.start(250);
    loop.exec();
}

} // namespace

class TestUiSpeedStore : public QObject
{
    Q_OBJECT

private slots:
    void storing_data()
    {
        QTest::addColumn<QString>("page");
        QTest::newRow("seen on the Models page") << QStringLiteral("sidebar.page.models");
        QTest::newRow("seen on the Transfers page") << QStringLiteral("sidebar.page.transfers");
    }
    void storing()
    {
        QFETCH(const QString, page);
        if (!qEnvironmentVariableIsSet("MF_WORKERS_FIRST")) // to compare
            letWorkersGiveWay(); // as the program does
        Story story;
        const QString file = story.makeModel(kModel, modelSize());
        QVERIFY(story.start());
        LagProbe probe;
        QElapsedTimer clock;
        clock.start();
        probe.start();
        runUntil([&clock] { return clock.hasExpired(kIdle); });
        probe.stop();
        qInfo("%s", qPrintable(probe.words("idle"))); // what this computer makes one wait anyway
        QVERIFY(story.dropAndStore(file, kModel));
        QVERIFY(story.click(page));
        clock.start();
        probe.start();
        runUntil([&story] {
            const auto &transfers = story.desktop().service().transfers();
            return !transfers.empty() && transfers.front().state == ui::TransferEntry::State::Done;
        });
        probe.stop();
        QVERIFY(story.click(QStringLiteral("sidebar.page.models")));
        QVERIFY(story.isSafe(kModel));
        qInfo("%s; %.1f s, %.0f MB", qPrintable(probe.words("storing")), static_cast<double>(clock.elapsed()) / 1e3,
            memoryMb());
        if (qEnvironmentVariableIsSet("MF_BENCH"))
            QVERIFY(probe.waited().p99 < kLag);
    }
};

int main(int argc, char **argv)
{
    mf::keepHeapSmall(); // as the program
    QApplication application(argc, argv);
    TestUiSpeedStore test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_ui_speed_store.moc"
