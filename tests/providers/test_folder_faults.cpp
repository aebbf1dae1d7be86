// SPDX-License-Identifier: GPL-3.0-or-later
// The folder adapter when the disk fails, goes away, or holds what we did not put there.
#include "tests/providers/folder_fixture.h"

#include <sys/stat.h>
using namespace mf;

class TestFolderFaults : public QObject
{
    Q_OBJECT
    std::unique_ptr<FolderFixture> m_fixture;

    QString path() const { return m_fixture->path(); }
    std::unique_ptr<Provider> make(const QString &at, bool create) { return m_fixture->make(at, create); }

private slots:
    void init() { m_fixture = std::make_unique<FolderFixture>(); }
    void goneFolderIsToldFromEmpty_data();
    void goneFolderIsToldFromEmpty();
    void emptyMountPointIsNotTheAccount_data();
    void emptyMountPointIsNotTheAccount();
    void theDiskCanBeTakenAwayWhileIdle();
    void deletedSubfoldersAreMadeAgain();
    void fullDiskIsQuotaAndLeavesNothing();
    void readOnlyDiskIsDenied();
    void linksAreNotFollowed_data();
    void linksAreNotFollowed();
    void hugeFileIsNotReadWhole();
    void pipeDoesNotHang();
};

void TestFolderFaults::goneFolderIsToldFromEmpty_data()
{
    QTest::addColumn<int>("call");
    const char *const names[] = { "put", "get", "remove", "list", "list of a prefix", "quota" };
    for (int i = 0; i < 6; ++i)
        QTest::newRow(names[i]) << i;
}

void TestFolderFaults::goneFolderIsToldFromEmpty()
{
    QFETCH(int, call);
    const auto provider = make(path(), true);
    const auto idOf = [&]() -> QString {
        const auto id = [](const auto &result) { return result ? QString() : result.error().id; };
        switch (call) {
        case 0:
            return id(runTask(provider->put(kName, QByteArray("x"))));
        case 1:
            return id(runTask(provider->get(kName, Range())));
        case 2:
            return id(runTask(provider->remove(kName)));
        case 3:
            return id(runTask(provider->list(QString(), QString())));
        case 4:
            return id(runTask(provider->list(QStringLiteral("f/"), QString())));
        default:
            return id(runTask(provider->quota()));
        }
    };
    QVERIFY(runTask(provider->put(kName, QByteArray("x"))));
    QCOMPARE(idOf(), QString());
    const QString away = m_fixture->dir.filePath(QStringLiteral("away"));
    QVERIFY(QDir().rename(path(), away));
    QCOMPARE(idOf(), QStringLiteral("MF-ACCOUNT-GONE"));
    QVERIFY(!QFileInfo::exists(path()));
    write(path(), QByteArray("a file in its place"));
    QCOMPARE(idOf(), QStringLiteral("MF-ACCOUNT-GONE"));
    QVERIFY(QFile::remove(path()));
    QVERIFY(QDir().rename(away, path()));
    QVERIFY(runTask(provider->put(kName, QByteArray("x"))));
    QCOMPARE(idOf(), QString());
}

void TestFolderFaults::emptyMountPointIsNotTheAccount_data()
{
    QTest::addColumn<QString>("how");
    QTest::addColumn<bool>("isFresh");
    for (const char *how : { "unmounted", "another empty folder", "emptied" }) {
        QTest::addRow("%s, the process goes on", how) << QString::fromLatin1(how) << false;
        QTest::addRow("%s, a new process", how) << QString::fromLatin1(how) << true;
    }
}

