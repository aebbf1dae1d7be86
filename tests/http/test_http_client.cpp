// SPDX-License-Identifier: GPL-3.0-or-later
// Requests and answers over real sockets, against a server that does what it is told: also what it must not.
#include "core/base/all_of.h"
#include "core/base/log.h"
#include "core/http/http_client.h"
#include "tests/http/scripted_server.h"
#include "tests/support/run_task.h"

#include <QTemporaryDir>

using namespace mf;
using namespace std::chrono_literals;

namespace {

HttpSettings quickSettings()
{
    HttpSettings settings;
    settings.proxy = HttpSettings::Proxy::None;
    settings.idleLimit = 10s;
    return settings;
}

HttpRequest requestFor(const QUrl &url, const QByteArray &method = "GET", const QByteArray &body = {})
{
    HttpRequest request;
    request.method = method;
    request.url = url;
    request.body = body;
    return request;
}

QString idOf(const Result<HttpAnswer> &answer) { return answer ? QString() : answer.error().id; }

// Answers 200 and what the request said.
void echo(QTcpSocket &socket, const ScriptedServer::Request &request)
{
    socket.write(ScriptedServer::answer(200, request.method + ' ' + request.target + ' ' + request.body));
}

} // namespace

class TestHttpClient : public QObject
{
    Q_OBJECT

    SystemClock m_clock;

