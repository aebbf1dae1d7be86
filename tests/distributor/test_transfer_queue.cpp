// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/distributor/fake_operations.h"

using namespace mf;
using namespace std::chrono_literals;
using Kind = TransferQueue::Kind;
using State = TransferQueue::State;
using Outcome = TransferQueue::Outcome;

namespace {

Task<Result<Outcome>> runAtOnce(Result<Outcome> result) { co_return result; }

const QString a = QStringLiteral("a");
const QString b = QStringLiteral("b");
const QString c = QStringLiteral("c");
const QString d = QStringLiteral("d");

} // namespace

class TestTransferQueue : public QObject
{
    Q_OBJECT

private slots:
    void runsInOrderWithinTheLimits()
    {
        Queue q;
        q.add(Kind::Store, a);
        q.add(Kind::Store, b);
        q.add(Kind::Store, c);
        q.add(Kind::Fetch, d);
        QCOMPARE(q.running(), QStringLiteral("a b d"));
        QCOMPARE(q.state(c), State::Queued);
        q.finish(a);
        QCOMPARE(q.state(a), State::Done);
        QCOMPARE(q.at(a).outcome.text, QStringLiteral("well"));
        QCOMPARE(q.ended, QStringList(a));
        QCOMPARE(q.running(), QStringLiteral("b c d"));
        QCOMPARE(q.order(), QStringLiteral("b c d a"));
        q.finish(d);
        QCOMPARE(q.order(), QStringLiteral("b c d a")); // ended ones, the newest first
        q.queue->clearEnded();
        QCOMPARE(q.order(), QStringLiteral("b c"));
    }

    void whatMayRunBesideWhat_data()
    {
        QTest::addColumn<Kind>("first");
        QTest::addColumn<Kind>("second");
        QTest::addColumn<bool>("together");
        QTest::newRow("two stores") << Kind::Store << Kind::Store << true;
        QTest::newRow("two fetches") << Kind::Fetch << Kind::Fetch << true;
        QTest::newRow("a check and a store") << Kind::Check << Kind::Store << true;
        QTest::newRow("two checks") << Kind::Check << Kind::Check << false;
        for (const Kind first : { Kind::Store, Kind::Fetch, Kind::Check }) {
            for (const Kind alone : { Kind::Repair, Kind::Protect, Kind::Collect, Kind::RemoveAccount }) {
                const int row = static_cast<int>(first) * 10 + static_cast<int>(alone);
                QTest::addRow("what runs alone comes second %d", row) << first << alone << false;
                QTest::addRow("what runs alone comes first %d", row) << alone << first << false;
            }
        }
        QTest::newRow("repair and collect") << Kind::Repair << Kind::Collect << false;
    }
    void whatMayRunBesideWhat()
    {
        QFETCH(const Kind, first);
        QFETCH(const Kind, second);
        QFETCH(const bool, together);
        Queue q;
        q.add(first, a);
        q.add(second, b);
        QCOMPARE(q.state(a), State::Running);
        QCOMPARE(q.state(b), together ? State::Running : State::Queued);
        q.finish(a);
        QCOMPARE(q.state(b), State::Running);
    }

    // Else it might never have its turn; but a fetch takes its place before it.
    void nothingPassesWhatRunsAlone()
    {
        Queue q;
        q.add(Kind::Store, a);
        q.add(Kind::Repair, b);
        q.add(Kind::Store, c);
        QCOMPARE(q.running(), a);
        q.add(Kind::Fetch, d);
        QCOMPARE(q.order(), QStringLiteral("a d b c"));
        QCOMPARE(q.running(), QStringLiteral("a d"));
        q.finish(a);
        QCOMPARE(q.running(), d);
        q.finish(d);
        QCOMPARE(q.running(), b);
        q.queue->pause(q.ids[b]);
        QCOMPARE(q.running(), c);
    }

    void syncGivesWay()
    {
        Queue q;
        Fake &sync = q.add(Kind::Sync, a);
        QCOMPARE(q.running(), a);
        q.add(Kind::Repair, b);
        QCOMPARE(q.running(), b);
        QCOMPARE(sync.running, 0);
        q.add(Kind::Store, c);
        q.finish(b);
        QCOMPARE(q.running(), c);
        q.finish(c);
        QCOMPARE(q.running(), a);
        QCOMPARE(sync.starts, 2);
        q.finish(a);
        QVERIFY(!q.queue->find(q.ids[a])); // forgotten
        QVERIFY(q.ended.contains(a));
    }

    void movesInTheOrder()
    {
        Queue q;
        for (const QString &name : { a, b, c, d })
            q.add(Kind::Collect, name);
        q.queue->move(q.ids[d], 1);
        QCOMPARE(q.order(), QStringLiteral("a d b c"));
        q.queue->move(q.ids[d], 99);
        QCOMPARE(q.order(), QStringLiteral("a b c d"));
        q.queue->move(q.ids[c], -5);
        QCOMPARE(q.order(), QStringLiteral("c a b d"));
        q.finish(a);
        QCOMPARE(q.running(), c);
        q.queue->move(q.ids[a], 0); // ended: stays
        QCOMPARE(q.order(), QStringLiteral("c b d a"));
    }

