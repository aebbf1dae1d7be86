// SPDX-License-Identifier: GPL-3.0-or-later
// What the adapters for clouds do when connections end, servers lie, throttle, or say nothing more: real servers, with
// something in between that breaks what passes.
#include "tests/contract/checks.h"
#include "tests/servers/faulty_cloud.h"
#include "tests/support/must.h"

#include <QDir>
#include <QElapsedTimer>

using namespace mf;

namespace {

constexpr qsizetype kSize = 4'000'000;

int kindCount() { return int(FaultyCloud::kinds().size()); }
const FaultyCloud::Kind &kindAt(int kind) { return FaultyCloud::kinds()[std::size_t(kind)]; }

QByteArray answer(const char *status, const QByteArray &headers = {}, const QByteArray &body = {})
{
    const QByteArray length = "Content-Length: " + QByteArray::number(body.size()) + "\r\n";
    return QByteArray("HTTP/1.1 ") + status + "\r\nConnection: close\r\n" + headers + length + "\r\n" + body;
}

Faults answering(const QByteArray &said)
{
    Faults faults;
    faults.answersInstead = said;
    return faults;
}

template <typename T> std::optional<Error> errorOf(const Result<T> &result)
{
    return result ? std::nullopt : std::optional(result.error());
}

} // namespace

class TestCloudFaults : public QObject
{
    Q_OBJECT

    SystemClock m_clock;
    std::map<int, std::unique_ptr<FaultyCloud>> m_clouds; // each is started once
    int m_blobs = 0;

    FaultyCloud &cloud(int kind)
    {
        auto &cloud = m_clouds[kind];
        if (!cloud)
            cloud = std::make_unique<FaultyCloud>(kindAt(kind));
        return *cloud;
    }
    BlobName fresh() { return BlobName(QStringLiteral("f/00/%1").arg(++m_blobs)); }
    void rows()
    {
        QTest::addColumn<int>("kind");
        for (int kind = 0; kind < kindCount(); ++kind)
            QTest::newRow(kindAt(kind).name) << kind;
    }
    // The proxy cannot answer in a server's place by TLS: it has no key that the account would trust.
    void plainRows()
    {
        QTest::addColumn<int>("kind");
        for (int kind = 0; kind < kindCount(); ++kind) {
            if (!kindAt(kind).isTls)
                QTest::newRow(kindAt(kind).name) << kind;
        }
    }
    void rowsWithPercent()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("percent");
        for (int kind = 0; kind < kindCount(); ++kind) {
            for (const int percent : { 1, 50, 99 })
                QTest::addRow("%s, at %d %%", kindAt(kind).name, percent) << kind << percent;
        }
    }

