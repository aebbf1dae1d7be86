// SPDX-License-Identifier: GPL-3.0-or-later
// What WebDAV servers write, and what a person types. The adapter on real servers: tests/servers.
#include "core/providers/webdav/webdav.h"

#include <QtTest>

using namespace mf;
using namespace mf::webdav;

namespace {

Result<std::vector<Resource>> parsed(const QByteArray &text, qsizetype step)
{
    MultistatusReader reader;
    for (qsizetype at = 0; at < text.size(); at += step) {
        if (const auto added = reader.add(viewOf(text.mid(at, step))); !added)
            return added.error();
    }
    return reader.finish();
}

const QByteArray kFile = R"(<?xml version="1.0"?>
<D:multistatus xmlns:D="DAV:" xmlns:x="urn:other"><D:response>
<D:href>/dav/my%20models/f/3a/blob-1</D:href>
<D:propstat><D:prop><D:resourcetype/><D:getcontentlength>12345</D:getcontentlength><x:size>7</x:size></D:prop>
<D:status>HTTP/1.1 200 OK</D:status></D:propstat>
<D:propstat><D:prop><D:quota-used-bytes/></D:prop><D:status>HTTP/1.1 404 Not Found</D:status></D:propstat>
</D:response></D:multistatus>)";

} // namespace

