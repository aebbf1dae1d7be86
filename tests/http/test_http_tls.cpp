// SPDX-License-Identifier: GPL-3.0-or-later
// Whom to trust: certificates that are made here, by a server that really speaks TLS.
#include "core/http/http_client.h"
#include "tests/http/scripted_server.h"
#include "tests/support/run_task.h"

#include <QRandomGenerator>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslServer>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

using namespace mf;

namespace {

struct Identity {
    QSslCertificate certificate;
    QSslKey key;
    QString digest() const { return QString::fromLatin1(certificate.digest(QCryptographicHash::Sha256).toHex()); }
};

// A self-signed certificate for 127.0.0.1, valid from ten days ago for so many days from now; negative: it was.
Identity identity(int days)
{
    constexpr int day = 24 * 3600;
    EVP_PKEY *const key = EVP_EC_gen("P-256");
    X509 *const certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), QRandomGenerator::global()->bounded(1, 1'000'000'000));
    X509_gmtime_adj(X509_getm_notBefore(certificate), -10 * day);
    X509_gmtime_adj(X509_getm_notAfter(certificate), days * day);
    X509_set_pubkey(certificate, key);
    X509_NAME *const name = X509_get_subject_name(certificate);
    const auto *text = reinterpret_cast<const unsigned char *>("127.0.0.1");
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0);
    X509_set_issuer_name(certificate, name);
    X509_EXTENSION *const names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
    X509_add_ext(certificate, names, -1);
    X509_sign(certificate, key, EVP_sha256());

    BIO *const out = BIO_new(BIO_s_mem());
    const auto written = [out] {
        char *bytes = nullptr;
        const auto size = BIO_get_mem_data(out, &bytes);
        const QByteArray copy(bytes, static_cast<qsizetype>(size));
        BIO_reset(out);
        return copy;
    };
    Identity made;
    PEM_write_bio_X509(out, certificate);
    made.certificate = QSslCertificate(written());
    PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
    made.key = QSslKey(written(), QSsl::Ec);
    BIO_free(out);
    X509_EXTENSION_free(names);
    X509_free(certificate);
    EVP_PKEY_free(key);
    if (made.certificate.isNull() || made.key.isNull())
        qFatal("no certificate was made");
    return made;
}

std::unique_ptr<QTcpServer> serverWith(const Identity &identity)
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setLocalCertificate(identity.certificate);
    configuration.setPrivateKey(identity.key);
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

    Result<HttpAnswer> ask(const ScriptedServer &server, const QString &pinned)
    {
        HttpSettings settings;
        settings.proxy = HttpSettings::Proxy::None;
        settings.pinnedCertificate = pinned;
        settings.connectLimit = std::chrono::seconds(2);
        HttpClient client(settings, m_clock);
        HttpRequest request;
        request.method = "GET";
        request.url = server.url(QStringLiteral("/"), QStringLiteral("https"));
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
        const Identity who = identity(days);
        ScriptedServer server(hello, serverWith(who));
        const auto refused = ask(server, {});
        QVERIFY(!refused);
        QCOMPARE(refused.error().id, QStringLiteral("MF-HTTP-CERTIFICATE"));
        QCOMPARE(int(refused.error().kind), int(Error::Kind::Unauthorised));
        QCOMPARE(refused.error().parameters.value(QStringLiteral("certificate")).remove(u':'), who.digest());
        QVERIFY(server.requests().empty()); // no request, no password went out

        // The user looks at it and chooses it.
        for (const QString &chosen : { who.digest(), who.digest().toUpper(), *certificateText(who.digest()) }) {
            const auto trusted = ask(server, chosen);
            QVERIFY2(trusted, qPrintable(trusted ? QString() : trusted.error().message));
            QCOMPARE(trusted->body, QByteArray("hello"));
        }
    }

    void anotherThanTheChosenOneIsNotTrusted()
    {
        const Identity chosen = identity(10);
        const Identity other = identity(10);
        ScriptedServer server(hello, serverWith(other));
        const auto refused = ask(server, chosen.digest());
        QVERIFY(!refused);
        QCOMPARE(refused.error().id, QStringLiteral("MF-HTTP-CERTIFICATE"));
        QCOMPARE(refused.error().parameters.value(QStringLiteral("certificate")).remove(u':'), other.digest());
        QVERIFY(server.requests().empty());
    }

    // Where an authority vouches for the server, a chosen certificate is still the only one.
    void aChosenCertificateIsTheOnlyOne()
    {
        const Identity known = identity(10);
        const Identity chosen = identity(10);
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        const QSslConfiguration before = configuration;
        configuration.addCaCertificate(known.certificate);
        QSslConfiguration::setDefaultConfiguration(configuration);
        ScriptedServer server(hello, serverWith(known));
        const auto trusted = ask(server, {});
        const auto refused = ask(server, chosen.digest());
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
