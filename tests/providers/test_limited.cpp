// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/all_of.h"
#include "core/providers/limited.h"
#include "tests/support/fake_clock.h"
#include "tests/support/faulty_provider.h"
#include "tests/support/memory_provider.h"
#include "tests/support/run_task.h"

#include <QtTest>

#include <limits>
using namespace mf;
using namespace std::chrono_literals;
using Method = FaultyProvider::Method;

namespace {

constexpr qint64 kMB = 1'000'000;

BlobName named(int i) { return BlobName(QStringLiteral("f/%1").arg(i)); }

AccountLimits limitsOf(int connections, qint64 up, qint64 down)
{
    AccountLimits limits;
    limits.connections = connections;
    limits.upBytesPerSecond = up;
    limits.downBytesPerSecond = down;
    return limits;
}

Task<void> put(Provider &provider, BlobName name, qint64 size, bool &done)
{
    const QByteArray bytes(size, 'x');
    auto putting = provider.put(name, bytes);
    const auto result = co_await putting;
    done = bool(result);
}

void turnEventLoop()
{
    for (int i = 0; i < 20; ++i)
        QCoreApplication::processEvents();
}

} // namespace

class TestLimited : public QObject
{
    Q_OBJECT
    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<RateLimiter> m_global;
    std::vector<std::unique_ptr<Limited>> m_accounts;

    // An account in memory that answers at once and compares a checksum.
    Limited &account(const AccountLimits &limits, Traits::Checksum checksum = Traits::Checksum::Provider)
    {
        MemoryProvider::Options options;
        options.answersLater = false;
        options.traits.checksum = checksum;
        auto memory = std::make_unique<MemoryProvider>(*m_clock, options);
        m_accounts.push_back(std::make_unique<Limited>(std::move(memory), *m_clock, limits, *m_global));
        return *m_accounts.back();
    }
    // How long the task takes on the clock, in seconds.
    template <typename T> double secondsOf(Task<T> task)
    {
        const Clock::Duration before = m_clock->elapsed();
        const auto result = runTask(std::move(task));
        Q_UNUSED(result)
        return double((m_clock->elapsed() - before).count()) / 1000;
    }
    // Lets time pass in small steps, as it does.
    void pass(Clock::Duration time)
    {
        for (Clock::Duration t { 0 }; t < time; t += 50ms) {
            m_clock->advance(50ms);
            turnEventLoop();
        }
    }

private slots:
    void init();
    void cleanup() { m_accounts.clear(); }
    void noMoreConnectionsThanAllowed();
    void connectionsGoInOrder();
    void traitsTellTheConnections();
    void rates_data();
    void rates();
    void accountsShareTheGlobalRate();
    void bothRatesRunAtOnce();
    void readingBackCountsAsRead();
    void aSmallBlobPassesALargeOne();
    void waitingTakesNoConnection();
    void ratesChangeWhileOneWaits();
    void limitsOfADecoratedAccountChange();
    void impossibleRangeFailsAtOnce();
    void idleTimeIsNotSavedUp();
};

void TestLimited::init()
{
    m_clock = std::make_unique<FakeClock>();
    m_clock->setAutomatic(true);
    m_global = std::make_unique<RateLimiter>(*m_clock);
}

void TestLimited::noMoreConnectionsThanAllowed()
{
    MemoryProvider memory(*m_clock);
    auto owned = std::make_unique<FaultyProvider>(memory, *m_clock);
    FaultyProvider &faulty = *owned;
    for (const Method method : { Method::Put, Method::Get, Method::Remove, Method::List, Method::Quota })
        faulty.on(method).always().hang();
    Limited limited(std::move(owned), *m_clock, limitsOf(2, 0, 0), *m_global);
    std::vector<Task<Result<>>> tasks;
    for (int i = 0; i < 9; ++i)
        tasks.push_back(limited.remove(named(i)));
    Running<std::vector<Result<>>> all(allOf(std::move(tasks), 9));
    Running<Result<ListPage>> list(limited.list(QString(), QString()));
    Running<Result<Quota>> quota(limited.quota());
    Running<Result<QByteArray>> get(limited.get(named(1), Range()));
    Running<Result<BlobInfo>> put(limited.put(named(2), QByteArray("x")));
    for (int left = 13; left > 0; left -= 2) {
        turnEventLoop();
        QCOMPARE(faulty.hanging(), std::min(2, left));
        faulty.release();
        turnEventLoop();
    }
    QTRY_VERIFY(put.isDone());
    QVERIFY(all.isDone() && list.isDone() && quota.isDone() && get.isDone());
    QCOMPARE(faulty.unhit(), QStringList());

    limited.setLimits(limitsOf(3, 0, 0));
    tasks.clear();
    for (int i = 0; i < 9; ++i)
        tasks.push_back(limited.remove(named(i)));
    const Running<std::vector<Result<>>> more(allOf(std::move(tasks), 9));
    turnEventLoop();
    QCOMPARE(faulty.hanging(), 3);
}

