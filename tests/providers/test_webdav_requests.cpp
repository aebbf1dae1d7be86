// SPDX-License-Identifier: GPL-3.0-or-later
// What the WebDAV adapter asks for, and what it makes of answers that no server of tests/servers gives.
#include "core/base/all_of.h"
#include "core/providers/webdav/webdav.h"
#include "tests/http/scripted_server.h"
#include "tests/support/fake_clock.h"
#include "tests/support/must.h"
#include "tests/support/run_task.h"

#include <QtTest>

using namespace mf;
using Request = ScriptedServer::Request;

namespace {

const QString kRoot = QStringLiteral("/my models/");

QByteArray response(const QByteArray &href, const QByteArray &properties)
{
    return "<d:response><d:href>" + href + "</d:href><d:propstat><d:prop>" + properties
        + "</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>";
}
QByteArray folder(const QByteArray &href, const QByteArray &more = {})
{
    return response(href, "<d:resourcetype><d:collection/></d:resourcetype>" + more);
}
QByteArray file(const QByteArray &href, qint64 size)
{
    return response(href, "<d:resourcetype/><d:getcontentlength>" + QByteArray::number(size) + "</d:getcontentlength>");
}
QByteArray multistatus(const QByteArray &responses)
{
    return ScriptedServer::answer(207, "<d:multistatus xmlns:d=\"DAV:\">" + responses + "</d:multistatus>");
}

} // namespace

class TestWebDavRequests : public QObject
{
    Q_OBJECT

    FakeClock m_clock;
    Pool m_io { 1 };

    std::unique_ptr<Provider> account(const ScriptedServer &server, const QString &path = kRoot)
    {
        const ProviderContext context { m_clock, m_io };
        const AccountSettings settings { { QStringLiteral("url"), server.url(path).toString(QUrl::FullyEncoded) },
            { QStringLiteral("proxy"), QStringLiteral("none") } };
        return must(webDavKind().make(context, settings, SecretText(), true));
    }
    static int count(const ScriptedServer &server, const QByteArray &method, const QByteArray &target)
    {
        return static_cast<int>(std::count_if(server.requests().begin(), server.requests().end(),
            [&](const Request &request) { return request.method == method && request.target == target; }));
    }
    // Takes everything, as a server does that keeps what it gets.
    static void takeAll(QTcpSocket &socket, const Request &request)
    {
        if (request.method == "PROPFIND")
            socket.write(multistatus(folder("/my%20models/")));
        else
            socket.write(ScriptedServer::answer(201));
    }

private slots:
    void init() { m_clock.setAutomatic(true); }

    void lists_data()
    {
        QTest::addColumn<QByteArray>("responses"); // to Depth: 1
        QTest::addColumn<QString>("id"); // empty: the one blob is found
        const auto blob = file("/my%20models/marker", 7);
        QTest::newRow("as it should be") << QByteArray(folder("/my%20models/") + blob) << QString();
        QTest::newRow("the folder without its slash") << QByteArray(folder("/my%20models") + blob) << QString();
        QTest::newRow("the folder at the end") << QByteArray(blob + folder("/my%20models/")) << QString();
        QTest::newRow("whole addresses") << QByteArray(
            folder("http://cloud.example/my%20models/") + file("http://cloud.example/my%20models/marker", 7))
                                         << QString();
        QTest::newRow("nothing at all") << QByteArray() << QStringLiteral("MF-DAV-ELSEWHERE");
        QTest::newRow("without the folder") << blob << QStringLiteral("MF-DAV-ELSEWHERE");
        QTest::newRow("another folder") << QByteArray(folder("/other/") + file("/other/marker", 7))
                                        << QStringLiteral("MF-DAV-ELSEWHERE");
        QTest::newRow("the folder, below another one")
            << QByteArray(folder("/dav/my%20models/") + file("/dav/my%20models/marker", 7))
            << QStringLiteral("MF-DAV-ELSEWHERE");
    }
    // A list of something else shows nothing of ours, and nothing must not be taken for "all of it is gone".
    void lists()
    {
        QFETCH(const QByteArray, responses);
        QFETCH(const QString, id);
        ScriptedServer server([&](QTcpSocket &socket, const Request &request) {
            const bool isList = request.headers.value("depth") == "1";
            socket.write(multistatus(isList ? responses : folder("/my%20models/")));
        });
        const auto provider = account(server);
        const auto listed = runTask(listAll(*provider, QString()));
        QCOMPARE(listed ? QString() : listed.error().id, id);
        if (listed)
            QCOMPARE(listed->size(), std::size_t(1));
    }

