// SPDX-License-Identifier: GPL-3.0-or-later
// What the folder adapter does on a real disk, and when the disk fails.
#include "core/base/all_of.h"
#include "core/base/clock.h"
#include "core/base/crash_point.h"
#include "core/providers/folder/folder.h"
#include "tests/support/fake_clock.h"
#include "tests/support/run_task.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <sys/mount.h>
#include <sys/stat.h>

#include <csignal>
using namespace mf;

namespace {

const BlobName kName(QStringLiteral("f/3a/blob"));

// A file system of its own, unmounted at the end.
class Mount
{
public:
    Mount(QString path, const char *type, const QString &options)
        : m_path(std::move(path))
    {
        QDir().mkpath(m_path);
        m_mounted = ::mount("none", m_path.toLocal8Bit().constData(), type, 0, options.toLocal8Bit().constData()) == 0;
    }
    Mount(const Mount &) = delete;
    Mount &operator=(const Mount &) = delete;
    ~Mount() { unmount(); }
    bool isMounted() const { return m_mounted; }
    bool unmount()
    {
        if (m_mounted && ::umount(m_path.toLocal8Bit().constData()) == 0)
            m_mounted = false;
        return !m_mounted;
    }
    bool makeReadOnly()
    {
        return ::mount("none", m_path.toLocal8Bit().constData(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) == 0;
    }

private:
    QString m_path;
    bool m_mounted = false;
};

QStringList filesBelow(const QString &path)
{
    QStringList files;
    QDirIterator it(path, QDir::Files | QDir::Hidden | QDir::System, QDirIterator::Subdirectories);
    while (it.hasNext())
        files.append(QDir(path).relativeFilePath(it.next()));
    files.removeAll(QStringLiteral("README-ModelFloat.txt"));
    files.sort();
    return files;
}

void write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

} // namespace

class TestFolder : public QObject
{
    Q_OBJECT
    FakeClock m_clock;
    Pool m_io { 1 };
    std::unique_ptr<QTemporaryDir> m_dir;

    QString path() const { return m_dir->filePath(QStringLiteral("account")); }
    std::unique_ptr<Provider> make(const QString &at, bool create)
    {
        AccountSettings settings;
        settings.insert(QStringLiteral("path"), at);
        const ProviderContext context { m_clock, m_io };
        auto made = findKind(u"folder")->make(context, settings, QString(), create);
        return made ? std::move(*made) : nullptr;
    }

private slots:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }
    void makesItsFolderOnlyWhenAdded();
    void keepsAnExistingFolder();
    void cannotBeMadeWhereAFileIs();
    void foreignFilesAreNotListed();
    void pagesHoldEveryBlobOnce();
    void manyEmptyFoldersDoNotEndAListing();
    void putsShareDirectorySyncs();
    void staleTemporariesAreRemovedYoungOnesStay();
    void goneFolderIsToldFromEmpty_data();
    void goneFolderIsToldFromEmpty();
    void emptyMountPointIsNotTheAccount();
    void theDiskCanBeTakenAwayWhileIdle();
    void deletedSubfoldersAreMadeAgain();
    void fullDiskIsQuotaAndLeavesNothing();
    void readOnlyDiskIsDenied();
    void linksAreNotFollowed_data();
    void linksAreNotFollowed();
    void hugeFileIsNotReadWhole();
    void pipeDoesNotHang();
    void cancelledPutLeavesWholeOrNothing();
    void quotaIsTheDisks();
    void killedWhileWriting_data();
    void killedWhileWriting();
};

void TestFolder::makesItsFolderOnlyWhenAdded()
{
    const auto absent = make(path(), false);
    QVERIFY(absent);
    const auto put = runTask(absent->put(kName, QByteArray("x")));
    QVERIFY(!put);
    QCOMPARE(put.error().kind, Error::Kind::NotFound);
    QCOMPARE(put.error().id, QStringLiteral("MF-ACCOUNT-GONE"));
    QVERIFY(put.error().message.contains(path()));
    QVERIFY(!QFileInfo::exists(path()));

    const QString deep = path() + QStringLiteral("/a/b");
    QVERIFY(make(deep, true));
    QVERIFY(QFileInfo::exists(deep + QStringLiteral("/README-ModelFloat.txt")));
    const auto blobs = runTask(listAll(*make(deep, false), QString()));
    QVERIFY(blobs);
    QVERIFY(blobs->empty());
}

