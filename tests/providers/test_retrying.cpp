// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/retrying.h"
#include "tests/support/fake_clock.h"
#include "tests/support/faulty_provider.h"
#include "tests/support/memory_provider.h"
#include "tests/support/run_task.h"

#include <QtTest>
using namespace mf;
using namespace std::chrono_literals;
using Method = FaultyProvider::Method;
Q_DECLARE_METATYPE(mf::Error::Kind)

namespace {

const BlobName kName(QStringLiteral("f/3a/blob"));

Error failure(Error::Kind kind) { return Error(kind, QStringLiteral("MF-TEST"), QStringLiteral("it failed")); }

Task<void> getFrom(Provider &provider)
{
    auto getting = provider.get(kName, Range());
    const auto got = co_await getting;
    Q_UNUSED(got)
}

} // namespace

class TestRetrying : public QObject
{
    Q_OBJECT
    FakeClock m_clock;
    std::unique_ptr<MemoryProvider> m_memory;
    FaultyProvider *m_faulty = nullptr;
    std::unique_ptr<Retrying> m_retrying;
    std::vector<Clock::Duration> m_calls; // when the adapter was asked

    void make(RetryPolicy policy = RetryPolicy())
    {
        auto faulty = std::make_unique<FaultyProvider>(*m_memory, m_clock);
        m_faulty = faulty.get();
        m_retrying = std::make_unique<Retrying>(std::move(faulty), m_clock, policy);
    }
    // Gets fail so many times; when is written down.
    FaultyProvider::Fault &getsFail(int times)
    {
        auto &fault = m_faulty->on(Method::Get).callback([this] { m_calls.push_back(m_clock.elapsed()); });
        return times < 0 ? fault.always() : fault.times(times);
    }

private slots:
    void init();
    void onlyWhatMayPassByItselfIsTriedAgain_data();
    void onlyWhatMayPassByItselfIsTriedAgain();
    void everyMethodIsTriedAgain();
    void pausesGrowAndVary();
    void throttledWaitsUntilItMay();
    void throttledForTooLongIsToldAtOnce();
    void endsWithinTheWindow();
    void aSlowTryIsNotAFailure();
    void cancelledWhileWaitingAsksNoMore();
    void saysWhyItWaits();
};

void TestRetrying::init()
{
    m_clock.setAutomatic(true);
    m_calls.clear();
    m_memory = std::make_unique<MemoryProvider>(m_clock);
    QVERIFY(runTask(m_memory->put(kName, QByteArray("x"))));
    make();
}

void TestRetrying::onlyWhatMayPassByItselfIsTriedAgain_data()
{
    QTest::addColumn<Error::Kind>("kind");
    QTest::addColumn<int>("tries");
    using Kind = Error::Kind;
    for (int k = 0; k <= int(Kind::Internal); ++k) {
        const auto kind = static_cast<Kind>(k);
        const bool isTransient = kind == Kind::Network || kind == Kind::Throttled;
        QTest::newRow(qPrintable(kindName(kind))) << kind << (isTransient ? 8 : 1);
    }
}

void TestRetrying::onlyWhatMayPassByItselfIsTriedAgain()
{
    QFETCH(Error::Kind, kind);
    QFETCH(int, tries);
    RetryPolicy policy;
    policy.window = 10min;
    make(policy);
    getsFail(-1).error(failure(kind));
    const auto got = runTask(m_retrying->get(kName, Range()));
    QVERIFY(!got);
    QCOMPARE(int(m_calls.size()), tries);
    QCOMPARE(got.error().kind, kind);
    QCOMPARE(got.error().id, QStringLiteral("MF-TEST"));
    QCOMPARE(got.error().message.contains(QStringLiteral("tried 8 times")), tries > 1);
    QCOMPARE(got.error().parameters.value(QStringLiteral("tries")), tries > 1 ? QStringLiteral("8") : QString());
    QCOMPARE(m_faulty->unhit(), QStringList());
}

void TestRetrying::everyMethodIsTriedAgain()
{
    MemoryProvider::Options options;
    options.capacity = 1000;
    m_memory = std::make_unique<MemoryProvider>(m_clock, options);
    make();
    for (const Method method : { Method::Put, Method::Get, Method::Remove, Method::List, Method::Quota })
        m_faulty->on(method).times(3).error(failure(Error::Kind::Network));
    QVERIFY(runTask(m_retrying->put(kName, QByteArray("bytes"))));
    QCOMPARE(*runTask(m_retrying->get(kName, Range(1, 3))), QByteArray("yte"));
    QCOMPARE(runTask(listAll(*m_retrying, QStringLiteral("f/")))->size(), std::size_t(1));
    QCOMPARE(runTask(m_retrying->quota())->used, qint64(5));
    QVERIFY(runTask(m_retrying->remove(kName)));
    QVERIFY(m_memory->names().isEmpty());
    QCOMPARE(m_faulty->unhit(), QStringList());
}