    void accentsAsSignsOfTheirOwn() // NFD, as servers on some file systems write names
    {
        ScriptedServer server([&](QTcpSocket &socket, const Request &request) {
            const bool isList = request.headers.value("depth") == "1";
            socket.write(
                multistatus(folder("/mode%CC%80les/") + (isList ? file("/mode%CC%80les/marker", 7) : QByteArray())));
        });
        const auto provider = account(server, QStringLiteral("/mod\u00e8les/"));
        QCOMPARE(must(runTask(listAll(*provider, QString()))).size(), std::size_t(1));
        QVERIFY(server.requests().front().target.startsWith("/mod%C3%A8les/"));
    }

    void theFolderHasMoved()
    {
        ScriptedServer server([&](QTcpSocket &socket, const Request &request) {
            if (request.target.startsWith("/my%20models/"))
                socket.write(ScriptedServer::answer(308, {}, "Location: /new" + request.target + "\r\n"));
            else
                socket.write(multistatus(folder("/new/my%20models/")
                    + (request.headers.value("depth") == "1" ? file("/new/my%20models/marker", 7) : QByteArray())));
        });
        const auto provider = account(server);
        QCOMPARE(must(runTask(listAll(*provider, QString()))).size(), std::size_t(1)); // never an empty list
    }

    void noRoom()
    {
        ScriptedServer server([&](QTcpSocket &socket, const Request &request) {
            if (request.method == "PUT")
                socket.write(ScriptedServer::answer(507));
            else
                takeAll(socket, request);
        });
        const auto provider = account(server);
        const auto put = runTask(provider->put(BlobName(QStringLiteral("marker")), "bytes"));
        QVERIFY(!put);
        QCOMPARE(int(put.error().kind), int(Error::Kind::Quota));
        const Request &last = server.requests().back();
        QCOMPARE(last.method, QByteArray("DELETE")); // what had come of it took room
        QCOMPARE(count(server, "PUT", last.target), 1);
        QVERIFY(last.target.contains("/.mf-tmp-"));
    }

    void eachFolderIsMadeOnce()
    {
        ScriptedServer server([](QTcpSocket &socket, const Request &request) { takeAll(socket, request); });
        const auto provider = account(server);
        std::vector<Task<Result<BlobInfo>>> putting;
        constexpr int kBlobs = 12;
        for (int i = 0; i < kBlobs; ++i)
            putting.push_back(provider->put(BlobName(QStringLiteral("f/%1/x%2").arg(i % 2).arg(i)), "bytes"));
        for (const auto &put : runTask(allOf(std::move(putting), kBlobs)))
            QVERIFY2(put, put ? "" : qPrintable(put.error().message));
        for (const char *path : { "/my%20models/f/", "/my%20models/f/0/", "/my%20models/f/1/" })
            QCOMPARE(count(server, "MKCOL", path), 1);
        int puts = 0;
        for (const Request &request : server.requests()) {
            QVERIFY(!request.headers.contains("content-range")); // servers that do not know it store the part as all
            if (request.method == "MOVE") {
                QCOMPARE(request.headers.value("overwrite"), QByteArray("T"));
                QVERIFY(request.headers.value("destination").startsWith("http://127.0.0.1:"));
            }
            puts += request.method == "PUT" ? 1 : 0;
        }
        QCOMPARE(puts, kBlobs);
    }

