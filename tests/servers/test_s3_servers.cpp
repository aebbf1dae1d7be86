// SPDX-License-Identifier: GPL-3.0-or-later
// The S3 adapter keeps the contract of every Provider on real servers.
#include "core/providers/retrying.h"
#include "core/providers/s3/s3.h"
#include "tests/contract/contract.h"
#include "tests/servers/s3_servers.h"
#include "tests/support/fake_clock.h"
#include "tests/support/must.h"
#include "tests/support/run_task.h"

using namespace mf;

namespace {

struct Subject {
    const char *name;
    const char *program;
    S3Server (*start)();
    const char *prefix;
    // rclone answers one of several puts of one name at the same time with a 500 now and then: it is tried again.
    bool stumbles = false;
};
const Subject kSubjects[] = {
    { "versitygw", "versitygw", [] { return startVersity(); }, "" },
    { "versitygw, a folder in the bucket", "versitygw", [] { return startVersity(); }, "my models/ü+(1)~%41&=#?" },
    { "versitygw, ETags that are no MD5", "versitygw",
        [] { return startVersity({}, { QStringLiteral("--data-integrity-etag") }); }, "" },
    { "versitygw, TLS", "versitygw", [] { return startVersityTls(); }, "" },
    { "rclone", "rclone_servers", [] { return startRcloneS3(); }, "", true },
};

} // namespace

class TestS3Servers : public QObject
{
    Q_OBJECT

    SystemClock m_clock;
    Pool m_io { 1 };
    std::map<int, S3Server> m_servers; // each is started once
    int m_buckets = 0;

    const S3Server &server(int subject)
    {
        auto &server = m_servers[subject];
        if (!server.process)
            server = kSubjects[subject].start();
        return server;
    }
    // An account of its own: a bucket that is not there yet.
    std::unique_ptr<Provider> account(const S3Server &server, AccountSettings more = {}, bool create = true)
    {
        AccountSettings settings { { QStringLiteral("endpoint"), server.endpoint.toString() },
            { QStringLiteral("bucket"), QStringLiteral("account-%1").arg(++m_buckets) },
            { QStringLiteral("region"), server.region }, { QStringLiteral("access-key"), server.accessKey },
            { QStringLiteral("certificate"), server.certificate } };
        settings.insert(more);
        return must(s3Kind().make({ m_clock, m_io }, settings, SecretText(server.secretKey.toUtf8()), create));
    }
    void rows()
    {
        QTest::addColumn<int>("subject");
        for (int i = 0; i < int(std::size(kSubjects)); ++i)
            QTest::newRow(kSubjects[i].name) << i;
    }
    static BlobName name() { return BlobName(QStringLiteral("f/00/x")); }

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
        const Subject &with = kSubjects[subject];
        if (!ServerProcess::isInstalled(QString::fromLatin1(with.program)))
            QSKIP("the server is not installed");
        auto provider = account(server(subject), { { QStringLiteral("prefix"), QString::fromUtf8(with.prefix) } });
        if (with.stumbles)
            provider = std::make_unique<Retrying>(std::move(provider), m_clock);
        contractCases()[std::size_t(rule)].run(*provider, [] { });
    }

    void wrongKeys_data() { rows(); }
    void wrongKeys()
    {
        QFETCH(const int, subject);
        if (!ServerProcess::isInstalled(QString::fromLatin1(kSubjects[subject].program)))
            QSKIP("the server is not installed");
        S3Server with;
        with.endpoint = server(subject).endpoint;
        with.region = server(subject).region;
        with.certificate = server(subject).certificate;
        with.secretKey = QStringLiteral("wrong");
        const auto wrongSecret = account(with);
        const auto listed = runTask(wrongSecret->list(QString(), QString()));
        QVERIFY(!listed);
        QCOMPARE(listed.error().id, QStringLiteral("MF-S3-KEYS"));
        with.accessKey = QStringLiteral("UNKNOWN");
        const auto unknown = account(with);
        const auto put = runTask(unknown->put(name(), "x"));
        QVERIFY(!put);
        QCOMPARE(put.error().id, QStringLiteral("MF-S3-KEYS"));
        QVERIFY(!put.error().message.contains(QStringLiteral("wrong")));
    }

    void aBucketThatIsNotThereIsGone_data() { rows(); }
    void aBucketThatIsNotThereIsGone()
    {
        QFETCH(const int, subject);
        if (!ServerProcess::isInstalled(QString::fromLatin1(kSubjects[subject].program)))
            QSKIP("the server is not installed");
        const auto provider = account(server(subject), {}, false);
        const auto listed = runTask(provider->list(QString(), QString()));
        QVERIFY(!listed); // never "nothing lies there"
        QCOMPARE(listed.error().id, QStringLiteral("MF-ACCOUNT-GONE"));
        const auto put = runTask(provider->put(name(), "x"));
        QVERIFY(!put);
        QCOMPARE(put.error().id, QStringLiteral("MF-ACCOUNT-GONE"));
        const auto got = runTask(provider->get(name(), Range()));
        QVERIFY(!got);
        QCOMPARE(got.error().id, QStringLiteral("MF-ACCOUNT-GONE"));
    }

    void aClockThreeHoursOff_data() { rows(); }
    void aClockThreeHoursOff()
    {
        QFETCH(const int, subject);
        if (!ServerProcess::isInstalled(QString::fromLatin1(kSubjects[subject].program)))
            QSKIP("the server is not installed");
        const S3Server &with = server(subject);
        FakeClock clock;
        const auto toNow = std::chrono::milliseconds(clock.now().msecsTo(QDateTime::currentDateTimeUtc()));
        for (const int hours : { -3, 3 }) {
            clock.jump(toNow + std::chrono::hours(hours));
            const AccountSettings settings { { QStringLiteral("endpoint"), with.endpoint.toString() },
                { QStringLiteral("bucket"), QStringLiteral("clock-%1").arg(++m_buckets) },
                { QStringLiteral("region"), with.region }, { QStringLiteral("access-key"), with.accessKey },
                { QStringLiteral("certificate"), with.certificate } };
            const auto provider
                = must(s3Kind().make({ clock, m_io }, settings, SecretText(with.secretKey.toUtf8()), true));
            const auto put = runTask(provider->put(name(), "bytes"));
            QVERIFY2(put, put ? "" : qPrintable(put.error().message));
            QCOMPARE(must(runTask(provider->get(name(), Range()))), QByteArray("bytes"));
            clock.jump(-toNow - std::chrono::hours(hours));
        }
    }

    void theRegionIsLearned_data() { rows(); }
    void theRegionIsLearned()
    {
        QFETCH(const int, subject);
        if (!ServerProcess::isInstalled(QString::fromLatin1(kSubjects[subject].program)))
            QSKIP("the server is not installed");
        const auto provider = account(server(subject), { { QStringLiteral("region"), QStringLiteral("us-east-1") } });
        const auto put = runTask(provider->put(name(), "bytes"));
        QVERIFY2(put, put ? "" : qPrintable(put.error().message));
    }
};

QTEST_GUILESS_MAIN(TestS3Servers)
#include "test_s3_servers.moc"
