// SPDX-License-Identifier: GPL-3.0-or-later
// Who may die when: tasks, scopes, batches and running tasks, cancelled from inside, from outside and in between.
#include "core/base/all_of.h"
#include "core/base/awaitables.h"
#include "core/base/timeout.h"
#include "core/base/unless.h"
#include "tests/support/fake_clock.h"
#include "tests/support/run_task.h"

#include <QCoreApplication>
#include <QStringList>
#include <QtTest>

#include <memory>

using namespace mf;
using namespace std::chrono_literals;

namespace {

void settle()
{
    for (int i = 0; i < 5; ++i)
        QCoreApplication::processEvents();
}

// Writes its name when it goes.
struct Canary {
    QStringList &log;
    QString name;
    Canary(QStringList &l, QString n)
        : log(l)
        , name(std::move(n))
    {
    }
    ~Canary() { log << u'~' + name; }
};

Task<void> waitInside(Event &event, QStringList &log, QString name)
{
    const Canary canary(log, name);
    co_await event;
    log << name;
}

Task<int> cancelAtOnce(TaskScope &scope)
{
    scope.cancelAll();
    co_return 1;
}

Task<int> cancelLater(TaskScope &scope)
{
    co_await delay(0ms);
    scope.cancelAll();
    co_return 1;
}

Task<void> awaitTheCanceller(TaskScope &scope, bool later, QStringList &log)
{
    const Canary canary(log, u"outer"_qs);
    if (later)
        co_await cancelLater(scope);
    else
        co_await cancelAtOnce(scope);
    log << u"never"_qs;
}

// Starts another task of the same scope when it is destroyed.
struct Restarter {
    TaskScope &scope;
    Event &event;
    QStringList &log;
    Restarter(TaskScope &s, Event &e, QStringList &l)
        : scope(s)
        , event(e)
        , log(l)
    {
    }
    ~Restarter() { scope.start(waitInside(event, log, u"second"_qs)); }
};

Task<void> restartAtTheEnd(TaskScope &scope, Event &event, QStringList &log)
{
    const Restarter restarter(scope, event, log);
    co_await event;
}

Task<int> holdWhile(std::shared_ptr<int> parameter, Event &event)
{
    co_await event;
    co_return *parameter;
}

Task<int> add(int a, int b, Event &event)
{
    co_await event;
    co_return a + b;
}

Task<int> give(int value) { co_return value; }

Task<void> sleepInto(Clock &clock, Clock::Duration interval, QStringList &log, QString name)
{
    co_await clock.sleep(interval);
    log << name;
}

} // namespace

class TestTaskLifetime : public QObject
{
    Q_OBJECT
private slots:
    void noLineRunsAfterAChildThatCancelled_data();
    void noLineRunsAfterAChildThatCancelled();
    void aTaskStartedByADyingFrameEndsWithTheScope();
    void localsGoInReverseOrderOfNesting();
    void cancelAllLeavesTheScopeUsable();
    void aScopeMayDieInsideOneOfItsFrames();

    void delayZeroGoesThroughTheLoop();
    void delayThatIsCancelledNeverFires();
    void delayBeyondAllLimitsWaits();

    void allOfOfNothing();
    void allOfWithNoLimitGiven();
    void allOfKeepsTheOrderOfTheTasks();
    void allOfFreesATaskWhenItIsDone();

    void runningTellsWhenItIsDone();
    void runningThatIsDestroyedCancels();

    void withinGivesTheValueInTime();
    void withinCancelsWhatTakesTooLong();
    void unlessGivesTheValue();
    void unlessCancelsWhenItIsStopped();
    void fakeClockWakesInTime();
    void fakeClockForgetsACancelledSleeper();
    void systemClockGoesOn();
};

void TestTaskLifetime::noLineRunsAfterAChildThatCancelled_data()
{
    QTest::addColumn<bool>("later");
    QTest::newRow("the child ends without suspending") << false;
    QTest::newRow("the child ends from the event loop") << true;
}

void TestTaskLifetime::noLineRunsAfterAChildThatCancelled()
{
    QFETCH(bool, later);
    QStringList log;
    TaskScope scope;
    scope.start(awaitTheCanceller(scope, later, log));
    QTRY_COMPARE(log, QStringList(u"~outer"_qs));
    QVERIFY(scope.isIdle());
    settle();
    QCOMPARE(log.size(), 1);
}

void TestTaskLifetime::aTaskStartedByADyingFrameEndsWithTheScope()
{
    QStringList log;
    Event event;
    {
        TaskScope scope;
        scope.start(restartAtTheEnd(scope, event, log));
    }
    QCOMPARE(log, QStringList(u"~second"_qs));
    event.set();
    settle();
    QCOMPARE(log, QStringList(u"~second"_qs));
}