    Result<HttpAnswer> send(HttpRequest request, HttpSettings settings = quickSettings())
    {
        HttpClient client(std::move(settings), m_clock);
        return runTask(client.send(std::move(request)));
    }

private slots:
    void anyMethodGoesOutAsItIs_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("GET") << QByteArray("GET") << QByteArray();
        QTest::newRow("PUT") << QByteArray("PUT") << QByteArray("bytes");
        QTest::newRow("PUT of nothing") << QByteArray("PUT") << QByteArray();
        QTest::newRow("POST") << QByteArray("POST") << QByteArray("bytes");
        QTest::newRow("DELETE") << QByteArray("DELETE") << QByteArray();
        QTest::newRow("PROPFIND") << QByteArray("PROPFIND") << QByteArray("<xml/>");
        QTest::newRow("MKCOL") << QByteArray("MKCOL") << QByteArray();
        QTest::newRow("MOVE") << QByteArray("MOVE") << QByteArray();
    }
    void anyMethodGoesOutAsItIs()
    {
        QFETCH(const QByteArray, method);
        QFETCH(const QByteArray, body);
        ScriptedServer server(echo);
        HttpRequest request = requestFor(server.url(QStringLiteral("/a%2Fb%20c?x=%2B&y")), method, body);
        request.headers = { { "Depth", "1" }, { "Authorization", "Basic c2VjcmV0" } };
        const auto answer = send(request);
        QVERIFY2(answer, qPrintable(idOf(answer)));
        QCOMPARE(answer->status, 200);
        QVERIFY(answer->isSuccess());
        QCOMPARE(answer->body, method + " /a%2Fb%20c?x=%2B&y " + body);
        const auto &seen = server.requests().front();
        QVERIFY(seen.headers["user-agent"].startsWith("ModelFloat/"));
        QCOMPARE(seen.headers["accept-encoding"], QByteArray("identity"));
        QCOMPARE(seen.headers["depth"], QByteArray("1"));
        QCOMPARE(seen.headers["authorization"], QByteArray("Basic c2VjcmV0"));
        QVERIFY(!seen.headers.contains("cookie"));
    }

    void aStatusIsAnAnswer_data()
    {
        QTest::addColumn<int>("status");
        for (const int status : { 200, 201, 206, 207, 304, 400, 401, 403, 404, 405, 409, 410, 412, 416, 418, 423, 429,
                 500, 501, 502, 503, 504, 507, 509 })
            QTest::addRow("%d", status) << status;
    }
    void aStatusIsAnAnswer()
    {
        QFETCH(const int, status);
        const QByteArray body = status == 304 ? QByteArray() : QByteArray("<error>why</error>");
        ScriptedServer server([status, body](QTcpSocket &socket, const auto &) {
            socket.write(
                ScriptedServer::answer(status, body, "X-Why: because\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"));
        });
        const auto answer = send(requestFor(server.url(), "PUT", "x"));
        QVERIFY2(answer, qPrintable(idOf(answer)));
        QCOMPARE(answer->status, status);
        QCOMPARE(answer->body, body);
        QCOMPARE(answer->header("x-why"), QByteArray("because"));
        QCOMPARE(server.requests().size(), std::size_t(1)); // nothing is tried again here
    }

    // Who waits for one of the connections is not late to connect.
    void moreRequestsThanConnections()
    {
        ScriptedServer server([](QTcpSocket &socket, const auto &) {
            QTimer::singleShot(600ms, &socket, [&socket] { socket.write(ScriptedServer::answer(200, "hello")); });
        });
        HttpSettings settings = quickSettings();
        settings.connectLimit = 1s;
        HttpClient client(settings, m_clock);
        std::vector<Task<Result<HttpAnswer>>> asking;
        constexpr int kRequests = 20;
        for (int i = 0; i < kRequests; ++i)
            asking.push_back(client.send(requestFor(server.url())));
        const auto answers = runTask(allOf(std::move(asking), kRequests));
        for (const auto &answer : answers)
            QVERIFY2(answer, qPrintable(idOf(answer)));
        QCOMPARE(server.connections(), 6);
    }

    void noContentAndHead()
    {
        ScriptedServer server([](QTcpSocket &socket, const ScriptedServer::Request &request) {
            socket.write(request.method == "HEAD" ? "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"
                                                  : "HTTP/1.1 204 No Content\r\n\r\n");
        });
        const auto head = send(requestFor(server.url(), "HEAD"));
        QVERIFY2(head, qPrintable(idOf(head)));
        QCOMPARE(head->header("content-length"), QByteArray("500"));
        const auto none = send(requestFor(server.url(), "DELETE"));
        QVERIFY2(none, qPrintable(idOf(none)));
        QCOMPARE(none->status, 204);
    }

    void anAnswerThatIsCutIsNone_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const QByteArray head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
        QTest::newRow("before a byte") << QByteArray();
        QTest::newRow("in the status") << QByteArray("HTTP/1.1 2");
        QTest::newRow("in the headers") << head.first(25);
        QTest::newRow("after the headers") << head;
        QTest::newRow("one byte") << QByteArray(head + "x");
        QTest::newRow("all but one") << QByteArray(head + QByteArray(999, 'x'));
        QTest::newRow("in an error's body") << QByteArray("HTTP/1.1 500 No\r\nContent-Length: 1000\r\n\r\n<err");
        QTest::newRow("no HTTP") << QByteArray("SSH-2.0-OpenSSH_9.2\r\n\r\n");
    }
    void anAnswerThatIsCutIsNone()
    {
        QFETCH(const QByteArray, bytes);
        ScriptedServer server([bytes](QTcpSocket &socket, const auto &) {
            socket.write(bytes);
            socket.disconnectFromHost();
        });
        const auto answer = send(requestFor(server.url()));
        QCOMPARE(idOf(answer), QStringLiteral("MF-HTTP-CUT"));
        QVERIFY(answer.error().isTransient());
        QCOMPARE(answer.error().parameters.value(QStringLiteral("host")), QStringLiteral("127.0.0.1"));
    }

    void chunksAreOneBody()
    {
        ScriptedServer server([](QTcpSocket &socket, const auto &) {
            socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n");
        });
        const auto answer = send(requestFor(server.url()));
        QVERIFY2(answer, qPrintable(idOf(answer)));
        QCOMPARE(answer->body, QByteArray("abcdefg"));
    }

    void whatCannotBeReached_data()
    {
        QTest::addColumn<QUrl>("url");
        quint16 port = 0;
        {
            QTcpServer closed;
            QVERIFY(closed.listen(QHostAddress::LocalHost));
            port = closed.serverPort();
        }
        QTest::newRow("refused") << QUrl(QStringLiteral("http://127.0.0.1:%1/").arg(port));
        QTest::newRow("no such name") << QUrl(QStringLiteral("http://no-such-host.invalid/"));
    }
    void whatCannotBeReached()
    {
        QFETCH(const QUrl, url);
        const auto answer = send(requestFor(url));
        QCOMPARE(idOf(answer), QStringLiteral("MF-HTTP-UNREACHABLE"));
        QVERIFY(answer.error().isTransient());
        QVERIFY(answer.error().message.startsWith(url.host()));
    }

    void limits_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("limit");
        QTest::newRow("no answer") << "nothing" << "idle";
        QTest::newRow("half an answer") << "half" << "idle";
        QTest::newRow("it does not read") << "deaf" << "idle";
        QTest::newRow("a byte now and then") << "drip" << "total";
    }
    void limits()
    {
        QFETCH(const QString, what);
        QFETCH(const QString, limit);
        QTimer drip;
        ScriptedServer server([&](QTcpSocket &socket, const auto &) {
            if (what == QLatin1String("half"))
                socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
            if (what == QLatin1String("drip")) {
                socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
                connect(&drip, &QTimer::timeout, &socket, [&socket] { socket.write("x"); });
                drip.start(50);
            }
        });
        server.setReading(what != QLatin1String("deaf"));
        HttpSettings settings = quickSettings();
        settings.idleLimit = 300ms;
        settings.totalLimit = limit == QLatin1String("total") ? 900ms : 60s;
        const bool isDeaf = what == QLatin1String("deaf");
        HttpRequest request = requestFor(server.url(), isDeaf ? "PUT" : "GET");
        if (isDeaf)
            request.body = QByteArray(HttpRequest::kLargestBody, 'x'); // more than the system takes in between
        const auto answer = send(request, settings);
        QCOMPARE(idOf(answer), QStringLiteral("MF-HTTP-TIMEOUT"));
        QCOMPARE(answer.error().parameters.value(QStringLiteral("limit")), limit);
        QVERIFY(answer.error().isTransient());
        if (!isDeaf) // which does not notice
            QTRY_COMPARE(server.open(), 0); // the connection is given up
    }

    void aLongAnswerIsRefusedOrStreamed()
    {
        const QByteArray body(3'000'000, 'x');
        ScriptedServer server(
            [&body](QTcpSocket &socket, const auto &) { socket.write(ScriptedServer::answer(200, body)); });
        HttpRequest request = requestFor(server.url());
        request.largestAnswer = 1'000'000;
        QCOMPARE(idOf(send(request)), QStringLiteral("MF-HTTP-TOO-LONG"));

        qint64 taken = 0;
        request.sink = [&taken](ByteView bytes) -> Result<> {
            taken += qint64(bytes.size());
            return {};
        };
        const auto answer = send(request);
        QVERIFY2(answer, qPrintable(idOf(answer)));
        QVERIFY(answer->body.isEmpty());
        QCOMPARE(taken, qint64(body.size()));

        request.sink = [](ByteView) -> Result<> {
            return Error(Error::Kind::Quota, QStringLiteral("MF-DISK-FULL"), QStringLiteral("full"));
        };
        QCOMPARE(idOf(send(request)), QStringLiteral("MF-DISK-FULL"));

        server.setAnswer([](QTcpSocket &socket, const auto &) { socket.write(ScriptedServer::answer(404, "why")); });
        const auto missing = send(request); // no sink gets an error's body
        QVERIFY2(missing, qPrintable(idOf(missing)));
        QCOMPARE(missing->body, QByteArray("why"));
    }

    void cancellingEndsTheConnection()
    {
        bool asked = false;
        ScriptedServer server([&asked](QTcpSocket &, const auto &) { asked = true; });
        HttpClient client(quickSettings(), m_clock);
        {
            TaskScope scope;
            struct Body {
                static Task<void> run(HttpClient &http, HttpRequest request)
                {
                    const auto answer = co_await http.send(std::move(request));
                    qFatal("an answer from nowhere: %d", int(bool(answer)));
                }
            };
            scope.start(Body::run(client, requestFor(server.url())));
            QTRY_VERIFY(asked);
            QCOMPARE(server.open(), 1);
        }
        QTRY_COMPARE(server.open(), 0);
    }

    void connectionsAreKept()
    {
        ScriptedServer server(echo);
        HttpClient client(quickSettings(), m_clock);
        for (int i = 0; i < 5; ++i)
            QVERIFY(runTask(client.send(requestFor(server.url(), "PUT", "x"))));
        QCOMPARE(server.requests().size(), std::size_t(5));
        QCOMPARE(server.connections(), 1);
    }

    void redirects_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("to");
        QTest::addColumn<bool>("followed");
        QTest::addColumn<QByteArray>("method"); // of the second request
        for (const int status : { 301, 302, 307, 308 })
            QTest::addRow("%d", status) << status << "/there" << true << QByteArray("PUT");
        QTest::newRow("303") << 303 << "/there" << true << QByteArray("GET");
        QTest::newRow("300") << 300 << "/there" << false << QByteArray();
        QTest::newRow("nowhere") << 302 << "" << false << QByteArray();
        QTest::newRow("another protocol") << 302 << "ftp://127.0.0.1/there" << false << QByteArray();
        QTest::newRow("a file") << 302 << "file:///etc/passwd" << false << QByteArray();
        QTest::newRow("with a password") << 302 << "http://a:b@127.0.0.1/there" << false << QByteArray();
    }
    void redirects()
    {
        QFETCH(const int, status);
        QFETCH(const QString, to);
        QFETCH(const bool, followed);
        QFETCH(const QByteArray, method);
        ScriptedServer server([&](QTcpSocket &socket, const ScriptedServer::Request &request) {
            if (request.target == "/there")
                socket.write(ScriptedServer::answer(201));
            else
                socket.write(ScriptedServer::answer(
                    status, {}, to.isEmpty() ? QByteArray() : "Location: " + to.toLatin1() + "\r\n"));
        });
        HttpRequest request = requestFor(server.url(), "PUT", "bytes");
        request.headers = { { "Authorization", "Basic c2VjcmV0" } };
        const auto answer = send(request);
        QVERIFY2(answer, qPrintable(idOf(answer)));
        QCOMPARE(answer->status, followed ? 201 : status);
        if (!followed)
            return;
        const auto &second = server.requests().at(1);
        QCOMPARE(second.method, method);
        QCOMPARE(second.body, method == "GET" ? QByteArray() : QByteArray("bytes"));
        QCOMPARE(second.headers["authorization"], QByteArray("Basic c2VjcmV0"));
        QCOMPARE(answer->url.path(), QStringLiteral("/there"));

        request.followsRedirects = false;
        QCOMPARE(send(request)->status, status);
    }

    void credentialsStayAtHome()
    {
        ScriptedServer other([](QTcpSocket &socket, const auto &) {
            socket.write(
                ScriptedServer::answer(401, {}, "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n"));
        });
        ScriptedServer server([&other](QTcpSocket &socket, const auto &) {
            socket.write(ScriptedServer::answer(307, {}, "Location: " + other.url().toEncoded() + "\r\n"));
        });
        HttpRequest request = requestFor(server.url(), "PUT", "bytes");
        request.headers = { { "authorization", "Basic c2VjcmV0" }, { "Cookie", "a=b" }, { "Depth", "1" } };
        HttpSettings settings = quickSettings();
        settings.user = QStringLiteral("user");
        settings.password = SecretText("secret");
        const auto answer = send(request, settings);
        QVERIFY2(answer, qPrintable(idOf(answer)));
        QCOMPARE(answer->status, 401);
        QCOMPARE(other.requests().size(), std::size_t(1)); // its challenge was not taken up
        QVERIFY(!other.requests().front().headers.contains("authorization"));
        QVERIFY(!other.requests().front().headers.contains("cookie"));
        QCOMPARE(other.requests().front().headers["depth"], QByteArray("1"));
    }

    void redirectsEnd()
    {
        ScriptedServer server([](QTcpSocket &socket, const auto &) {
            socket.write(ScriptedServer::answer(302, {}, "Location: /again\r\n"));
        });
        const auto answer = send(requestFor(server.url()));
        QVERIFY2(answer, qPrintable(idOf(answer)));
        QCOMPARE(answer->status, 302);
        QCOMPARE(server.requests().size(), std::size_t(6));
    }

    void aDigestChallengeIsAnsweredOnce()
    {
        ScriptedServer server([](QTcpSocket &socket, const ScriptedServer::Request &) { // nothing is good enough
            socket.write(
                ScriptedServer::answer(401, {}, "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\n"));
        });
        HttpSettings settings = quickSettings();
        settings.user = QStringLiteral("user");
        settings.password = SecretText("secret");
        const auto answer = send(requestFor(server.url(), "PUT", "bytes"), settings);
        QVERIFY2(answer, qPrintable(idOf(answer)));
        QCOMPARE(answer->status, 401);
        QCOMPARE(server.requests().size(), std::size_t(2));
        QVERIFY(server.requests().at(1).headers["authorization"].startsWith("Digest username=\"user\""));
        QCOMPARE(server.requests().at(1).body, QByteArray("bytes"));
    }

    void whatCannotBeSent_data()
    {
        QTest::addColumn<QUrl>("url");
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<qint64>("size");
        const QUrl good(QStringLiteral("http://127.0.0.1:9/"));
        QTest::newRow("no address") << QUrl() << QByteArray() << qint64(0);
        QTest::newRow("a file") << QUrl(QStringLiteral("file:///etc/passwd")) << QByteArray() << qint64(0);
        QTest::newRow("a password") << QUrl(QStringLiteral("http://a:secret@127.0.0.1:9/")) << QByteArray()
                                    << qint64(0);
        QTest::newRow("a header within a header") << good << QByteArray("a\r\nB: c") << qint64(0);
        QTest::newRow("too much") << good << QByteArray() << HttpRequest::kLargestBody + 1;
    }
    void whatCannotBeSent()
    {
        QFETCH(const QUrl, url);
        QFETCH(const QByteArray, header);
        QFETCH(const qint64, size);
        HttpRequest request = requestFor(url, "PUT", QByteArray(size, 'x'));
        request.headers = { { "A", header } };
        const auto answer = send(request);
        QCOMPARE(idOf(answer), QStringLiteral("MF-HTTP-REQUEST"));
        QVERIFY(!answer.error().message.contains(QStringLiteral("secret")));
    }

    void theLogHoldsNoSecret()
    {
        QTemporaryDir folder;
        QVERIFY(openLog(folder.path(), LogLevel::Debug));
        ScriptedServer server(echo);
        HttpRequest request = requestFor(server.url(QStringLiteral("/path?token=SECRET1")), "PUT", "SECRET2");
        request.headers = { { "Authorization", "SECRET3" } };
        QVERIFY(send(request));
        closeLog();
        QFile log(folder.filePath(QStringLiteral("modelfloat.log")));
        QVERIFY(log.open(QIODevice::ReadOnly));
        const QByteArray lines = log.readAll();
        QVERIFY(lines.contains("PUT 127.0.0.1 /path: 200, 7 bytes out"));
        QVERIFY(!lines.contains("SECRET"));
    }
};

QTEST_GUILESS_MAIN(TestHttpClient)
#include "test_http_client.moc"
