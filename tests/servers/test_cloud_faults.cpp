// SPDX-License-Identifier: GPL-3.0-or-later
// What the adapters for clouds do when connections end, servers lie, throttle, or say nothing more: real servers, with
// something in between that breaks what passes.
#include "core/providers/s3/s3.h"
#include "core/providers/verified.h"
#include "core/providers/webdav/webdav.h"
#include "tests/contract/checks.h"
#include "tests/servers/dav_servers.h"
#include "tests/servers/fault_proxy.h"
#include "tests/servers/s3_servers.h"
#include "tests/support/must.h"

#include <QDir>
#include <QElapsedTimer>

using namespace mf;

namespace {

constexpr std::chrono::milliseconds kIdle { 3000 };
constexpr qsizetype kSize = 4'000'000;
constexpr int kKinds = 2;
const char *const kPrograms[kKinds] = { "rclone", "versitygw" };

QByteArray answer(const char *status, const QByteArray &headers = {}, const QByteArray &body = {})
{
    const QByteArray length = "Content-Length: " + QByteArray::number(body.size()) + "\r\n";
    return QByteArray("HTTP/1.1 ") + status + "\r\nConnection: close\r\n" + headers + length + "\r\n" + body;
}

} // namespace

class TestCloudFaults : public QObject
{
    Q_OBJECT

    // A server, what stands before it, and an account that knows only that.
    struct Cloud {
        DavServer dav;
        S3Server s3;
        std::unique_ptr<FaultProxy> proxy;
    };
    SystemClock m_clock;
    Pool m_io { 1 };
    std::map<int, Cloud> m_clouds;
    int m_blobs = 0;

    Cloud &cloud(int kind)
    {
        Cloud &cloud = m_clouds[kind];
        if (cloud.proxy)
            return cloud;
        if (kind == 0)
            cloud.dav = startRclone();
        else
            cloud.s3 = startVersity();
        cloud.proxy = std::make_unique<FaultProxy>((kind == 0 ? cloud.dav.process : cloud.s3.process)->port());
        return cloud;
    }

    // With connections of its own. The place is there.
    std::unique_ptr<Provider> account(int kind)
    {
        Cloud &with = cloud(kind);
        HttpSettings settings;
        settings.proxy = HttpSettings::Proxy::None;
        settings.idleLimit = kIdle;
        const QUrl root(QStringLiteral("http://127.0.0.1:%1/account/").arg(with.proxy->port()));
        std::unique_ptr<Provider> adapter;
        if (kind == 0) {
            auto client = std::make_unique<webdav::DavClient>(
                root, with.dav.user, SecretText(with.dav.password.toUtf8()), settings, m_clock);
            adapter = std::make_unique<WebDavProvider>(std::move(client), true);
        } else {
            const QUrl endpoint(QStringLiteral("http://127.0.0.1:%1").arg(with.proxy->port()));
            auto client = std::make_unique<s3::S3Client>(
                s3::Place { endpoint, with.s3.region.toLatin1(), QStringLiteral("account") },
                s3::Keys { with.s3.accessKey.toLatin1(), SecretText(with.s3.secretKey.toLatin1()) }, settings, m_clock,
                m_io);
            adapter = std::make_unique<S3Provider>(std::move(client), QString(), true);
        }
        return std::make_unique<Verified>(std::move(adapter));
    }
    void makePlace(int kind)
    {
        cloud(kind).proxy->set({});
        const auto made = runTask(account(kind)->list(QString(), QString()));
        QVERIFY2(made, made ? "" : qPrintable(made.error().message));
        const auto put = runTask(account(kind)->put(contract::named("f/00/first"), "x"));
        QVERIFY2(put, put ? "" : qPrintable(put.error().message));
    }
    BlobName fresh() { return BlobName(QStringLiteral("f/00/%1").arg(++m_blobs)); }
    void kinds() { QTest::addColumn<int>("kind"); }
    void rows()
    {
        kinds();
        for (int kind = 0; kind < kKinds; ++kind)
            QTest::newRow(kPrograms[kind]) << kind;
    }
    void rowsWithPercent()
    {
        kinds();
        QTest::addColumn<int>("percent");
        for (int kind = 0; kind < kKinds; ++kind) {
            for (const int percent : { 1, 50, 99 })
                QTest::addRow("%s, at %d %%", kPrograms[kind], percent) << kind << percent;
        }
    }

private slots:
    void init()
    {
        QFETCH(const int, kind);
        if (!ServerProcess::isInstalled(QString::fromLatin1(kPrograms[kind])))
            QSKIP("the server is not installed");
        makePlace(kind);
    }

