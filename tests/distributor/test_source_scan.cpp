// SPDX-License-Identifier: GPL-3.0-or-later
// What is stored of the paths that a user gives.
#include "core/distributor/source_file.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace mf;

class TestSourceScan : public QObject
{
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_dir;

    QByteArray path(const char *name) const { return QFile::encodeName(m_dir->path()) + '/' + name; }
    void write(const char *name, const QByteArray &bytes) const
    {
        const QString full = QFile::decodeName(path(name));
        QVERIFY(QDir().mkpath(full.section(u'/', 0, -2)));
        QFile file(full);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    }
    static QStringList storedNames(const Result<std::vector<SourceEntry>> &entries)
    {
        QStringList names;
        if (!entries)
            return { entries.error().id };
        for (const SourceEntry &entry : *entries)
            names.append(entry.stored);
        return names;
    }

private slots:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void aFolderIsTheModelAndSeveralKeepTheirNames()
    {
        write("a/one.bin", "1");
        write("a/sub/two.bin", "22");
        QVERIFY(QDir().mkpath(m_dir->filePath(QStringLiteral("a/empty"))));
        write("b/three.bin", "333");
        const QStringList alone { QStringLiteral("empty/"), QStringLiteral("one.bin"), QStringLiteral("sub/two.bin") };
        QCOMPARE(storedNames(scanSources({ path("a") })), alone);
        QCOMPARE(storedNames(scanSources({ path("a/") })), alone); // as a shell completes it
        QCOMPARE(storedNames(scanSources({ path("b"), path("a/"), path("a/one.bin") })),
            (QStringList { QStringLiteral("a/empty/"), QStringLiteral("a/one.bin"), QStringLiteral("a/sub/two.bin"),
                QStringLiteral("b/three.bin"), QStringLiteral("one.bin") }));
        const auto entries = scanSources({ path("a") });
        QCOMPARE(entries->at(2).size, qint64(2));
    }

    void whatIsStoredCanBeMadeAgain()
    {
        write("model/one.bin", "1");
        write("model/sub/a", "2");
        write("other/two.bin", "22");
        // By the name that the folder has where it lies.
        const QStringList both { QStringLiteral("model/one.bin"), QStringLiteral("model/sub/a"),
            QStringLiteral("other/two.bin") };
        QCOMPARE(storedNames(scanSources({ path("model/."), path("other") })), both);
        QCOMPARE(storedNames(scanSources({ path("model/sub/.."), path("other/") })), both);
        // A file that would be a folder, too.
        write("file/sub", "3");
        QCOMPARE(storedNames(scanSources({ path("model/sub"), path("file/sub") })),
            QStringList { QStringLiteral("MF-SOURCE-TWICE") });
        QCOMPARE(storedNames(scanSources({ QByteArray("/etc/.."), path("other") })),
            QStringList { QStringLiteral("MF-PATH-UNSAFE") });
    }

