// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/verified.h"
#include "tests/support/fake_clock.h"
#include "tests/support/faulty_provider.h"
#include "tests/support/memory_provider.h"
#include "tests/support/run_task.h"

#include <QtTest>
using namespace mf;
using Method = FaultyProvider::Method;

namespace {

const BlobName kName(QStringLiteral("f/3a/blob"));

// Answers what a broken or hostile server might.
class Liar final : public Provider
{
public:
    Result<BlobInfo> putAnswer = BlobInfo();
    QByteArray getAnswer;
    ListPage listAnswer;
    Quota quotaAnswer;

    Traits traits() const override
    {
        Traits traits;
        traits.checksum = Traits::Checksum::Provider;
        return traits;
    }
    Task<Result<BlobInfo>> put(BlobName, QByteArray) override { co_return putAnswer; }
    Task<Result<QByteArray>> get(BlobName, Range) override { co_return getAnswer; }
    Task<Result<>> remove(BlobName) override { co_return Result<>(); }
    Task<Result<ListPage>> list(QString, QString) override { co_return listAnswer; }
    Task<Result<Quota>> quota() override { co_return quotaAnswer; }
};

} // namespace

class TestVerified : public QObject
{
    Q_OBJECT
    FakeClock m_clock;
    std::unique_ptr<MemoryProvider> m_memory;
    FaultyProvider *m_faulty = nullptr;
    std::unique_ptr<Verified> m_verified;
    void make(Traits::Checksum checksum)
    {
        MemoryProvider::Options options;
        options.traits.checksum = checksum;
        m_memory = std::make_unique<MemoryProvider>(m_clock, options);
        auto faulty = std::make_unique<FaultyProvider>(*m_memory, m_clock);
        m_faulty = faulty.get();
        m_verified = std::make_unique<Verified>(std::move(faulty));
    }

private slots:
    void init() { make(Traits::Checksum::None); }
    void badPutsAreNoticed_data();
    void badPutsAreNoticed();
    void readsBackOnlyWithoutAChecksum_data();
    void readsBackOnlyWithoutAChecksum();
    void readBackThatFailsIsToldAsItIs();
    void wrongPutAnswersAreNoticed();
    void wrongLengthsAreNotDelivered();
    void impossibleRequestsDoNotReachTheAccount();
    void onlyBlobsAreListed();
    void impossibleQuotaIsNone();
};

void TestVerified::badPutsAreNoticed_data()
{
    QTest::addColumn<int>("fault");
    QTest::newRow("cut short") << 0;
    QTest::newRow("nothing of it kept") << 1;
    QTest::newRow("first byte wrong") << 2;
    QTest::newRow("last byte wrong") << 3;
    QTest::newRow("lost") << 4;
}

void TestVerified::badPutsAreNoticed()
{
    QFETCH(int, fault);
    auto &planned = m_faulty->on(Method::Put);
    switch (fault) {
    case 0:
        planned.truncate(999);
        break;
    case 1:
        planned.truncate(0);
        break;
    case 2:
        planned.corrupt(0);
        break;
    case 3:
        planned.corrupt(-1);
        break;
    default:
        planned.loseSilently();
        break;
    }
    const QByteArray bytes(1000, 'x');
    const auto put = runTask(m_verified->put(kName, bytes));
    QVERIFY(!put);
    QCOMPARE(put.error().kind, Error::Kind::Corrupt);
    QCOMPARE(put.error().id, QStringLiteral("MF-BLOB-READBACK"));
    QVERIFY(runTask(m_verified->put(kName, bytes)));
    QCOMPARE(*runTask(m_verified->get(kName, Range())), bytes);
    QCOMPARE(m_faulty->unhit(), QStringList());
}

void TestVerified::readsBackOnlyWithoutAChecksum_data()
{
    QTest::addColumn<int>("checksum");
    QTest::addColumn<int>("gets");
    QTest::newRow("none") << int(Traits::Checksum::None) << 1;
    QTest::newRow("the provider's") << int(Traits::Checksum::Provider) << 0;
    QTest::newRow("durable") << int(Traits::Checksum::Durable) << 0;
}

void TestVerified::readsBackOnlyWithoutAChecksum()
{
    QFETCH(int, checksum);
    QFETCH(int, gets);
    make(static_cast<Traits::Checksum>(checksum));
    QVERIFY(runTask(m_verified->put(kName, QByteArray("x"))));
    QCOMPARE(m_memory->counters().get.calls, gets);
}