void TestFolder::keepsAnExistingFolder()
{
    QVERIFY(runTask(make(path(), true)->put(kName, QByteArray("x"))));
    write(path() + QStringLiteral("/README-ModelFloat.txt"), QByteArray("mine"));
    const auto again = make(path(), true);
    QVERIFY(again);
    QCOMPARE(*runTask(again->get(kName, Range())), QByteArray("x"));
    QCOMPARE(QFileInfo(path() + QStringLiteral("/README-ModelFloat.txt")).size(), 4);
}

void TestFolder::cannotBeMadeWhereAFileIs()
{
    write(path(), QByteArray("a file"));
    QVERIFY(!make(path(), true));
    QVERIFY(!make(path() + QStringLiteral("/below"), true));
}

void TestFolder::foreignFilesAreNotListed()
{
    const auto provider = make(path(), true);
    QVERIFY(runTask(provider->put(kName, QByteArray("x"))));
    const QDir root(path());
    write(root.filePath(QStringLiteral("f/3a/.mf-tmp-0123")), QByteArray("half"));
    write(root.filePath(QStringLiteral("Photo.JPG")), QByteArray("jpeg"));
    write(root.filePath(QStringLiteral(".directory")), QByteArray("desktop"));
    write(root.filePath(QStringLiteral("f/naïve")), QByteArray("x"));
    QVERIFY(QFile::link(QStringLiteral("/etc/passwd"), root.filePath(QStringLiteral("f/passwd"))));
    QVERIFY(QFile::link(QStringLiteral("/nowhere"), root.filePath(QStringLiteral("f/dangling"))));
    QCOMPARE(::mkfifo(QFile::encodeName(root.filePath(QStringLiteral("f/pipe"))).constData(), 0600), 0);
    const auto blobs = runTask(listAll(*provider, QString()));
    QVERIFY(blobs);
    QCOMPARE(blobs->size(), std::size_t(1));
    QCOMPARE(blobs->front().name, kName);
}

void TestFolder::pagesHoldEveryBlobOnce()
{
    // Made by hand: 5,000 fsyncs would say nothing more.
    const auto provider = make(path(), true);
    const QDir root(path());
    QStringList expected;
    for (const QString &directory : { QStringLiteral("f/00"), QStringLiteral("f/01"), QStringLiteral("log") }) {
        QVERIFY(root.mkpath(directory));
        for (int i = 0; i < 1700; ++i) {
            expected.append(QStringLiteral("%1/%2").arg(directory).arg(i));
            write(root.filePath(expected.back()), QByteArray());
        }
    }
    // Neighbours that sort before and after the slash of a directory.
    for (const char *name : { "f-x", "f.x", "f0", "f/00-x", "f/00.x", "f/000", "f/01/1-x" }) {
        expected.append(QString::fromLatin1(name));
        write(root.filePath(expected.back()), QByteArray());
    }
    expected.sort();
    const auto namesOf = [&](const QString &prefix) {
        QStringList names;
        const auto blobs = runTask(listAll(*provider, prefix));
        if (blobs)
            for (const BlobInfo &blob : *blobs)
                names.append(blob.name.value);
        return names;
    };
    QCOMPARE(namesOf(QString()), expected); // sorted, too
    for (const char *text : { "f/", "f", "f/0", "f/00", "f/00/", "f/00/17", "log/", "log/1699", "x", "f/02/" }) {
        const QString prefix = QString::fromLatin1(text);
        QStringList wanted;
        for (const QString &name : expected)
            if (name.startsWith(prefix))
                wanted.append(name);
        QCOMPARE(namesOf(prefix), wanted);
    }
    const auto first = runTask(provider->list(QString(), QString()));
    QVERIFY(first);
    QCOMPARE(first->blobs.size(), std::size_t(1000));
}

