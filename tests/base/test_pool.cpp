// SPDX-License-Identifier: GPL-3.0-or-later
// The pool: order, results, lifetimes across threads. Also run by ThreadSanitizer.
#include "core/base/all_of.h"
#include "core/base/pool.h"
#include "tests/support/run_task.h"

#include <QtTest>

#include <atomic>
#include <memory>
#include <thread>

using namespace mf;

namespace {

Task<int> square(Pool &pool, int value)
{
    const auto work = [value] { return value * value; };
    co_return co_await onPool(pool, work);
}

Task<std::thread::id> whereItRuns(Pool &pool)
{
    const auto work = [] { return std::this_thread::get_id(); };
    co_return co_await onPool(pool, work);
}

Task<int> appendTo(Pool &pool, std::vector<int> &list, int value)
{
    const auto work = [&list, value] {
        list.push_back(value); // safe on a pool of one thread, which the test joins before it reads
        return value;
    };
    co_return co_await onPool(pool, work);
}

// Move-only work with a move-only result.
Task<std::unique_ptr<int>> passThrough(Pool &pool, std::unique_ptr<int> value)
{
    auto work = [v = std::move(value)]() mutable {
        ++*v;
        return std::move(v);
    };
    co_return co_await onPool(pool, work);
}

// Takes its time to go, so that a task that did not wait for it is found out.
struct SlowToGo {
    std::atomic<bool> &gone;
    explicit SlowToGo(std::atomic<bool> &g)
        : gone(g)
    {
    }
    ~SlowToGo()
    {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        gone = true;
    }
};

Task<bool> isFreedWhenItGoesOn(Pool &pool)
{
    std::atomic<bool> gone = false;
    auto owned = std::make_unique<SlowToGo>(gone);
    auto work = [o = std::move(owned)] { return o->gone.load(); };
    const bool goneInside = co_await onPool(pool, work);
    co_return !goneInside && gone;
}

class Count final : public Pool::Work
{
public:
    explicit Count(std::atomic<int> &n)
        : m_n(n)
    {
    }
    void run() override { ++m_n; }

private:
    std::atomic<int> &m_n;
};

} // namespace

class TestPool : public QObject
{
    Q_OBJECT
private slots:
    void givesTheResultsInOrder();
    void runsElsewhereAndComesBack();
    void oneThreadIsASerialWorker();
    void passesMoveOnlyValues();
    void freesTheFunctionBeforeTheTaskGoesOn();
    void runsEverythingBeforeItEnds();
    void hasAsManyThreadsAsAsked();
    void cancelledTasksAreNotResumed();
    void thousandsAtOnceWithCancellation();
};

void TestPool::givesTheResultsInOrder()
{
    Pool pool(3);
    std::vector<Task<int>> tasks;
    std::vector<int> expected;
    for (int i = 0; i < 500; ++i) {
        tasks.push_back(square(pool, i));
        expected.push_back(i * i);
    }
    QCOMPARE(runTask(allOf(std::move(tasks), 500)), expected);
}

void TestPool::runsElsewhereAndComesBack()
{
    struct Body {
        static Task<bool> run(Pool &pool)
        {
            const auto before = std::this_thread::get_id();
            const auto inside = co_await whereItRuns(pool);
            co_return before == std::this_thread::get_id() && inside != before;
        }
    };
    Pool pool(1);
    QVERIFY(runTask(Body::run(pool)));
}

void TestPool::oneThreadIsASerialWorker()
{
    std::vector<int> list;
    std::vector<int> expected;
    {
        Pool pool(1);
        std::vector<Task<int>> tasks;
        for (int i = 0; i < 200; ++i) {
            tasks.push_back(appendTo(pool, list, i));
            expected.push_back(i);
        }
        runTask(allOf(std::move(tasks), 200));
    }
    QCOMPARE(list, expected);
}

void TestPool::passesMoveOnlyValues()
{
    Pool pool(2);
    const auto result = runTask(passThrough(pool, std::make_unique<int>(41)));
    QCOMPARE(*result, 42);
}

void TestPool::freesTheFunctionBeforeTheTaskGoesOn()
{
    Pool pool(2);
    QVERIFY2(runTask(isFreedWhenItGoesOn(pool)), "what the function owned outlived its result");
}

void TestPool::runsEverythingBeforeItEnds()
{
    std::atomic<int> n = 0;
    {
        Pool pool(2);
        for (int i = 0; i < 1000; ++i)
            pool.submit(std::make_unique<Count>(n));
    }
    QCOMPARE(n.load(), 1000);
}

void TestPool::hasAsManyThreadsAsAsked()
{
    QCOMPARE(Pool(4).threads(), 4);
    QVERIFY(Pool::cores() >= 1);
    Pool none(0);
    QCOMPARE(none.threads(), 0);
    std::atomic<int> n = 0;
    none.submit(std::make_unique<Count>(n));
    QCOMPARE(n.load(), 1); // here and now
}

void TestPool::cancelledTasksAreNotResumed()
{
    struct Body {
        static Task<void> run(Pool &pool, int &resumed)
        {
            const auto work = [] { return 1; };
            const int one = co_await onPool(pool, work);
            resumed += one;
        }
    };
    int resumed = 0;
    Pool pool(2);
    {
        TaskScope scope;
        for (int i = 0; i < 100; ++i)
            scope.start(Body::run(pool, resumed));
    }
    QCOMPARE(runTask(square(pool, 3)), 9); // those before it have been answered by now, or soon will be
    QCoreApplication::processEvents();
    QCOMPARE(resumed, 0);
}

// Tasks come and go while the threads answer: what ThreadSanitizer and AddressSanitizer look at.
void TestPool::thousandsAtOnceWithCancellation()
{
    struct Body {
        static Task<void> run(Pool &pool, QByteArray data, qint64 &sum)
        {
            auto work = [d = std::move(data)] { return QByteArray(d + 'x'); };
            const QByteArray longer = co_await onPool(pool, work);
            sum += longer.size();
        }
    };
    qint64 sum = 0;
    qint64 dropped = 0; // how many of the others come through is a matter of luck
    int kept = 0;
    Pool pool(4);
    for (int round = 0; round < 40; ++round) {
        TaskScope cancelled;
        TaskScope finished;
        for (int i = 0; i < 50; ++i) {
            const bool keep = i % 2 == 0;
            (keep ? finished : cancelled).start(Body::run(pool, QByteArray(9, 'y'), keep ? sum : dropped));
            kept += keep ? 1 : 0;
            if (i % 7 == 0)
                QCoreApplication::processEvents();
        }
        cancelled.cancelAll();
        QTRY_VERIFY(finished.isIdle());
    }
    QCOMPARE(sum, 10LL * kept);
}

QTEST_GUILESS_MAIN(TestPool)
#include "test_pool.moc"
