// SPDX-License-Identifier: GPL-3.0-or-later
// Priorities, and what is wanted now.
#include "tests/distributor/fake_operations.h"

using namespace mf;
using namespace std::chrono_literals;
using Kind = TransferQueue::Kind;
using State = TransferQueue::State;
using Priority = TransferPriority;

namespace {

constexpr int kLong = 60'000; // ms

const QString a = QStringLiteral("a");
const QString b = QStringLiteral("b");
const QString c = QStringLiteral("c");
const QString d = QStringLiteral("d");
const QString e = QStringLiteral("e");

} // namespace

class TestTransferOrder : public QObject
{
    Q_OBJECT

private slots:
    void aHigherPriorityStandsBeforeALowerOne()
    {
        Queue q;
        q.add(Kind::Collect, a, false, Priority::Low);
        q.add(Kind::Collect, b);
        q.add(Kind::Collect, c, false, Priority::High);
        q.add(Kind::Collect, d);
        q.add(Kind::Collect, e, false, Priority::High);
        QCOMPARE(q.order(), QStringLiteral("c e b d a"));
        QCOMPARE(q.running(), a); // what runs is not stopped for it
        q.finish(a);
        QCOMPARE(q.running(), c);
        q.finish(c);
        QCOMPARE(q.running(), e);
        q.finish(e);
        QCOMPARE(q.running(), b);
    }

    void anotherPriorityIsBehindThoseThatHaveIt()
    {
        Queue q;
        for (const QString &name : { a, b, c, d, e })
            q.add(Kind::Collect, name);
        q.queue->setPriority(q.ids[d], Priority::High);
        QCOMPARE(q.order(), QStringLiteral("d a b c e"));
        q.queue->setPriority(q.ids[b], Priority::High);
        QCOMPARE(q.order(), QStringLiteral("d b a c e"));
        q.queue->setPriority(q.ids[a], Priority::Low);
        q.queue->setPriority(q.ids[e], Priority::Low);
        QCOMPARE(q.order(), QStringLiteral("d b c a e"));
        q.queue->setPriority(q.ids[d], Priority::Normal);
        QCOMPARE(q.order(), QStringLiteral("b c d a e"));
        QCOMPARE(q.at(d).priority, Priority::Normal);
        const int changes = q.changes;
        q.queue->setPriority(q.ids[d], Priority::Normal); // as it is
        QCOMPARE(q.changes, changes);
    }

