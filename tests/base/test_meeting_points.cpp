// SPDX-License-Identifier: GPL-3.0-or-later
// Event, Gate, Budget and Channel: order, cancellation at every moment, and either side going first.
#include "core/base/channel.h"
#include "core/base/event.h"

#include <QCoreApplication>
#include <QStringList>
#include <QtTest>

#include <memory>

using namespace mf;

namespace {

// Lets everything that was woken run.
void settle()
{
    for (int i = 0; i < 5; ++i)
        QCoreApplication::processEvents();
}

Task<void> waitFor(Event &event, QStringList &log, QString name)
{
    co_await event;
    log << name;
}

Task<void> takeTurn(Gate &gate, std::size_t number, Event &mayEnd, QStringList &log)
{
    co_await gate.turn(number);
    log << u'<' + QString::number(number);
    co_await mayEnd;
    log << QString::number(number) + u'>';
    gate.pass();
}

// Holds an amount until `end`, noting when it got it.
Task<void> hold(Budget &budget, qint64 amount, Event &end, QStringList &log, QString name)
{
    const auto lease = co_await budget.acquire(amount);
    log << name;
    co_await end;
}

Task<void> read(Channel<int> &channel, QStringList &log, QString name)
{
    while (!channel.isAtEnd()) {
        co_await channel.ready();
        while (const auto item = channel.pop())
            log << name + QString::number(*item);
    }
    log << name + u'.';
}

Task<void> readOne(Channel<int> &channel, QStringList &log, QString name)
{
    co_await channel.ready();
    const auto item = channel.pop();
    log << (item ? QString(name + QString::number(*item)) : QString(name + u'-'));
}

Task<void> write(Channel<int> &channel, int from, int to)
{
    for (int i = from; i < to; ++i) {
        while (channel.isFull())
            co_await channel.room();
        channel.push(i);
    }
}

} // namespace

class TestMeetingPoints : public QObject
{
    Q_OBJECT
private slots:
    void eventWakesAllInOrderAndFromTheLoop();
    void eventThatIsSetDoesNotSuspend();
    void eventForgetsACancelledWaiter();
    void eventCancelledBetweenSetAndWake();
    void eventMayDieAfterSet();
    void eventMayDieBeforeItsWaiters();

    void gateOrdersByNumberNotByArrival();
    void gateWaiterThatIsCancelledIsForgotten();

    void budgetIsFirstComeFirstServed();
    void budgetGrantsAnOversizeRequestAlone();
    void budgetCancelledWaiterLetsTheNextOnesIn();
    void budgetCancelledAfterTheGrantGivesBack();
    void budgetLeaseMovesAndSplits();
    void budgetEmptyLease();
    void budgetMayDieBeforeItsWaiters();

    void channelHoldsWritersBack();
    void channelCloseWakesAllReaders();
    void channelCancelledReaderPassesItsWakeOn();
    void channelCancelledWriterPassesItsWakeOn();
    void channelReadersShareTheItems();
    void channelMayDieBeforeItsWaiters();
};

void TestMeetingPoints::eventWakesAllInOrderAndFromTheLoop()
{
    Event event;
    QStringList log;
    TaskScope scope;
    for (const auto *name : { "a", "b", "c" })
        scope.start(waitFor(event, log, QString::fromLatin1(name)));
    event.set();
    QVERIFY2(log.isEmpty(), "a waiter ran inside set()");
    settle();
    QCOMPARE(log, QStringList({ u"a"_qs, u"b"_qs, u"c"_qs }));
    QVERIFY(scope.isIdle());
}

void TestMeetingPoints::eventThatIsSetDoesNotSuspend()
{
    Event event;
    event.set();
    QStringList log;
    TaskScope scope;
    scope.start(waitFor(event, log, u"a"_qs));
    QCOMPARE(log, QStringList(u"a"_qs));
}

