// SPDX-License-Identifier: GPL-3.0-or-later
// A server that is far away: requests at once take as long as one, and bytes are not slower for being on their way.
#include "core/base/all_of.h"
#include "tests/contract/checks.h"
#include "tests/servers/faulty_cloud.h"
#include "tests/support/must.h"

#include <QElapsedTimer>

using namespace mf;

namespace {

constexpr std::chrono::milliseconds kLatency { 100 };
constexpr int kAtOnce = 6; // connections by HTTP/1.1

} // namespace

class TestCloudLatency : public QObject
{
    Q_OBJECT

    static std::vector<Task<Result<QByteArray>>> gets(Provider &provider, int count)
    {
        std::vector<Task<Result<QByteArray>>> tasks;
        for (int i = 0; i < count; ++i)
            tasks.push_back(provider.get(BlobName(QStringLiteral("f/00/%1").arg(i)), Range()));
        return tasks;
    }
    // ms; all come, the n-th with n bytes.
    static qint64 timeOf(Provider &provider, int count, int atOnce)
    {
        QElapsedTimer timer;
        timer.start();
        const auto got = runTask(allOf(gets(provider, count), static_cast<std::size_t>(atOnce)));
        const qint64 took = timer.elapsed();
        for (int i = 0; i < count; ++i) {
            if (must(got[static_cast<std::size_t>(i)]) != QByteArray(i, 'x'))
                qFatal("other bytes");
        }
        return took;
    }

private slots:
    void requestsAtOnce_data()
    {
        QTest::addColumn<int>("kind");
        const auto &kinds = FaultyCloud::kinds();
        for (int kind = 0; kind < int(kinds.size()); ++kind)
            QTest::newRow(kinds[std::size_t(kind)].name) << kind;
    }
    void requestsAtOnce()
    {
        QFETCH(const int, kind);
        if (!ServerProcess::isInstalled(QString::fromLatin1(FaultyCloud::kinds()[std::size_t(kind)].program)))
            QSKIP("the server is not installed");
        FaultyCloud cloud(FaultyCloud::kinds()[std::size_t(kind)]);
        const auto provider = cloud.account();
        for (int i = 0; i < kAtOnce; ++i)
            must(runTask(provider->put(BlobName(QStringLiteral("f/00/%1").arg(i)), QByteArray(i, 'x'))));
        timeOf(*provider, kAtOnce, kAtOnce); // connections are made
        cloud.proxy().setLatency(kLatency);
        const qint64 one = timeOf(*provider, 1, 1);
        const qint64 all = timeOf(*provider, kAtOnce, kAtOnce);
        const qint64 inTurn = timeOf(*provider, kAtOnce, 1);
        qInfo("one: %lld ms, %d at once: %lld ms, in turn: %lld ms", static_cast<long long>(one), kAtOnce,
            static_cast<long long>(all), static_cast<long long>(inTurn));
        QVERIFY(one >= 2 * kLatency.count()); // there and back
        QVERIFY(all >= 2 * kLatency.count());
        QVERIFY(2 * all < inTurn);
        QVERIFY(inTurn >= kAtOnce * 2 * kLatency.count());
    }

    void bytesOnTheirWay_data() { requestsAtOnce_data(); }
    void bytesOnTheirWay()
    {
        QFETCH(const int, kind);
        if (!ServerProcess::isInstalled(QString::fromLatin1(FaultyCloud::kinds()[std::size_t(kind)].program)))
            QSKIP("the server is not installed");
        FaultyCloud cloud(FaultyCloud::kinds()[std::size_t(kind)]);
        const auto provider = cloud.account();
        const QByteArray bytes = contract::randomBytes(8'000'000, 1);
        cloud.proxy().setLatency(kLatency);
        QElapsedTimer timer;
        timer.start();
        must(runTask(provider->put(contract::named("f/00/much"), bytes)));
        const qint64 put = timer.restart();
        QVERIFY(must(runTask(provider->get(contract::named("f/00/much"), Range()))) == bytes);
        const qint64 got = timer.elapsed();
        qInfo("put: %lld ms, get: %lld ms", static_cast<long long>(put), static_cast<long long>(got));
        // 256 KiB at a time, as a small window would let them go, are 31 round trips.
        if (!cloud.kind().isTls) // by HTTP/2 the server says how much of a put may be: Apache 64 KiB
            QVERIFY(put < 31 * 2 * kLatency.count());
        QVERIFY(got < 31 * 2 * kLatency.count() / 2);
    }
};

QTEST_GUILESS_MAIN(TestCloudLatency)
#include "test_cloud_latency.moc"