    void pausesInTheMiddleAndGoesOn()
    {
        Queue q;
        Fake &fake = q.add(Kind::Store, a);
        fake.tell(60, 100, 80);
        const ProgressSink old = fake.sink;
        q.queue->pause(q.ids[a]);
        QCOMPARE(q.state(a), State::Paused);
        QCOMPARE(fake.running, 0);
        QCOMPARE(q.at(a).left, TimeLeft(TimeLeft::Form::Waiting));
        Progress late;
        late.total = 100;
        late.bytes = 90;
        old(late); // of an attempt that is over
        QCOMPARE(q.at(a).progress.bytes, 60);
        q.queue->resume(q.ids[a]);
        QCOMPARE(fake.starts, 2);
        QCOMPARE(q.at(a).progress.bytes, 60);
        fake.tell(10, 100, 5);
        QCOMPARE(q.at(a).progress.bytes, 60); // it never goes back
        QCOMPARE(q.at(a).progress.network, 85);
        fake.tell(70, 100);
        QCOMPARE(q.at(a).progress.bytes, 70);
        fake.tell(500, 100); // nonsense
        QCOMPARE(q.at(a).progress.bytes, 100);
        q.finish(a);
        QCOMPARE(q.at(a).progress.phase, Progress::Phase::Done);
    }

    // An operation that goes on tells only what is left.
    void progressOfWhatIsLeft()
    {
        Queue q;
        Fake &fake = q.add(Kind::Repair, a);
        fake.tell(60, 100);
        q.queue->pause(q.ids[a]);
        q.queue->resume(q.ids[a]);
        fake.tell(0, 40);
        QCOMPARE(q.at(a).progress.bytes, 60);
        fake.tell(20, 40);
        QCOMPARE(q.at(a).progress.bytes, 80);
        QCOMPARE(q.at(a).progress.total, 100);
    }

    void pausesAll()
    {
        Queue q;
        q.add(Kind::Store, a);
        q.add(Kind::Store, b);
        q.add(Kind::Store, c);
        q.queue->pause(q.ids[b]);
        QCOMPARE(q.running(), QStringLiteral("a c"));
        q.queue->setPaused(true);
        QCOMPARE(q.running(), QString());
        q.add(Kind::Fetch, d);
        QCOMPARE(q.state(d), State::Paused);
        q.queue->setPaused(false);
        QCOMPARE(q.running(), QStringLiteral("a c d"));
        QCOMPARE(q.state(b), State::Paused); // for itself
        q.queue->setPaused(true);
        q.queue->resume(q.ids[c]);
        QVERIFY(!q.queue->isPaused());
        QCOMPARE(q.running(), c);
        QCOMPARE(q.state(a), State::Paused);
    }

    void addedPausedItWaits()
    {
        Queue q;
        Fake &fake = q.add(Kind::Store, a, true);
        QCOMPARE(q.state(a), State::Paused);
        QCOMPARE(fake.starts, 0);
        q.queue->resume(q.ids[a]);
        QCOMPARE(q.running(), a);
    }

    void cancelsAndTriesAgain()
    {
        Queue q;
        Fake &first = q.add(Kind::Store, a);
        q.add(Kind::Store, b);
        q.queue->cancel(q.ids[a]);
        QCOMPARE(q.state(a), State::Cancelled);
        QCOMPARE(first.running, 0);
        QCOMPARE(q.ended, QStringList(a));
        q.queue->resume(q.ids[a]); // makes no sense
        QCOMPARE(q.state(a), State::Cancelled);
        q.queue->retry(q.ids[a]);
        QCOMPARE(q.order(), QStringLiteral("b a"));
        QCOMPARE(q.state(a), State::Running);
        first.fail(Error::Kind::Invalid);
        QTRY_COMPARE(q.state(a), State::Failed);
        QCOMPARE(q.at(a).error->id, QStringLiteral("MF-TEST"));
        first.result = Outcome(QStringLiteral("half"), true);
        q.queue->retry(q.ids[a]);
        QVERIFY(!q.at(a).error);
        q.finish(a);
        QCOMPARE(q.state(a), State::Done);
        QVERIFY(q.at(a).outcome.isWarning);
    }

