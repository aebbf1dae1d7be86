// SPDX-License-Identifier: GPL-3.0-or-later
// What S3 servers answer, good and bad, and what a person types. The adapter on real servers: tests/servers.
#include "core/providers/s3/s3.h"
#include "tests/http/scripted_server.h"
#include "tests/support/fake_clock.h"
#include "tests/support/must.h"
#include "tests/support/run_task.h"

#include <QCryptographicHash>
#include <QUrlQuery>
#include <QtTest>

using namespace mf;
using namespace mf::s3;
using Request = ScriptedServer::Request;

namespace {

QByteArray fault(const QByteArray &code, const QByteArray &more = {})
{
    return "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>a secret of the server</Message>" + more
        + "</Error>";
}

const QByteArray kEmptyList = "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";

const QByteArray kList = R"(<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>models</Name>
<Contents><Key>a%2Fb+c%C3%BC</Key><Size>12</Size><Owner><ID>Key</ID></Owner></Contents>
<Contents><Key>a%2Fd</Key><Size>-3</Size></Contents><EncodingType>url</EncodingType>
<IsTruncated>true</IsTruncated><NextContinuationToken>1/abc==</NextContinuationToken></ListBucketResult>)";

QByteArray etagOf(const QByteArray &body)
{
    return "ETag: \"" + QCryptographicHash::hash(body, QCryptographicHash::Md5).toHex() + "\"\r\n";
}

} // namespace

class TestS3 : public QObject
{
    Q_OBJECT

    FakeClock m_clock;
    Pool m_io { 1 };

    std::unique_ptr<Provider> account(const ScriptedServer &server, AccountSettings more = {}, bool create = false)
    {
        AccountSettings settings { { QStringLiteral("endpoint"), server.url(QString()).toString() },
            { QStringLiteral("bucket"), QStringLiteral("models") },
            { QStringLiteral("access-key"), QStringLiteral("AK") } };
        settings.insert(more);
        return must(s3Kind().make({ m_clock, m_io }, settings, SecretText("SK"), create));
    }
    Error refused(const AccountSettings &more)
    {
        AccountSettings settings { { QStringLiteral("endpoint"), QStringLiteral("https://s3.example") },
            { QStringLiteral("bucket"), QStringLiteral("models") },
            { QStringLiteral("access-key"), QStringLiteral("AK") } };
        settings.insert(more);
        const auto made = s3Kind().make({ m_clock, m_io }, settings, SecretText("SK"), false);
        return made ? Error() : made.error();
    }
    static BlobName name() { return BlobName(QStringLiteral("f/3a/x")); }

private slots:
    void aListIsUnderstood()
    {
        const auto page = readKeyPage(kList);
        QVERIFY(page);
        QCOMPARE(page->keys.size(), std::size_t(2));
        QCOMPARE(page->keys[0].key, QStringLiteral("a/b cü"));
        QCOMPARE(page->keys[0].size, qint64(12));
        QCOMPARE(page->keys[1].size, qint64(-1));
        QVERIFY(page->isTruncated);
        QCOMPARE(page->token, QStringLiteral("1/abc=="));
        const auto plain = readKeyPage(QByteArray(kList).replace("<EncodingType>url</EncodingType>", ""));
        QVERIFY(plain);
        QCOMPARE(plain->keys[1].key, QStringLiteral("a%2Fd"));
    }

