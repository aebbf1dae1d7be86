// SPDX-License-Identifier: GPL-3.0-or-later
// From the address of a Nextcloud or an ownCloud to the folder of ModelFloat there. The answers are those of Nextcloud
// 30 and of ownCloud 10 as their documentation has them.
#include "core/providers/webdav/webdav.h"
#include "tests/http/scripted_server.h"
#include "tests/support/fake_clock.h"
#include "tests/support/must.h"
#include "tests/support/run_task.h"

#include <QtTest>

using namespace mf;
using Request = ScriptedServer::Request;

namespace {

const QByteArray kNextcloud
    = "{\"installed\":true,\"maintenance\":false,\"needsDbUpgrade\":false,\"version\":"
      "\"30.0.2.2\",\"versionstring\":\"30.0.2\",\"edition\":\"\",\"productname\":\"Nextcloud\"}";
const QByteArray kOwnCloud = "{\"installed\":true,\"maintenance\":false,\"version\":\"10.0.10.4\",\"versionstring\":"
                             "\"10.0.10\",\"edition\":\"Community\"}";

QByteArray userAnswer(const QByteArray &id)
{
    return "{\"ocs\":{\"meta\":{\"status\":\"ok\",\"statuscode\":100},\"data\":{\"id\":\"" + id + "\"}}}";
}

} // namespace

class TestCloudFolder : public QObject
{
    Q_OBJECT

    FakeClock m_clock;
    Pool m_io { 1 };

    Result<AccountSettings> complete(const QUrl &url)
    {
        const ProviderContext context { m_clock, m_io };
        const AccountSettings settings { { QStringLiteral("url"), url.toString() },
            { QStringLiteral("user"), QStringLiteral("me@example.org") } };
        return runTask(webDavKind().complete(context, settings, SecretText("pass word")));
    }

private slots:
    void found_data()
    {
        QTest::addColumn<QByteArray>("base");
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QByteArray>("status");
        QTest::addColumn<QByteArray>("user");
        QTest::addColumn<QString>("folder");
        const QString folder = QStringLiteral("/remote.php/dav/files/me/ModelFloat/");
        const QString lower = QStringLiteral("/nc/remote.php/dav/files/me/ModelFloat/");
        const auto me = userAnswer("me");
        QTest::newRow("Nextcloud") << QByteArray("/") << "/" << kNextcloud << me << folder;
        QTest::newRow("no slash") << QByteArray("/") << "" << kNextcloud << me << folder;
        QTest::newRow("below a path") << QByteArray("/nc/") << "/nc" << kNextcloud << me << lower;
        QTest::newRow("one of its pages")
            << QByteArray("/nc/") << "/nc/index.php/apps/files/" << kNextcloud << me << lower;
        QTest::newRow("a page without index.php")
            << QByteArray("/") << "/apps/dashboard/" << kNextcloud << me << folder;
        QTest::newRow("its login") << QByteArray("/") << "/login" << kNextcloud << me << folder;
        QTest::newRow("an ownCloud, which does not say its name")
            << QByteArray("/") << "/" << kOwnCloud << me << folder;
        QTest::newRow("a name with odd characters") << QByteArray("/") << "/" << kNextcloud << userAnswer("m\xc3\xbc/1")
                                                    << QStringLiteral("/remote.php/dav/files/m%C3%BC%2F1/ModelFloat/");
        QTest::newRow("who somebody is, is not told")
            << QByteArray("/") << "/" << kNextcloud << QByteArray("{\"ocs\":{\"data\":[]}}")
            << QStringLiteral("/remote.php/dav/files/me%40example.org/ModelFloat/");
    }
    void found()
    {
        QFETCH(const QByteArray, base);
        QFETCH(const QString, typed);
        QFETCH(const QByteArray, status);
        QFETCH(const QByteArray, user);
        QFETCH(const QString, folder);
        ScriptedServer server([&](QTcpSocket &socket, const Request &request) {
            const bool isStatus = request.target == base + "status.php";
            const bool isUser = request.target == base + "ocs/v1.php/cloud/user?format=json"
                && request.headers.value("ocs-apirequest") == "true"
                && request.headers.value("authorization")
                    == "Basic " + QByteArray("me@example.org:pass word").toBase64();
            socket.write(ScriptedServer::answer(isStatus || isUser ? 200 : 404, isStatus ? status : user));
        });
        const auto settings = complete(server.url(typed));
        QVERIFY2(settings, settings ? "" : qPrintable(settings.error().message));
        QCOMPARE(settings->value(QStringLiteral("url")), server.url(QString()).toString() + folder);
        for (const Request &request : server.requests()) // the password goes only where it is needed
            QCOMPARE(request.headers.contains("authorization"), request.target.contains("/ocs/"));
    }