void TestFolder::manyEmptyFoldersDoNotEndAListing()
{
    const auto provider = make(path(), true);
    for (int i = 0; i < 2500; ++i)
        QVERIFY(QDir(path()).mkpath(QStringLiteral("f/%1").arg(i, 4, 10, QLatin1Char('0'))));
    QVERIFY(runTask(provider->put(BlobName(QStringLiteral("f/9999")), QByteArray("x"))));
    const auto page = runTask(provider->list(QStringLiteral("f/"), QString()));
    QVERIFY(page);
    QCOMPARE(page->blobs.size(), std::size_t(1));
    QVERIFY(page->next.isEmpty());
}

void TestFolder::putsShareDirectorySyncs()
{
    QVERIFY(make(path(), true));
    Pool io(4);
    auto root = folder::Root::open(path(), std::nullopt);
    QVERIFY(root);
    auto opened = root->openDirectory(QString());
    QVERIFY(opened);
    const auto directory = std::make_shared<const folder::Directory>(std::move(*opened));
    folder::DirectorySyncs syncs(io);
    std::vector<Task<Result<>>> tasks;
    for (int i = 0; i < 50; ++i)
        tasks.push_back(syncs.sync(directory, path()));
    const auto results = runTask(allOf(std::move(tasks), 50));
    for (const auto &result : results)
        QVERIFY(result);
    QCOMPARE(syncs.syncs(), 2); // the first one, and all that came while it ran
    QVERIFY(runTask(syncs.sync(directory, path())));
    QCOMPARE(syncs.syncs(), 3);
}

void TestFolder::staleTemporariesAreRemovedYoungOnesStay()
{
    QVERIFY(runTask(make(path(), true)->put(kName, QByteArray("x"))));
    const QDir root(path());
    const auto plant = [&](const QString &name, std::chrono::seconds age) {
        write(root.filePath(name), QByteArray("half"));
        QFile file(root.filePath(name));
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.setFileTime(m_clock.now().addSecs(-age.count()), QFileDevice::FileModificationTime));
    };
    plant(QStringLiteral(".mf-tmp-old"), std::chrono::hours(25));
    plant(QStringLiteral("f/3a/.mf-tmp-old"), std::chrono::hours(25));
    plant(QStringLiteral("f/3a/.mf-tmp-young"), std::chrono::hours(23));
    plant(QStringLiteral("f/3a/.other"), std::chrono::hours(1000));
    plant(QStringLiteral("f/3a/old-blob"), std::chrono::hours(1000));
    const auto provider = make(path(), false);
    QVERIFY(runTask(provider->quota()));
    QVERIFY(runTask(provider->quota())); // behind the sweep on a pool of one thread
    const QStringList left { QStringLiteral("f/3a/.mf-tmp-young"), QStringLiteral("f/3a/.other"),
        QStringLiteral("f/3a/blob"), QStringLiteral("f/3a/old-blob") };
    QCOMPARE(filesBelow(path()), left);
}

void TestFolder::goneFolderIsToldFromEmpty_data()
{
    QTest::addColumn<int>("call");
    const char *const names[] = { "put", "get", "remove", "list", "list of a prefix", "quota" };
    for (int i = 0; i < 6; ++i)
        QTest::newRow(names[i]) << i;
}

void TestFolder::goneFolderIsToldFromEmpty()
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
    const QString away = m_dir->filePath(QStringLiteral("away"));
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

void TestFolder::emptyMountPointIsNotTheAccount()
{
    QVERIFY(QDir().mkpath(path()));
    Mount disk(path(), "tmpfs", QStringLiteral("size=1m"));
    if (!disk.isMounted())
        QSKIP("cannot mount here");
    const auto provider = make(path(), true);
    QVERIFY(runTask(provider->put(kName, QByteArray("x"))));
    QVERIFY(runTask(provider->quota())); // the sweep is over
    QVERIFY(disk.unmount());
    const auto put = runTask(provider->put(kName, QByteArray("x")));
    QVERIFY(!put);
    QCOMPARE(put.error().id, QStringLiteral("MF-ACCOUNT-GONE"));
    QVERIFY(filesBelow(path()).isEmpty());
}