void TestRetrying::pausesGrowAndVary()
{
    RetryPolicy policy;
    policy.window = 10min;
    make(policy);
    QSet<qint64> firstPauses;
    for (int round = 0; round < 20; ++round) {
        m_calls.clear();
        getsFail(7).error(failure(Error::Kind::Network));
        m_faulty->on(Method::Get).callback([this] { m_calls.push_back(m_clock.elapsed()); });
        QVERIFY(runTask(m_retrying->get(kName, Range())));
        QCOMPARE(m_calls.size(), std::size_t(8));
        const Clock::Duration expected[] = { 500ms, 1s, 2s, 4s, 8s, 15s, 15s };
        for (std::size_t i = 0; i < 7; ++i) {
            const auto pause = m_calls[i + 1] - m_calls[i];
            QVERIFY2(pause >= expected[i] * 3 / 4 && pause <= expected[i] * 5 / 4, qPrintable(QString::number(i)));
        }
        firstPauses.insert((m_calls[1] - m_calls[0]).count());
    }
    QVERIFY(firstPauses.size() > 5);
    QCOMPARE(m_faulty->unhit(), QStringList());
}

void TestRetrying::throttledWaitsUntilItMay()
{
    getsFail(1).error(failure(Error::Kind::Throttled).until(m_clock.now().addSecs(20)));
    m_faulty->on(Method::Get).callback([this] { m_calls.push_back(m_clock.elapsed()); });
    QVERIFY(runTask(m_retrying->get(kName, Range())));
    QCOMPARE(m_calls.size(), std::size_t(2));
    const auto pause = m_calls[1] - m_calls[0];
    QVERIFY(pause >= 20s && pause <= 20'500ms);
    // A time that is over (a clock that runs wrong) is no reason to ask at once.
    m_calls.clear();
    getsFail(1).error(failure(Error::Kind::Throttled).until(m_clock.now().addSecs(-3600)));
    m_faulty->on(Method::Get).callback([this] { m_calls.push_back(m_clock.elapsed()); });
    QVERIFY(runTask(m_retrying->get(kName, Range())));
    QVERIFY(m_calls[1] - m_calls[0] >= 375ms);
}

void TestRetrying::throttledForTooLongIsToldAtOnce()
{
    const QDateTime tomorrow = m_clock.now().addDays(1);
    getsFail(-1).error(failure(Error::Kind::Throttled).until(tomorrow));
    const Clock::Duration before = m_clock.elapsed();
    const auto got = runTask(m_retrying->get(kName, Range()));
    QVERIFY(!got);
    QCOMPARE(m_calls.size(), std::size_t(1));
    QCOMPARE(m_clock.elapsed(), before);
    QVERIFY(got.error().retryAt == tomorrow);
}

void TestRetrying::endsWithinTheWindow()
{
    RetryPolicy policy;
    policy.tries = 1'000'000;
    make(policy);
    getsFail(-1).error(failure(Error::Kind::Network));
    QVERIFY(!runTask(m_retrying->get(kName, Range())));
    QVERIFY(m_calls.back() - m_calls.front() <= 60s);
    QVERIFY(m_calls.back() - m_calls.front() >= 40s);
}

void TestRetrying::aSlowTryIsNotAFailure()
{
    getsFail(1).delay(10min).error(failure(Error::Kind::Network));
    QVERIFY(runTask(m_retrying->get(kName, Range())));
    QCOMPARE(m_faulty->unhit(), QStringList());
}

void TestRetrying::cancelledWhileWaitingAsksNoMore()
{
    m_clock.setAutomatic(false);
    getsFail(-1).error(failure(Error::Kind::Network));
    {
        TaskScope scope;
        scope.start(getFrom(*m_retrying));
        QTRY_COMPARE(m_clock.sleepers(), 1);
    }
    QCOMPARE(m_clock.sleepers(), 0);
    m_clock.advance(1h);
    QCoreApplication::processEvents();
    QCOMPARE(m_calls.size(), std::size_t(1));
}

void TestRetrying::saysWhyItWaits()
{
    m_clock.setAutomatic(false);
    const QDateTime later = m_clock.now().addSecs(20);
    getsFail(1).error(failure(Error::Kind::Throttled).until(later));
    QVERIFY(!m_retrying->holdUp());
    TaskScope scope;
    scope.start(getFrom(*m_retrying));
    QTRY_COMPARE(m_clock.sleepers(), 1);
    QCOMPARE(m_retrying->holdUp()->kind, Error::Kind::Throttled);
    QVERIFY(*m_retrying->holdUp()->retryAt >= later);
    // As long as others succeed, nothing waits.
    QVERIFY(runTask(m_retrying->get(kName, Range())));
    QVERIFY(!m_retrying->holdUp());
    getsFail(1).error(failure(Error::Kind::Network));
    {
        TaskScope other;
        other.start(getFrom(*m_retrying));
        QTRY_COMPARE(m_clock.sleepers(), 2);
        QCOMPARE(m_retrying->holdUp()->kind, Error::Kind::Network);
    }
    scope.cancelAll(); // nobody waits any more
    QVERIFY(!m_retrying->holdUp());
}

QTEST_GUILESS_MAIN(TestRetrying)
#include "test_retrying.moc"
