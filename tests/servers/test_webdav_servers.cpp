// SPDX-License-Identifier: GPL-3.0-or-later
// The WebDAV adapter keeps the contract of every Provider on real servers.
#include "core/base/all_of.h"
#include "core/providers/retrying.h"
#include "core/providers/webdav/webdav.h"
#include "tests/contract/contract.h"
#include "tests/servers/dav_servers.h"
#include "tests/support/must.h"
#include "tests/support/run_task.h"

#include <QDir>
#include <QSslConfiguration>

using namespace mf;

namespace {

struct Subject {
    const char *name;
    const char *program;
    DavServer (*start)();
    // By HTTP/2, Apache ends a connection on which many requests were cancelled: what comes next is tried again.
    bool stumbles = false;
};
const Subject kSubjects[] = {
    { "Apache, Basic", "apache2", [] { return startApache(DavAuth::Basic); } },
    { "Apache, Digest", "apache2", [] { return startApache(DavAuth::Digest); } },
    { "Apache, TLS", "apache2", [] { return startApacheTls(); }, true },
    { "rclone", "rclone", [] { return startRclone(); } },
    { "rclone, newest", "rclone_servers", [] { return startRclone(QStringLiteral("rclone_servers")); } },
};

} // namespace

class TestWebDavServers : public QObject
{
    Q_OBJECT

    SystemClock m_clock;
    Pool m_io { 1 };
    std::map<int, DavServer> m_servers; // each is started once
    int m_folders = 0;

    const DavServer &server(int subject)
    {
        auto &server = m_servers[subject];
        if (!server.process)
            server = kSubjects[subject].start();
        return server;
    }
    // An account of its own: a folder that is not there yet.
    Result<std::unique_ptr<Provider>> account(const DavServer &server, const QString &password, bool create = true)
    {
        const ProviderContext context { m_clock, m_io };
        const QString folder = QStringLiteral("account %1").arg(++m_folders);
        const AccountSettings settings { { QStringLiteral("url"), server.url.toString() + folder },
            { QStringLiteral("user"), server.user }, { QStringLiteral("certificate"), server.certificate } };
        return webDavKind().make(context, settings, SecretText(password.toUtf8()), create);
    }
    void rows()
    {
        QTest::addColumn<int>("subject");
        for (int i = 0; i < int(std::size(kSubjects)); ++i)
            QTest::newRow(kSubjects[i].name) << i;
    }

private slots:
    void keeps_data()
    {
        QTest::addColumn<int>("subject");
        QTest::addColumn<int>("rule");
        const auto &cases = contractCases();
        for (int s = 0; s < int(std::size(kSubjects)); ++s) {
            for (int c = 0; c < int(cases.size()); ++c)
                QTest::addRow("%s: %s", kSubjects[s].name, cases[std::size_t(c)].name) << s << c;
        }
    }
    void keeps()
    {
        QFETCH(const int, subject);
        QFETCH(const int, rule);
        if (!ServerProcess::isInstalled(QString::fromLatin1(kSubjects[subject].program)))
            QSKIP("the server is not installed");
        const DavServer &with = server(subject);
        auto provider = must(account(with, with.password));
        if (kSubjects[subject].stumbles)
            provider = std::make_unique<Retrying>(std::move(provider), m_clock);
        contractCases()[std::size_t(rule)].run(*provider, [] { });
    }

    void leftoversAreSweptUp_data() { rows(); }
    void leftoversAreSweptUp()
    {
        QFETCH(const int, subject);
        if (!ServerProcess::isInstalled(QString::fromLatin1(kSubjects[subject].program)))
            QSKIP("the server is not installed");
        const DavServer &with = server(subject);
        const auto provider = must(account(with, with.password));
        must(runTask(provider->put(BlobName(QStringLiteral("f/00/x")), "x")));
        const QDir place(with.process->path(QStringLiteral("files/account %1/f/00").arg(m_folders)));
        const auto make = [&place](const QString &name, int daysOld) {
            QFile file(place.filePath(name));
            if (!file.open(QIODevice::WriteOnly) || file.write("part") != 4 || !file.flush()
                || !file.setFileTime(QDateTime::currentDateTime().addDays(-daysOld), QFileDevice::FileModificationTime))
                qFatal("cannot make %s", qPrintable(file.fileName()));
            file.close();
            QFile::setPermissions(file.fileName(), QFileDevice::Permissions(0x6666));
        };
        make(QStringLiteral(".mf-tmp-old"), 3);
        make(QStringLiteral(".mf-tmp-new"), 1);
        make(QStringLiteral(".other"), 3);
        with.process->stop(); // it may remember what was there
        with.process->startAgain();
        const auto listed = runTask(listAll(*provider, QString()));
        QVERIFY2(listed, listed ? "" : qPrintable(listed.error().message));
        QCOMPARE(listed->size(), std::size_t(1));
        QCOMPARE(place.entryList(QDir::Files | QDir::Hidden),
            QStringList({ QStringLiteral(".mf-tmp-new"), QStringLiteral(".other"), QStringLiteral("x") }));
    }