void TestVerified::readBackThatFailsIsToldAsItIs()
{
    m_faulty->on(Method::Get).error(Error(Error::Kind::Network, QStringLiteral("MF-TEST"), QStringLiteral("away")));
    const auto put = runTask(m_verified->put(kName, QByteArray("x")));
    QVERIFY(!put);
    QCOMPARE(put.error().id, QStringLiteral("MF-TEST")); // may be tried again
    QCOMPARE(m_faulty->unhit(), QStringList());
}

void TestVerified::wrongPutAnswersAreNoticed()
{
    auto owned = std::make_unique<Liar>();
    Liar &liar = *owned;
    Verified verified(std::move(owned));
    const BlobInfo wrong[] = { BlobInfo(kName, 4), BlobInfo(kName, 6), BlobInfo(BlobName(QStringLiteral("other")), 5) };
    for (const BlobInfo &answer : wrong) {
        liar.putAnswer = answer;
        const auto put = runTask(verified.put(kName, QByteArray("bytes")));
        QVERIFY(!put);
        QCOMPARE(put.error().kind, Error::Kind::Corrupt);
    }
    liar.putAnswer = BlobInfo(kName, 5);
    QVERIFY(runTask(verified.put(kName, QByteArray("bytes"))));
}

void TestVerified::wrongLengthsAreNotDelivered()
{
    auto owned = std::make_unique<Liar>();
    Liar &liar = *owned;
    Verified verified(std::move(owned));
    liar.getAnswer = QByteArray(100, 'x');
    QVERIFY(runTask(verified.get(kName, Range(0, 100))));
    QVERIFY(runTask(verified.get(kName, Range(5, 100))));
    QVERIFY(runTask(verified.get(kName, Range())));
    for (const qint64 length : { 0, 1, 99, 101 }) {
        const auto got = runTask(verified.get(kName, Range(0, length)));
        QVERIFY(!got);
        QCOMPARE(got.error().kind, Error::Kind::Corrupt);
        QCOMPARE(got.error().id, QStringLiteral("MF-BLOB-LENGTH"));
    }
    liar.getAnswer = QByteArray((64 << 20) + 1, 'x');
    QVERIFY(!runTask(verified.get(kName, Range())));
}

void TestVerified::impossibleRequestsDoNotReachTheAccount()
{
    const BlobName wrong(QStringLiteral("../x"));
    QVERIFY(!runTask(m_verified->put(wrong, QByteArray("x"))));
    QVERIFY(!runTask(m_verified->get(wrong, Range())));
    QVERIFY(!runTask(m_verified->remove(wrong)));
    QVERIFY(!runTask(m_verified->list(QStringLiteral("../"), QString())));
    QVERIFY(!runTask(m_verified->get(kName, Range(-1, 1))));
    const auto put = runTask(m_verified->put(kName, QByteArray((64 << 20) + 1, 'x')));
    QVERIFY(!put);
    QCOMPARE(put.error().kind, Error::Kind::Invalid);
    QCOMPARE(put.error().id, QStringLiteral("MF-BLOB-SIZE"));
    const auto &counters = m_memory->counters();
    QCOMPARE(counters.put.calls + counters.get.calls + counters.remove.calls + counters.list.calls, 0);
}

void TestVerified::onlyBlobsAreListed()
{
    auto owned = std::make_unique<Liar>();
    Liar &liar = *owned;
    Verified verified(std::move(owned));
    for (const char *name : { "f/good", "f/../bad", "/f/bad", "f/Bad", "log/not-asked-for", "" })
        liar.listAnswer.blobs.emplace_back(BlobName(QString::fromLatin1(name)), 5);
    liar.listAnswer.blobs.emplace_back(BlobName(QStringLiteral("f/negative")), -1);
    const auto page = runTask(verified.list(QStringLiteral("f/"), QString()));
    QVERIFY(page);
    QCOMPARE(page->blobs.size(), std::size_t(1));
    QCOMPARE(page->blobs.front().name.value, QStringLiteral("f/good"));
}

void TestVerified::impossibleQuotaIsNone()
{
    auto owned = std::make_unique<Liar>();
    Liar &liar = *owned;
    Verified verified(std::move(owned));
    liar.quotaAnswer.total = -1;
    const auto quota = runTask(verified.quota());
    QVERIFY(!quota);
    QCOMPARE(quota.error().kind, Error::Kind::Unsupported);
}

QTEST_GUILESS_MAIN(TestVerified)
#include "test_verified.moc"