    void aFolderThatOthersMake_data()
    {
        QTest::addColumn<QList<int>>("answers"); // to MKCOL
        QTest::addColumn<QByteArray>("made"); // what a PROPFIND after the last of them shows; empty: nothing
        QTest::addColumn<int>("slept"); // ms
        QTest::addColumn<QString>("id"); // empty: it is stored
        const QByteArray there = folder("/my%20models/f/");
        const QString refused = QStringLiteral("MF-HTTP-REFUSED");
        const QString busy = QStringLiteral("MF-HTTP-SERVER");
        QTest::newRow("somebody else was faster") << QList<int> { 403 } << there << 0 << QString();
        QTest::newRow("it is locked, and there") << QList<int> { 423 } << there << 0 << QString();
        QTest::newRow("it is locked for a moment") << QList<int> { 423, 201 } << QByteArray() << 50 << QString();
        QTest::newRow("it is locked, then there") << QList<int> { 423, 423 } << there << 50 << QString();
        QTest::newRow("it stays locked") << QList<int> { 423, 423 } << QByteArray() << 50 << busy;
        QTest::newRow("it may not be") << QList<int> { 403 } << QByteArray() << 0 << refused;
        QTest::newRow("a file is there") << QList<int> { 403 } << file("/my%20models/f", 7) << 0 << refused;
    }
    void aFolderThatOthersMake()
    {
        QFETCH(const QList<int>, answers);
        QFETCH(const QByteArray, made);
        QFETCH(const int, slept);
        QFETCH(const QString, id);
        int asked = 0;
        ScriptedServer server([&](QTcpSocket &socket, const Request &request) {
            const bool isShown = asked == answers.size() && !made.isEmpty();
            if (request.method == "MKCOL")
                socket.write(ScriptedServer::answer(answers.value(asked++, 500)));
            else if (request.method == "PROPFIND" && request.target.startsWith("/my%20models/f"))
                socket.write(isShown ? multistatus(made) : ScriptedServer::answer(404));
            else
                takeAll(socket, request);
        });
        const auto provider = account(server);
        const auto before = m_clock.slept();
        const auto put = runTask(provider->put(BlobName(QStringLiteral("f/x")), "bytes"));
        QCOMPARE(put ? QString() : put.error().id, id);
        QCOMPARE(asked, int(answers.size()));
        QCOMPARE(int((m_clock.slept() - before).count()), slept);
    }

    void aMoveIsTriedAgain_data()
    {
        QTest::addColumn<QList<int>>("answers"); // to MOVE; 201 from then on
        QTest::addColumn<int>("moves");
        QTest::addColumn<int>("slept"); // ms
        QTest::addColumn<QString>("id"); // empty: it is stored
        QTest::newRow("at once") << QList<int>() << 1 << 0 << QString();
        QTest::newRow("between the two steps of another move") << QList<int> { 403 } << 2 << 10 << QString();
        QTest::newRow("locked by other moves") << QList<int> { 423, 423, 423, 423 } << 5 << 150 << QString();
        QTest::newRow("who we are is not accepted")
            << QList<int> { 401 } << 1 << 0 << QStringLiteral("MF-HTTP-REFUSED");
        QTest::newRow("it may not be") << QList<int>(9, 403) << 6 << 310 << QStringLiteral("MF-HTTP-REFUSED");
    }
    void aMoveIsTriedAgain()
    {
        QFETCH(const QList<int>, answers);
        QFETCH(const int, moves);
        QFETCH(const int, slept);
        QFETCH(const QString, id);
        int moved = 0;
        ScriptedServer server([&](QTcpSocket &socket, const Request &request) {
            if (request.method == "MOVE")
                socket.write(ScriptedServer::answer(answers.value(moved++, 201)));
            else if (request.method == "PROPFIND" && request.target.endsWith("/marker"))
                socket.write(ScriptedServer::answer(404));
            else
                takeAll(socket, request);
        });
        const auto provider = account(server);
        const auto before = m_clock.slept();
        const auto put = runTask(provider->put(BlobName(QStringLiteral("marker")), "bytes"));
        QCOMPARE(put ? QString() : put.error().id, id);
        QCOMPARE(moved, moves);
        QCOMPARE(int((m_clock.slept() - before).count()), slept);
    }

