// SPDX-License-Identifier: GPL-3.0-or-later
// The folder adapter killed at each of its crash points. Not under ThreadSanitizer, which cannot
// follow QProcess.
#include "core/base/crash_point.h"
#include "tests/providers/folder_fixture.h"

#include <QProcess>

#include <csignal>
using namespace mf;

class TestFolderKilled : public QObject
{
    Q_OBJECT
    std::unique_ptr<FolderFixture> m_fixture;

    QString path() const { return m_fixture->path(); }
    std::unique_ptr<Provider> make(const QString &at, bool create) { return m_fixture->make(at, create); }

private slots:
    void init() { m_fixture = std::make_unique<FolderFixture>(); }
    void killedWhileWriting_data();
    void killedWhileWriting();
};

void TestFolderKilled::killedWhileWriting_data()
{
    QTest::addColumn<int>("point");
    QTest::addColumn<bool>("isThere");
    QTest::newRow("temporary written") << int(CrashPoint::FolderTemporaryWritten) << false;
    QTest::newRow("file synced") << int(CrashPoint::FolderSynced) << false;
    QTest::newRow("renamed") << int(CrashPoint::FolderRenamed) << true;
}

void TestFolderKilled::killedWhileWriting()
{
    QFETCH(int, point);
    QFETCH(bool, isThere);
    const auto provider = make(path(), true);
    QProcess child;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("MODELFLOAT_CRASH_AT"), crashPointName(static_cast<CrashPoint>(point)));
    environment.insert(QStringLiteral("MF_TEST_CHILD"), path());
    child.setProcessEnvironment(environment);
    child.start(QCoreApplication::applicationFilePath(), QStringList());
    QVERIFY(child.waitForFinished());
    QCOMPARE(child.exitStatus(), QProcess::CrashExit);
    QCOMPARE(child.exitCode(), SIGKILL);

    const auto blobs = runTask(listAll(*provider, QString()));
    QVERIFY(blobs);
    QCOMPARE(blobs->size(), std::size_t(isThere ? 1 : 0));
    QVERIFY(runTask(provider->put(kName, QByteArray(100'000, 'x'))));
    QCOMPARE(*runTask(provider->get(kName, Range())), QByteArray(100'000, 'x'));
    m_fixture->clock.advance(std::chrono::hours(24 * 365 * 100));
    const auto later = make(path(), false);
    QVERIFY(runTask(later->quota()));
    QVERIFY(runTask(later->quota()));
    QCOMPARE(filesBelow(path()), QStringList(kName.value));
}

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (const QString path = qEnvironmentVariable("MF_TEST_CHILD"); !path.isEmpty()) {
        SystemClock clock;
        Pool io(1);
        const ProviderContext context { clock, io };
        FolderProvider provider(context, path);
        return runTask(provider.put(kName, QByteArray(100'000, 'x'))) ? 0 : 1;
    }
    TestFolderKilled test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_folder_killed.moc"