    void transientFailuresAreTriedAgain()
    {
        Queue q;
        Fake &fake = q.add(Kind::Store, a);
        const std::vector<std::chrono::seconds> waits { 30s, 60s, 120s, 300s, 300s };
        for (const auto wait : waits) {
            const int starts = fake.starts;
            fake.fail(Error::Kind::Network);
            QTRY_COMPARE(q.state(a), State::Waiting);
            QCOMPARE(q.at(a).retryAt, q.clock.now().addMSecs(Clock::Duration(wait).count()));
            QVERIFY(q.at(a).error);
            q.clock.advance(wait - 1s);
            QCoreApplication::processEvents();
            QCOMPARE(fake.starts, starts);
            q.clock.advance(1s);
            QTRY_COMPARE(fake.starts, starts + 1);
            QVERIFY(!q.at(a).error);
        }
        fake.tell(10, 100); // it gets on: the waits begin anew
        fake.fail(Error::Kind::Throttled);
        QTRY_COMPARE(q.state(a), State::Waiting);
        QCOMPARE(q.at(a).retryAt, q.clock.now().addSecs(30));
        q.queue->resume(q.ids[a]); // the user does not wait
        QCOMPARE(q.state(a), State::Running);
        fake.fail(Error::Kind::Throttled, q.clock.now().addSecs(1'000));
        QTRY_COMPARE(q.state(a), State::Waiting);
        QCOMPARE(q.at(a).retryAt, q.clock.now().addSecs(1'000));
    }

    void transientFailuresEnd()
    {
        FakeClock clock;
        TransferQueue queue(clock, TransferQueue::Listener());
        const Error error(Error::Kind::Network, QStringLiteral("MF-TEST"), QStringLiteral("away"));
        int starts = 0;
        const auto id = queue.add(Kind::Fetch, a, [&](const ProgressSink &) {
            ++starts;
            return runAtOnce(error);
        });
        for (int i = 1; i <= TransferQueue::kMostRetries; ++i) {
            QCOMPARE(queue.find(id)->state, State::Waiting);
            clock.advance(300s);
            QTRY_COMPARE(starts, i + 1);
        }
        QCOMPARE(queue.find(id)->state, State::Failed);
        queue.retry(id);
        QCOMPARE(queue.find(id)->state, State::Waiting);
    }

    void tellsSpeedAndTimeLeft()
    {
        Queue q;
        Fake &fake = q.add(Kind::Fetch, a);
        qint64 done = 0;
        for (int second = 0; second < 30; ++second) {
            fake.tell(done += 1'000'000, 1'000'000'000);
            QTRY_COMPARE(q.clock.sleepers(), 1);
            q.clock.advance(1s);
            QCoreApplication::processEvents();
        }
        QVERIFY(std::abs(q.at(a).bytesPerSecond - 1e6) < 1e4);
        QCOMPARE(q.at(a).left, TimeLeft(TimeLeft::Form::Minutes, 15));
        q.queue->pause(q.ids[a]);
        QCOMPARE(q.at(a).bytesPerSecond, 0.0);
        q.clock.advance(1s);
        QTRY_COMPARE(q.clock.sleepers(), 0); // nothing runs, nobody looks
        q.queue->resume(q.ids[a]);
        QTRY_COMPARE(q.clock.sleepers(), 1);
    }

    void aTurnStopsWhatItMustNotMeet()
    {
        Queue q;
        Fake &fake = q.add(Kind::Repair, a);
        {
            const auto turn = runTask(q.queue->turn(TransferQueue::Stops::WhatRunsAlone));
            QCOMPARE(q.state(a), State::Queued);
            QCOMPARE(fake.running, 0);
            q.add(Kind::Store, b);
            QCOMPARE(q.running(), b);
            q.add(Kind::Sync, d);
            q.queue->cancel(q.ids[b]);
            QCOMPARE(q.running(), QString());
        }
        QCOMPARE(q.running(), a);
        q.add(Kind::Store, c);
        {
            const auto turn = runTask(q.queue->turn(TransferQueue::Stops::Everything));
            QCOMPARE(q.running(), QString());
            q.queue->pause(q.ids[a]);
            QCOMPARE(q.running(), QString());
        }
        QCOMPARE(q.running(), c);
    }

    void destroyedWhileThingsRun()
    {
        Queue q;
        Fake &store = q.add(Kind::Store, a);
        q.add(Kind::Store, b);
        Fake &failing = q.add(Kind::Fetch, c);
        failing.fail(Error::Kind::Network);
        QTRY_COMPARE(q.state(c), State::Waiting);
        std::optional<TransferQueue::Turn> turn(runTask(q.queue->turn(TransferQueue::Stops::WhatRunsAlone)));
        const ProgressSink sink = store.sink;
        q.ended.clear();
        q.queue.reset();
        QCOMPARE(store.running, 0);
        QCOMPARE(q.fakes[b].running, 0);
        sink(Progress());
        turn.reset();
        QCOMPARE(q.clock.sleepers(), 0);
        QVERIFY(q.ended.isEmpty());
    }

    // A task may end within the call that starts it.
    void manyThatEndAtOnce()
    {
        FakeClock clock;
        TransferQueue queue(clock, TransferQueue::Listener());
        queue.setPaused(true);
        for (int i = 0; i < 1'000; ++i)
            queue.add(i % 3 == 0 ? Kind::Collect : Kind::Store, QString::number(i),
                [](const ProgressSink &) { return runAtOnce(Outcome()); });
        queue.setPaused(false);
        for (const auto &entry : queue.entries())
            QCOMPARE(entry.state, State::Done);
    }
};

QTEST_GUILESS_MAIN(TestTransferQueue)
#include "test_transfer_queue.moc"