    void aPutThatIsCut_data() { rowsWithPercent(); }
    void aPutThatIsCut()
    {
        QFETCH(const int, kind);
        QFETCH(const int, percent);
        const BlobName name = fresh();
        const QByteArray bytes = contract::randomBytes(kSize, 1);
        Faults faults;
        faults.cutRequestAt = kSize * percent / 100;
        cloud(kind).proxy->set(faults);
        const auto cut = runTask(account(kind)->put(name, bytes));
        QVERIFY(!cut);
        QCOMPARE(int(cut.error().kind), int(Error::Kind::Network));
        cloud(kind).proxy->set({});
        const auto provider = account(kind);
        const auto half = runTask(provider->get(name, Range()));
        QVERIFY(!half); // nothing, not a part
        QCOMPARE(half.error().id, QStringLiteral("MF-BLOB-MISSING"));
        QVERIFY(!contract::namesOf(*provider, QString()).contains(name.value));
        const auto put = runTask(provider->put(name, bytes));
        QVERIFY2(put, put ? "" : qPrintable(put.error().message));
        QVERIFY(must(runTask(provider->get(name, Range()))) == bytes);
    }

    void aGetThatIsCut_data() { rowsWithPercent(); }
    void aGetThatIsCut()
    {
        QFETCH(const int, kind);
        QFETCH(const int, percent);
        const BlobName name = fresh();
        const QByteArray bytes = contract::randomBytes(kSize, 2);
        must(runTask(account(kind)->put(name, bytes)));
        Faults faults;
        faults.cutAnswerAt = kSize * percent / 100;
        cloud(kind).proxy->set(faults);
        for (const Range &range : { Range(), Range(0, kSize), Range(1, kSize - 1) }) {
            const auto cut = runTask(account(kind)->get(name, range));
            QVERIFY(!cut);
            QCOMPARE(int(cut.error().kind), int(Error::Kind::Network));
        }
        cloud(kind).proxy->set({});
        QVERIFY(must(runTask(account(kind)->get(name, Range()))) == bytes);
    }

    void fewerBytesThanWereAskedFor_data() { rows(); }
    void fewerBytesThanWereAskedFor()
    {
        QFETCH(const int, kind);
        const BlobName name = fresh();
        must(runTask(account(kind)->put(name, "0123456789")));
        for (const char *status : { "200 OK", "206 Partial Content" }) {
            Faults faults;
            faults.answersInstead = answer(status, {}, "0123");
            cloud(kind).proxy->set(faults);
            const auto got = runTask(account(kind)->get(name, Range(0, 10)));
            QVERIFY(!got);
        }
    }

    // It says that it stored what it did not.
    void successForWhatWasDropped_data() { rows(); }
    void successForWhatWasDropped()
    {
        QFETCH(const int, kind);
        const BlobName name = fresh();
        const auto provider = account(kind);
        must(runTask(provider->list(QString(), QString())));
        for (const char *status : { "200 OK", "201 Created", "204 No Content" }) {
            Faults faults;
            faults.answersInstead = answer(status);
            faults.connections = kind == 0 ? 4 : 1; // folders, PUT, MOVE; PUT
            cloud(kind).proxy->set(faults);
            const auto put = runTask(account(kind)->put(name, "bytes"));
            QVERIFY(!put);
        }
    }

    void theServerIsBusy_data()
    {
        kinds();
        QTest::addColumn<QByteArray>("said");
        QTest::addColumn<int>("seconds");
        for (int kind = 0; kind < kKinds; ++kind) {
            const char *who = kPrograms[kind];
            QTest::addRow("%s: 503, later", who) << kind << answer("503 Busy", "Retry-After: 7\r\n") << 7;
            QTest::addRow("%s: 503", who) << kind << answer("503 Busy") << 30;
            QTest::addRow("%s: 429, later", who) << kind << answer("429 Slow", "Retry-After: 90\r\n") << 90;
            QTest::addRow("%s: 500", who) << kind << answer("500 Failed") << -1;
        }
    }
    void theServerIsBusy()
    {
        QFETCH(const int, kind);
        QFETCH(const QByteArray, said);
        QFETCH(const int, seconds);
        Faults faults;
        faults.answersInstead = said;
        cloud(kind).proxy->set(faults);
        const auto put = runTask(account(kind)->put(fresh(), "bytes"));
        QVERIFY(!put);
        QCOMPARE(int(put.error().kind), int(seconds < 0 ? Error::Kind::Network : Error::Kind::Throttled));
        if (seconds > 0)
            QVERIFY(std::abs(m_clock.now().secsTo(put.error().retryAt.value()) - seconds) <= 3);
    }

