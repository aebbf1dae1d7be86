// SPDX-License-Identifier: GPL-3.0-or-later
// The lane: calls that never come back hold up their own lane at most. Also run by ThreadSanitizer.
#include "core/base/lane.h"
#include "tests/support/fake_clock.h"
#include "tests/support/run_task.h"

#include <QElapsedTimer>
#include <QtTest>

#include <condition_variable>
#include <mutex>

using namespace mf;
using namespace std::chrono_literals;

namespace {

constexpr auto kLimit = 120s;

// What calls to a dead disk wait for.
struct Disk {
    std::mutex mutex;
    std::condition_variable changed;
    bool answers = false;
    int begun = 0;

    int call()
    {
        std::unique_lock lock(mutex);
        ++begun;
        changed.wait(lock, [this] { return answers; });
        return 7;
    }
    void answer()
    {
        {
            const std::lock_guard lock(mutex);
            answers = true;
        }
        changed.notify_all();
    }
    int calls()
    {
        const std::lock_guard lock(mutex);
        return begun;
    }
};

// Everything goes on in the end, also where a test fails.
class World
{
public:
    FakeClock clock;
    Pool shared { 2 };
    std::shared_ptr<Disk> disk = std::make_shared<Disk>();

    ~World() { disk->answer(); }
    std::unique_ptr<Lane> lane(int threads) { return std::make_unique<Lane>(clock, shared, threads, kLimit); }
    Task<std::optional<int>> hang(Lane &lane)
    {
        auto function = [d = disk] { return d->call(); };
        return lane.run(std::move(function));
    }
};

Task<std::optional<int>> quick(Lane &lane)
{
    auto function = [] { return 3; };
    return lane.run(function);
}

// One that waits while the test goes on.
class Caller
{
public:
    explicit Caller(Task<std::optional<int>> task) { m_scope.start(wait(std::move(task), *this)); }
    bool isOver() const { return m_isOver; }
    std::optional<int> value() const { return m_value; }

private:
    static Task<void> wait(Task<std::optional<int>> task, Caller &caller)
    {
        caller.m_value = co_await task;
        caller.m_isOver = true;
    }

    std::optional<int> m_value;
    bool m_isOver = false;
    TaskScope m_scope;
};

} // namespace

class TestLane : public QObject
{
    Q_OBJECT
private slots:
    void runsOnThreadsOfItsOwn();
    void aCallIsGivenUpAtTheLimit();
    void oneStuckThreadLeavesTheOthers();
    void whileAllAreStuckNothingIsBegun();
    void cancelledCallersCountAsWell();
    void worksAgainWhenTheCallsComeBack();
    void itsEndDoesNotWaitForWhatIsStuck();
    void itsEndWaitsForWhatRuns();
    void itsEndWaitsForAHangNotForLong();
    void withoutThreadsAllHappensAtOnce();
    void manyCallsAndCancellations();
};

void TestLane::runsOnThreadsOfItsOwn()
{
    World world;
    const auto hung = world.lane(2);
    const auto sound = world.lane(2);
    const Caller one(world.hang(*hung));
    const Caller two(world.hang(*hung));
    const Caller three(world.hang(*hung));
    QTRY_COMPARE(world.disk->calls(), 2);
    QCOMPARE(runTask(quick(*sound), 10s), 3);
    struct Body {
        static Task<int> run(Pool &pool)
        {
            const auto work = [] { return 4; };
            co_return co_await onPool(pool, work);
        }
    };
    QCOMPARE(runTask(Body::run(world.shared), 10s), 4);
    world.disk->answer();
    QTRY_VERIFY(one.isOver() && two.isOver() && three.isOver());
    QCOMPARE(three.value(), 7);
}

void TestLane::aCallIsGivenUpAtTheLimit()
{
    World world;
    const auto lane = world.lane(1);
    const Caller caller(world.hang(*lane));
    QTRY_COMPARE(world.disk->calls(), 1);
    world.clock.advance(kLimit - 1ms);
    QTest::qWait(20);
    QVERIFY(!caller.isOver());
    world.clock.advance(1ms);
    QTRY_VERIFY(caller.isOver());
    QVERIFY(!caller.value());
}

void TestLane::oneStuckThreadLeavesTheOthers()
{
    World world;
    const auto lane = world.lane(2);
    const Caller caller(world.hang(*lane));
    world.clock.advance(kLimit);
    QTRY_VERIFY(caller.isOver());
    QCOMPARE(runTask(quick(*lane), 10s), 3);
    QTRY_COMPARE(world.clock.sleepers(), 0); // nobody watches what is over
}

void TestLane::whileAllAreStuckNothingIsBegun()
{
    World world;
    const auto lane = world.lane(2);
    const Caller one(world.hang(*lane));
    QTRY_COMPARE(world.disk->calls(), 1);
    world.clock.advance(kLimit / 2);
    const Caller two(world.hang(*lane));
    QTRY_COMPARE(world.disk->calls(), 2);
    const Caller waiting(world.hang(*lane));
    world.clock.advance(kLimit / 2);
    QTRY_VERIFY(one.isOver());
    QTest::qWait(20);
    QVERIFY(!two.isOver() && !waiting.isOver());
    world.clock.advance(kLimit / 2);
    QTRY_VERIFY(two.isOver() && waiting.isOver());
    QVERIFY(!one.value() && !two.value() && !waiting.value());
    QCOMPARE(runTask(quick(*lane), 10s), std::nullopt);
    world.disk->answer();
    QTRY_COMPARE(Pool::underWay(), 0);
    QCOMPARE(world.disk->calls(), 2); // what was refused is not done later
}

