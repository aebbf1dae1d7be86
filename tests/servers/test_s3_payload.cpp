// SPDX-License-Identifier: GPL-3.0-or-later
// What an S3 request says of its body: by TLS nothing, which guards it; else its SHA-256, which is signed.
#include "core/providers/s3/s3.h"
#include "tests/http/scripted_server.h"
#include "tests/support/must.h"
#include "tests/support/run_task.h"
#include "tests/support/tls_identity.h"

#include <QCryptographicHash>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslServer>

using namespace mf;

namespace {

// Keeps one blob, whatever its name.
void store(QTcpSocket &socket, const ScriptedServer::Request &request)
{
    const QByteArray md5 = QCryptographicHash::hash(request.body, QCryptographicHash::Md5).toHex();
    const bool isList = request.target.contains("list-type=2");
    const QByteArray list = "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";
    socket.write(ScriptedServer::answer(200, isList ? list : QByteArray(), "ETag: \"" + md5 + "\"\r\n"));
}

QByteArray sha256Of(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

} // namespace

class TestS3Payload : public QObject
{
    Q_OBJECT

    SystemClock m_clock;
    Pool m_io { 1 };

private slots:
    void whatIsSigned_data()
    {
        QTest::addColumn<bool>("isTls");
        QTest::newRow("TLS") << true;
        QTest::newRow("in plain text") << false;
    }
    void whatIsSigned()
    {
        QFETCH(const bool, isTls);
        const TlsIdentity who = selfSigned(10);
        std::unique_ptr<QTcpServer> listener;
        if (isTls) {
            QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
            configuration.setLocalCertificate(QSslCertificate(who.certificate));
            configuration.setPrivateKey(QSslKey(who.key, QSsl::Ec));
            auto tls = std::make_unique<QSslServer>();
            tls->setSslConfiguration(configuration);
            listener = std::move(tls);
        }
        ScriptedServer server(store, std::move(listener));
        const QString scheme = isTls ? QStringLiteral("https") : QStringLiteral("http");
        const AccountSettings settings { { QStringLiteral("endpoint"), server.url(QString(), scheme).toString() },
            { QStringLiteral("bucket"), QStringLiteral("models") },
            { QStringLiteral("access-key"), QStringLiteral("AK") },
            { QStringLiteral("certificate"), isTls ? who.digest : QString() },
            { QStringLiteral("proxy"), QStringLiteral("none") } };
        const auto account = must(s3Kind().make({ m_clock, m_io }, settings, SecretText("SK"), false));
        const QByteArray bytes = QByteArray(1'000'000, 'x');
        const BlobName name(QStringLiteral("f/00/x"));
        must(runTask(account->put(name, bytes)));
        must(runTask(account->get(name, Range())));
        must(runTask(account->list(QString(), QString())));
        must(runTask(account->remove(name)));

        QCOMPARE(server.requests().size(), std::size_t(4));
        for (const ScriptedServer::Request &request : server.requests()) {
            const QByteArray said = request.headers.value("x-amz-content-sha256");
            QCOMPARE(said, isTls ? QByteArray("UNSIGNED-PAYLOAD") : sha256Of(request.body));
            QVERIFY(request.headers.value("authorization").contains("x-amz-content-sha256"));
        }
        const ScriptedServer::Request &put = server.requests().front();
        QCOMPARE(put.body, bytes);
        QCOMPARE(put.headers.value("content-md5"),
            QCryptographicHash::hash(bytes, QCryptographicHash::Md5).toBase64()); // either way
    }
};

QTEST_GUILESS_MAIN(TestS3Payload)
#include "test_s3_payload.moc"
