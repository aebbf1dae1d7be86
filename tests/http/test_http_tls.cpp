// SPDX-License-Identifier: GPL-3.0-or-later
// Whom to trust: certificates that are made here, by a server that really speaks TLS.
#include "core/http/http_client.h"
#include "tests/http/scripted_server.h"
#include "tests/support/run_task.h"
#include "tests/support/tls_identity.h"

#include <QSslCertificate>
#include <QSslKey>
#include <QSslServer>

using namespace mf;

namespace {

std::unique_ptr<QTcpServer> serverWith(const TlsIdentity &identity)
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setLocalCertificate(QSslCertificate(identity.certificate));
    configuration.setPrivateKey(QSslKey(identity.key, QSsl::Ec));
    auto server = std::make_unique<QSslServer>();
    server->setSslConfiguration(configuration);
    return server;
}

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