    void ranges_data()
    {
        QTest::addColumn<QByteArray>("answer"); // to bytes 5 to 9 of twenty
        QTest::addColumn<QString>("id");
        const auto part = [](const char *range) {
            return ScriptedServer::answer(206, "56789", QByteArray("Content-Range: ") + range + "\r\n");
        };
        QTest::newRow("the part") << part("bytes 5-9/20") << QString();
        QTest::newRow("it does not say of what") << part("bytes 5-9/*") << QString();
        QTest::newRow("it does not say") << ScriptedServer::answer(206, "56789") << QString();
        QTest::newRow("the whole") << ScriptedServer::answer(200, "01234567890123456789") << QString();
        QTest::newRow("another part") << part("bytes 0-4/20") << QStringLiteral("MF-HTTP-RANGE");
        QTest::newRow("nonsense") << part("bytes x-y/20") << QStringLiteral("MF-HTTP-RANGE");
        QTest::newRow("cut on its way") << ScriptedServer::answer(206, "567", "Content-Range: bytes 5-9/20\r\n")
                                        << QStringLiteral("MF-HTTP-CUT");
        QTest::newRow("fewer") << ScriptedServer::answer(206, "567", "Content-Range: bytes 5-7/8\r\n")
                               << QStringLiteral("MF-BLOB-RANGE");
    }
    void ranges()
    {
        QFETCH(const QByteArray, answer);
        QFETCH(const QString, id);
        ScriptedServer server([&](QTcpSocket &socket, const Request &request) {
            QCOMPARE(request.headers.value("range"), QByteArray("bytes=5-9"));
            socket.write(answer);
        });
        const auto provider = account(server);
        const auto got = runTask(provider->get(BlobName(QStringLiteral("marker")), Range(5, 5)));
        QCOMPARE(got ? QString() : got.error().id, id);
        if (got)
            QCOMPARE(*got, QByteArray("56789"));
    }

    void quotas_data()
    {
        QTest::addColumn<QByteArray>("properties");
        QTest::addColumn<qint64>("used"); // -1: it does not tell
        QTest::addColumn<qint64>("total");
        const auto both = [](const char *available, const char *used) -> QByteArray {
            return QByteArray("<d:quota-available-bytes>") + available
                + "</d:quota-available-bytes><d:quota-used-bytes>" + used + "</d:quota-used-bytes>";
        };
        QTest::newRow("RFC 4331") << both("70", "30") << qint64(30) << qint64(100);
        QTest::newRow("full") << both("0", "30") << qint64(30) << qint64(30);
        QTest::newRow("no limit") << both("-3", "30") << qint64(30) << qint64(-1);
        QTest::newRow("no number") << both("", "") << qint64(-1) << qint64(-1);
        QTest::newRow("used alone") << QByteArray("<d:quota-used-bytes>30</d:quota-used-bytes>") << qint64(30)
                                    << qint64(-1);
        QTest::newRow("nothing") << QByteArray() << qint64(-1) << qint64(-1);
    }
    void quotas()
    {
        QFETCH(const QByteArray, properties);
        QFETCH(const qint64, used);
        QFETCH(const qint64, total);
        ScriptedServer server([&](QTcpSocket &socket, const Request &) {
            socket.write(multistatus(folder("/my%20models/", properties)));
        });
        const auto provider = account(server);
        const auto quota = runTask(provider->quota());
        QCOMPARE(bool(quota), used >= 0);
        if (!quota) {
            QCOMPARE(quota.error().id, QStringLiteral("MF-QUOTA-UNKNOWN"));
            return;
        }
        QCOMPARE(quota->used.value_or(-1), used);
        QCOMPARE(quota->total.value_or(-1), total);
    }
};

QTEST_GUILESS_MAIN(TestWebDavRequests)
#include "test_webdav_requests.moc"