    void movesAmongThoseOfItsPriority_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<int>("to");
        QTest::addColumn<QString>("order");
        QTest::newRow("up") << d << 2 << QStringLiteral("a b d c e");
        QTest::newRow("to the top, which is that of its priority") << d << 0 << QStringLiteral("a b d c e");
        QTest::newRow("to the bottom, which is that of its priority") << c << 99 << QStringLiteral("a b d c e");
        QTest::newRow("the first of all stays there") << a << -1 << QStringLiteral("a b c d e");
        QTest::newRow("a high one does not pass below") << a << 3 << QStringLiteral("b a c d e");
        QTest::newRow("the only one of its priority") << e << 0 << QStringLiteral("a b c d e");
    }
    void movesAmongThoseOfItsPriority()
    {
        QFETCH(const QString, what);
        QFETCH(const int, to);
        QFETCH(const QString, order);
        Queue q;
        q.add(Kind::Collect, a, false, Priority::High);
        q.add(Kind::Collect, b, false, Priority::High);
        q.add(Kind::Collect, c);
        q.add(Kind::Collect, d);
        q.add(Kind::Collect, e, false, Priority::Low);
        q.queue->move(q.ids[what], to);
        QCOMPARE(q.order(), order);
    }

    // A fetch is not to wait for a repair; but what the user put first stays first.
    void aFetchPassesWhatRunsAloneWithinItsPriority()
    {
        Queue q;
        q.add(Kind::Store, a);
        q.add(Kind::Repair, b, false, Priority::High);
        q.add(Kind::Repair, c);
        q.add(Kind::Fetch, d);
        QCOMPARE(q.order(), QStringLiteral("b a d c"));
        QCOMPARE(q.running(), a); // nothing passes b
        q.finish(a);
        QCOMPARE(q.running(), b);
    }

    void housekeepingStandsBehindAll()
    {
        Queue q;
        q.add(Kind::Store, a);
        q.add(Kind::Sync, d);
        q.add(Kind::Store, b, false, Priority::Low);
        QCOMPARE(q.order(), QStringLiteral("a b d"));
        q.add(Kind::Store, c);
        QCOMPARE(q.order(), QStringLiteral("a c b d"));
        q.queue->move(q.ids[b], 99);
        QCOMPARE(q.order(), QStringLiteral("a c b d"));
    }

    void itIsKeptWhenItIsTriedAgain()
    {
        Queue q;
        q.add(Kind::Collect, a);
        q.add(Kind::Collect, b);
        q.add(Kind::Collect, c, false, Priority::High);
        q.queue->cancel(q.ids[c]);
        QCOMPARE(q.order(), QStringLiteral("a b c"));
        q.queue->retry(q.ids[c]);
        QCOMPARE(q.order(), QStringLiteral("c a b"));
        q.queue->cancel(q.ids[b]);
        q.queue->setPriority(q.ids[b], Priority::High); // counts from now on
        QCOMPARE(q.order(), QStringLiteral("c a b"));
        q.queue->retry(q.ids[b]);
        QCOMPARE(q.order(), QStringLiteral("c b a"));
    }

    void startedNowOneOfItsKindMakesRoom()
    {
        Queue q;
        for (const QString &name : { a, b, c, d })
            q.add(Kind::Store, name);
        q.add(Kind::Fetch, e);
        QCOMPARE(q.running(), QStringLiteral("a b e"));
        q.queue->startNow(q.ids[d]);
        QCOMPARE(q.order(), QStringLiteral("d a b c e"));
        QCOMPARE(q.running(), QStringLiteral("d a e"));
        QCOMPARE(q.state(b), State::Queued);
        QCOMPARE(q.fakes[b].running, 0);
        q.finish(d);
        QCOMPARE(q.running(), QStringLiteral("a b e"));
        QCOMPARE(q.fakes[b].starts, 2);
    }

    void startedNowItPassesAHigherPriorityOnce()
    {
        Queue q;
        q.add(Kind::Check, a, false, Priority::High);
        q.add(Kind::Check, b, false, Priority::High);
        q.add(Kind::Check, c);
        q.queue->startNow(q.ids[c]);
        QCOMPARE(q.order(), QStringLiteral("a b c"));
        QCOMPARE(q.running(), c);
        QCOMPARE(q.at(c).priority, Priority::Normal);
        q.finish(c);
        QCOMPARE(q.running(), a);
    }

    void whatRunsAloneMakesRoomAndIsGivenIt()
    {
        Queue q;
        q.add(Kind::Store, a);
        q.add(Kind::Check, b);
        q.add(Kind::Repair, c);
        q.queue->startNow(q.ids[c]);
        QCOMPARE(q.running(), c);
        QCOMPARE(q.order(), QStringLiteral("c a b"));
        q.add(Kind::Fetch, d);
        QCOMPARE(q.running(), c);
        q.queue->startNow(q.ids[d]);
        QCOMPARE(q.running(), d); // the repair is the next that may run: nothing passes it
        q.finish(d);
        QCOMPARE(q.running(), c);
    }

    void startedNowHousekeepingStops()
    {
        Queue q;
        q.add(Kind::Store, a, true);
        q.add(Kind::Sync, b);
        QCOMPARE(q.running(), b);
        q.queue->startNow(q.ids[a]);
        QCOMPARE(q.running(), a);
        QCOMPARE(q.fakes[b].running, 0);
    }

    void startedNowThoughItWaitsOrIsPaused()
    {
        Queue q;
        Fake &first = q.add(Kind::Store, a);
        q.add(Kind::Store, b);
        first.fail(Error::Kind::Network);
        QTRY_COMPARE_WITH_TIMEOUT(q.state(a), State::Waiting, kLong);
        q.queue->startNow(q.ids[a]);
        QCOMPARE(q.state(a), State::Running);
        q.clock.advance(60s); // nobody wakes it a second time
        QCoreApplication::processEvents();
        QCOMPARE(first.starts, 2);
        q.queue->setPaused(true);
        q.queue->startNow(q.ids[b]);
        QVERIFY(!q.queue->isPaused());
        QCOMPARE(q.running(), b);
        QCOMPARE(q.state(a), State::Paused); // for itself now
    }

    void startNowMakesNoSense()
    {
        Queue q;
        q.add(Kind::Store, a);
        q.add(Kind::Store, b);
        q.queue->cancel(q.ids[b]);
        const int changes = q.changes;
        q.queue->startNow(q.ids[a]); // runs
        q.queue->startNow(q.ids[b]); // has ended
        q.queue->startNow(4'711);
        QCOMPARE(q.changes, changes);
        QCOMPARE(q.fakes[a].starts, 1);
    }

    // What has its turn beside the queue is not stopped; nor is anything for one that must wait for it.
    void startedNowItWaitsForATurn()
    {
        Queue q;
        q.add(Kind::Store, a);
        q.add(Kind::Repair, b);
        {
            const auto turn = runTask(q.queue->turn(TransferQueue::Stops::WhatRunsAlone));
            q.queue->startNow(q.ids[b]);
            QCOMPARE(q.running(), a);
            QCOMPARE(q.order(), QStringLiteral("b a"));
        }
        q.finish(a);
        QCOMPARE(q.running(), b);
    }
};

QTEST_GUILESS_MAIN(TestTransferOrder)
#include "test_transfer_order.moc"