    void whatIsNoListIsRefused_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("id");
        const QString none = QStringLiteral("MF-S3-NONE");
        QTest::newRow("nothing") << QByteArray() << none;
        QTest::newRow("a web page") << QByteArray("<!DOCTYPE html><html><body>Sign in</body></html>") << none;
        QTest::newRow("JSON") << QByteArray("{\"error\":1}") << none;
        QTest::newRow("another element") << QByteArray("<Error/>") << none;
        QTest::newRow("a document type") << QByteArray("<!DOCTYPE x [<!ENTITY a \"b\">]><ListBucketResult/>") << none;
        QTest::newRow("broken") << QByteArray("<ListBucketResult><a></b></ListBucketResult>") << none;
        QTest::newRow("cut in an element")
            << QByteArray("<ListBucketResult><Contents><Key>a</Key>") << QStringLiteral("MF-HTTP-CUT");
        QTest::newRow("cut before the end")
            << QByteArray("<ListBucketResult><IsTruncated>false</IsTruncated>") << QStringLiteral("MF-HTTP-CUT");
    }
    void whatIsNoListIsRefused()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QString, id);
        const auto page = readKeyPage(text);
        QVERIFY(!page);
        QCOMPARE(page.error().id, id);
    }

    void aFaultIsUnderstood()
    {
        const Fault moved = readFault(fault("PermanentRedirect", "<Region>eu-central-1</Region>"));
        QCOMPARE(moved.code, QByteArray("PermanentRedirect"));
        QCOMPARE(moved.region, QByteArray("eu-central-1"));
        QVERIFY(readFault(fault("two words")).code.isEmpty());
        QVERIFY(readFault(fault("A", "<Region>../x</Region>")).region.isEmpty());
        QVERIFY(readFault("<html>").code.isEmpty());
        QVERIFY(readFault("<Error><Code>Half").code.isEmpty());
    }

    void faultsAreErrors_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("id");
        using Kind = Error::Kind;
        const auto row = [](const char *title, int status, const QByteArray &body, Kind kind, const char *id) {
            QTest::newRow(title) << status << body << int(kind) << QString::fromLatin1(id);
        };
        row("no bucket", 404, fault("NoSuchBucket"), Kind::NotFound, "MF-ACCOUNT-GONE");
        row("the proxy before the service", 404, "404 page not found\n", Kind::Network, "MF-S3-NONE");
        row("no key", 404, fault("NoSuchKey"), Kind::NotFound, "MF-BLOB-MISSING");
        row("unknown key", 403, fault("InvalidAccessKeyId"), Kind::Unauthorised, "MF-S3-KEYS");
        row("wrong key", 403, fault("SignatureDoesNotMatch"), Kind::Unauthorised, "MF-S3-KEYS");
        row("denied", 403, fault("AccessDenied"), Kind::Unauthorised, "MF-S3-DENIED");
        row("refused without a word", 403, {}, Kind::Unauthorised, "MF-HTTP-REFUSED");
        row("slow down", 503, fault("SlowDown"), Kind::Throttled, "MF-HTTP-THROTTLED");
        row("too many requests", 429, {}, Kind::Throttled, "MF-HTTP-THROTTLED");
        row("a failure of its own", 500, fault("InternalError"), Kind::Network, "MF-HTTP-SERVER");
        row("damaged on its way", 400, fault("BadDigest"), Kind::Network, "MF-HTTP-SERVER");
        row("not in time", 400, fault("RequestTimeout"), Kind::Network, "MF-HTTP-SERVER");
        row("busy with it", 409, fault("OperationAborted"), Kind::Network, "MF-HTTP-SERVER");
        row("full", 403, fault("QuotaExceeded"), Kind::Quota, "MF-HTTP-FULL");
        row("full, by status", 507, {}, Kind::Quota, "MF-HTTP-FULL");
        row("a region that it does not tell", 301, fault("PermanentRedirect"), Kind::Invalid, "MF-S3-REGION");
        row("what nobody knows", 400, fault("Whatever"), Kind::Invalid, "MF-HTTP-STATUS");
    }
    void faultsAreErrors()
    {
        QFETCH(const int, status);
        QFETCH(const QByteArray, body);
        QFETCH(const int, kind);
        QFETCH(const QString, id);
        ScriptedServer server(
            [&](QTcpSocket &socket, const Request &) { socket.write(ScriptedServer::answer(status, body)); });
        const auto provider = account(server);
        const auto got = runTask(provider->get(name(), Range()));
        QVERIFY(!got);
        QCOMPARE(got.error().id, id);
        QCOMPARE(int(got.error().kind), kind);
        QVERIFY(!got.error().message.contains(QStringLiteral("a secret of the server")));
        QVERIFY(!got.error().message.contains(QStringLiteral("SK")));
    }

    void aListThatDoesNotSayHowItGoesOnIsNotWhole()
    {
        ScriptedServer server([&](QTcpSocket &socket, const Request &) {
            socket.write(ScriptedServer::answer(200, QByteArray(kEmptyList).replace("false", "true")));
        });
        const auto listed = runTask(account(server)->list(QString(), QString()));
        QVERIFY(!listed);
        QCOMPARE(listed.error().id, QStringLiteral("MF-S3-NONE"));
    }

    // Of the first kind: no token, and "marker" says after what it goes on.
    void olderListsGoOnAfterTheLastKey()
    {
        const QByteArrayList all { "f/a", "f/b&", "f/c" };
        ScriptedServer server([&](QTcpSocket &socket, const Request &request) {
            const QUrlQuery query(QUrl::fromEncoded(request.target));
            const QByteArray after = query.queryItemValue(QStringLiteral("marker"), QUrl::FullyDecoded).toUtf8();
            QCOMPARE(query.queryItemValue(QStringLiteral("start-after"), QUrl::FullyDecoded).toUtf8(), after);
            const qsizetype at = all.indexOf(after) + 1;
            const QByteArray name = QByteArray(all[at]).replace("&", "&amp;");
            const QByteArray key = "<Contents><Key>" + name + "</Key><Size>1</Size></Contents>";
            const QByteArray list = QByteArray(kEmptyList).replace("</ListB", QByteArray(key + "</ListB"));
            socket.write(ScriptedServer::answer(200, at < 2 ? QByteArray(list).replace("false", "true") : list));
        });
        const auto listed = runTask(listAll(*account(server), QString()));
        QVERIFY2(listed, listed ? "" : qPrintable(listed.error().message));
        QCOMPARE(int(server.requests().size()), 3);
        QCOMPARE(listed->size(), std::size_t(2)); // "b&" is no name of ours
        QCOMPARE(listed->back().name.value, QStringLiteral("f/c"));
    }

    void theRegionIsLearned_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("header");
        QTest::newRow("by the header") << 301 << QByteArray() << QByteArray("x-amz-bucket-region: eu-north-1\r\n");
        QTest::newRow("by the body") << 400 << fault("AuthorizationHeaderMalformed", "<Region>eu-north-1</Region>")
                                     << QByteArray();
    }
    void theRegionIsLearned()
    {
        QFETCH(const int, status);
        QFETCH(const QByteArray, body);
        QFETCH(const QByteArray, header);
        ScriptedServer server([&](QTcpSocket &socket, const Request &request) {
            if (request.headers["authorization"].contains("/eu-north-1/s3/"))
                socket.write(ScriptedServer::answer(200, kEmptyList));
            else
                socket.write(ScriptedServer::answer(status, body, header));
        });
        const auto provider = account(server);
        QVERIFY(runTask(provider->list(QString(), QString())));
        QVERIFY(runTask(provider->list(QString(), QString())));
        QCOMPARE(server.requests().size(), std::size_t(3)); // it is remembered
    }

    void theClockIsCorrected()
    {
        const QDateTime serverTime = m_clock.now().addSecs(3 * 3600);
        ScriptedServer server([&](QTcpSocket &socket, const Request &request) {
            const auto signedAt = QDateTime::fromString(
                QString::fromLatin1(request.headers["x-amz-date"]), QStringLiteral("yyyyMMdd'T'HHmmss'Z'"));
            const QDateTime asUtc(signedAt.date(), signedAt.time(), Qt::UTC);
            const QByteArray date
                = "Date: " + QLocale::c().toString(serverTime, QStringLiteral("ddd, dd MMM yyyy HH:mm:ss")).toLatin1()
                + " GMT\r\n";
            if (std::abs(asUtc.secsTo(serverTime)) < 900)
                socket.write(ScriptedServer::answer(200, kEmptyList, date));
            else
                socket.write(ScriptedServer::answer(403, fault("RequestTimeTooSkewed"), date));
        });
        const auto provider = account(server);
        QVERIFY(runTask(provider->list(QString(), QString())));
        QVERIFY(runTask(provider->list(QString(), QString())));
        QCOMPARE(server.requests().size(), std::size_t(3));
    }

    void whatTheServerDoesNotConfirmIsReadBack_data()
    {
        QTest::addColumn<QByteArray>("etag");
        QTest::addColumn<QByteArray>("kept");
        QTest::addColumn<QString>("id");
        QTest::addColumn<int>("requests");
        QTest::newRow("its checksum is right") << etagOf("bytes") << QByteArray() << QString() << 1;
        QTest::newRow("no checksum, all there") << QByteArray() << QByteArray("bytes") << QString() << 2;
        QTest::newRow("a foreign one, all there")
            << QByteArray("ETag: \"abc-1\"\r\n") << QByteArray("bytes") << QString() << 2;
        QTest::newRow("something else is there")
            << etagOf("other") << QByteArray("other") << QStringLiteral("MF-BLOB-READBACK") << 2;
        QTest::newRow("less is there") << QByteArray() << QByteArray("byte") << QStringLiteral("MF-BLOB-READBACK") << 2;
    }
    void whatTheServerDoesNotConfirmIsReadBack()
    {
        QFETCH(const QByteArray, etag);
        QFETCH(const QByteArray, kept);
        QFETCH(const QString, id);
        QFETCH(const int, requests);
        ScriptedServer server([&](QTcpSocket &socket, const Request &request) {
            if (request.method == "PUT")
                socket.write(ScriptedServer::answer(200, {}, etag));
            else
                socket.write(ScriptedServer::answer(200, kept));
        });
        const auto put = runTask(account(server)->put(name(), "bytes"));
        QCOMPARE(put ? QString() : put.error().id, id);
        QCOMPARE(int(server.requests().size()), requests);
        const Request &sent = server.requests().front();
        QCOMPARE(sent.target, QByteArray("/models/f/3a/x"));
        QCOMPARE(sent.headers["content-md5"], QCryptographicHash::hash("bytes", QCryptographicHash::Md5).toBase64());
        QCOMPARE(sent.headers["x-amz-content-sha256"],
            QCryptographicHash::hash("bytes", QCryptographicHash::Sha256).toHex());
    }

    void keysThatMayReadButNotWrite()
    {
        ScriptedServer server([&](QTcpSocket &socket, const Request &request) {
            if (request.method == "GET")
                socket.write(ScriptedServer::answer(200, kEmptyList));
            else
                socket.write(ScriptedServer::answer(403, fault("AccessDenied")));
        });
        const auto put = runTask(account(server)->put(name(), "bytes"));
        QVERIFY(!put);
        QCOMPARE(put.error().id, QStringLiteral("MF-S3-READONLY"));
        QVERIFY(put.error().message.contains(QStringLiteral("may read but not write")));
    }

    void keysThatMayNotDelete()
    {
        const QByteArray list = QByteArray(kEmptyList)
                                    .replace("</ListBucketResult>",
                                        "<Contents><Key>f/3a/x</Key><Size>5</Size></Contents></ListBucketResult>");
        ScriptedServer server([&](QTcpSocket &socket, const Request &request) {
            if (request.method == "GET")
                socket.write(ScriptedServer::answer(200, list));
            else
                socket.write(ScriptedServer::answer(403, fault("AccessDenied")));
        });
        const auto removed = runTask(account(server)->remove(name()));
        QVERIFY(!removed);
        QCOMPARE(int(removed.error().kind), int(Error::Kind::Unauthorised));
        QCOMPARE(removed.error().id, QStringLiteral("MF-S3-KEEPS"));
        QVERIFY(removed.error().message.contains(QStringLiteral("may not delete")));
    }

    void aBucketThatIsMissing_data()
    {
        QTest::addColumn<bool>("create");
        QTest::addColumn<bool>("mayMake");
        QTest::addColumn<QString>("words");
        QTest::newRow("opened") << false << true
                                << QStringLiteral("the keys work, but the bucket “models” does not exist");
        QTest::newRow("added, and not allowed") << true << false << QStringLiteral("they may not make one");
        QTest::newRow("added") << true << true << QString();
    }
    void aBucketThatIsMissing()
    {
        QFETCH(const bool, create);
        QFETCH(const bool, mayMake);
        QFETCH(const QString, words);
        bool isThere = false;
        ScriptedServer server([&](QTcpSocket &socket, const Request &request) {
            if (request.target == "/") {
                socket.write(ScriptedServer::answer(200,
                    "<ListAllMyBucketsResult><Buckets><Bucket><Name>other</Name></Bucket></Buckets>"
                    "</ListAllMyBucketsResult>"));
            } else if (request.method == "PUT" && request.target == "/models") {
                isThere = mayMake;
                socket.write(ScriptedServer::answer(mayMake ? 200 : 403, mayMake ? "" : fault("AccessDenied")));
            } else if (!isThere) {
                socket.write(ScriptedServer::answer(404, fault("NoSuchBucket")));
            } else {
                socket.write(ScriptedServer::answer(200, kEmptyList, etagOf("bytes")));
            }
        });
        const auto provider = account(server, {}, create);
        const auto put = runTask(provider->put(name(), "bytes"));
        QCOMPARE(bool(put), words.isEmpty());
        if (put) {
            isThere = false; // what is gone later is not made again
            const auto again = runTask(provider->put(name(), "bytes"));
            QVERIFY(!again);
            QCOMPARE(again.error().id, QStringLiteral("MF-ACCOUNT-GONE"));
            return;
        }
        QCOMPARE(put.error().id, QStringLiteral("MF-ACCOUNT-GONE"));
        QVERIFY2(put.error().message.contains(words), qPrintable(put.error().message));
        if (!create)
            QVERIFY(put.error().message.contains(QStringLiteral("there is: other")));
    }

    void addressesAndFolders()
    {
        QByteArray host;
        ScriptedServer server([&](QTcpSocket &socket, const Request &request) {
            host = request.headers["host"];
            socket.write(ScriptedServer::answer(200, kEmptyList, etagOf("bytes")));
        });
        const auto provider = account(server, { { QStringLiteral("prefix"), QStringLiteral("/mine (1)/ü+x/") } });
        QVERIFY(runTask(provider->put(name(), "bytes")));
        QCOMPARE(server.requests().back().target, QByteArray("/models/mine%20%281%29/%C3%BC%2Bx/f/3a/x"));
        QCOMPARE(host, "127.0.0.1:" + QByteArray::number(server.url().port()));
        // The bucket as a part of the host: systems resolve that for localhost or do not.
        QUrl local = server.url(QString());
        local.setHost(QStringLiteral("localhost"));
        const auto asHost = account(server,
            { { QStringLiteral("endpoint"), local.toString() },
                { QStringLiteral("addressing"), QStringLiteral("virtual") } });
        const auto put = runTask(asHost->put(name(), "bytes"));
        if (put) {
            QCOMPARE(server.requests().back().target, QByteArray("/f/3a/x"));
            QVERIFY(host.startsWith("models.localhost:"));
        } else {
            QCOMPARE(put.error().id, QStringLiteral("MF-HTTP-UNREACHABLE"));
            QCOMPARE(put.error().parameters.value(QStringLiteral("host")), QStringLiteral("models.localhost"));
        }
    }

    void wrongSettingsAreNamed_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        const auto row = [](const char *key, const char *value) {
            QTest::addRow("%s=%s", key, value) << QString::fromLatin1(key) << QString::fromUtf8(value);
        };
        row("endpoint", "s3.example");
        row("endpoint", "ftp://s3.example");
        row("endpoint", "https://ak:sk@s3.example");
        row("endpoint", "https://s3.example/?a=b");
        row("bucket", "");
        row("bucket", "a/b");
        row("prefix", "a/../b");
        row("region", "eu central");
        row("access-key", "");
        row("access-key", "ä");
        row("addressing", "both");
        row("certificate", "1234");
        row("wrong", "1");
    }
    void wrongSettingsAreNamed()
    {
        QFETCH(const QString, key);
        QFETCH(const QString, value);
        const Error error = refused({ { key, value } });
        QCOMPARE(error.id, QStringLiteral("MF-ACCOUNT-SETTING"));
        QCOMPARE(error.parameters.value(QStringLiteral("setting")), key);
    }

    void everyPresetCanBeUsed()
    {
        QVERIFY(!s3Kind().presets.empty());
        for (const auto &preset : s3Kind().presets) {
            const Error error = refused(preset.settings);
            QVERIFY2(error.id.isEmpty(), qPrintable(preset.title + error.message));
        }
    }

    void whatIsKept()
    {
        const AccountSettings typed { { QStringLiteral("endpoint"),
            QStringLiteral(" https://S3.example:443/base/ ") } };
        QCOMPARE(
            s3Kind().normalise(typed).value(QStringLiteral("endpoint")), QStringLiteral("https://s3.example/base"));
        QCOMPARE(s3Kind().defaultDomain(s3Kind().normalise(typed)), QStringLiteral("s3.example"));
    }
};

QTEST_GUILESS_MAIN(TestS3)
#include "test_s3.moc"