void TestFolderFaults::emptyMountPointIsNotTheAccount()
{
    QFETCH(const QString, how);
    QFETCH(const bool, isFresh);
    QVERIFY(QDir().mkpath(path()));
    std::optional<Mount> disk;
    if (how == QStringLiteral("unmounted")) {
        disk.emplace(path(), "tmpfs", QStringLiteral("size=1m"));
        if (!disk->isMounted())
            QSKIP("cannot mount here; the other rows prove the same without");
    }
    auto provider = make(path(), true);
    QVERIFY(runTask(provider->put(kName, QByteArray("x"))));
    QVERIFY(runTask(provider->quota())); // the sweep is over
    const QString away = m_fixture->dir.filePath(QStringLiteral("away"));
    if (disk) {
        QVERIFY(disk->unmount());
    } else if (how == QStringLiteral("emptied")) {
        QVERIFY(QDir().mkpath(away));
        for (const QString &entry : QDir(path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot))
            QVERIFY(QDir().rename(path() + u'/' + entry, away + u'/' + entry));
    } else {
        QVERIFY(QDir().rename(path(), away));
        QVERIFY(QDir().mkpath(path()));
    }
    if (isFresh)
        provider = make(path(), false);
    const QString gone = QStringLiteral("MF-ACCOUNT-GONE");
    const auto id = [](const auto &result) { return result ? QString() : result.error().id; };
    for (int i = 0; i < 2; ++i) { // also when it was asked before
        QCOMPARE(id(runTask(provider->list(QString(), QString()))), gone);
        QCOMPARE(id(runTask(provider->list(QStringLiteral("f/"), QString()))), gone);
        QCOMPARE(id(runTask(provider->list(kName.value, QString()))), gone);
        QCOMPARE(id(runTask(provider->get(kName, Range()))), gone);
        QCOMPARE(id(runTask(provider->remove(kName))), gone);
        QCOMPARE(id(runTask(provider->quota())), gone);
        QCOMPARE(id(runTask(provider->put(kName, QByteArray("x")))), gone);
    }
    QVERIFY(QDir(path()).isEmpty());
    if (disk)
        return;
    // It comes back.
    QVERIFY(QDir().rmdir(path()));
    QVERIFY(QDir().rename(away, path()));
    QCOMPARE(*runTask(provider->get(kName, Range())), QByteArray("x"));
    QCOMPARE(runTask(listAll(*provider, QString()))->size(), std::size_t(1));
}

void TestFolderFaults::theDiskCanBeTakenAwayWhileIdle()
{
    Mount disk(path(), "tmpfs", QStringLiteral("size=1m"));
    if (!disk.isMounted())
        QSKIP("cannot mount here");
    const auto provider = make(path(), true);
    QVERIFY(runTask(provider->put(kName, QByteArray("x"))));
    QVERIFY(runTask(provider->quota()));
    QVERIFY(disk.unmount()); // EBUSY if we still held it open
}

void TestFolderFaults::deletedSubfoldersAreMadeAgain()
{
    const auto provider = make(path(), true);
    QVERIFY(runTask(provider->put(kName, QByteArray("x"))));
    QVERIFY(QDir(path() + QStringLiteral("/f")).removeRecursively());
    const auto got = runTask(provider->get(kName, Range()));
    QVERIFY(!got);
    QCOMPARE(got.error().id, QStringLiteral("MF-BLOB-MISSING"));
    QVERIFY(runTask(provider->remove(kName)));
    QVERIFY(runTask(listAll(*provider, QStringLiteral("f/3a/")))->empty());
    QVERIFY(runTask(provider->put(kName, QByteArray("y"))));
    QCOMPARE(*runTask(provider->get(kName, Range())), QByteArray("y"));
}

