// SPDX-License-Identifier: GPL-3.0-or-later
// Accounts of the window's library, on real servers and on one that never answers.
#include "tests/app/service_home.h"
#include "tests/http/scripted_server.h"
#include "tests/servers/dav_servers.h"
#include "tests/servers/fault_proxy.h"
#include "tests/servers/s3_servers.h"
#include "tests/support/files_in.h"

#include <QtTest>

using namespace mf;
using Health = ServiceHome::Health;

namespace {

AccountRecord davDraft(const QUrl &url, const QString &user)
{
    AccountRecord draft;
    draft.kind = QStringLiteral("webdav");
    draft.name = draft.domain = QStringLiteral("cloud");
    draft.settings.insert(QStringLiteral("url"), url.resolved(QUrl(QStringLiteral("modelfloat/"))).toString());
    draft.settings.insert(QStringLiteral("user"), user);
    return draft;
}

AccountRecord s3Draft(const S3Server &server)
{
    AccountRecord draft;
    draft.kind = QStringLiteral("s3");
    draft.name = draft.domain = QStringLiteral("bucket");
    draft.settings.insert(QStringLiteral("endpoint"), server.endpoint.toString());
    draft.settings.insert(QStringLiteral("bucket"), QStringLiteral("models"));
    draft.settings.insert(QStringLiteral("region"), server.region);
    draft.settings.insert(QStringLiteral("access-key"), server.accessKey);
    return draft;
}

qint64 secretBytes(const ServiceHome &home)
{
    qint64 size = 0;
    for (const QFileInfo &file :
        QDir(home.path(QStringLiteral("home"))).entryInfoList({ QStringLiteral("secrets*") }, QDir::Files))
        size += file.size();
    return size;
}

// As the page that waits for the answer.
struct Waiting {
    static Task<void> run(Task<Result<>> question, std::optional<Result<>> &to)
    {
        auto answer = co_await question;
        to.emplace(std::move(answer));
    }
};

bool isThere(const char *server) { return ServerProcess::isInstalled(QString::fromLatin1(server)); }

} // namespace

