// SPDX-License-Identifier: GPL-3.0-or-later
// What a person is told of a cloud that cannot be reached or trusted, by accounts as the catalogue makes them.
#include "core/providers/s3/s3.h"
#include "core/providers/webdav/webdav.h"
#include "tests/servers/dav_servers.h"
#include "tests/servers/s3_servers.h"
#include "tests/support/must.h"
#include "tests/support/run_task.h"

#include <QTcpServer>

using namespace mf;

class TestCloudReach : public QObject
{
    Q_OBJECT

    SystemClock m_clock;
    Pool m_io { 1 };

    // root: "https://host:port"
    std::unique_ptr<Provider> account(bool isDav, const QString &root)
    {
        AccountSettings settings { { QStringLiteral("proxy"), QStringLiteral("none") } };
        if (isDav) {
            settings.insert({ { QStringLiteral("url"), root + QStringLiteral("/models") },
                { QStringLiteral("user"), QStringLiteral("me") } });
            return must(webDavKind().make({ m_clock, m_io }, settings, SecretText("s3cret-word"), false));
        }
        settings.insert({ { QStringLiteral("endpoint"), root }, { QStringLiteral("bucket"), QStringLiteral("models") },
            { QStringLiteral("access-key"), QStringLiteral("AK") } });
        return must(s3Kind().make({ m_clock, m_io }, settings, SecretText("s3cret-word"), false));
    }
    void rows()
    {
        QTest::addColumn<bool>("isDav");
        QTest::newRow("WebDAV") << true;
        QTest::newRow("S3") << false;
    }
    Error listError(bool isDav, const QString &root)
    {
        const auto listed = runTask(account(isDav, root)->list(QString(), QString()));
        return listed ? Error() : listed.error();
    }

private slots:
    void noSuchName_data() { rows(); }
    void noSuchName()
    {
        QFETCH(const bool, isDav);
        const Error error = listError(isDav, QStringLiteral("https://no-such-host.invalid"));
        QCOMPARE(error.id, QStringLiteral("MF-HTTP-UNREACHABLE"));
        QVERIFY(error.isTransient());
        QCOMPARE(error.parameters.value(QStringLiteral("host")), QStringLiteral("no-such-host.invalid"));
        QCOMPARE(error.message,
            QStringLiteral("no-such-host.invalid cannot be reached: Host no-such-host.invalid not found"));
    }

    void nobodyListens_data() { rows(); }
    void nobodyListens()
    {
        QFETCH(const bool, isDav);
        quint16 port = 0;
        {
            QTcpServer closed;
            QVERIFY(closed.listen(QHostAddress::LocalHost));
            port = closed.serverPort();
        }
        const Error error = listError(isDav, QStringLiteral("https://127.0.0.1:%1").arg(port));
        QCOMPARE(error.id, QStringLiteral("MF-HTTP-UNREACHABLE"));
        QVERIFY(error.isTransient());
        QCOMPARE(error.message, QStringLiteral("127.0.0.1 cannot be reached: Connection refused"));
    }

    // Without the person's choice nothing is said to a server that nobody vouches for.
    void aCertificateOfItsOwn_data() { rows(); }
    void aCertificateOfItsOwn()
    {
        QFETCH(const bool, isDav);
        if (!ServerProcess::isInstalled(isDav ? QStringLiteral("apache2") : QStringLiteral("versitygw")))
            QSKIP("the server is not installed");
        DavServer dav;
        S3Server s3;
        if (isDav)
            dav = startApacheTls();
        else
            s3 = startVersityTls();
        const ServerProcess &process = isDav ? *dav.process : *s3.process;
        const Error error = listError(isDav, QStringLiteral("https://127.0.0.1:%1").arg(process.port()));
        QCOMPARE(error.id, QStringLiteral("MF-HTTP-CERTIFICATE"));
        QVERIFY(!error.isTransient());
        QCOMPARE(error.parameters.value(QStringLiteral("certificate")).remove(u':'),
            isDav ? dav.certificate : s3.certificate);
        QVERIFY2(error.message.startsWith(QStringLiteral("the certificate of 127.0.0.1 cannot be trusted: ")),
            qPrintable(error.message));
        QVERIFY(!error.message.contains(QStringLiteral("s3cret-word")));
        if (isDav)
            QCOMPARE(requests(dav), QList<QByteArray> { QByteArray() });
    }
};

QTEST_GUILESS_MAIN(TestCloudReach)
#include "test_cloud_reach.moc"
