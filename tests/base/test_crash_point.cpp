// SPDX-License-Identifier: GPL-3.0-or-later
// Crash points: this program runs itself as a child that passes them, and looks how the child ended.
#include "core/base/crash_point.h"

#include <QCoreApplication>
#include <QFile>
#include <QRegularExpression>
#include <QSet>
#include <QTemporaryDir>
#include <QtTest>

#include <array>
#include <csignal>
#include <cstdio>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mf;

namespace {

// The child: passes each point twice, writing a byte before each pass; leaves text in a buffer that
// only an orderly end would flush.
int passAllTwice()
{
    std::fputs("buffered", stdout);
    for (const CrashPoint point : allCrashPoints()) {
        for (int i = 0; i < 2; ++i) {
            const QByteArray line = crashPointName(point).toLatin1() + '\n';
            if (::write(STDERR_FILENO, line.constData(), static_cast<std::size_t>(line.size())) < 0)
                return 1;
            crashPoint(point);
        }
    }
    return 0;
}

struct Ended {
    bool killed = false;
    int code = 0;
    QByteArray out;
    QList<QByteArray> passed;
};

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

// posix_spawn, because ThreadSanitizer does not survive the way in which QProcess forks.
Ended runChild(const QString &crashAt)
{
    const QTemporaryDir folder;
    const QByteArray out = folder.filePath(u"out"_qs).toLocal8Bit();
    const QByteArray err = folder.filePath(u"err"_qs).toLocal8Bit();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.constData(), O_WRONLY | O_CREAT, 0600);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err.constData(), O_WRONLY | O_CREAT, 0600);

    if (crashAt.isNull())
        qunsetenv("MODELFLOAT_CRASH_AT");
    else
        qputenv("MODELFLOAT_CRASH_AT", crashAt.toLocal8Bit());
    QByteArray program = QCoreApplication::applicationFilePath().toLocal8Bit();
    QByteArray argument("--pass-all-crash-points");
    const std::array<char *, 3> arguments { program.data(), argument.data(), nullptr };
    pid_t pid = 0;
    int status = 0;
    if (posix_spawn(&pid, program.constData(), &actions, nullptr, arguments.data(), environ) != 0
        || waitpid(pid, &status, 0) != pid)
        qFatal("the child did not run");
    posix_spawn_file_actions_destroy(&actions);

    Ended ended;
    ended.killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    ended.out = contentOf(folder.filePath(u"out"_qs));
    ended.passed = contentOf(folder.filePath(u"err"_qs)).split('\n');
    ended.passed.removeLast();
    return ended;
}

} // namespace

class TestCrashPoint : public QObject
{
    Q_OBJECT
private slots:
    void everyPointHasANameOfItsOwn();
    void nothingHappensWithoutTheVariable();
    void nothingHappensForANameThatIsNone_data();
    void nothingHappensForANameThatIsNone();
    void killsAtTheFirstPass_data();
    void killsAtTheFirstPass();
    void killsAtTheSecondPass();
    void flushesNothing();
};

void TestCrashPoint::everyPointHasANameOfItsOwn()
{
    const auto points = allCrashPoints();
    QSet<QString> names;
    for (const CrashPoint point : points) {
        const QString name = crashPointName(point);
        QVERIFY(!name.isEmpty());
        QVERIFY2(QRegularExpression(u"^[a-z]+(-[a-z]+)+$"_qs).match(name).hasMatch(), qPrintable(name));
        names.insert(name);
    }
    QCOMPARE(static_cast<std::size_t>(names.size()), points.size());
    // The list is in the order of the enum and leaves none out.
    for (std::size_t i = 0; i < points.size(); ++i)
        QCOMPARE(static_cast<std::size_t>(points[i]), i);
    QCOMPARE(crashPointName(static_cast<CrashPoint>(points.size())), QString());
    QCOMPARE(crashPointName(CrashPoint::StorePackCommitted), u"store-pack-committed"_qs);
}

void TestCrashPoint::nothingHappensWithoutTheVariable()
{
    const Ended ended = runChild(QString());
    QVERIFY(!ended.killed);
    QCOMPARE(ended.code, 0);
    QCOMPARE(static_cast<std::size_t>(ended.passed.size()), 2 * allCrashPoints().size());
    QCOMPARE(ended.out, QByteArray("buffered"));
}

void TestCrashPoint::nothingHappensForANameThatIsNone_data()
{
    QTest::addColumn<QString>("crashAt");
    QTest::newRow("empty") << u""_qs;
    QTest::newRow("unknown") << u"store-lunch"_qs;
    QTest::newRow("a beginning") << u"store-pack"_qs;
    QTest::newRow("never reached") << u"store-pack-committed:3"_qs;
    QTest::newRow("count zero") << u"store-pack-committed:0"_qs;
    QTest::newRow("count that is no number") << u"store-pack-committed:x"_qs;
    QTest::newRow("negative count") << u"store-pack-committed:-1"_qs;
}

void TestCrashPoint::nothingHappensForANameThatIsNone()
{
    QFETCH(QString, crashAt);
    const Ended ended = runChild(crashAt);
    QVERIFY(!ended.killed);
    QCOMPARE(ended.code, 0);
}

void TestCrashPoint::killsAtTheFirstPass_data()
{
    QTest::addColumn<int>("index");
    for (const CrashPoint point : allCrashPoints())
        QTest::newRow(qPrintable(crashPointName(point))) << static_cast<int>(point);
}

void TestCrashPoint::killsAtTheFirstPass()
{
    QFETCH(int, index);
    const QString name = crashPointName(static_cast<CrashPoint>(index));
    const Ended ended = runChild(name);
    QVERIFY(ended.killed);
    QCOMPARE(static_cast<int>(ended.passed.size()), 2 * index + 1);
    QCOMPARE(ended.passed.last(), name.toLatin1());
}

void TestCrashPoint::killsAtTheSecondPass()
{
    const Ended ended = runChild(u"store-pack-committed:2"_qs);
    QVERIFY(ended.killed);
    QCOMPARE(static_cast<int>(ended.passed.size()), 2 * static_cast<int>(CrashPoint::StorePackCommitted) + 2);
}

void TestCrashPoint::flushesNothing()
{
    const Ended ended = runChild(u"store-committed"_qs);
    QVERIFY(ended.killed);
    QCOMPARE(ended.out, QByteArray());
}

int main(int argc, char **argv)
{
    if (argc == 2 && QByteArrayView(argv[1]) == "--pass-all-crash-points")
        return passAllTwice();
    const QCoreApplication application(argc, argv);
    TestCrashPoint test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_crash_point.moc"