class TestServiceAccounts : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { qputenv("MODELFLOAT_PASSPHRASE", "for this test"); }

    void cancellingEndsTheWork()
    {
        ServiceHome home;
        home.create(0);
        const qint64 before = secretBytes(home);
        ScriptedServer server([](QTcpSocket &, const ScriptedServer::Request &) { });
        std::optional<Result<>> answer;
        {
            TaskScope page;
            page.start(Waiting::run(
                home->addAccount(davDraft(server.url(), QStringLiteral("me")), QByteArray("a password")), answer));
            QTRY_VERIFY(!server.requests().empty());
        }
        QTRY_COMPARE(server.open(), 0); // nobody waits for its answer any more
        QVERIFY(!answer);
        const auto added = home.addFolder(QStringLiteral("disk0")); // commands come one after the other
        QVERIFY2(added, added ? "" : qPrintable(added.error().message));
        home.restart();
        QTRY_COMPARE(home->state(), ui::Service::State::Ready);
        QCOMPARE(home->accounts().size(), std::size_t(1));
        QCOMPARE(secretBytes(home), before);
    }

    void cancelledInTheMiddleNothingStays()
    {
        if (!isThere("rclone"))
            QSKIP("the server is not installed");
        ServiceHome home;
        home.create(0);
        const qint64 before = secretBytes(home);
        const DavServer server = startRclone();
        const QString files = server.process->path(QStringLiteral("files"));
        FaultProxy slow(server.process->port());
        slow.setRate(4'000); // the 4 KB that are tried take a second each way
        QUrl url = server.url;
        url.setPort(slow.port());
        std::optional<Result<>> answer;
        {
            TaskScope page;
            page.start(Waiting::run(home->addAccount(davDraft(url, server.user), server.password.toUtf8()), answer));
            const auto isProbeThere = [&files] { return !filesIn(files).filter(QStringLiteral("/probe-")).isEmpty(); };
            QTRY_VERIFY_WITH_TIMEOUT(isProbeThere(), ServiceHome::kLong);
        }
        slow.setRate(0);
        QTRY_COMPARE_WITH_TIMEOUT(filesIn(files), QStringList(), ServiceHome::kLong);
        QVERIFY(!answer);
        const auto folder = home.addFolder(QStringLiteral("disk0")); // what was cancelled is over now
        QVERIFY2(folder, folder ? "" : qPrintable(folder.error().message));
        QCOMPARE(filesIn(files), QStringList());
        QCOMPARE(secretBytes(home), before);
        QTRY_COMPARE(home->accounts().size(), std::size_t(1));
        QCOMPARE(home->accounts().front().name, QStringLiteral("disk0"));

        // The same again, to its end.
        const auto added = runTask(home->addAccount(davDraft(server.url, server.user), server.password.toUtf8()));
        QVERIFY2(added, added ? "" : qPrintable(added.error().message));
        QTRY_COMPARE(home->accounts().size(), std::size_t(2));
    }

    void addsWebDavAndS3()
    {
        if (!isThere("rclone") || !isThere("versitygw"))
            QSKIP("a server is not installed");
        ServiceHome home;
        home.create(1);
        const DavServer dav = startRclone();
        const S3Server s3 = startVersity();
        const auto wrong = runTask(home->addAccount(davDraft(dav.url, dav.user), QByteArray("no")));
        QVERIFY(!wrong);
        QCOMPARE(wrong.error().kind, Error::Kind::Unauthorised);
        for (const auto &[draft, secret] :
            { std::pair(davDraft(dav.url, dav.user), dav.password), std::pair(s3Draft(s3), s3.secretKey) }) {
            const auto added = runTask(home->addAccount(draft, secret.toUtf8()));
            QVERIFY2(added, added ? "" : qPrintable(added.error().message));
        }
        QTRY_COMPARE(home->accounts().size(), std::size_t(3));
        for (const char *name : { "bucket", "cloud", "disk0" })
            QTRY_COMPARE(home.healthOf(QString::fromLatin1(name)), Health::Connected);
        QCOMPARE(home->accounts()[0].place, s3.endpoint.toString());
        QVERIFY(home->accounts()[0].hasSecret);
        QVERIFY(home->accounts()[1].hasSecret);
        QVERIFY(!home->accounts()[2].hasSecret);
        const auto storing = home.store(QStringLiteral("model"), home.makeFile(QStringLiteral("model"), 3'000'000));
        home.waitFor(storing, ServiceHome::State::Done);
        QTRY_COMPARE(home.modelState(QStringLiteral("model")), ModelState::Safe);
    }

    void aNewPasswordIsTriedFirst()
    {
        if (!isThere("apache2"))
            QSKIP("the server is not installed");
        ServiceHome home;
        home.create(1);
        DavServer server = startApache(DavAuth::Basic);
        const auto added = runTask(home->addAccount(davDraft(server.url, server.user), server.password.toUtf8()));
        QVERIFY2(added, added ? "" : qPrintable(added.error().message));
        const QString cloud = QStringLiteral("cloud");
        QTRY_COMPARE(home.healthOf(cloud), Health::Connected);
        const AccountId id = home->accounts().front().id;
        setPassword(server, QStringLiteral("the new one"));
        home->refresh();
        QTRY_COMPARE(home.healthOf(cloud), Health::SignIn);
        const auto isOffered = [&home] {
            return std::any_of(home->issues().begin(), home->issues().end(), [](const ui::IssueEntry &issue) {
                return !issue.remedies.empty() && issue.remedies.front() == ui::IssueEntry::Remedy::SignIn;
            });
        };
        QTRY_VERIFY(isOffered());

        const auto wrong = runTask(home->signIn(id, "a third one"));
        QVERIFY(!wrong);
        QCOMPARE(wrong.error().kind, Error::Kind::Unauthorised);
        const auto right = runTask(home->signIn(id, "the new one"));
        QVERIFY2(right, right ? "" : qPrintable(right.error().message));
        QTRY_COMPARE(home.healthOf(cloud), Health::Connected);
        QTRY_VERIFY(!isOffered());
        home.restart();
        QTRY_COMPARE(home.healthOf(cloud), Health::Connected);
        QCOMPARE(runTask(home->signIn(AccountId(), "x")).error().id, QStringLiteral("MF-ACCOUNT-UNKNOWN"));
    }

    // The window knows neither address nor user; it changes the one setting.
    void aCertificateIsTrusted()
    {
        if (!isThere("apache2"))
            QSKIP("the server is not installed");
        ServiceHome home;
        home.create(0);
        const DavServer server = startApacheTls();
        AccountRecord draft = davDraft(server.url, server.user);
        const QByteArray password = server.password.toUtf8();
        const auto unknown = runTask(home->addAccount(draft, password));
        QVERIFY(!unknown);
        QCOMPARE(unknown.error().id, QStringLiteral("MF-HTTP-CERTIFICATE"));
        draft.settings.insert(
            QStringLiteral("certificate"), unknown.error().parameters.value(QStringLiteral("certificate")));
        const auto added = runTask(home->addAccount(draft, password));
        QVERIFY2(added, added ? "" : qPrintable(added.error().message));
        QTRY_COMPARE(home.healthOf(draft.name), Health::Connected);

        AccountRecord changed;
        changed.id = home->accounts().front().id;
        changed.name = draft.name;
        changed.settings.insert(QStringLiteral("certificate"), QString(64, u'a'));
        const auto other = runTask(home->changeAccount(changed));
        QVERIFY(!other);
        QCOMPARE(other.error().id, QStringLiteral("MF-HTTP-CERTIFICATE"));
        changed.settings.insert(QStringLiteral("certificate"), server.certificate);
        const auto right = runTask(home->changeAccount(changed));
        QVERIFY2(right, right ? "" : qPrintable(right.error().message));
        QTRY_COMPARE(home.healthOf(draft.name), Health::Connected);
    }
};

QTEST_GUILESS_MAIN(TestServiceAccounts)
#include "test_service_accounts.moc"