void TestMeetingPoints::eventForgetsACancelledWaiter()
{
    Event event;
    QStringList log;
    TaskScope stays;
    {
        TaskScope leaves;
        leaves.start(waitFor(event, log, u"gone"_qs));
        stays.start(waitFor(event, log, u"here"_qs));
    }
    event.set();
    settle();
    QCOMPARE(log, QStringList(u"here"_qs));
}

void TestMeetingPoints::eventCancelledBetweenSetAndWake()
{
    Event event;
    QStringList log;
    {
        TaskScope scope;
        scope.start(waitFor(event, log, u"gone"_qs));
        event.set();
    }
    settle();
    QVERIFY(log.isEmpty());
}

void TestMeetingPoints::eventMayDieAfterSet()
{
    auto event = std::make_unique<Event>();
    QStringList log;
    TaskScope scope;
    scope.start(waitFor(*event, log, u"a"_qs));
    event->set();
    event.reset(); // the waiter has not run yet
    settle();
    QCOMPARE(log, QStringList(u"a"_qs));
}

void TestMeetingPoints::eventMayDieBeforeItsWaiters()
{
    auto event = std::make_unique<Event>();
    QStringList log;
    TaskScope scope;
    scope.start(waitFor(*event, log, u"a"_qs));
    event.reset();
    settle();
    QVERIFY(log.isEmpty());
    scope.cancelAll(); // the sanitizers see it if the waiter still knows the event
}

void TestMeetingPoints::gateOrdersByNumberNotByArrival()
{
    Gate gate;
    Event mayEnd[3];
    QStringList log;
    TaskScope scope;
    for (const std::size_t number : { 2U, 0U, 1U })
        scope.start(takeTurn(gate, number, mayEnd[number], log));
    QCOMPARE(log, QStringList(u"<0"_qs));
    mayEnd[2].set();
    mayEnd[1].set();
    settle();
    QCOMPARE(log, QStringList(u"<0"_qs)); // nobody overtakes
    mayEnd[0].set();
    settle();
    QCOMPARE(log, QStringList({ u"<0"_qs, u"0>"_qs, u"<1"_qs, u"1>"_qs, u"<2"_qs, u"2>"_qs }));
    QVERIFY(scope.isIdle());
}

void TestMeetingPoints::gateWaiterThatIsCancelledIsForgotten()
{
    Gate gate;
    Event never;
    QStringList log;
    {
        TaskScope scope;
        scope.start(takeTurn(gate, 1, never, log));
    }
    gate.pass();
    settle();
    QVERIFY(log.isEmpty());
}

void TestMeetingPoints::budgetIsFirstComeFirstServed()
{
    Budget budget(100);
    Event endA;
    Event never;
    QStringList log;
    TaskScope scope;
    scope.start(hold(budget, 60, endA, log, u"a60"_qs));
    scope.start(hold(budget, 50, never, log, u"b50"_qs));
    scope.start(hold(budget, 10, never, log, u"c10"_qs)); // would fit, but may not starve b
    settle();
    QCOMPARE(log, QStringList(u"a60"_qs));
    QCOMPARE(budget.inUse(), 60);
    endA.set();
    settle();
    QCOMPARE(log, QStringList({ u"a60"_qs, u"b50"_qs, u"c10"_qs }));
    QCOMPARE(budget.inUse(), 60);
    QCOMPARE(budget.peak(), 60);
    scope.cancelAll();
    QCOMPARE(budget.inUse(), 0);
}

void TestMeetingPoints::budgetGrantsAnOversizeRequestAlone()
{
    Budget budget(100);
    Event endSmall;
    Event endHuge;
    Event never;
    QStringList log;
    TaskScope scope;
    scope.start(hold(budget, 1, endSmall, log, u"small"_qs));
    scope.start(hold(budget, 1000, endHuge, log, u"huge"_qs));
    scope.start(hold(budget, 1, never, log, u"after"_qs));
    settle();
    QCOMPARE(log, QStringList(u"small"_qs));
    endSmall.set();
    settle();
    QCOMPARE(log, QStringList({ u"small"_qs, u"huge"_qs }));
    QCOMPARE(budget.inUse(), 1000);
    endHuge.set();
    settle();
    QCOMPARE(log.last(), u"after"_qs);
    QCOMPARE(budget.inUse(), 1);
}