void TestTaskLifetime::localsGoInReverseOrderOfNesting()
{
    struct Outer {
        static Task<void> run(Event &event, QStringList &log)
        {
            const Canary canary(log, u"outer"_qs);
            co_await waitInside(event, log, u"inner"_qs);
        }
    };
    QStringList log;
    Event event;
    TaskScope scope;
    scope.start(Outer::run(event, log));
    scope.cancelAll();
    QCOMPARE(log, QStringList({ u"~inner"_qs, u"~outer"_qs }));
}

void TestTaskLifetime::cancelAllLeavesTheScopeUsable()
{
    QStringList log;
    Event event;
    TaskScope scope;
    scope.start(waitInside(event, log, u"a"_qs));
    scope.cancelAll();
    scope.start(waitInside(event, log, u"b"_qs));
    event.set();
    settle();
    QCOMPARE(log, QStringList({ u"~a"_qs, u"b"_qs, u"~b"_qs }));
    QVERIFY(scope.isIdle());
}

void TestTaskLifetime::aScopeMayDieInsideOneOfItsFrames()
{
    struct Owner {
        TaskScope scope;
        static Task<void> keep(std::shared_ptr<Owner> self, Event &event) // the only owner of its own scope
        {
            co_await event;
            Q_UNUSED(self)
        }
    };
    Event event;
    QStringList log;
    std::weak_ptr<Owner> watched;
    Owner *raw = nullptr;
    {
        auto owner = std::make_shared<Owner>();
        watched = owner;
        raw = owner.get();
        raw->scope.start(Owner::keep(std::move(owner), event));
        raw->scope.start(waitInside(event, log, u"other"_qs));
    }
    QVERIFY(!watched.expired());
    raw->scope.cancelAll(); // destroys the frame, thus the owner, thus the scope that is cancelling
    QVERIFY(watched.expired());
    QCOMPARE(log, QStringList(u"~other"_qs));
}

void TestTaskLifetime::delayZeroGoesThroughTheLoop()
{
    struct Body {
        static Task<void> run(QStringList &log)
        {
            co_await delay(0ms);
            log << u"later"_qs;
        }
    };
    QStringList log;
    TaskScope scope;
    scope.start(Body::run(log));
    QVERIFY(log.isEmpty());
    QTRY_COMPARE(log, QStringList(u"later"_qs));
}

void TestTaskLifetime::delayThatIsCancelledNeverFires()
{
    struct Body {
        static Task<void> run(QStringList &log)
        {
            co_await delay(1ms);
            log << u"never"_qs;
        }
    };
    QStringList log;
    {
        TaskScope scope;
        scope.start(Body::run(log));
    }
    QTest::qWait(10);
    QVERIFY(log.isEmpty());
}

void TestTaskLifetime::delayBeyondAllLimitsWaits()
{
    struct Body {
        static Task<void> run(std::chrono::milliseconds interval, bool &over)
        {
            co_await delay(interval);
            over = true;
        }
    };
    bool longOver = false;
    bool negativeOver = false;
    TaskScope scope;
    scope.start(Body::run(std::chrono::hours(24 * 365 * 100), longOver));
    scope.start(Body::run(-5s, negativeOver));
    QTRY_VERIFY(negativeOver);
    settle();
    QVERIFY(!longOver);
}

void TestTaskLifetime::allOfOfNothing() { QCOMPARE(runTask(allOf(std::vector<Task<int>>(), 3)), std::vector<int>()); }

void TestTaskLifetime::allOfWithNoLimitGiven()
{
    std::vector<Task<int>> tasks;
    tasks.push_back(give(1));
    tasks.push_back(give(2));
    QCOMPARE(runTask(allOf(std::move(tasks), 0), 10s), std::vector<int>({ 1, 2 }));
}

void TestTaskLifetime::allOfKeepsTheOrderOfTheTasks()
{
    Event events[3];
    std::vector<Task<int>> tasks;
    tasks.reserve(3);
    for (int i = 0; i < 3; ++i)
        tasks.push_back(add(i, 10, events[i]));
    Running<std::vector<int>> batch(allOf(std::move(tasks), 3));
    for (const int i : { 2, 0, 1 }) {
        QVERIFY(!batch.isDone());
        events[i].set();
        settle();
    }
    QVERIFY(batch.isDone());
    QCOMPARE(batch.value(), std::vector<int>({ 10, 11, 12 }));
}

void TestTaskLifetime::allOfFreesATaskWhenItIsDone()
{
    Event events[2];
    auto parameter = std::make_shared<int>(7);
    const std::weak_ptr<int> watched = parameter;
    std::vector<Task<int>> tasks;
    tasks.push_back(holdWhile(std::move(parameter), events[0]));
    tasks.push_back(holdWhile(std::make_shared<int>(8), events[1]));
    Running<std::vector<int>> batch(allOf(std::move(tasks), 1));
    QVERIFY(!watched.expired());
    events[0].set();
    settle();
    QVERIFY2(watched.expired(), "a task of the batch that is done still holds its parameters");
    events[1].set();
    settle();
    QVERIFY(batch.isDone());
    QCOMPARE(batch.value(), std::vector<int>({ 7, 8 }));
}