void TestLimited::connectionsGoInOrder()
{
    MemoryProvider memory(*m_clock);
    auto faulty = std::make_unique<FaultyProvider>(memory, *m_clock);
    QStringList order;
    QStringList expected;
    for (int i = 0; i < 10; ++i) {
        expected.append(named(i).value);
        faulty->on(Method::Remove).named(named(i).value).callback([&order, i] { order.append(named(i).value); });
    }
    Limited limited(std::move(faulty), *m_clock, limitsOf(1, 0, 0), *m_global);
    std::vector<Task<Result<>>> tasks;
    for (int i = 0; i < 10; ++i)
        tasks.push_back(limited.remove(named(i)));
    runTask(allOf(std::move(tasks), 10));
    QCOMPARE(order, expected);
}

void TestLimited::traitsTellTheConnections()
{
    QCOMPARE(account(limitsOf(0, 0, 0)).traits().connections, Traits().connections);
    QCOMPARE(account(limitsOf(9, 0, 0)).traits().connections, 9);
}

void TestLimited::rates_data()
{
    QTest::addColumn<qint64>("up");
    QTest::addColumn<qint64>("down");
    QTest::addColumn<bool>("isGlobal");
    QTest::addColumn<double>("upSeconds"); // for 10 MB
    QTest::addColumn<double>("downSeconds");
    QTest::newRow("none") << qint64(0) << qint64(0) << false << 0.0 << 0.0;
    QTest::newRow("up") << kMB << qint64(0) << false << 10.0 << 0.0;
    QTest::newRow("down") << qint64(0) << kMB << false << 0.0 << 10.0;
    QTest::newRow("both, different") << 5 * kMB << 2 * kMB << false << 2.0 << 5.0;
    QTest::newRow("fast") << 100 * kMB << 200 * kMB << false << 0.1 << 0.05;
    QTest::newRow("slow") << 10 * kMB / 100 << kMB << false << 100.0 << 10.0;
    QTest::newRow("negative is none") << qint64(-5) << qint64(-5) << false << 0.0 << 0.0;
    QTest::newRow("global") << 5 * kMB << 2 * kMB << true << 2.0 << 5.0;
}

void TestLimited::rates()
{
    QFETCH(qint64, up);
    QFETCH(qint64, down);
    QFETCH(bool, isGlobal);
    QFETCH(double, upSeconds);
    QFETCH(double, downSeconds);
    if (isGlobal)
        m_global->setRates(up, down);
    Limited &limited = account(isGlobal ? AccountLimits() : limitsOf(0, up, down));
    const QByteArray bytes(10 * kMB, 'x');
    const auto isAbout = [](double seconds, double expected) {
        return seconds <= expected * 1.03 && seconds >= expected * 0.97 - 0.26; // what may gather in idle time
    };
    const double put = secondsOf(limited.put(named(1), bytes));
    QVERIFY2(isAbout(put, upSeconds), qPrintable(QString::number(put)));
    const double whole = secondsOf(limited.get(named(1), Range()));
    QVERIFY2(isAbout(whole, downSeconds), qPrintable(QString::number(whole)));
    const double half = secondsOf(limited.get(named(1), Range(0, 5 * kMB)));
    QVERIFY2(isAbout(half, downSeconds / 2), qPrintable(QString::number(half)));
}

void TestLimited::accountsShareTheGlobalRate()
{
    m_global->setRates(kMB, 0);
    std::vector<Task<Result<BlobInfo>>> puts;
    for (int i = 0; i < 5; ++i)
        puts.push_back(account(AccountLimits()).put(named(i), QByteArray(2 * kMB, 'x')));
    const double seconds = secondsOf(allOf(std::move(puts), 5));
    QVERIFY2(seconds > 9.7 && seconds < 10.3, qPrintable(QString::number(seconds)));
}

