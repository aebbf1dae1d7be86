// SPDX-License-Identifier: GPL-3.0-or-later
// What is fetched, into what is there already; ranges of files; places that are not the account they should be.
#include "core/base/open_files.h"
#include "core/distributor/read_range.h"
#include "core/distributor/ready_accounts.h"
#include "tests/support/engine_fixture.h"
#include "tests/support/many_tensors.h"
#include "tests/support/must.h"

#include <QDir>

#include <set>

#include <sys/resource.h>

using namespace mf;

namespace {

const QString kModel = QStringLiteral("model");

// Chunks, long zeros, and a tail of a few bytes.
QByteArray mixedBytes()
{
    return randomBytes(300'000, 1) + QByteArray(5'000'000, '\0') + randomBytes(700'001, 2) + QByteArray(900, '\0')
        + "end";
}

class Library
{
public:
    Library()
    {
        write(QStringLiteral("a.bin"), mixedBytes());
        write(QStringLiteral("sub/b.txt"), "tiny");
        write(QStringLiteral("empty"), {});
        must(fixture.store(QFile::encodeName(fixture.path(kModel)), Protection(2, 1)));
    }
    FetchRequest request() const
    {
        FetchRequest request;
        request.model = kModel;
        request.to = QFile::encodeName(fixture.path(QStringLiteral("back")));
        return request;
    }
    Result<FetchResult> fetch(FetchRequest request)
    {
        Fetch fetching(fixture.engine(), std::move(request), nullptr);
        return runTask(fetching.run());
    }
    QByteArray fetched(const QString &name) const { return readFile(fixture.path(QStringLiteral("back/") + name)); }
    QStringList all() const
    {
        QStringList names;
        const QDir dir(fixture.path(QStringLiteral("back")));
        for (const QString &name : dir.entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot))
            names.append(name);
        return names;
    }
    FileRecord record(const QString &path)
    {
        const auto revision = must(runTask(fixture.engine().registry.revision(kModel, 0)));
        for (const FileRecord &file : must(runTask(fixture.engine().registry.files(revision.row)))) {
            if (file.path == path)
                return file;
        }
        qFatal("no such file");
    }

    EngineFixture fixture { 3 };

private:
    void write(const QString &name, const QByteArray &bytes) { fixture.write(kModel + u'/' + name, bytes); }
};

} // namespace

// The process may have so many open files for as long as this lives.
class OpenFilesLimit
{
public:
    explicit OpenFilesLimit(rlim_t most)
    {
        ::getrlimit(RLIMIT_NOFILE, &m_before);
        rlimit limit = m_before;
        limit.rlim_cur = most;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
    ~OpenFilesLimit() { ::setrlimit(RLIMIT_NOFILE, &m_before); }
    Q_DISABLE_COPY_MOVE(OpenFilesLimit)
    static rlimit now()
    {
        rlimit limit {};
        ::getrlimit(RLIMIT_NOFILE, &limit);
        return limit;
    }

private:
    rlimit m_before {};
};

class TestFetch : public QObject
{
    Q_OBJECT

private slots:
    void onlyWhatWasChosen()
    {
        Library library;
        FetchRequest request = library.request();
        request.select = [](const QString &path) { return path.endsWith(QStringLiteral(".txt")); };
        const auto one = library.fetch(request);
        QVERIFY2(one, qPrintable(one ? QString() : one.error().message));
        QCOMPARE(one->files.size(), std::size_t(1));
        QCOMPARE(library.all(), QStringList { QStringLiteral("sub") });
        QCOMPARE(library.fetched(QStringLiteral("sub/b.txt")), QByteArray("tiny"));
        request.select = [](const QString &) { return false; };
        const auto none = library.fetch(request);
        QVERIFY(!none);
        QCOMPARE(none.error().id, QStringLiteral("MF-FILE-UNKNOWN"));
    }

    void whatIsThereAlready()
    {
        Library library;
        QVERIFY(library.fetch(library.request()));
        QCOMPARE(library.fetched(QStringLiteral("a.bin")), mixedBytes());
        const auto again = library.fetch(library.request());
        QVERIFY(again);
        QCOMPARE(again->reused, again->bytes); // nothing was read from accounts
        library.fixture.write(QStringLiteral("back/sub/b.txt"), "mine");
        const auto refused = library.fetch(library.request());
        QVERIFY(!refused);
        QCOMPARE(refused.error().id, QStringLiteral("MF-FETCH-EXISTS"));
        QCOMPARE(library.fetched(QStringLiteral("sub/b.txt")), QByteArray("mine"));
        FetchRequest request = library.request();
        request.overwrite = true;
        QVERIFY(library.fetch(request));
        QCOMPARE(library.fetched(QStringLiteral("sub/b.txt")), QByteArray("tiny"));
    }

