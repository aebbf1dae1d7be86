// SPDX-License-Identifier: GPL-3.0-or-later
// Whom to trust: certificates that are made here, by a server that really speaks TLS; and HTTP/2, which comes by it.
#include "core/base/all_of.h"
#include "core/http/http_client.h"
#include "tests/http/scripted_server.h"
#include "tests/support/run_task.h"
#include "tests/support/tls_identity.h"

#include <QSslCertificate>
#include <QSslKey>
#include <QSslServer>

using namespace mf;

namespace {

std::unique_ptr<QTcpServer> serverWith(const TlsIdentity &identity, const QList<QByteArray> &protocols = {})
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setLocalCertificate(QSslCertificate(identity.certificate));
    configuration.setPrivateKey(QSslKey(identity.key, QSsl::Ec));
    configuration.setAllowedNextProtocols(protocols);
    auto server = std::make_unique<QSslServer>();
    server->setSslConfiguration(configuration);
    return server;
}

// Frames of HTTP/2 (RFC 9113 section 6): length, type, flags, stream; what they hold.
const QByteArray kSettings = QByteArray::fromHex("000006 04 00 00000000  0003 00000001"); // one stream at a time
const QByteArray kSettingsSeen = QByteArray::fromHex("000000 04 01 00000000");
const QByteArray kFirstOk = QByteArray::fromHex("000001 01 05 00000001  88"); // to stream 1: ":status: 200", its end
const QByteArray kSecondOk = QByteArray::fromHex("000001 01 05 00000003  88"); // to stream 3
const QByteArray kGoingAway = QByteArray::fromHex("000008 07 00 00000000  00000003 00000000"); // after stream 3

// Of a request: type, flags (its end, priority), stream; how long they are depends on the client.
const QByteArray kHeadersOf1 = QByteArray::fromHex("01 25 00000001");
const QByteArray kHeadersOf3 = QByteArray::fromHex("01 25 00000003");

void hello(QTcpSocket &socket, const ScriptedServer::Request &) { socket.write(ScriptedServer::answer(200, "hello")); }

} // namespace

class TestHttpTls : public QObject
{
    Q_OBJECT

    SystemClock m_clock;

    Result<HttpAnswer> ask(const ScriptedServer &server, const QString &pinned, const QString &host = {})
    {
        HttpSettings settings;
        settings.proxy = HttpSettings::Proxy::None;
        settings.pinnedCertificate = pinned;
        settings.connectLimit = std::chrono::seconds(2);
        HttpClient client(settings, m_clock);
        HttpRequest request;
        request.method = "GET";
        request.url = server.url(QStringLiteral("/"), QStringLiteral("https"));
        if (!host.isEmpty())
            request.url.setHost(host);
        request.headers = { { "Authorization", "Basic c2VjcmV0" } };
        return runTask(client.send(request));
    }

private slots:
    void aStrangerIsNotTrusted_data()
    {
        QTest::addColumn<int>("days");
        QTest::newRow("self-signed") << 10;
        QTest::newRow("expired") << -1;
    }
    void aStrangerIsNotTrusted()
    {
        QFETCH(const int, days);
        const TlsIdentity who = selfSigned(days);
        ScriptedServer server(hello, serverWith(who));
        const auto refused = ask(server, {});
        QVERIFY(!refused);
        QCOMPARE(refused.error().id, QStringLiteral("MF-HTTP-CERTIFICATE"));
        QCOMPARE(int(refused.error().kind), int(Error::Kind::Unauthorised));
        QCOMPARE(refused.error().parameters.value(QStringLiteral("certificate")).remove(u':'), who.digest);
        QVERIFY(server.requests().empty()); // no request, no password went out

        // The user looks at it and chooses it.
        for (const QString &chosen : { who.digest, who.digest.toUpper(), *certificateText(who.digest) }) {
            const auto trusted = ask(server, chosen);
            QVERIFY2(trusted, qPrintable(trusted ? QString() : trusted.error().message));
            QCOMPARE(trusted->body, QByteArray("hello"));
        }
    }

    void anotherThanTheChosenOneIsNotTrusted()
    {
        const TlsIdentity chosen = selfSigned(10);
        const TlsIdentity other = selfSigned(10);
        ScriptedServer server(hello, serverWith(other));
        const auto refused = ask(server, chosen.digest);
        QVERIFY(!refused);
        QCOMPARE(refused.error().id, QStringLiteral("MF-HTTP-CERTIFICATE"));
        QCOMPARE(refused.error().parameters.value(QStringLiteral("certificate")).remove(u':'), other.digest);
        QVERIFY(server.requests().empty());
    }