// A look that nobody waits for after half a minute: its thread hangs nevertheless.
void TestLane::cancelledCallersCountAsWell()
{
    World world;
    const auto lane = world.lane(1);
    {
        const Caller caller(world.hang(*lane));
        QTRY_COMPARE(world.disk->calls(), 1);
    }
    world.clock.advance(kLimit);
    QCOMPARE(runTask(quick(*lane), 10s), std::nullopt);
}

void TestLane::worksAgainWhenTheCallsComeBack()
{
    World world;
    const auto lane = world.lane(2);
    for (int round = 0; round < 2; ++round) {
        world.disk = std::make_shared<Disk>();
        const Caller one(world.hang(*lane));
        const Caller two(world.hang(*lane));
        QTRY_COMPARE(world.disk->calls(), 2);
        world.clock.advance(kLimit);
        QTRY_VERIFY(one.isOver() && two.isOver());
        QVERIFY(!runTask(quick(*lane), 10s));
        world.disk->answer();
        QTRY_VERIFY(runTask(quick(*lane), 10s) == 3);
        const Caller three(world.hang(*lane));
        QTRY_VERIFY(three.isOver());
        QCOMPARE(three.value(), 7);
    }
}

void TestLane::itsEndDoesNotWaitForWhatIsStuck()
{
    const auto disk = std::make_shared<Disk>();
    QElapsedTimer timer;
    {
        FakeClock clock;
        Pool shared(2);
        Lane lane(clock, shared, 2, kLimit);
        auto function = [disk] { return disk->call(); };
        const Caller caller(lane.run(std::move(function)));
        QTRY_COMPARE(disk->calls(), 1);
        clock.advance(kLimit);
        QTRY_VERIFY(caller.isOver());
        timer.start();
    }
    const qint64 took = timer.elapsed();
    QCOMPARE(Pool::underWay(), 1);
    disk->answer();
    QTRY_COMPARE(Pool::underWay(), 0);
    QVERIFY2(took < 2000, qPrintable(QString::number(took)));
}

void TestLane::itsEndWaitsForWhatRuns()
{
    std::atomic<bool> isDone = false;
    {
        FakeClock clock;
        Pool shared(2);
        Lane lane(clock, shared, 2, kLimit);
        auto function = [&isDone] {
            std::this_thread::sleep_for(200ms);
            isDone = true;
            return 1;
        };
        const Caller caller(lane.run(std::move(function)));
    }
    QVERIFY(isDone);
}

void TestLane::itsEndWaitsForAHangNotForLong()
{
    const auto disk = std::make_shared<Disk>();
    QElapsedTimer timer;
    {
        FakeClock clock;
        Pool shared(2);
        Lane lane(clock, shared, 2, kLimit);
        auto function = [disk] { return disk->call(); };
        const Caller caller(lane.run(std::move(function)));
        QTRY_COMPARE(disk->calls(), 1);
        timer.start();
    }
    const qint64 took = timer.elapsed();
    disk->answer();
    QTRY_COMPARE(Pool::underWay(), 0);
    QVERIFY2(took < std::chrono::milliseconds(2 * Lane::kFarewell).count(), qPrintable(QString::number(took)));
}

void TestLane::withoutThreadsAllHappensAtOnce()
{
    FakeClock clock;
    Pool none(0);
    Lane lane(clock, none, 4, kLimit);
    bool isDone = false;
    auto function = [&isDone] {
        isDone = true;
        return 5;
    };
    const Caller caller(lane.run(std::move(function)));
    QVERIFY(isDone);
    QCOMPARE(clock.sleepers(), 0); // nor does anybody look at the time
    QTRY_VERIFY(caller.isOver());
    QCOMPARE(caller.value(), 5);
}

// Callers come and go while the threads answer: what ThreadSanitizer and AddressSanitizer look at.
void TestLane::manyCallsAndCancellations()
{
    World world;
    for (int round = 0; round < 20; ++round) {
        const auto lane = world.lane(2);
        std::vector<std::unique_ptr<Caller>> callers;
        for (int i = 0; i < 30; ++i) {
            callers.push_back(std::make_unique<Caller>(quick(*lane)));
            if (i % 3 == 0)
                callers.erase(callers.begin() + i / 3);
            if (i % 7 == 0)
                QCoreApplication::processEvents();
        }
        if (round % 2 == 0) // else the lane ends in between
            QTRY_VERIFY(std::all_of(callers.begin(), callers.end(), [](const auto &c) { return c->value() == 3; }));
        callers.clear();
    }
}

QTEST_GUILESS_MAIN(TestLane)
#include "test_lane.moc"
