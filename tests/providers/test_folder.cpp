// SPDX-License-Identifier: GPL-3.0-or-later
// The folder adapter on a healthy disk.
#include "core/base/all_of.h"
#include "tests/providers/folder_fixture.h"

#include <sys/stat.h>
using namespace mf;

class TestFolder : public QObject
{
    Q_OBJECT
    std::unique_ptr<FolderFixture> m_fixture;

    QString path() const { return m_fixture->path(); }
    std::unique_ptr<Provider> make(const QString &at, bool create) { return m_fixture->make(at, create); }

private slots:
    void init() { m_fixture = std::make_unique<FolderFixture>(); }
    void makesItsFolderOnlyWhenAdded();
    void keepsAnExistingFolder();
    void cannotBeMadeWhereAFileIs();
    void foreignFilesAreNotListed();
    void pagesHoldEveryBlobOnce();
    void manyEmptyFoldersDoNotEndAListing();
    void putsShareDirectorySyncs();
    void staleTemporariesAreRemovedYoungOnesStay();
    void cancelledPutLeavesWholeOrNothing();
    void quotaIsTheDisks();
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
    Lane lane(m_fixture->clock, io, 4, std::chrono::minutes(1));
    folder::DirectorySyncs syncs(lane, path());
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
        QVERIFY(file.setFileTime(m_fixture->clock.now().addSecs(-age.count()), QFileDevice::FileModificationTime));
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
    const QByteArray data(4 << 20, 'x');
    for (qint64 i = 0; i < 10; ++i) {
        TaskScope scope;
        scope.start(Body::run(*provider, BlobName(QStringLiteral("f/%1").arg(i)), data));
        scope.start(Body::run(*provider, BlobName(QStringLiteral("g/%1").arg(i)), data));
        QElapsedTimer timer;
        timer.start();
        while (timer.nsecsElapsed() < i * 200'000) // cancel at different moments of the write
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

QTEST_GUILESS_MAIN(TestFolder)
#include "test_folder.moc"