void TestLimited::bothRatesRunAtOnce()
{
    m_global->setRates(kMB, 0);
    const double seconds = secondsOf(account(limitsOf(0, kMB, 0)).put(named(1), QByteArray(10 * kMB, 'x')));
    QVERIFY2(seconds > 9.7 && seconds < 10.6, qPrintable(QString::number(seconds)));
}

void TestLimited::readingBackCountsAsRead()
{
    Limited &limited = account(limitsOf(0, 0, kMB), Traits::Checksum::None);
    const double seconds = secondsOf(limited.put(named(1), QByteArray(10 * kMB, 'x')));
    QVERIFY2(seconds > 9.7 && seconds < 10.3, qPrintable(QString::number(seconds)));
}

void TestLimited::aSmallBlobPassesALargeOne()
{
    m_clock->setAutomatic(false);
    Limited &limited = account(limitsOf(1, 100'000, 0));
    bool large = false;
    bool small = false;
    TaskScope scope;
    scope.start(put(limited, named(1), qint64(64) << 20, large));
    pass(1s);
    scope.start(put(limited, named(2), 1'000, small));
    pass(1s);
    QVERIFY(small);
    QVERIFY(!large);
    pass(660s);
    QVERIFY(!large);
    pass(20s); // 64 MiB / 100 KB/s = 671 s
    QVERIFY(large);
}

void TestLimited::waitingTakesNoConnection()
{
    m_clock->setAutomatic(false);
    Limited &limited = account(limitsOf(1, 100'000, 0));
    bool large = false;
    TaskScope scope;
    scope.start(put(limited, named(1), qint64(64) << 20, large));
    QVERIFY(runTask(limited.remove(named(2))));
    QVERIFY(runTask(limited.list(QString(), QString())));
    QVERIFY(!large);
}

void TestLimited::ratesChangeWhileOneWaits()
{
    m_clock->setAutomatic(false);
    Limited &limited = account(limitsOf(0, 1'000, 0));
    bool done = false;
    TaskScope scope;
    scope.start(put(limited, named(1), 10 * kMB, done)); // 10,000 s
    pass(10s);
    QVERIFY(!done);
    limited.setLimits(limitsOf(0, 5 * kMB, 0));
    pass(1s);
    QVERIFY(!done);
    pass(2s);
    QVERIFY(done);

    done = false;
    m_global->setRates(1'000, 0);
    scope.start(put(limited, named(2), 10 * kMB, done));
    pass(10s);
    QVERIFY(!done);
    m_global->setRates(0, 0);
    limited.setLimits(AccountLimits());
    pass(1s);
    QVERIFY(done);
}

void TestLimited::limitsOfADecoratedAccountChange()
{
    Pool io(1);
    const ProviderContext context { *m_clock, io };
    const auto decorated = decorate(std::make_unique<MemoryProvider>(*m_clock), context, limitsOf(2, 0, 0), *m_global);
    QCOMPARE(decorated->traits().connections, 2);
    QVERIFY(changeLimits(*decorated, limitsOf(5, kMB, 0)));
    QCOMPARE(decorated->traits().connections, 5);
    const double seconds = secondsOf(decorated->put(named(1), QByteArray(5 * kMB, 'x')));
    QVERIFY2(seconds > 4.5 && seconds < 5.3, qPrintable(QString::number(seconds)));
    MemoryProvider bare(*m_clock);
    QVERIFY(!changeLimits(bare, AccountLimits()));
}

void TestLimited::impossibleRangeFailsAtOnce()
{
    Limited &limited = account(limitsOf(0, 0, 100 * kMB));
    const double seconds = secondsOf(limited.get(named(1), Range(0, std::numeric_limits<qint64>::max())));
    QVERIFY(seconds < 1);
}

void TestLimited::idleTimeIsNotSavedUp()
{
    Limited &limited = account(limitsOf(0, kMB, 0));
    m_clock->advance(24h);
    const double seconds = secondsOf(limited.put(named(1), QByteArray(10 * kMB, 'x')));
    QVERIFY2(seconds > 9.7, qPrintable(QString::number(seconds)));
}

QTEST_GUILESS_MAIN(TestLimited)
#include "test_limited.moc"