void TestMeetingPoints::budgetCancelledWaiterLetsTheNextOnesIn()
{
    Budget budget(100);
    Event never;
    QStringList log;
    TaskScope holders;
    TaskScope waiter;
    holders.start(hold(budget, 60, never, log, u"a60"_qs));
    waiter.start(hold(budget, 50, never, log, u"b50"_qs));
    holders.start(hold(budget, 30, never, log, u"c30"_qs));
    settle();
    QCOMPARE(log, QStringList(u"a60"_qs));
    waiter.cancelAll(); // nobody gives anything back, but c fits now
    settle();
    QCOMPARE(log, QStringList({ u"a60"_qs, u"c30"_qs }));
    QCOMPARE(budget.inUse(), 90);
}

void TestMeetingPoints::budgetCancelledAfterTheGrantGivesBack()
{
    Budget budget(100);
    Event end;
    Event never;
    QStringList log;
    TaskScope holders;
    TaskScope waiter;
    holders.start(hold(budget, 100, end, log, u"a"_qs));
    waiter.start(hold(budget, 100, never, log, u"b"_qs));
    holders.start(hold(budget, 100, never, log, u"c"_qs));
    end.set();
    QCoreApplication::sendPostedEvents(); // a ends, which grants b: its task has not run yet
    for (int i = 0; i < 10 && holders.isIdle(); ++i)
        settle();
    waiter.cancelAll();
    settle();
    QVERIFY(log.contains(u"c"_qs));
    QCOMPARE(budget.inUse(), 100);
    holders.cancelAll();
    QCOMPARE(budget.inUse(), 0);

    // The moment between the grant and the run, exactly: give back by hand, cancel at once.
    QStringList second;
    auto lease = std::make_unique<Budget::Lease>();
    struct Take {
        static Task<void> run(Budget &from, Budget::Lease &to) { to = co_await from.acquire(100); }
    };
    holders.start(Take::run(budget, *lease));
    QCOMPARE(lease->amount(), 100);
    waiter.start(hold(budget, 70, never, second, u"b"_qs));
    holders.start(hold(budget, 70, never, second, u"c"_qs));
    lease->release();
    QCOMPARE(budget.inUse(), 70); // granted to b
    waiter.cancelAll();
    QCOMPARE(budget.inUse(), 70); // went on to c
    settle();
    QCOMPARE(second, QStringList(u"c"_qs));
}

void TestMeetingPoints::budgetLeaseMovesAndSplits()
{
    Budget budget(100);
    struct Take {
        static Task<void> run(Budget &from, Budget::Lease &to) { to = co_await from.acquire(80); }
    };
    TaskScope scope;
    Budget::Lease lease;
    scope.start(Take::run(budget, lease));
    QCOMPARE(budget.inUse(), 80);
    {
        const Budget::Lease part = lease.split(30);
        QCOMPARE(part.amount(), 30);
        QCOMPARE(lease.amount(), 50);
        QCOMPARE(budget.inUse(), 80);
    }
    QCOMPARE(budget.inUse(), 50);
    Budget::Lease other(std::move(lease));
    QCOMPARE(other.amount(), 50);
    Budget::Lease third;
    third = std::move(other);
    QCOMPARE(budget.inUse(), 50);
    third = Budget::Lease(); // gives back what it had
    QCOMPARE(budget.inUse(), 0);
    third.release();
    QCOMPARE(budget.inUse(), 0);
}

void TestMeetingPoints::budgetEmptyLease()
{
    Budget::Lease none;
    QCOMPARE(none.amount(), 0);
    const Budget::Lease part = none.split(0);
    QCOMPARE(part.amount(), 0);
}

