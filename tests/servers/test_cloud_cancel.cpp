// SPDX-License-Identifier: GPL-3.0-or-later
// Requests that are given up while their bytes come or go: the server sees it, nothing of them stays, and the account
// goes on working.
#include "core/providers/retrying.h"
#include "tests/contract/checks.h"
#include "tests/servers/faulty_cloud.h"
#include "tests/support/must.h"

#include <QDir>

using namespace mf;

namespace {

constexpr qsizetype kSize = 16'000'000; // more than the system takes in between
constexpr qint64 kStop = 1'000'000;
constexpr int kTimes = 25; // of each

qsizetype openDescriptors()
{
    return QDir(QStringLiteral("/proc/self/fd"))
        .entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot)
        .size();
}

} // namespace

class TestCloudCancel : public QObject
{
    Q_OBJECT

    SystemClock m_clock;

    static Task<void> put(Provider &to, BlobName name, QByteArray bytes, bool &isDone)
    {
        const auto put = co_await to.put(name, bytes);
        Q_UNUSED(put)
        isDone = true;
    }
    static Task<void> get(Provider &from, BlobName name, bool &isDone)
    {
        const auto got = co_await from.get(name, Range());
        Q_UNUSED(got)
        isDone = true;
    }

private slots:
    void inTheMiddle_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("isPut");
        const auto &kinds = FaultyCloud::kinds();
        for (int kind = 0; kind < int(kinds.size()); ++kind) {
            for (const bool isPut : { true, false })
                QTest::addRow("%s, %s", kinds[std::size_t(kind)].name, isPut ? "put" : "get") << kind << isPut;
        }
    }
    void inTheMiddle()
    {
        QFETCH(const int, kind);
        QFETCH(const bool, isPut);
        if (!ServerProcess::isInstalled(QString::fromLatin1(FaultyCloud::kinds()[std::size_t(kind)].program)))
            QSKIP("the server is not installed");
        FaultyCloud cloud(FaultyCloud::kinds()[std::size_t(kind)]);
        FaultProxy &proxy = cloud.proxy();
        const auto provider = cloud.account();
        const BlobName there = contract::named("f/00/there");
        const BlobName never = contract::named("f/00/never");
        const QByteArray bytes = contract::randomBytes(kSize, 1);
        must(runTask(provider->put(there, bytes)));
        Faults stops; // so it cannot end before it is given up
        (isPut ? stops.stopRequestAt : stops.stopAnswerAt) = kStop;
        qsizetype before = 0;
        for (int i = 0; i < kTimes; ++i) {
            cloud.set(stops); // ends the connections
            if (i == 1) // what is opened once and kept is open now
                before = openDescriptors();
            bool isDone = false;
            {
                TaskScope scope;
                scope.start(isPut ? put(*provider, never, bytes, isDone) : get(*provider, there, isDone));
                QTRY_VERIFY(!proxy.broken().isEmpty());
                QVERIFY(cloud.onlyMet(isPut ? "PUT " : "GET "));
                QVERIFY(!isDone);
            }
            const qint64 moved = proxy.moved();
            proxy.goOn();
            if (cloud.kind().isTls) { // HTTP/2: the request ends, not the connection
                must(runTask(provider->get(contract::named("f/00/first"), Range())));
                if (isPut) // of a get, a server may have sent all of it before it hears
                    QVERIFY(proxy.moved() - moved < kSize / 2);
            } else {
                QTRY_COMPARE(proxy.open(), 0);
            }
        }
        QTRY_COMPARE(openDescriptors(), before);
        cloud.set({});
        QVERIFY(must(runTask(provider->get(there, Range()))) == bytes);
        const auto got = runTask(provider->get(never, Range()));
        QVERIFY(!got);
        QCOMPARE(got.error().id, QStringLiteral("MF-BLOB-MISSING"));
        must(runTask(provider->put(never, bytes)));
        QVERIFY(must(runTask(provider->get(never, Range()))) == bytes);
    }
};

QTEST_GUILESS_MAIN(TestCloudCancel)
#include "test_cloud_cancel.moc"