void TestFolderFaults::fullDiskIsQuotaAndLeavesNothing()
{
    Mount disk(path(), "tmpfs", QStringLiteral("size=1m"));
    if (!disk.isMounted())
        QSKIP("cannot mount here");
    const auto provider = make(path(), true);
    QVERIFY(runTask(provider->put(kName, QByteArray(500'000, 'x'))));
    const QStringList before = filesBelow(path());
    const BlobName large(QStringLiteral("f/3a/large"));
    const auto put = runTask(provider->put(large, QByteArray(900'000, 'y')));
    QVERIFY(!put);
    QCOMPARE(put.error().kind, Error::Kind::Quota);
    QCOMPARE(filesBelow(path()), before);
    QVERIFY(runTask(provider->put(BlobName(QStringLiteral("f/3a/small")), QByteArray(100'000, 'z'))));
    // A blob that cannot be replaced stays as it is.
    QVERIFY(!runTask(provider->put(kName, QByteArray(800'000, 'n'))));
    QCOMPARE(*runTask(provider->get(kName, Range())), QByteArray(500'000, 'x'));
}

void TestFolderFaults::readOnlyDiskIsDenied()
{
    Mount disk(path(), "tmpfs", QStringLiteral("size=1m"));
    if (!disk.isMounted())
        QSKIP("cannot mount here");
    const auto provider = make(path(), true);
    QVERIFY(runTask(provider->put(kName, QByteArray("x"))));
    QVERIFY(runTask(provider->quota()));
    QVERIFY(disk.makeReadOnly());
    for (const char *name : { "f/3a/new", "f/4b/new" }) {
        const auto put = runTask(provider->put(BlobName(QString::fromLatin1(name)), QByteArray("y")));
        QVERIFY(!put);
        QCOMPARE(put.error().id, QStringLiteral("MF-FILE-DENIED"));
    }
    const auto removed = runTask(provider->remove(kName));
    QVERIFY(!removed);
    QCOMPARE(removed.error().id, QStringLiteral("MF-FILE-DENIED"));
    QCOMPARE(*runTask(provider->get(kName, Range())), QByteArray("x"));
    QVERIFY(make(path(), true)); // its read-me is there already
}

void TestFolderFaults::linksAreNotFollowed_data()
{
    QTest::addColumn<QString>("planted");
    QTest::newRow("in place of the first folder") << QStringLiteral("f");
    QTest::newRow("in place of the second folder") << QStringLiteral("f/3a");
    QTest::newRow("in place of the blob") << QStringLiteral("f/3a/blob");
}

void TestFolderFaults::linksAreNotFollowed()
{
    QFETCH(QString, planted);
    const QString outside = m_fixture->dir.filePath(QStringLiteral("outside"));
    QVERIFY(QDir().mkpath(outside + QStringLiteral("/3a")));
    write(outside + QStringLiteral("/blob"), QByteArray("secret"));
    write(outside + QStringLiteral("/3a/blob"), QByteArray("secret"));
    const auto provider = make(path(), true);
    const bool isBlob = planted == kName.value;
    const QString target = isBlob ? QString(outside + QStringLiteral("/blob")) : outside;
    QVERIFY(QDir(path()).mkpath(QFileInfo(planted).path()));
    QVERIFY(QFile::link(target, path() + u'/' + planted));
    const QStringList before = filesBelow(outside);

    const auto got = runTask(provider->get(kName, Range()));
    QVERIFY(!got);
    QCOMPARE(got.error().id, QStringLiteral("MF-FOLDER-FOREIGN"));
    const auto put = runTask(provider->put(kName, QByteArray("mine")));
    QCOMPARE(bool(put), isBlob); // a link in place of a blob is itself replaced
    const auto listed = runTask(listAll(*provider, QString()));
    QCOMPARE(bool(listed), isBlob); // else blobs may be behind the link: not "empty"
    const auto listedBelow = runTask(listAll(*provider, QStringLiteral("f/3a/")));
    QCOMPARE(bool(listedBelow), isBlob);
    QCOMPARE(bool(runTask(provider->remove(kName))), isBlob);
    QCOMPARE(filesBelow(outside), before);
    QFile secret(outside + QStringLiteral("/blob"));
    QVERIFY(secret.open(QIODevice::ReadOnly));
    QCOMPARE(secret.readAll(), QByteArray("secret"));
}

void TestFolderFaults::hugeFileIsNotReadWhole()
{
    const auto provider = make(path(), true);
    QFile sparse(path() + QStringLiteral("/huge"));
    QVERIFY(sparse.open(QIODevice::WriteOnly));
    QVERIFY(sparse.resize(qint64(1) << 40));
    const BlobName huge(QStringLiteral("huge"));
    for (const Range range : { Range(), Range(0, qint64(1) << 40), Range(5, (qint64(64) << 20) + 1) }) {
        const auto got = runTask(provider->get(huge, range));
        QVERIFY(!got);
        QCOMPARE(got.error().kind, Error::Kind::Corrupt);
    }
    const auto part = runTask(provider->get(huge, Range(qint64(1) << 39, 10)));
    QVERIFY(part);
    QCOMPARE(*part, QByteArray(10, '\0'));
}

void TestFolderFaults::pipeDoesNotHang()
{
    const auto provider = make(path(), true);
    QCOMPARE(::mkfifo(QFile::encodeName(path() + QStringLiteral("/pipe")).constData(), 0600), 0);
    const auto got = runTask(provider->get(BlobName(QStringLiteral("pipe")), Range()));
    QVERIFY(!got);
    QCOMPARE(got.error().id, QStringLiteral("MF-FOLDER-FOREIGN"));
}

QTEST_GUILESS_MAIN(TestFolderFaults)
#include "test_folder_faults.moc"