    void manyFilesWithFewDescriptors()
    {
        EngineFixture fixture { 3 };
        for (int i = 0; i < 160; ++i)
            fixture.write(kModel + QStringLiteral("/%1").arg(i), QByteArray::number(i));
        must(fixture.store(QFile::encodeName(fixture.path(kModel)), Protection(2, 1)));
        FetchRequest request;
        request.model = kModel;
        request.to = QFile::encodeName(fixture.path(QStringLiteral("back")));
        const OpenFilesLimit few(256);
        Fetch fetching(fixture.engine(), request, nullptr);
        const auto fetched = runTask(fetching.run());
        QVERIFY2(fetched, qPrintable(fetched ? QString() : fetched.error().message));
        for (int i = 0; i < 160; ++i)
            QCOMPARE(readFile(fixture.path(QStringLiteral("back/%1").arg(i))), QByteArray::number(i));
    }

    void theLimitOfOpenFilesIsRaised()
    {
        const OpenFilesLimit few(256);
        allowManyOpenFiles();
        const rlimit now = OpenFilesLimit::now();
        QCOMPARE(now.rlim_cur, std::min<rlim_t>(now.rlim_max, 65'536));
        allowManyOpenFiles();
        QCOMPARE(OpenFilesLimit::now().rlim_cur, now.rlim_cur);
    }

    // Looked for before the download; what came since then is no less precious.
    void whatComesDuringTheDownloadStays()
    {
        Library library;
        FetchRequest request = library.request();
        Fetch fetching(library.fixture.engine(), request, [&library](const Progress &now) {
            if (now.phase == Progress::Phase::Downloading && now.bytes > 0)
                library.fixture.write(QStringLiteral("back/a.bin"), "mine");
        });
        const auto refused = runTask(fetching.run());
        QVERIFY(!refused);
        QCOMPARE(refused.error().id, QStringLiteral("MF-FETCH-EXISTS"));
        QCOMPARE(library.fetched(QStringLiteral("a.bin")), QByteArray("mine"));
        request.overwrite = true;
        const auto fetched = library.fetch(request);
        QVERIFY2(fetched, qPrintable(fetched ? QString() : fetched.error().message));
        QVERIFY(fetched->reused >= 1'000'001); // the chunks of the partial file
        QCOMPARE(library.fetched(QStringLiteral("a.bin")), mixedBytes());
    }

    // A partial file may hold anything: what a crash left, or what somebody else wrote there.
    void aPartialFileThatHoldsNonsense()
    {
        Library library;
        FetchRequest request = library.request();
        request.select = [](const QString &path) { return path == QStringLiteral("a.bin"); };
        QVERIFY(library.fetch(request));
        const QDir back(library.fixture.path(QStringLiteral("back")));
        QVERIFY(QFile::remove(back.filePath(QStringLiteral("a.bin"))));
        // Stopped in the middle: every read fails, the partial file stays.
        for (int i = 0; i < 3; ++i)
            library.fixture.place(i)
                .faulty->on(FaultyProvider::Method::Get)
                .named(QStringLiteral("f/*"))
                .always()
                .error(Error(Error::Kind::Invalid, QStringLiteral("MF-TEST"), QStringLiteral("no")));
        QVERIFY(!library.fetch(request));
        library.fixture.reopen();
        const QStringList parts = back.entryList({ QStringLiteral(".modelfloat-part-*") }, QDir::Files | QDir::Hidden);
        QCOMPARE(parts.size(), qsizetype(1));
        QFile part(back.filePath(parts.front()));
        QVERIFY(part.open(QIODevice::WriteOnly) && part.write(QByteArray(6'100'000, 'x')) == 6'100'000);
        part.close();
        const auto fetched = library.fetch(request);
        QVERIFY2(fetched, qPrintable(fetched ? QString() : fetched.error().message));
        QCOMPARE(library.fetched(QStringLiteral("a.bin")), mixedBytes());
        QCOMPARE(back.entryList(QDir::Files | QDir::Hidden), QStringList { QStringLiteral("a.bin") });
    }

    void anyRangeOfAFile_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("chunks") << mixedBytes();
        QTest::newRow("a few bytes, which the manifest has") << QByteArray("tiny");
        QTest::newRow("tensors of a few bytes between larger ones")
            << tensorsOf({ 10, 70'000, 64, 3, 2'000'000, 1 }, 5);
        // Longer than what is collected before it is read.
        QTest::newRow("a run of zeros") << randomBytes(300'000, 3) + QByteArray(40'000'000, '\0') + randomBytes(5, 4);
    }
    void anyRangeOfAFile()
    {
        QFETCH(const QByteArray, bytes);
        EngineFixture fixture(3);
        must(fixture.store(fixture.write(QStringLiteral("a.safetensors"), bytes), Protection(2, 1), kModel));
        const auto revision = must(runTask(fixture.engine().registry.revision(kModel, 0)));
        const FileRecord file = must(runTask(fixture.engine().registry.files(revision.row))).front();
        const qint64 size = bytes.size();
        std::set<qint64> edges { 0, 1, size / 3, size / 2, size - 4, size - 3, size - 1, size };
        for (const qint64 edge : std::initializer_list<qint64> { 299'999, 300'000, 300'001, 2'000'000, 5'299'999,
                 5'300'000, 5'300'001, 6'000'000, 6'000'001, 6'000'002, 33'554'431, 33'554'432, 33'554'433 }) {
            if (edge <= size)
                edges.insert(edge);
        }
        for (const qint64 from : edges) {
            for (const qint64 to : edges) {
                if (to < from)
                    continue;
                QByteArray got;
                ReadStats stats;
                const auto sink = [&got](const QByteArray &piece) -> Result<> {
                    got += piece;
                    return {};
                };
                const auto read = runTask(readRange(fixture.engine(), file, from, to - from, sink, stats));
                QVERIFY2(read, qPrintable(read ? QString() : read.error().message));
                QVERIFY2(
                    got == bytes.sliced(from, to - from), qPrintable(QStringLiteral("%1 to %2").arg(from).arg(to)));
            }
        }
    }

    void noRangeOfAFile_data()
    {
        QTest::addColumn<qint64>("offset");
        QTest::addColumn<qint64>("length");
        QTest::newRow("before it") << qint64(-1) << qint64(1);
        QTest::newRow("less than nothing") << qint64(0) << qint64(-1);
        QTest::newRow("beyond it") << qint64(4) << qint64(1);
        QTest::newRow("over its end") << qint64(3) << qint64(2);
        QTest::newRow("far beyond") << qint64(1) << std::numeric_limits<qint64>::max();
    }
    void noRangeOfAFile()
    {
        QFETCH(const qint64, offset);
        QFETCH(const qint64, length);
        Library library;
        ReadStats stats;
        const auto sink = [](const QByteArray &) -> Result<> { return {}; };
        const auto read = runTask(readRange(
            library.fixture.engine(), library.record(QStringLiteral("sub/b.txt")), offset, length, sink, stats));
        QVERIFY(!read);
        QCOMPARE(read.error().id, QStringLiteral("MF-RANGE"));
    }

    void aSinkThatHadEnoughEndsIt()
    {
        Library library;
        ReadStats stats;
        int calls = 0;
        const auto sink = [&calls](const QByteArray &) -> Result<> {
            ++calls;
            return Error(Error::Kind::Cancelled, QStringLiteral("MF-ENOUGH"), QStringLiteral("enough"));
        };
        const FileRecord file = library.record(QStringLiteral("a.bin"));
        const auto read = runTask(readRange(library.fixture.engine(), file, 0, file.size, sink, stats));
        QVERIFY(!read);
        QCOMPARE(read.error().id, QStringLiteral("MF-ENOUGH"));
        QCOMPARE(calls, 1);
    }

    // A disk was swapped, a folder was copied: the marker tells.
    void aPlaceThatIsNotTheAccountItShouldBe_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("id");
        QTest::newRow("another account's place") << "other" << "MF-ACCOUNT-TWICE";
        QTest::newRow("a damaged marker") << "damaged" << "MF-ACCOUNT-GONE";
        QTest::newRow("no marker") << "none" << "MF-ACCOUNT-GONE";
    }
    void aPlaceThatIsNotTheAccountItShouldBe()
    {
        QFETCH(const QString, what);
        QFETCH(const QString, id);
        Library library;
        EngineFixture &fixture = library.fixture;
        const BlobName marker = markerName(fixture.engine().ring);
        if (what == QStringLiteral("other"))
            fixture.place(0).memory->replace(marker, fixture.place(1).memory->bytes(marker));
        else if (what == QStringLiteral("damaged"))
            fixture.place(0).memory->replace(marker, QByteArray(200, 'x'));
        else
            fixture.place(0).memory->lose(marker);
        fixture.reopen();
        QStringList warnings;
        QVERIFY(runTask(readyAccounts(fixture.engine(), warnings)));
        QVERIFY(!fixture.account(0)->isVerified());
        QVERIFY(fixture.account(0)->trouble());
        QCOMPARE(fixture.account(0)->trouble()->id, id);
        QCOMPARE(fixture.account(0)->trouble()->account, fixture.place(0).record.name);
        QCOMPARE(warnings, QStringList { fixture.account(0)->trouble()->message });
        QVERIFY(library.fetch(library.request())); // without it
        QCOMPARE(library.fetched(QStringLiteral("a.bin")), mixedBytes());
    }
};

QTEST_GUILESS_MAIN(TestFetch)
#include "test_fetch.moc"
