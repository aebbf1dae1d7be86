// SPDX-License-Identifier: GPL-3.0-or-later
// A speed limit of one operation.
#include "core/distributor/check.h"
#include "core/distributor/evacuate.h"
#include "core/distributor/repair.h"
#include "tests/distributor/fake_operations.h"
#include "tests/support/must.h"
#include "tests/support/stored_packs.h"

using namespace mf;
using Kind = TransferQueue::Kind;

namespace {

constexpr int kLong = 60'000; // ms
constexpr qint64 kRate = 1'000'000; // bytes/s
constexpr int kAccounts = 4;
const QString kM = QStringLiteral("m");

// A stored model, and a limit on a clock that does not wait for anybody.
struct Limited {
    FakeClock clock;
    std::shared_ptr<TokenBucket> limit;
    EngineFixture fixture { kAccounts };
    qint64 moved = 0; // by the operation

    Limited()
    {
        clock.setAutomatic(true);
        limit = std::make_shared<TokenBucket>(clock, kRate);
    }
    ProgressSink sink()
    {
        return [this](const Progress &progress) {
            if (progress.shares) {
                progress.shares->limitBy(limit);
                moved = progress.shares->bytes();
            }
        };
    }
    void store(const ProgressSink &sink, qint64 size = 6'000'000)
    {
        StoreRequest request;
        request.paths.push_back(fixture.write(kM, randomBytes(size, 5)));
        request.protection = Protection(2, 1);
        Store storing(fixture.engine(), std::move(request), sink);
        must(runTask(storing.run()));
    }
    FetchResult fetch()
    {
        FetchRequest request;
        request.model = kM;
        request.to = QFile::encodeName(fixture.path(QStringLiteral("back")));
        Fetch fetching(fixture.engine(), request, sink());
        return must(runTask(fetching.run()));
    }
    void check()
    {
        CheckRequest request;
        request.deep = true;
        Check checking(fixture.engine(), request, sink());
        must(runTask(checking.run()));
    }
    void repair()
    {
        StoredPacks packs(fixture, kAccounts);
        packs.lose(packs.rows(2).at(0));
        Repair repairing(fixture.engine(), RepairRequest(), sink());
        must(runTask(repairing.run()));
    }
    void moveAway()
    {
        const AccountId first = fixture.place(0).record.id;
        must(runTask(removeAccount(fixture.engine(), first, false, sink())));
    }
};

} // namespace

class TestTransferLimit : public QObject
{
    Q_OBJECT

private slots:
    void itHolds_data()
    {
        QTest::addColumn<QString>("what");
        for (const char *what : { "store", "fetch", "check", "repair", "move away" })
            QTest::newRow(what) << QString::fromLatin1(what);
    }
    void itHolds()
    {
        QFETCH(const QString, what);
        Limited here;
        here.store(what == QStringLiteral("store") ? here.sink() : ProgressSink());
        QCOMPARE(here.moved > 0, what == QStringLiteral("store"));
        if (what == QStringLiteral("fetch"))
            here.fetch();
        else if (what == QStringLiteral("check"))
            here.check();
        else if (what == QStringLiteral("repair"))
            here.repair();
        else if (what == QStringLiteral("move away"))
            here.moveAway();
        const double seconds = std::chrono::duration<double>(here.clock.elapsed()).count();
        const double expected = static_cast<double>(here.moved) / double(kRate);
        QVERIFY(expected > 1);
        QVERIFY2(seconds > expected * 0.9, qPrintable(QStringLiteral("%1 s, not %2 s").arg(seconds).arg(expected)));
        QVERIFY2(seconds < expected * 1.5, qPrintable(QStringLiteral("%1 s, not %2 s").arg(seconds).arg(expected)));
    }

    void noneIsNoWait()
    {
        Limited here;
        here.limit->setRate(0);
        here.store(here.sink());
        QVERIFY(here.moved > 0);
        QCOMPARE(here.clock.elapsed(), Clock::Duration(0));
    }