private slots:
    void init()
    {
        QFETCH(const int, kind);
        if (!ServerProcess::isInstalled(QString::fromLatin1(kindAt(kind).program)))
            QSKIP("the server is not installed");
    }

    void aPutThatIsCut_data() { rowsWithPercent(); }
    void aPutThatIsCut()
    {
        QFETCH(const int, kind);
        QFETCH(const int, percent);
        FaultyCloud &with = cloud(kind);
        const BlobName name = fresh();
        const QByteArray bytes = contract::randomBytes(kSize, 1);
        const auto provider = with.account();
        Faults faults;
        faults.cutRequestAt = kSize * percent / 100;
        with.set(faults);
        const auto cut = runTask(provider->put(name, bytes));
        QVERIFY(!cut);
        QCOMPARE(cut.error().id, QStringLiteral("MF-HTTP-CUT"));
        QVERIFY(with.onlyMet("PUT "));
        with.set({});
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
        FaultyCloud &with = cloud(kind);
        const BlobName name = fresh();
        const QByteArray bytes = contract::randomBytes(kSize, 2);
        const auto provider = with.account();
        must(runTask(provider->put(name, bytes)));
        Faults faults;
        faults.cutAnswerAt = kSize * percent / 100;
        for (const Range &range : { Range(), Range(0, kSize), Range(1, kSize - 1) }) {
            with.set(faults);
            const auto cut = runTask(provider->get(name, range));
            QVERIFY(!cut);
            QCOMPARE(cut.error().id, QStringLiteral("MF-HTTP-CUT"));
            QVERIFY(with.onlyMet("GET "));
        }
        with.set({});
        QVERIFY(must(runTask(provider->get(name, Range()))) == bytes);
    }

    void fewerBytesThanWereAskedFor_data() { plainRows(); }
    void fewerBytesThanWereAskedFor()
    {
        QFETCH(const int, kind);
        FaultyCloud &with = cloud(kind);
        const BlobName name = fresh();
        const auto provider = with.account();
        must(runTask(provider->put(name, "0123456789")));
        for (const char *status : { "200 OK", "206 Partial Content" }) {
            with.set(answering(answer(status, {}, "0123")));
            const auto got = runTask(provider->get(name, Range(0, 10)));
            QVERIFY(!got);
            QCOMPARE(got.error().id, QStringLiteral("MF-BLOB-RANGE"));
            QVERIFY(with.onlyMet("GET "));
        }
    }

    // It says that it stored what it did not.
    void successForWhatWasDropped_data() { plainRows(); }
    void successForWhatWasDropped()
    {
        QFETCH(const int, kind);
        FaultyCloud &with = cloud(kind);
        const BlobName name = fresh();
        const auto provider = with.account();
        for (const char *status : { "200 OK", "201 Created", "204 No Content" }) {
            Faults faults = answering(answer(status));
            faults.times = with.isDav() ? 2 : 1; // PUT, MOVE; PUT
            with.set(faults);
            const auto put = runTask(provider->put(name, "bytes"));
            QVERIFY(!put);
            QCOMPARE(put.error().id, QStringLiteral("MF-BLOB-READBACK"));
            const QList<QByteArray> &met = with.proxy().broken();
            QCOMPARE(met.size(), faults.times);
            QVERIFY(met.first().startsWith("PUT "));
            QVERIFY(met.last().startsWith(with.isDav() ? "MOVE " : "PUT "));
        }
    }

    void theServerIsBusy_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QByteArray>("said");
        QTest::addColumn<int>("seconds");
        for (int kind = 0; kind < kindCount(); ++kind) {
            const char *who = kindAt(kind).name;
            if (kindAt(kind).isTls)
                continue;
            QTest::addRow("%s: 503, later", who) << kind << answer("503 Busy", "Retry-After: 7\r\n") << 7;
            QTest::addRow("%s: 503", who) << kind << answer("503 Busy") << 0;
            QTest::addRow("%s: 429, later", who) << kind << answer("429 Slow", "Retry-After: 90\r\n") << 90;
            QTest::addRow("%s: 500", who) << kind << answer("500 Failed") << -1;
        }
    }
    void theServerIsBusy()
    {
        QFETCH(const int, kind);
        QFETCH(const QByteArray, said);
        QFETCH(const int, seconds);
        FaultyCloud &with = cloud(kind);
        const auto provider = with.account();
        with.set(answering(said));
        const auto put = runTask(provider->put(fresh(), "bytes"));
        QVERIFY(!put);
        QCOMPARE(int(put.error().kind), int(seconds < 0 ? Error::Kind::Network : Error::Kind::Throttled));
        QCOMPARE(put.error().retryAt.has_value(), seconds > 0);
        if (seconds > 0)
            QVERIFY(std::abs(m_clock.now().secsTo(*put.error().retryAt) - seconds) <= 3);
        QVERIFY(with.onlyMet("PUT "));
    }

    // What was stored is not missing because nobody is let in.
    void credentialsThatExpire_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QByteArray>("said");
        QTest::addColumn<QString>("id");
        const auto fault = [](const char *code) {
            return answer("403 Forbidden", "Content-Type: application/xml\r\n",
                QByteArray("<?xml version=\"1.0\"?><Error><Code>") + code + "</Code><Message>no</Message></Error>");
        };
        for (int kind = 0; kind < kindCount(); ++kind) {
            const char *who = kindAt(kind).name;
            if (kindAt(kind).isTls)
                continue;
            if (kindAt(kind).dav) {
                const QString refused = QStringLiteral("MF-HTTP-REFUSED");
                QTest::addRow("%s: 401", who)
                    << kind << answer("401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\"\r\n") << refused;
                QTest::addRow("%s: 403", who) << kind << answer("403 Forbidden") << refused;
                continue;
            }
            for (const char *code : { "ExpiredToken", "InvalidAccessKeyId", "SignatureDoesNotMatch" })
                QTest::addRow("%s: %s", who, code) << kind << fault(code) << QStringLiteral("MF-S3-KEYS");
        }
    }
    void credentialsThatExpire()
    {
        QFETCH(const int, kind);
        QFETCH(const QByteArray, said);
        QFETCH(const QString, id);
        FaultyCloud &with = cloud(kind);
        const BlobName name = fresh();
        const auto provider = with.account();
        must(runTask(provider->put(name, "bytes")));
        const auto refused = [&](const QByteArray &request, auto asking) {
            with.set(answering(said));
            const auto error = errorOf(runTask(std::move(asking)));
            QVERIFY(error);
            QCOMPARE(int(error->kind), int(Error::Kind::Unauthorised));
            QCOMPARE(error->id, id);
            QVERIFY(with.proxy().broken().value(0).startsWith(request));
        };
        refused("PUT ", provider->put(fresh(), "more"));
        refused("GET ", provider->get(name, Range()));
        refused(with.isDav() ? "PROPFIND " : "GET ", provider->list(QString(), QString()));
        refused(with.isDav() ? "PROPFIND " : "DELETE ", provider->remove(name));
        with.set({});
        QCOMPARE(must(runTask(provider->get(name, Range()))), QByteArray("bytes"));
    }

    void nothingGoesAnyMore_data() { rows(); }
    void nothingGoesAnyMore()
    {
        QFETCH(const int, kind);
        FaultyCloud &with = cloud(kind);
        const auto provider = with.account();
        Faults faults;
        faults.stopRequestAt = kSize / 10;
        with.set(faults);
        QElapsedTimer timer;
        timer.start();
        const auto put = runTask(provider->put(fresh(), contract::randomBytes(kSize, 3)));
        QVERIFY(!put);
        QCOMPARE(put.error().id, QStringLiteral("MF-HTTP-TIMEOUT"));
        QCOMPARE(put.error().parameters.value(QStringLiteral("limit")), QStringLiteral("idle"));
        QVERIFY(timer.elapsed() < 10 * FaultyCloud::kIdle.count());
        QVERIFY(with.onlyMet("PUT "));
    }

    void nothingComesAnyMore_data() { rows(); }
    void nothingComesAnyMore()
    {
        QFETCH(const int, kind);
        FaultyCloud &with = cloud(kind);
        const BlobName name = fresh();
        const auto provider = with.account();
        const QByteArray bytes = contract::randomBytes(kSize, 5);
        must(runTask(provider->put(name, bytes)));
        Faults faults;
        faults.stopAnswerAt = kSize / 2;
        with.set(faults);
        const auto got = runTask(provider->get(name, Range()));
        QVERIFY(!got);
        QCOMPARE(got.error().id, QStringLiteral("MF-HTTP-TIMEOUT"));
        QCOMPARE(got.error().parameters.value(QStringLiteral("limit")), QStringLiteral("idle"));
        QVERIFY(with.onlyMet("GET "));
        with.set({});
        QVERIFY(must(runTask(provider->get(name, Range()))) == bytes);
    }

    void aLongList_data() { rows(); }
    void aLongList()
    {
        QFETCH(const int, kind);
        constexpr int kBlobs = 10'000;
        FaultyCloud &with = cloud(kind);
        const auto provider = with.account();
        const QDir root(with.folder());
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
        with.set({});
        with.server().stop(); // it may remember what was there
        with.server().startAgain();
        QElapsedTimer timer;
        timer.start();
        const auto listed = runTask(listAll(*provider, QStringLiteral("long/")));
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