void TestTaskLifetime::runningTellsWhenItIsDone()
{
    Event event;
    Running<int> sum(add(1, 2, event));
    QStringList log;
    TaskScope scope;
    scope.start(waitInside(sum.done(), log, u"done"_qs));
    QVERIFY(!sum.isDone());
    event.set();
    settle();
    QVERIFY(sum.isDone());
    QCOMPARE(sum.value(), 3);
    QCOMPARE(log, QStringList({ u"done"_qs, u"~done"_qs }));
}

void TestTaskLifetime::runningThatIsDestroyedCancels()
{
    Event event;
    auto parameter = std::make_shared<int>(7);
    const std::weak_ptr<int> watched = parameter;
    {
        Running<int> running(holdWhile(std::move(parameter), event));
        QVERIFY(!watched.expired());
    }
    QVERIFY(watched.expired());
    event.set();
    settle();
}

void TestTaskLifetime::withinGivesTheValueInTime()
{
    FakeClock clock;
    Event event;
    Running<std::optional<int>> result(within(clock, 10s, add(1, 2, event)));
    clock.advance(9s);
    settle();
    QVERIFY(!result.isDone());
    event.set();
    settle();
    QVERIFY(result.isDone());
    QCOMPARE(result.value(), std::optional<int>(3));
    QCOMPARE(clock.sleepers(), 0);
}

void TestTaskLifetime::unlessGivesTheValue()
{
    Event stop;
    Event event;
    Running<std::optional<int>> result(unless(&stop, add(1, 2, event)));
    Running<std::optional<int>> unstoppable(unless(nullptr, add(3, 4, event)));
    event.set();
    settle();
    QCOMPARE(result.value(), std::optional<int>(3));
    QCOMPARE(unstoppable.value(), std::optional<int>(7));
}

void TestTaskLifetime::unlessCancelsWhenItIsStopped()
{
    Event stop;
    Event event;
    auto parameter = std::make_shared<int>(7);
    const std::weak_ptr<int> watched = parameter;
    Running<std::optional<int>> result(unless(&stop, holdWhile(std::move(parameter), event)));
    settle();
    QVERIFY(!result.isDone());
    stop.set();
    settle();
    QVERIFY(result.isDone());
    QVERIFY(!result.value());
    QVERIFY(watched.expired());
    event.set();
    Running<std::optional<int>> never(unless(&stop, add(1, 2, event))); // would be done at once
    settle();
    QVERIFY(!never.value());
}

void TestTaskLifetime::withinCancelsWhatTakesTooLong()
{
    FakeClock clock;
    Event event;
    auto parameter = std::make_shared<int>(7);
    const std::weak_ptr<int> watched = parameter;
    Running<std::optional<int>> result(within(clock, 10s, holdWhile(std::move(parameter), event)));
    clock.advance(10s);
    settle();
    QVERIFY(result.isDone());
    QVERIFY(!result.value());
    QVERIFY(watched.expired());
}

void TestTaskLifetime::fakeClockWakesInTime()
{
    FakeClock clock;
    const QDateTime begin = clock.now();
    QStringList log;
    TaskScope scope;
    scope.start(sleepInto(clock, 2s, log, u"two"_qs));
    scope.start(sleepInto(clock, 1s, log, u"one"_qs));
    QCOMPARE(clock.sleepers(), 2);
    clock.advance(999ms);
    settle();
    QVERIFY(log.isEmpty());
    clock.advance(1ms);
    settle();
    QCOMPARE(log, QStringList(u"one"_qs));
    clock.jump(1h); // the wall clock wakes nobody
    settle();
    QCOMPARE(log.size(), 1);
    clock.advance(1s);
    settle();
    QCOMPARE(log, QStringList({ u"one"_qs, u"two"_qs }));
    QCOMPARE(begin.msecsTo(clock.now()), qint64(3'602'000));
    QCOMPARE(clock.elapsed(), Clock::Duration(2s));
    QCOMPARE(clock.slept(), Clock::Duration(3s));
}

void TestTaskLifetime::fakeClockForgetsACancelledSleeper()
{
    FakeClock clock;
    QStringList log;
    {
        TaskScope scope;
        scope.start(sleepInto(clock, 1s, log, u"gone"_qs));
        QCOMPARE(clock.sleepers(), 1);
    }
    QCOMPARE(clock.sleepers(), 0);
    clock.advance(2s);
    settle();
    QVERIFY(log.isEmpty());
}

void TestTaskLifetime::systemClockGoesOn()
{
    struct Body {
        static Task<bool> run(Clock &clock)
        {
            const Clock::Duration before = clock.elapsed();
            co_await clock.sleep(5ms);
            co_return clock.elapsed() - before >= 4ms;
        }
    };
    SystemClock clock;
    QVERIFY(runTask(Body::run(clock)));
    QCOMPARE(clock.now().timeSpec(), Qt::UTC);
}

QTEST_GUILESS_MAIN(TestTaskLifetime)
#include "test_task_lifetime.moc"