void TestFolder::theDiskCanBeTakenAwayWhileIdle()
{
    Mount disk(path(), "tmpfs", QStringLiteral("size=1m"));
    if (!disk.isMounted())
        QSKIP("cannot mount here");
    const auto provider = make(path(), true);
    QVERIFY(runTask(provider->put(kName, QByteArray("x"))));
    QVERIFY(runTask(provider->quota()));
    QVERIFY(disk.unmount()); // EBUSY if we still held it open
}

void TestFolder::deletedSubfoldersAreMadeAgain()
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

void TestFolder::fullDiskIsQuotaAndLeavesNothing()
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

void TestFolder::readOnlyDiskIsDenied()
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

void TestFolder::linksAreNotFollowed_data()
{
    QTest::addColumn<QString>("planted");
    QTest::newRow("in place of the first folder") << QStringLiteral("f");
    QTest::newRow("in place of the second folder") << QStringLiteral("f/3a");
    QTest::newRow("in place of the blob") << QStringLiteral("f/3a/blob");
}

void TestFolder::linksAreNotFollowed()
{
    QFETCH(QString, planted);
    const QString outside = m_dir->filePath(QStringLiteral("outside"));
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

void TestFolder::hugeFileIsNotReadWhole()
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

void TestFolder::pipeDoesNotHang()
{
    const auto provider = make(path(), true);
    QCOMPARE(::mkfifo(QFile::encodeName(path() + QStringLiteral("/pipe")).constData(), 0600), 0);
    const auto got = runTask(provider->get(BlobName(QStringLiteral("pipe")), Range()));
    QVERIFY(!got);
    QCOMPARE(got.error().id, QStringLiteral("MF-FOLDER-FOREIGN"));
}

void TestFolder::cancelledPutLeavesWholeOrNothing()
{
    const auto provider = make(path(), true);
    struct Body {
        static Task<void> run(Provider &p, BlobName name, QByteArray data)
        {
            auto putting = p.put(name, data);
            const auto put = co_await putting;
            if (!put)
                qWarning() << put.error().message;
        }
    };
    const QByteArray data(8 << 20, 'x');
    for (int i = 0; i < 20; ++i) {
        TaskScope scope;
        scope.start(Body::run(*provider, BlobName(QStringLiteral("f/%1").arg(i)), data));
        scope.start(Body::run(*provider, BlobName(QStringLiteral("g/%1").arg(i)), data));
        QElapsedTimer timer;
        timer.start();
        while (timer.nsecsElapsed() < i * 100'000) // cancel at different moments of the write
            QCoreApplication::processEvents();
    }
    QVERIFY(runTask(provider->quota())); // behind everything on a pool of one thread
    for (const QString &file : filesBelow(path())) {
        QVERIFY2(!file.contains(QStringLiteral(".mf-tmp-")), qPrintable(file));
        QCOMPARE(QFileInfo(path() + u'/' + file).size(), qint64(data.size()));
    }
}

void TestFolder::quotaIsTheDisks()
{
    Mount disk(path(), "tmpfs", QStringLiteral("size=1m"));
    if (!disk.isMounted())
        QSKIP("cannot mount here");
    const auto provider = make(path(), true);
    const auto before = runTask(provider->quota());
    QVERIFY(before);
    QCOMPARE(before->total, qint64(1) << 20);
    QVERIFY(runTask(provider->put(kName, QByteArray(512 << 10, 'x'))));
    const auto after = runTask(provider->quota());
    QVERIFY(after);
    QVERIFY(*after->free() <= *before->free() - (512 << 10));
    QCOMPARE(*after->free(), *after->total - *after->used);
}

void TestFolder::killedWhileWriting_data()
{
    QTest::addColumn<int>("point");
    QTest::addColumn<bool>("isThere");
    QTest::newRow("temporary written") << int(CrashPoint::FolderTemporaryWritten) << false;
    QTest::newRow("file synced") << int(CrashPoint::FolderSynced) << false;
    QTest::newRow("renamed") << int(CrashPoint::FolderRenamed) << true;
}

void TestFolder::killedWhileWriting()
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
    m_clock.advance(std::chrono::hours(24 * 365 * 100));
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
    TestFolder test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_folder.moc"
