// SPDX-License-Identifier: GPL-3.0-or-later
// How a server is reached, as a person says it.
#include "core/providers/online/server_fields.h"
#include "core/providers/s3/s3.h"
#include "core/providers/webdav/webdav.h"
#include "tests/http/scripted_server.h"
#include "tests/support/fake_clock.h"
#include "tests/support/must.h"
#include "tests/support/run_task.h"

#include <QtTest>

using namespace mf;
using Way = HttpSettings::Proxy;

class TestServerFields : public QObject
{
    Q_OBJECT
private slots:
    void proxies_data()
    {
        QTest::addColumn<QString>("said");
        QTest::addColumn<Way>("way");
        QTest::addColumn<QNetworkProxy>("proxy");
        QTest::newRow("nothing said") << QString() << Way::System << QNetworkProxy();
        QTest::newRow("none") << QStringLiteral("none") << Way::None << QNetworkProxy();
        QTest::newRow("http") << QStringLiteral("http://proxy.example:3128") << Way::Manual
                              << QNetworkProxy(QNetworkProxy::HttpProxy, QStringLiteral("proxy.example"), 3128);
        QTest::newRow("as copied") << QStringLiteral(" http://proxy.example:3128/ ") << Way::Manual
                                   << QNetworkProxy(QNetworkProxy::HttpProxy, QStringLiteral("proxy.example"), 3128);
        QTest::newRow("SOCKS") << QStringLiteral("socks5://127.0.0.1:9050") << Way::Manual
                               << QNetworkProxy(QNetworkProxy::Socks5Proxy, QStringLiteral("127.0.0.1"), 9050);
    }
    void proxies()
    {
        QFETCH(const QString, said);
        QFETCH(const Way, way);
        QFETCH(const QNetworkProxy, proxy);
        const auto settings = must(httpSettings({ { QStringLiteral("proxy"), said } }));
        QCOMPARE(settings.proxy, way);
        if (way == Way::Manual)
            QCOMPARE(settings.manualProxy, proxy);
    }

    void whatIsNoProxyIsSaid_data()
    {
        QTest::addColumn<QString>("said");
        for (const char *text : { "proxy.example:3128", "http://proxy.example", "https://proxy.example:1",
                 "http://proxy.example:3128/path", "http://me:secret@proxy.example:3128", "ftp://proxy.example:21",
                 "http://:3128", "http://proxy.example:0", "http://proxy.example:70000", "yes" })
            QTest::newRow(text) << QString::fromLatin1(text);
    }
    void whatIsNoProxyIsSaid()
    {
        QFETCH(const QString, said);
        const auto settings = httpSettings({ { QStringLiteral("proxy"), said } });
        QVERIFY(!settings);
        QCOMPARE(settings.error().id, QStringLiteral("MF-ACCOUNT-SETTING"));
        QCOMPARE(settings.error().parameters.value(QStringLiteral("setting")), QStringLiteral("proxy"));
    }

    // A password typed into an address is neither taken nor repeated.
    void aPasswordInAnAddress_data()
    {
        QTest::addColumn<QString>("address");
        for (const char *text : { "https://me:hush@cloud.example/dav", "https://me:hush@cloud.example/dav?x#y",
                 "ftp://me:hush@cloud.example", "https://me:hu sh@cloud.example:99999", "me:hush@cloud.example",
                 "https://me:hush@", "http://hush@proxy.example:3128", "socks5://me:hu@sh@proxy.example:1" })
            QTest::newRow(text) << QString::fromLatin1(text);
    }
    void aPasswordInAnAddress()
    {
        QFETCH(const QString, address);
        FakeClock clock;
        Pool io { 1 };
        const ProviderContext context { clock, io };
        const QString url = QStringLiteral("https://cloud.example/");
        const std::pair<ProviderKind, AccountSettings> tries[] = {
            { webDavKind(), { { QStringLiteral("url"), address } } },
            { webDavKind(), { { QStringLiteral("url"), url }, { QStringLiteral("proxy"), address } } },
            { s3Kind(),
                { { QStringLiteral("endpoint"), address }, { QStringLiteral("bucket"), QStringLiteral("models") },
                    { QStringLiteral("access-key"), QStringLiteral("AK") } } },
        };
        for (const auto &[kind, settings] : tries) {
            const auto made = kind.make(context, settings, SecretText("word"), false);
            QVERIFY(!made);
            QCOMPARE(made.error().id, QStringLiteral("MF-ACCOUNT-SETTING"));
            for (const char *part : { "hush", "hu sh", "hu@", "sh@" })
                QVERIFY2(!made.error().message.contains(QLatin1String(part)), qPrintable(made.error().message));
        }
    }

    void requestsGoThroughIt()
    {
        ScriptedServer proxy([](QTcpSocket &socket, const ScriptedServer::Request &) {
            socket.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            socket.disconnectFromHost();
        });
        FakeClock clock;
        Pool io { 1 };
        const AccountSettings settings { { QStringLiteral("url"), QStringLiteral("https://dav.invalid/models/") },
            { QStringLiteral("proxy"), proxy.url(QString()).toString() } };
        const auto account = must(webDavKind().make({ clock, io }, settings, SecretText("word"), false));
        const auto put = runTask(account->put(BlobName(QStringLiteral("f/00/x")), "bytes"));
        QVERIFY(!put);
        QCOMPARE(proxy.requests().front().method, QByteArray("CONNECT"));
        QCOMPARE(proxy.requests().front().target, QByteArray("dav.invalid:443"));
        QVERIFY(!proxy.requests().front().headers.contains("authorization"));
    }
};

QTEST_GUILESS_MAIN(TestServerFields)
#include "test_server_fields.moc"