    void aChangeAfterTheLookIsFound()
    {
        write("model/one.bin", "1");
        write("model/two.bin", "2");
        const auto entries = scanSources({ path("model") });
        QVERIFY(entries && checkUnchanged(*entries));
        write("model/one.bin", "3");
        struct timespec times[2] = { { 0, UTIME_OMIT }, { 1'000'000'000, 0 } };
        QCOMPARE(::utimensat(AT_FDCWD, path("model/one.bin").constData(), times, 0), 0);
        const auto changed = checkUnchanged(*entries);
        QVERIFY(!changed);
        QCOMPARE(changed.error().id, QStringLiteral("MF-SOURCE-CHANGED"));
        QVERIFY(changed.error().message.contains(QStringLiteral("one.bin")));
        QFile::remove(m_dir->filePath(QStringLiteral("model/two.bin")));
        QVERIFY(!checkUnchanged(*entries));
    }

    void linksToFilesAreFollowedLinksToFoldersAreRefused()
    {
        write("outside/file.bin", "bytes");
        QVERIFY(QDir().mkpath(m_dir->filePath(QStringLiteral("model"))));
        QCOMPARE(::symlink("../outside/file.bin", path("model/linked.bin").constData()), 0);
        const auto entries = scanSources({ path("model") });
        QCOMPARE(storedNames(entries), QStringList { QStringLiteral("linked.bin") });
        QCOMPARE(entries->front().size, qint64(5));
        QCOMPARE(::symlink("..", path("model/folder").constData()), 0); // a circle
        const auto refused = scanSources({ path("model") });
        QVERIFY(!refused);
        QCOMPARE(refused.error().id, QStringLiteral("MF-SOURCE-SPECIAL"));
        QVERIFY(refused.error().message.contains(QStringLiteral("link to a folder")));
        QVERIFY(QFile::remove(m_dir->filePath(QStringLiteral("model/folder"))));
        QCOMPARE(::symlink("nowhere", path("model/dangling").constData()), 0);
        QCOMPARE(int(scanSources({ path("model") }).error().kind), int(Error::Kind::NotFound));
    }

    void whatCannotBeStored_data()
    {
        QTest::addColumn<QByteArrayList>("names");
        QTest::addColumn<QString>("id");
        QTest::newRow("a pipe") << QByteArrayList { "pipe" } << "MF-SOURCE-SPECIAL";
        QTest::newRow("a pipe in a folder") << QByteArrayList { "piped" } << "MF-SOURCE-SPECIAL";
        QTest::newRow("a device") << QByteArrayList { "/dev/null" } << "MF-SOURCE-SPECIAL";
        QTest::newRow("nothing at all") << QByteArrayList() << "MF-SOURCE-EMPTY";
        QTest::newRow("two of one name") << QByteArrayList { "x/same.bin", "y/same.bin" } << "MF-SOURCE-TWICE";
    }
    void whatCannotBeStored()
    {
        QFETCH(const QByteArrayList, names);
        QFETCH(const QString, id);
        QCOMPARE(::mkfifo(path("pipe").constData(), 0600), 0);
        QVERIFY(QDir().mkpath(m_dir->filePath(QStringLiteral("piped"))));
        QCOMPARE(::mkfifo(path("piped/pipe").constData(), 0600), 0);
        write("x/same.bin", "1");
        write("y/same.bin", "2");
        std::vector<QByteArray> paths;
        for (const QByteArray &name : names)
            paths.push_back(name.startsWith('/') ? name : path(name.constData()));
        const auto entries = scanSources(paths);
        QVERIFY(!entries);
        QCOMPARE(entries.error().id, id);
        QVERIFY(!entries.error().message.isEmpty());
    }

    void whatIsNotThere()
    {
        const auto entries = scanSources({ path("no-such-file") });
        QVERIFY(!entries);
        QCOMPARE(int(entries.error().kind), int(Error::Kind::NotFound));
        QVERIFY(!SourceFile::open(path("no-such-file")));
        QCOMPARE(::mkfifo(path("pipe").constData(), 0600), 0);
        const auto opened = SourceFile::open(path("pipe")); // it may have become one since the scan, and does not block
        QVERIFY(!opened);
        QCOMPARE(opened.error().id, QStringLiteral("MF-SOURCE-SPECIAL"));
    }

    void aFileThatChangesIsNoticed()
    {
        write("file.bin", QByteArray(1000, 'a'));
        const auto file = SourceFile::open(path("file.bin"));
        QVERIFY(file);
        QVERIFY((*file)->checkUnchanged());
        QCOMPARE((*file)->read(990, 10)->size(), 10);
        const auto beyond = (*file)->read(990, 11);
        QVERIFY(!beyond);
        QCOMPARE(beyond.error().id, QStringLiteral("MF-SOURCE-CHANGED"));
        write("file.bin", QByteArray(1001, 'a'));
        const auto changed = (*file)->checkUnchanged();
        QVERIFY(!changed);
        QCOMPARE(changed.error().id, QStringLiteral("MF-SOURCE-CHANGED"));
    }
};

QTEST_GUILESS_MAIN(TestSourceScan)
#include "test_source_scan.moc"