    void http2WhereItIsOffered()
    {
        if (!ServerProcess::isInstalled(QStringLiteral("apache2")))
            QSKIP("the server is not installed");
        const DavServer with = startApacheTls();
        const auto provider = must(account(with, with.password));
        const auto put = runTask(provider->put(BlobName(QStringLiteral("f/00/x")), QByteArray(1'000'000, 'x')));
        QVERIFY2(put, put ? "" : qPrintable(put.error().message));
        QCOMPARE(must(runTask(provider->get(BlobName(QStringLiteral("f/00/x")), Range(5, 7)))), QByteArray("xxxxxxx"));
        const QList<QByteArray> all = requests(with);
        QVERIFY(all.size() >= 4);
        for (const QByteArray &request : all)
            QVERIFY2(request.startsWith("HTTP/2.0 "), request.constData());
    }

    // Many requests share a connection there, and only one of them sees how it begins.
    void aChosenCertificateHoldsForAllRequests()
    {
        if (!ServerProcess::isInstalled(QStringLiteral("apache2")))
            QSKIP("the server is not installed");
        DavServer with = startApacheTls();
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        const QSslConfiguration before = configuration;
        configuration.addCaCertificates(with.process->path(QStringLiteral("certificate")));
        QSslConfiguration::setDefaultConfiguration(configuration);
        const QString shown = with.certificate;
        with.certificate = QString(64, u'a');
        const auto provider = must(account(with, with.password));
        constexpr int kRequests = 8;
        std::vector<Task<Result<Quota>>> asking;
        for (int i = 0; i < kRequests; ++i)
            asking.push_back(provider->quota());
        const auto answers = runTask(allOf(std::move(asking), kRequests));
        QSslConfiguration::setDefaultConfiguration(before);
        for (const auto &answer : answers) {
            QVERIFY(!answer);
            QCOMPARE(answer.error().id, QStringLiteral("MF-HTTP-CERTIFICATE"));
            QCOMPARE(answer.error().parameters.value(QStringLiteral("certificate")).remove(u':'), shown);
        }
        QFile log(with.process->path(QStringLiteral("requests")));
        QVERIFY(log.open(QIODevice::ReadOnly) && log.readAll().isEmpty()); // no password went out
    }

    void theWrongPassword_data() { rows(); }
    void theWrongPassword()
    {
        QFETCH(const int, subject);
        if (!ServerProcess::isInstalled(QString::fromLatin1(kSubjects[subject].program)))
            QSKIP("the server is not installed");
        const auto provider = must(account(server(subject), QStringLiteral("wrong")));
        const auto listed = runTask(provider->list(QString(), QString()));
        QVERIFY(!listed);
        QCOMPARE(listed.error().id, QStringLiteral("MF-HTTP-REFUSED"));
        const auto put = runTask(provider->put(BlobName(QStringLiteral("f/00/x")), "x"));
        QVERIFY(!put);
        QCOMPARE(put.error().id, QStringLiteral("MF-HTTP-REFUSED"));
        QVERIFY(!put.error().message.contains(QStringLiteral("wrong")));
    }

    void aFolderThatIsNotThereIsGone_data() { rows(); }
    void aFolderThatIsNotThereIsGone()
    {
        QFETCH(const int, subject);
        if (!ServerProcess::isInstalled(QString::fromLatin1(kSubjects[subject].program)))
            QSKIP("the server is not installed");
        const DavServer &with = server(subject);
        const auto provider = must(account(with, with.password, false));
        const auto listed = runTask(provider->list(QString(), QString()));
        QVERIFY(!listed); // never "nothing lies there"
        QCOMPARE(listed.error().id, QStringLiteral("MF-ACCOUNT-GONE"));
        const auto put = runTask(provider->put(BlobName(QStringLiteral("f/00/x")), "x"));
        QVERIFY(!put);
        QCOMPARE(put.error().id, QStringLiteral("MF-ACCOUNT-GONE"));
    }
};

QTEST_GUILESS_MAIN(TestWebDavServers)
#include "test_webdav_servers.moc"
