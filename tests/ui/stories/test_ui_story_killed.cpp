// SPDX-License-Identifier: GPL-3.0-or-later
// Ended in the middle of a store, by SIGKILL or SIGTERM: the next start ends the store.
#include "tests/ui/stories/story.h"

#include <QApplication>
#include <QProcess>
#include <QtTest>

#include <cstdio>

using namespace mf;

namespace {

const QString kModel = QStringLiteral("Story-7B");
constexpr qint64 kBytes = 150'000'000;
constexpr int kLong = 240'000; // ms

// A process that is killed as it passes the point.
bool isKilledAt(const QString &point, const QString &program, const QStringList &arguments)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("MODELFLOAT_CRASH_AT"), point);
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(program, arguments);
    const bool hasEnded = process.waitForFinished(kLong);
    if (!hasEnded) {
        process.kill();
        process.waitForFinished();
        return false;
    }
    return process.exitStatus() == QProcess::CrashExit;
}

// What such a process does: drops the file, and Store.
int dropAndStoreIn(const QString &folder, const QString &file)
{
    Story story(folder);
    if (!story.start() || !story.dropAndStore(file, kModel))
        return 1;
    return story.isSafe(kModel) ? 0 : 1;
}

} // namespace

class TestUiStoryKilled : public QObject
{
    Q_OBJECT

private slots:
    void killedInTheMiddleAndStartedAgain()
    {
        Story story;
        const QString file = story.makeModel(kModel, kBytes);
        const QString crash = QStringLiteral("store-pack-complete");
        QVERIFY(isKilledAt(
            crash, QCoreApplication::applicationFilePath(), { QStringLiteral("--store"), story.folder(), file }));
        const int first = story.fragments(0);
        QVERIFY(first > 0);
        // The program itself goes on by itself.
        QVERIFY(isKilledAt(crash, QStringLiteral(MF_DESKTOP),
            { QStringLiteral("--home"), story.home(), QStringLiteral("--secret-store"), QStringLiteral("file") }));
        QVERIFY(story.fragments(0) > first);

        QVERIFY(story.start());
        QVERIFY(story.isSafe(kModel));
        QVERIFY(story.click(QStringLiteral("sidebar.page.transfers")));
        QVERIFY(story.readRow(
            QStringLiteral("transfers.list"), QStringLiteral("Store Story-7B"), QStringLiteral("150 MB stored")));
        QVERIFY(story.click(QStringLiteral("sidebar.page.models")));
        QVERIFY(story.fetch(kModel, file, story.path(QStringLiteral("back"))));
    }

    // Nobody is asked whether the transfer may stop: whoever sends SIGTERM does not look at the window.
    void terminatedInTheMiddleAndStartedAgain()
    {
        Story story;
        const QString file = story.makeModel(kModel, kBytes);
        QVERIFY(story.start());
        ui::SpeedLimits slow;
        slow.up = 4'000'000;
        story.desktop().service().setLimits(slow);
        QVERIFY(story.dropAndStore(file, kModel));
        QVERIFY(QTest::qWaitFor([&] { return story.fragments(0) > 0; }, kLong));
        story.quit();

        QProcess program;
        program.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        const int before = story.fragments(0);
        program.start(QStringLiteral(MF_DESKTOP),
            { QStringLiteral("--home"), story.home(), QStringLiteral("--secret-store"), QStringLiteral("file") });
        QVERIFY(QTest::qWaitFor([&] { return story.fragments(0) > before; }, kLong));
        program.terminate();
        constexpr int kPatience = 30'000; // ms; it takes less than one second
        const bool hasEnded = program.waitForFinished(kPatience);
        if (!hasEnded)
            program.kill();
        program.waitForFinished();
        QVERIFY(hasEnded);
        QCOMPARE(program.exitStatus(), QProcess::NormalExit);
        QCOMPARE(program.exitCode(), 0);

        QVERIFY(story.start());
        story.desktop().service().setLimits({});
        QVERIFY(story.isSafe(kModel));
    }
};

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    const QStringList words = QCoreApplication::arguments();
    if (words.value(1) == QStringLiteral("--store"))
        return dropAndStoreIn(words.value(2), words.value(3));
    TestUiStoryKilled test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_ui_story_killed.moc"