    void anythingElseIsLeftAsItIs_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("requests");
        const QString root = QStringLiteral("/models/");
        QTest::newRow("nothing there") << root << 404 << QByteArray() << 1;
        QTest::newRow("a server that wants a password") << root << 401 << QByteArray() << 1;
        QTest::newRow("a page") << root << 200 << QByteArray("<!DOCTYPE html><html></html>") << 1;
        QTest::newRow("JSON of something else") << root << 200 << QByteArray("{\"installed\":true}") << 1;
        QTest::newRow("JSON that is no object") << root << 200 << QByteArray("[[[[1]]]]") << 1;
        QTest::newRow("too much") << root << 200 << QByteArray(200'000, '[') << 1;
        QTest::newRow("an address of WebDAV")
            << QStringLiteral("/remote.php/dav/files/me/models/") << 200 << kNextcloud << 0;
        QTest::newRow("an older address of WebDAV")
            << QStringLiteral("/remote.php/webdav/x/") << 200 << kNextcloud << 0;
        QTest::newRow("another service's address") << QStringLiteral("/dav/Koofr/models/") << 200 << kNextcloud << 0;
    }
    void anythingElseIsLeftAsItIs()
    {
        QFETCH(const QString, typed);
        QFETCH(const int, status);
        QFETCH(const QByteArray, body);
        QFETCH(const int, requests);
        ScriptedServer server(
            [&](QTcpSocket &socket, const Request &) { socket.write(ScriptedServer::answer(status, body)); });
        const auto settings = complete(server.url(typed));
        QVERIFY2(settings, settings ? "" : qPrintable(settings.error().message));
        QCOMPARE(settings->value(QStringLiteral("url")), server.url(typed).toString());
        QCOMPARE(int(server.requests().size()), requests);
    }

    void whatIsWrongIsSaid_data()
    {
        QTest::addColumn<QByteArray>("status");
        QTest::addColumn<int>("user");
        QTest::addColumn<QString>("id");
        QTest::newRow("the password") << kNextcloud << 401 << QStringLiteral("MF-CLOUD-PASSWORD");
        QTest::newRow("it is maintained") << QByteArray(kNextcloud).replace("nce\":false", "nce\":true") << 200
                                          << QStringLiteral("MF-CLOUD-MAINTENANCE");
        QTest::newRow("it is updated") << QByteArray(kNextcloud).replace("ade\":false", "ade\":true") << 200
                                       << QStringLiteral("MF-CLOUD-MAINTENANCE");
    }
    void whatIsWrongIsSaid()
    {
        QFETCH(const QByteArray, status);
        QFETCH(const int, user);
        QFETCH(const QString, id);
        ScriptedServer server([&](QTcpSocket &socket, const Request &request) {
            const bool isStatus = request.target == "/status.php";
            socket.write(ScriptedServer::answer(isStatus ? 200 : user, isStatus ? status : QByteArray()));
        });
        const auto settings = complete(server.url());
        QVERIFY(!settings);
        QCOMPARE(settings.error().id, id);
        QVERIFY(settings.error().message.contains(QStringLiteral("Nextcloud")));
        QVERIFY(!settings.error().message.contains(QStringLiteral("pass word")));
    }

    void itsPageLeadsElsewhere_data()
    {
        QTest::addColumn<QString>("host"); // empty: the same
        QTest::newRow("to another path") << QString();
        QTest::newRow("to another server") << QStringLiteral("localhost");
    }
    void itsPageLeadsElsewhere()
    {
        QFETCH(const QString, host);
        QUrl there;
        ScriptedServer server([&](QTcpSocket &socket, const Request &request) {
            if (request.target == "/status.php")
                socket.write(ScriptedServer::answer(302, {}, "Location: " + there.toEncoded() + "\r\n"));
            else if (request.target == "/cloud/status.php")
                socket.write(ScriptedServer::answer(200, kNextcloud));
            else
                socket.write(ScriptedServer::answer(200, userAnswer("me")));
        });
        there = server.url(QStringLiteral("/cloud/status.php"));
        if (!host.isEmpty())
            there.setHost(host);
        const auto settings = complete(server.url());
        QCOMPARE(bool(settings), host.isEmpty());
        if (settings) {
            QCOMPARE(settings->value(QStringLiteral("url")),
                server.url(QStringLiteral("/cloud/remote.php/dav/files/me/ModelFloat/")).toString());
            return;
        }
        QCOMPARE(settings.error().id, QStringLiteral("MF-CLOUD-MOVED"));
        QVERIFY(settings.error().message.contains(host));
        for (const Request &request : server.requests())
            QVERIFY(!request.headers.contains("authorization"));
    }

    void nobodyThereIsSaidLater() // by what uses the account
    {
        QUrl url;
        {
            const ScriptedServer server([](QTcpSocket &, const Request &) { });
            url = server.url();
        }
        const auto settings = complete(url);
        QVERIFY(settings);
        QCOMPARE(settings->value(QStringLiteral("url")), url.toString());
    }
};

QTEST_GUILESS_MAIN(TestCloudFolder)
#include "test_cloud_folder.moc"