    void whomAnAuthorityVouchesFor_data()
    {
        QTest::addColumn<int>("days");
        QTest::addColumn<QString>("host");
        QTest::addColumn<bool>("isTrusted");
        QTest::newRow("right") << 10 << QStringLiteral("127.0.0.1") << true;
        QTest::newRow("expired") << -1 << QStringLiteral("127.0.0.1") << false;
        QTest::newRow("of another server") << 10 << QStringLiteral("localhost") << false;
    }
    void whomAnAuthorityVouchesFor()
    {
        QFETCH(const int, days);
        QFETCH(const QString, host);
        QFETCH(const bool, isTrusted);
        const TlsIdentity who = selfSigned(days);
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        const QSslConfiguration before = configuration;
        configuration.addCaCertificate(QSslCertificate(who.certificate));
        QSslConfiguration::setDefaultConfiguration(configuration);
        ScriptedServer server(hello, serverWith(who));
        const auto answer = ask(server, {}, host);
        QSslConfiguration::setDefaultConfiguration(before);
        QCOMPARE(bool(answer), isTrusted);
        if (isTrusted)
            return;
        QCOMPARE(answer.error().id, QStringLiteral("MF-HTTP-CERTIFICATE"));
        QVERIFY(server.requests().empty());
    }

    void aRedirectOutOfTlsIsNotFollowed()
    {
        const TlsIdentity who = selfSigned(10);
        ScriptedServer plain(hello);
        ScriptedServer server(
            [&plain](QTcpSocket &socket, const auto &) {
                socket.write(ScriptedServer::answer(302, {}, "Location: " + plain.url().toEncoded() + "\r\n"));
            },
            serverWith(who));
        const auto answer = ask(server, who.digest);
        QVERIFY2(answer, qPrintable(answer ? QString() : answer.error().message));
        QCOMPARE(answer->status, 302);
        QCOMPARE(plain.connections(), 0);
    }

    // Where an authority vouches for the server, a chosen certificate is still the only one.
    void aChosenCertificateIsTheOnlyOne()
    {
        const TlsIdentity known = selfSigned(10);
        const TlsIdentity chosen = selfSigned(10);
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        const QSslConfiguration before = configuration;
        configuration.addCaCertificate(QSslCertificate(known.certificate));
        QSslConfiguration::setDefaultConfiguration(configuration);
        ScriptedServer server(hello, serverWith(known));
        const auto trusted = ask(server, {});
        const auto refused = ask(server, chosen.digest);
        QSslConfiguration::setDefaultConfiguration(before);
        QVERIFY2(trusted, qPrintable(trusted ? QString() : trusted.error().message));
        QVERIFY(!refused);
        QCOMPARE(refused.error().id, QStringLiteral("MF-HTTP-CERTIFICATE"));
        QCOMPARE(server.requests().size(), std::size_t(1));
    }

    void noTlsAtAll()
    {
        ScriptedServer server(hello);
        const auto refused = ask(server, {});
        QVERIFY(!refused);
        QVERIFY(!refused.error().id.isEmpty());
        QVERIFY(server.requests().empty());
    }

    // As nginx ends a connection after its thousandth request: what waits for its turn there cannot begin any more, but
    // can on the next one.
    void whatWaitsForAConnectionThatGoesAway()
    {
        const TlsIdentity who = selfSigned(10);
        const auto server = serverWith(who, { QSslConfiguration::ALPNProtocolHTTP2 });
        QVERIFY(server->listen(QHostAddress::LocalHost));
        connect(server.get(), &QTcpServer::pendingConnectionAvailable, server.get(), [&server] {
            QTcpSocket *socket = server->nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, socket, [socket, got = QByteArray(), asked = 0]() mutable {
                got += socket->readAll();
                if (asked == 0 && got.contains(kHeadersOf1)) {
                    ++asked;
                    socket->write(kSettings + kSettingsSeen + kFirstOk);
                } else if (asked == 1 && got.contains(kHeadersOf3)) {
                    ++asked;
                    socket->write(kGoingAway + kSecondOk);
                }
            });
        });
        HttpSettings settings;
        settings.proxy = HttpSettings::Proxy::None;
        settings.pinnedCertificate = who.digest;
        settings.idleLimit = std::chrono::seconds(10);
        HttpClient client(settings, m_clock);
        HttpRequest request;
        request.method = "GET";
        request.url = QUrl(QStringLiteral("https://127.0.0.1:%1/").arg(server->serverPort()));
        const auto first = runTask(client.send(request)); // from now on, one at a time is known
        QVERIFY2(first, qPrintable(first ? QString() : first.error().message));
        std::vector<Task<Result<HttpAnswer>>> asking;
        asking.push_back(client.send(request));
        asking.push_back(client.send(request));
        const auto answers = runTask(allOf(std::move(asking), 2));
        const auto &second = answers.front();
        const auto &third = answers.back();
        QVERIFY2(second, qPrintable(second ? QString() : second.error().message));
        QVERIFY(!third);
        QCOMPARE(third.error().id, QStringLiteral("MF-HTTP-CUT"));
        QVERIFY(third.error().isTransient());
    }

    void digestsAreReadAsPeopleWriteThem()
    {
        const QString hex = QStringLiteral("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");
        QCOMPARE(certificateText(hex)->size(), 32 * 3 - 1);
        QCOMPARE(certificateText(certificateText(hex)->toUpper()), certificateText(hex));
        QVERIFY(!certificateText(QString()));
        QVERIFY(!certificateText(hex.chopped(2)));
        QVERIFY(!certificateText(QString(hex).replace(u'f', u'g')));
    }
};

QTEST_GUILESS_MAIN(TestHttpTls)
#include "test_http_tls.moc"