class TestWebDav : public QObject
{
    Q_OBJECT
private slots:
    void answersAreUnderstood_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("path");
        QTest::addColumn<bool>("collection");
        QTest::addColumn<qint64>("size");
        QTest::newRow("a file") << kFile << "/dav/my models/f/3a/blob-1" << false << qint64(12345);
        QTest::newRow("another prefix") << QByteArray(kFile).replace("D:", "lp1:").replace(":D=", ":lp1=")
                                        << "/dav/my models/f/3a/blob-1" << false << qint64(12345);
        QTest::newRow("the default namespace")
            << QByteArray(kFile).replace("D:", "").replace(":D=", "=").replace("\"DAV:\"", "\"DAV:\"")
            << "/dav/my models/f/3a/blob-1" << false << qint64(12345);
        QTest::newRow("a whole address") << QByteArray(kFile).replace("/dav/", "https://cloud.example:8443/dav/")
                                         << "/dav/my models/f/3a/blob-1" << false << qint64(12345);
        QTest::newRow("encoded otherwise") << QByteArray(kFile).replace("blob-1", "%62lob%2d1")
                                           << "/dav/my models/f/3a/blob-1" << false << qint64(12345);
        QTest::newRow("a folder") << QByteArray(kFile)
                                         .replace(
                                             "<D:resourcetype/>", "<D:resourcetype><D:collection/></D:resourcetype>")
                                         .replace("blob-1<", "blob-1/<")
                                         .replace("12345", "")
                                  << "/dav/my models/f/3a/blob-1" << true << qint64(-1);
        QTest::newRow("what the server does not tell") << QByteArray(kFile).replace("200 OK", "403 Forbidden")
                                                       << "/dav/my models/f/3a/blob-1" << false << qint64(-1);
        QTest::newRow("white space at the end")
            << QByteArray(kFile + " \r\n\t\n") << "/dav/my models/f/3a/blob-1" << false << qint64(12345);
        QTest::newRow("a property of another kind")
            << QByteArray(kFile).replace("D:getcontentlength", "x:getcontentlength") << "/dav/my models/f/3a/blob-1"
            << false << qint64(-1);
    }
    void answersAreUnderstood()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QString, path);
        QFETCH(const bool, collection);
        QFETCH(const qint64, size);
        for (const qsizetype step : { qsizetype(1), qsizetype(7), text.size() }) {
            const auto resources = parsed(text, step);
            QVERIFY2(resources, resources ? "" : qPrintable(resources.error().message));
            QCOMPARE(resources->size(), std::size_t(1));
            QCOMPARE(resources->front().path, path);
            QCOMPARE(resources->front().isCollection, collection);
            QCOMPARE(resources->front().size, size);
            QVERIFY(!resources->front().quotaUsed);
        }
    }

    void whatIsNoAnswer_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("id");
        QTest::newRow("nothing") << QByteArray() << "MF-DAV-NONE";
        QTest::newRow("a login page") << QByteArray("<!DOCTYPE html><html><body>Sign in</body></html>")
                                      << "MF-DAV-NONE";
        QTest::newRow("XML of another kind") << QByteArray("<rss version=\"2.0\"></rss>") << "MF-DAV-NONE";
        QTest::newRow("the right word, the wrong namespace") << QByteArray("<multistatus/>") << "MF-DAV-NONE";
        QTest::newRow("JSON") << QByteArray("{\"error\": 1}") << "MF-DAV-NONE";
        QTest::newRow("a bomb") << QByteArray("<?xml version=\"1.0\"?><!DOCTYPE b [<!ENTITY a \"aaaa\"><!ENTITY b "
                                              "\"&a;&a;&a;\">]><D:multistatus xmlns:D=\"DAV:\">&b;</D:multistatus>")
                                << "MF-DAV-NONE";
        QTest::newRow("broken in the middle") << QByteArray(kFile).replace("</D:prop>", "</D:porp>") << "MF-DAV-NONE";
        for (const int part : { 20, 50, 90, 99 })
            QTest::addRow("%d %% of it", part) << kFile.first(kFile.size() * part / 100) << "MF-DAV-CUT";
        // What a server adds that could not go on: the list ends as it should, and is not all of it.
        const auto followed = [](const char *row, const char *by) {
            QTest::addRow("a list, then %s", row) << QByteArray(kFile + by) << "MF-DAV-CUT";
        };
        followed("a message", "Internal Server Error\n");
        followed("a letter in the next line", "\nE");
        followed("an element", "<html></html>");
        followed("a comment", "<!-- sorry -->");
        followed("half a comment", "<!-- so");
        followed("an instruction", "<?php?>");
        followed("a bracket", "<");
    }
    void whatIsNoAnswer()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QString, id);
        for (const qsizetype step : { qsizetype(1), std::max<qsizetype>(1, text.size()) }) {
            const auto resources = parsed(text, step);
            QVERIFY(!resources);
            QCOMPARE(resources.error().id, id);
            QCOMPARE(resources.error().isTransient(), id == QLatin1String("MF-DAV-CUT"));
        }
    }

    void aListWithoutEndIsRead() // in a bounded time, and what it holds is known
    {
        QByteArray text = "<D:multistatus xmlns:D=\"DAV:\">";
        for (int i = 0; i < 20'000; ++i)
            text += "<D:response><D:href>/a/" + QByteArray::number(i)
                + "</D:href><D:propstat><D:prop><D:getcontentlength>1</D:getcontentlength></D:prop>"
                  "<D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>";
        text += "</D:multistatus>";
        const auto resources = parsed(text, 4096);
        QVERIFY(resources);
        QCOMPARE(resources->size(), std::size_t(20'000));
        QCOMPARE(resources->back().path, QStringLiteral("/a/19999"));
    }

    void settings_data()
    {
        QTest::addColumn<QString>("url");
        QTest::addColumn<QString>("certificate");
        QTest::addColumn<QString>("wrong"); // the setting that is
        QTest::newRow("https") << "https://cloud.example/remote.php/dav/files/me/models" << "" << "";
        QTest::newRow("a space") << " https://cloud.example/my models/ " << "" << "";
        QTest::newRow("http on this computer") << "http://127.0.0.1:8080/dav" << "" << "";
        QTest::newRow("http elsewhere") << "http://cloud.example/dav" << "" << "url";
        QTest::newRow("a password") << "https://me:secret@cloud.example/dav" << "" << "url";
        QTest::newRow("another protocol") << "ftp://cloud.example/dav" << "" << "url";
        QTest::newRow("no host") << "https:///dav" << "" << "url";
        QTest::newRow("a query") << "https://cloud.example/dav?x=1" << "" << "url";
        QTest::newRow("nothing") << "" << "" << "url";
        QTest::newRow("a certificate") << "https://cloud.example/dav" << QString(64, u'a') << "";
        QTest::newRow("half a certificate") << "https://cloud.example/dav" << QString(32, u'a') << "certificate";
    }
    void settings()
    {
        QFETCH(const QString, url);
        QFETCH(const QString, certificate);
        QFETCH(const QString, wrong);
        SystemClock clock;
        Pool io(1);
        const AccountSettings given { { QStringLiteral("url"), url }, { QStringLiteral("certificate"), certificate } };
        const auto made = webDavKind().make({ clock, io }, given, SecretText("secret"), false);
        QCOMPARE(made ? QString() : made.error().parameters.value(QStringLiteral("setting")), wrong);
        if (!made) {
            QCOMPARE(made.error().id, QStringLiteral("MF-ACCOUNT-SETTING"));
            return;
        }
        const auto kept = webDavKind().normalise(given);
        QVERIFY(kept.value(QStringLiteral("url")).endsWith(u'/'));
        QCOMPARE(webDavKind().normalise(kept), kept);
        QCOMPARE(webDavKind().defaultDomain(kept), QUrl(url.trimmed()).host());
    }
};

QTEST_GUILESS_MAIN(TestWebDav)
#include "test_webdav.moc"
