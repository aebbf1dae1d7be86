// SPDX-License-Identifier: GPL-3.0-or-later
// Buckets that are named in the host, on a real server. Its names are known to a proxy alone.
#include "core/providers/s3/s3.h"
#include "tests/contract/contract.h"
#include "tests/servers/forward_proxy.h"
#include "tests/servers/s3_servers.h"
#include "tests/support/must.h"
#include "tests/support/run_task.h"

#include <QDir>

using namespace mf;

class TestS3Virtual : public QObject
{
    Q_OBJECT

    SystemClock m_clock;
    Pool m_io { 1 };
    S3Server m_server;
    ForwardProxy m_proxy;
    int m_buckets = 0;

    QByteArray host() const { return "s3.test:" + QByteArray::number(m_server.process->port()); }
    // bucket: one that is not there yet.
    std::unique_ptr<Provider> account(const QString &bucket)
    {
        const AccountSettings settings { { QStringLiteral("endpoint"), QLatin1String("http://" + host()) },
            { QStringLiteral("bucket"), bucket }, { QStringLiteral("region"), m_server.region },
            { QStringLiteral("access-key"), m_server.accessKey },
            { QStringLiteral("addressing"), QStringLiteral("virtual") },
            { QStringLiteral("proxy"), m_proxy.address(QStringLiteral("http")) } };
        return must(s3Kind().make({ m_clock, m_io }, settings, SecretText(m_server.secretKey.toUtf8()), true));
    }

private slots:
    void initTestCase()
    {
        if (!ServerProcess::isInstalled(QStringLiteral("versitygw")))
            QSKIP("the server is not installed");
        m_server = startVersity({ QStringLiteral("--virtual-domain"), QStringLiteral("s3.test") });
    }

    void keeps_data()
    {
        QTest::addColumn<int>("rule");
        const auto &cases = contractCases();
        for (int c = 0; c < int(cases.size()); ++c)
            QTest::newRow(cases[std::size_t(c)].name) << c;
    }
    void keeps()
    {
        QFETCH(const int, rule);
        const auto provider = account(QStringLiteral("account-%1").arg(++m_buckets));
        contractCases()[std::size_t(rule)].run(*provider, [] { });
    }

    void theBucketIsInTheHost()
    {
        const qsizetype before = m_proxy.asked().size();
        const auto provider = account(QStringLiteral("in-the-host"));
        must(runTask(provider->put(BlobName(QStringLiteral("f/00/x")), "bytes")));
        QFile kept(m_server.process->path(QStringLiteral("files/in-the-host/f/00/x")));
        QVERIFY(kept.open(QIODevice::ReadOnly));
        QCOMPARE(kept.readAll(), QByteArray("bytes"));
        const QByteArray place = " http://in-the-host." + host() + '/';
        const QList<QByteArray> asked = m_proxy.asked().sliced(before);
        QVERIFY(asked.contains("PUT http://in-the-host." + host() + "/f/00/x"));
        for (const QByteArray &one : asked)
            QVERIFY2(one.contains(place), one.constData());
    }

    // The certificate for *.host does not cover it, so the bucket stands in the path.
    void aNameWithADot()
    {
        const qsizetype before = m_proxy.asked().size();
        const auto provider = account(QStringLiteral("with.dots"));
        must(runTask(provider->put(BlobName(QStringLiteral("f/00/x")), "bytes")));
        QVERIFY(m_proxy.asked().sliced(before).contains("PUT http://" + host() + "/with.dots/f/00/x"));
    }
};

QTEST_GUILESS_MAIN(TestS3Virtual)
#include "test_s3_virtual.moc"