    // Others need them meanwhile.
    void noBuffersAreTakenWhileItWaits_data()
    {
        QTest::addColumn<bool>("isStore");
        QTest::newRow("store") << true;
        QTest::newRow("fetch") << false;
    }
    void noBuffersAreTakenWhileItWaits()
    {
        QFETCH(const bool, isStore);
        Limited here;
        if (!isStore)
            here.store(ProgressSink());
        here.clock.setAutomatic(false);
        StoreRequest stored;
        stored.paths.push_back(here.fixture.write(kM, randomBytes(6'000'000, 6)));
        Store storing(here.fixture.engine(), std::move(stored), here.sink());
        FetchRequest fetched;
        fetched.model = kM;
        fetched.to = QFile::encodeName(here.fixture.path(QStringLiteral("back")));
        Fetch fetching(here.fixture.engine(), std::move(fetched), here.sink());
        struct Body {
            static Task<void> store(Store &storing)
            {
                const auto stored = co_await storing.run();
                Q_UNUSED(stored)
            }
            static Task<void> fetch(Fetch &fetching)
            {
                const auto fetched = co_await fetching.run();
                Q_UNUSED(fetched)
            }
        };
        TaskScope scope;
        scope.start(isStore ? Body::store(storing) : Body::fetch(fetching));
        QTRY_VERIFY_WITH_TIMEOUT(here.clock.sleepers() > 0, kLong);
        QCOMPARE(here.fixture.engine().buffers.inUse(), 0);
    }

    // What waits for the limit, far longer than an account ever takes, is not asked of another account.
    void waitingForItIsNotTheAccountsFault()
    {
        SystemClock clock;
        Limited here;
        here.store(ProgressSink(), 600'000);
        here.limit = std::make_shared<TokenBucket>(clock, 300'000);
        const Clock::Duration before = clock.elapsed();
        const FetchResult fetched = here.fetch();
        QVERIFY(clock.elapsed() - before > std::chrono::milliseconds(1'500));
        QCOMPARE(fetched.stats.hedges, 0);
    }

    // ---- in the queue

    void theQueueGivesIt()
    {
        Queue q;
        q.queue->setRateLimit(7, 1'000); // there is none
        Fake &fake = q.add(Kind::Store, kM);
        const auto id = q.ids[kM];
        Progress progress;
        progress.shares = std::make_shared<Shares>();
        fake.sink(progress);
        const auto wait = [&](qint64 bytes) -> Clock::Duration {
            const Clock::Duration before = q.clock.elapsed();
            q.clock.setAutomatic(true);
            struct Body {
                static Task<bool> run(Shares &shares, qint64 bytes)
                {
                    co_await shares.admit(bytes);
                    co_return true;
                }
            };
            runTask(Body::run(*progress.shares, bytes));
            q.clock.setAutomatic(false);
            return q.clock.elapsed() - before;
        };
        QCOMPARE(wait(1'000'000), Clock::Duration(0));
        const int changes = q.changes;
        q.queue->setRateLimit(id, 1'000);
        q.queue->setRateLimit(id, 1'000);
        QCOMPARE(q.changes, changes + 1);
        QCOMPARE(q.queue->find(id)->rateLimit, 1'000);
        fake.sink(progress);
        QVERIFY(wait(10'000) >= std::chrono::seconds(9));
        q.queue->setRateLimit(id, -5); // at once
        QCOMPARE(q.queue->find(id)->rateLimit, 0);
        QCOMPARE(wait(1'000'000), Clock::Duration(0));
    }

    void itStaysOverAttempts()
    {
        Queue q;
        Fake &fake = q.add(Kind::Fetch, kM, true);
        q.queue->setRateLimit(q.ids[kM], 1'000); // before it ever ran
        q.queue->resume(q.ids[kM]);
        QTRY_COMPARE_WITH_TIMEOUT(fake.starts, 1, kLong);
        q.queue->pause(q.ids[kM]);
        q.queue->resume(q.ids[kM]);
        QTRY_COMPARE_WITH_TIMEOUT(fake.starts, 2, kLong);
        Progress progress;
        progress.shares = std::make_shared<Shares>();
        fake.sink(progress);
        bool isDone = false;
        struct Body {
            static Task<void> run(Shares &shares, bool &done)
            {
                co_await shares.admit(5'000);
                done = true;
            }
        };
        TaskScope scope;
        scope.start(Body::run(*progress.shares, isDone));
        QTest::qWait(10);
        QVERIFY(!isDone);
        for (int i = 0; i < 100 && !isDone; ++i) {
            q.clock.advance(std::chrono::milliseconds(250));
            QCoreApplication::processEvents();
        }
        QVERIFY(isDone);
        QVERIFY(q.clock.elapsed() >= std::chrono::seconds(4));
    }
};

QTEST_MAIN(TestTransferLimit)
#include "test_transfer_limit.moc"