    // What was stored is not missing because nobody is let in.
    void credentialsThatExpire_data()
    {
        kinds();
        QTest::addColumn<QByteArray>("said");
        QTest::addColumn<QString>("id");
        const auto fault = [](const char *code) {
            return answer("403 Forbidden", "Content-Type: application/xml\r\n",
                QByteArray("<?xml version=\"1.0\"?><Error><Code>") + code + "</Code><Message>no</Message></Error>");
        };
        QTest::newRow("rclone: 401") << 0 << answer("401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\"\r\n")
                                     << QStringLiteral("MF-HTTP-REFUSED");
        QTest::newRow("rclone: 403") << 0 << answer("403 Forbidden") << QStringLiteral("MF-HTTP-REFUSED");
        for (const char *code : { "ExpiredToken", "InvalidAccessKeyId", "SignatureDoesNotMatch" })
            QTest::addRow("versitygw: %s", code) << 1 << fault(code) << QStringLiteral("MF-S3-KEYS");
    }
    void credentialsThatExpire()
    {
        QFETCH(const int, kind);
        QFETCH(const QByteArray, said);
        QFETCH(const QString, id);
        const BlobName name = fresh();
        must(runTask(account(kind)->put(name, "bytes")));
        Faults faults;
        faults.answersInstead = said;
        cloud(kind).proxy->set(faults);
        const auto put = runTask(account(kind)->put(fresh(), "more"));
        const auto got = runTask(account(kind)->get(name, Range()));
        const auto listed = runTask(account(kind)->list(QString(), QString()));
        const auto removed = runTask(account(kind)->remove(name));
        for (const std::optional<Error> &error : { put ? std::nullopt : std::optional(put.error()),
                 got ? std::nullopt : std::optional(got.error()), listed ? std::nullopt : std::optional(listed.error()),
                 removed ? std::nullopt : std::optional(removed.error()) }) {
            QVERIFY(error);
            QCOMPARE(int(error->kind), int(Error::Kind::Unauthorised));
            QCOMPARE(error->id, id);
        }
        cloud(kind).proxy->set({});
        QCOMPARE(must(runTask(account(kind)->get(name, Range()))), QByteArray("bytes"));
    }

    void nothingComesOrGoesAnyMore_data() { rows(); }
    void nothingComesOrGoesAnyMore()
    {
        QFETCH(const int, kind);
        Faults faults;
        faults.stopsReading = true;
        cloud(kind).proxy->set(faults);
        QElapsedTimer timer;
        timer.start();
        const auto put = runTask(account(kind)->put(fresh(), contract::randomBytes(kSize, 3)));
        QVERIFY(!put);
        QCOMPARE(put.error().id, QStringLiteral("MF-HTTP-TIMEOUT"));
        QCOMPARE(put.error().parameters.value(QStringLiteral("limit")), QStringLiteral("idle"));
        QVERIFY(timer.elapsed() < 10 * kIdle.count());
    }

    void cancelledInTheMiddle_data() { rows(); }
    void cancelledInTheMiddle()
    {
        QFETCH(const int, kind);
        FaultProxy &proxy = *cloud(kind).proxy;
        const BlobName name = fresh();
        proxy.setRate(2'000'000);
        auto provider = account(kind);
        {
            TaskScope scope;
            bool isDone = false;
            const auto putting = [](Provider &to, BlobName blob, bool &done) -> Task<void> {
                const auto put = co_await to.put(blob, contract::randomBytes(kSize, 4));
                Q_UNUSED(put)
                done = true;
            };
            scope.start(putting(*provider, name, isDone));
            QTRY_VERIFY(proxy.open() > 0);
            QTest::qWait(500);
            QVERIFY(!isDone);
        }
        proxy.setRate(0);
        provider.reset();
        QTRY_COMPARE(proxy.open(), 0); // the server sees it end
        const auto got = runTask(account(kind)->get(name, Range()));
        QVERIFY(!got);
        QCOMPARE(got.error().id, QStringLiteral("MF-BLOB-MISSING"));
    }

    void aLongList_data() { rows(); }
    void aLongList()
    {
        QFETCH(const int, kind);
        constexpr int kBlobs = 10'000;
        ServerProcess &server = *(kind == 0 ? cloud(kind).dav.process : cloud(kind).s3.process);
        const QDir root(server.path(QStringLiteral("files/account")));
        QSet<QString> names;
        for (int i = 0; i < kBlobs; ++i) {
            const QString folder = QStringLiteral("long/%1").arg(i % 256, 2, 16, QLatin1Char('0'));
            if (i < 256)
                QVERIFY(root.mkpath(folder));
            const QString name = folder + QStringLiteral("/%1").arg(i);
            QFile file(root.filePath(name));
            QVERIFY(file.open(QIODevice::WriteOnly) && file.write("x") == 1);
            names.insert(name);
        }
        server.stop(); // it may remember what was there
        server.startAgain();
        QElapsedTimer timer;
        timer.start();
        const auto listed = runTask(listAll(*account(kind), QStringLiteral("long/")));
        qInfo("listed in %lld ms", static_cast<long long>(timer.elapsed()));
        QVERIFY2(listed, listed ? "" : qPrintable(listed.error().message));
        for (const BlobInfo &blob : *listed) {
            QVERIFY(names.remove(blob.name.value)); // each once
            QCOMPARE(blob.size, qint64(1));
        }
        QVERIFY(names.isEmpty());
        QVERIFY(QDir(root.filePath(QStringLiteral("long"))).removeRecursively());
    }
};

QTEST_GUILESS_MAIN(TestCloudFaults)
#include "test_cloud_faults.moc"