void TestMeetingPoints::budgetMayDieBeforeItsWaiters()
{
    TaskScope scope;
    Event never;
    QStringList log;
    {
        Budget budget(10);
        TaskScope holder;
        holder.start(hold(budget, 10, never, log, u"a"_qs));
        scope.start(hold(budget, 10, never, log, u"b"_qs));
        scope.start(hold(budget, 10, never, log, u"c"_qs));
    } // a's end grants b, which has not run; c still waits
    scope.cancelAll();
    QCOMPARE(log, QStringList(u"a"_qs));
}

void TestMeetingPoints::channelHoldsWritersBack()
{
    Channel<int> channel(3);
    QStringList log;
    TaskScope scope;
    scope.start(write(channel, 0, 10));
    settle();
    QCOMPARE(channel.size(), std::size_t(3));
    QVERIFY(channel.isFull());
    scope.start(read(channel, log, QString()));
    settle();
    QTRY_COMPARE(log.size(), 10);
    channel.close();
    settle();
    QVERIFY(scope.isIdle());
    QCOMPARE(log,
        QStringList(
            { u"0"_qs, u"1"_qs, u"2"_qs, u"3"_qs, u"4"_qs, u"5"_qs, u"6"_qs, u"7"_qs, u"8"_qs, u"9"_qs, u"."_qs }));
}

void TestMeetingPoints::channelCloseWakesAllReaders()
{
    Channel<int> channel(1);
    QStringList log;
    TaskScope scope;
    scope.start(read(channel, log, u"a"_qs));
    scope.start(read(channel, log, u"b"_qs));
    channel.close();
    settle();
    QCOMPARE(log, QStringList({ u"a."_qs, u"b."_qs }));
}

void TestMeetingPoints::channelCancelledReaderPassesItsWakeOn()
{
    Channel<int> channel(4);
    QStringList log;
    TaskScope leaves;
    TaskScope stays;
    leaves.start(readOne(channel, log, u"gone"_qs));
    stays.start(readOne(channel, log, u"here"_qs));
    channel.push(1); // wakes the first, which is cancelled before it runs
    leaves.cancelAll();
    settle();
    QCOMPARE(log, QStringList(u"here1"_qs));
}

void TestMeetingPoints::channelCancelledWriterPassesItsWakeOn()
{
    Channel<int> channel(1);
    TaskScope leaves;
    TaskScope stays;
    channel.push(0);
    leaves.start(write(channel, 10, 11));
    stays.start(write(channel, 20, 21));
    QCOMPARE(channel.pop(), std::optional<int>(0)); // wakes the first, which is cancelled before it runs
    leaves.cancelAll();
    settle();
    QCOMPARE(channel.pop(), std::optional<int>(20));
    QVERIFY(stays.isIdle());
}

void TestMeetingPoints::channelReadersShareTheItems()
{
    Channel<int> channel(2);
    QStringList log;
    TaskScope scope;
    scope.start(read(channel, log, QString()));
    scope.start(read(channel, log, QString()));
    scope.start(write(channel, 0, 50));
    scope.start(write(channel, 50, 100));
    QTRY_COMPARE(log.size(), 100);
    channel.close();
    settle();
    QVERIFY(scope.isIdle());
    log.removeAll(u"."_qs);
    log.removeDuplicates();
    QCOMPARE(log.size(), 100);
}

void TestMeetingPoints::channelMayDieBeforeItsWaiters()
{
    TaskScope scope;
    QStringList log;
    {
        Channel<int> channel(1);
        scope.start(readOne(channel, log, u"woken"_qs));
        scope.start(readOne(channel, log, u"waiting"_qs));
        channel.push(1);
    }
    scope.cancelAll();
    settle();
    QVERIFY(log.isEmpty());
}

QTEST_GUILESS_MAIN(TestMeetingPoints)
#include "test_meeting_points.moc"
