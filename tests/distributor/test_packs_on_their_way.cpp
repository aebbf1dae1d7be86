// SPDX-License-Identifier: GPL-3.0-or-later
// How many packs a store has on their way: what its accounts' connections work on, and no memory for more.
#include "tests/support/engine_fixture.h"
#include "tests/support/shared_provider.h"

#include <QtTest>

using namespace mf;

namespace {

constexpr int kLong = 60'000; // ms
constexpr int kAccounts = 3;
constexpr qint64 kPack = kAccounts * (qint64(16) << 20); // bytes of a full pack of 2 + 1

// An account of so many connections whose puts of fragments wait for a sign.
class WaitingProvider final : public SharedProvider
{
public:
    WaitingProvider(std::shared_ptr<Provider> inner, int connections, Event &sign)
        : SharedProvider(std::move(inner))
        , m_connections(connections)
        , m_sign(sign)
    {
    }
    Traits traits() const override
    {
        Traits traits = SharedProvider::traits();
        traits.connections = m_connections;
        return traits;
    }
    Task<Result<BlobInfo>> put(BlobName name, QByteArray data) override
    {
        if (name.value.startsWith(QStringLiteral("f/")))
            co_await m_sign;
        auto putting = SharedProvider::put(std::move(name), std::move(data));
        auto put = co_await putting;
        co_return put;
    }

private:
    int m_connections;
    Event &m_sign;
};

} // namespace

class TestPacksOnTheirWay : public QObject
{
    Q_OBJECT

private slots:
    void asManyAsTheConnectionsTake_data();
    void asManyAsTheConnectionsTake();
};

void TestPacksOnTheirWay::asManyAsTheConnectionsTake_data()
{
    QTest::addColumn<int>("connections");
    QTest::addColumn<int>("packs");
    QTest::newRow("one") << 1 << 1;
    QTest::newRow("two") << 2 << 2;
    QTest::newRow("eight: as the buffers have room") << 8 << 4;
}

void TestPacksOnTheirWay::asManyAsTheConnectionsTake()
{
    QFETCH(const int, connections);
    QFETCH(const int, packs);
    EngineFixture fixture(kAccounts);
    Engine &whole = fixture.engine();
    Event sign;
    AccountSet accounts;
    for (int i = 0; i < kAccounts; ++i) {
        auto provider = std::make_unique<WaitingProvider>(fixture.place(i).memory, connections, sign);
        accounts.add(std::make_unique<Account>(fixture.place(i).record, std::move(provider)));
    }
    struct Body {
        static Task<bool> verify(AccountSet &accounts, Engine &engine)
        {
            co_await accounts.verifyAll(engine.ring, engine.clock, std::chrono::seconds(10));
            co_return accounts.verified().size() == kAccounts;
        }
        static Task<void> store(Store &storing, bool &isStored)
        {
            const auto stored = co_await storing.run();
            isStored = bool(stored);
        }
    };
    QVERIFY(runTask(Body::verify(accounts, whole)));
    Engine engine { whole.registry, whole.ring, accounts, whole.clock, whole.cpu, whole.io, whole.buffers };

    StoreRequest request;
    request.paths.push_back(fixture.write(QStringLiteral("m"), randomBytes(240'000'000, 1))); // seven packs
    request.protection = Protection(2, 1);
    Store storing(engine, std::move(request), nullptr);
    bool isStored = false;
    TaskScope scope;
    scope.start(Body::store(storing, isStored));
    const auto inUse = [&whole] { return double(whole.buffers.inUse()) / double(kPack); };
    QTRY_VERIFY_WITH_TIMEOUT(inUse() > packs - 0.1, kLong);
    QTest::qWait(500); // a further one would come now
    QVERIFY2(inUse() < packs + 0.1, qPrintable(QString::number(inUse())));
    QVERIFY(!isStored);
    sign.set();
    QTRY_VERIFY_WITH_TIMEOUT(isStored, kLong);
    QVERIFY(whole.buffers.peak() <= std::min(whole.buffers.total(), connections * kPack));
}

QTEST_GUILESS_MAIN(TestPacksOnTheirWay)
#include "test_packs_on_their_way.moc"
