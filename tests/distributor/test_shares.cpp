// SPDX-License-Identifier: GPL-3.0-or-later
// Which account moved how much for an operation, and what it waits for.
#include "core/distributor/evacuate.h"
#include "core/distributor/protect.h"
#include "core/distributor/share_meter.h"
#include "core/providers/retrying.h"
#include "tests/distributor/fake_operations.h"
#include "tests/support/must.h"
#include "tests/support/stored_packs.h"

#include <QtTest>

#include <numeric>

using namespace mf;
using namespace std::chrono_literals;
using Doing = AccountShare::Doing;
using Method = FaultyProvider::Method;

namespace {

constexpr int kLong = 60'000; // ms

const QString kM = QStringLiteral("m");

// What an operation told last.
struct Told {
    Progress last;
    bool isSteady = true; // the shares added up to what it sent and received, every time

    ProgressSink sink()
    {
        return [this](const Progress &progress) {
            last = progress;
            isSteady = isSteady && progress.shares && progress.shares->bytes() == progress.network
                && sum(progress.shares->list()) == progress.network;
        };
    }
    std::vector<AccountShare> shares() const { return last.shares->list(); }
    qint64 sent() const { return sum(shares(), &AccountShare::sent); }
    qint64 received() const { return sum(shares(), &AccountShare::received); }
    static qint64 sum(const std::vector<AccountShare> &shares, qint64 AccountShare::*way)
    {
        return std::accumulate(shares.begin(), shares.end(), qint64(0),
            [way](qint64 bytes, const AccountShare &share) { return bytes + share.*way; });
    }
    static qint64 sum(const std::vector<AccountShare> &shares)
    {
        return sum(shares, &AccountShare::sent) + sum(shares, &AccountShare::received);
    }
};

StoreResult store(EngineFixture &fixture, Told &told, qint64 size = 3'000'000)
{
    StoreRequest request;
    request.paths.push_back(fixture.write(kM, randomBytes(size, 5)));
    request.protection = Protection(2, 1);
    Store storing(fixture.engine(), std::move(request), told.sink());
    return must(runTask(storing.run()));
}

const AccountShare *shareOf(const std::vector<AccountShare> &shares, const AccountId &account)
{
    const auto it = std::ranges::find(shares, account, &AccountShare::account);
    return it == shares.end() ? nullptr : &*it;
}

AccountId accountId(std::uint8_t number)
{
    AccountId id;
    id.bytes[0] = number;
    return id;
}

// An account in memory that a test can hinder; retried on a clock that moves when told.
struct Hindered {
    FakeClock clock;
    MemoryProvider memory { clock };
    FaultyProvider *faulty = nullptr;
    std::unique_ptr<Account> account;
    BlobName name { QString(QStringLiteral("f/") + QString(52, u'a')) };

    Hindered()
    {
        auto between = std::make_unique<FaultyProvider>(memory, clock);
        faulty = between.get();
        AccountRecord record;
        record.id = accountId(1);
        account = std::make_unique<Account>(record, std::make_unique<Retrying>(std::move(between), clock));
    }
};

Task<void> putOne(Shares &shares, Account &account, BlobName name, std::optional<Result<BlobInfo>> &done)
{
    const QByteArray blob(100, 'x');
    auto put = co_await shares.put(account, name, blob);
    done = std::move(put);
}

Error throttled() { return Error(Error::Kind::Throttled, QStringLiteral("MF-TEST"), QStringLiteral("too fast")); }

} // namespace

class TestShares : public QObject
{
    Q_OBJECT

private slots:
    void whatAStoreSent()
    {
        EngineFixture fixture(4);
        Told told;
        const StoreResult stored = store(fixture, told);
        QVERIFY(told.isSteady);
        QCOMPARE(told.sent(), stored.uploadedBytes);
        QCOMPARE(told.received(), qint64(0));
        QVERIFY(told.shares().size() >= 3);
        for (const AccountShare &share : told.shares()) {
            QVERIFY(share.sent > 0);
            QCOMPARE(share.doing, Doing::Nothing);
            qint64 there = 0;
            for (int i = 0; i < 4; ++i) {
                const auto &place = fixture.place(i);
                const auto blobs = runTask(listAll(*place.memory, QStringLiteral("f/")));
                for (const BlobInfo &blob : *blobs)
                    there += place.record.id == share.account ? blob.size : 0;
            }
            QCOMPARE(share.sent, there);
        }
    }

    void whatAFetchReceived()
    {
        EngineFixture fixture(4);
        Told told;
        store(fixture, told);
        FetchRequest request;
        request.model = kM;
        request.to = QFile::encodeName(fixture.path(QStringLiteral("back")));
        Fetch fetch(fixture.engine(), request, told.sink());
        const FetchResult fetched = must(runTask(fetch.run()));
        QVERIFY(told.isSteady);
        QCOMPARE(told.received(), fetched.stats.network);
        QVERIFY(told.received() >= fetched.bytes);
        QCOMPARE(told.sent(), qint64(0));
    }

    // Deep, it reads all that lies there: known beforehand.
    void whatACheckRead()
    {
        EngineFixture fixture(4);
        Told told;
        const StoreResult stored = store(fixture, told);
        CheckRequest request;
        request.deep = true;
        Check check(fixture.engine(), request, told.sink());
        must(runTask(check.run()));
        QVERIFY(told.isSteady);
        QCOMPARE(told.received(), stored.uploadedBytes);
        for (const AccountShare &share : told.shares())
            QCOMPARE(share.planned, share.received);
    }

    void whatARepairMoved()
    {
        EngineFixture fixture(4);
        Told told;
        store(fixture, told);
        StoredPacks packs(fixture, 4);
        packs.lose(packs.rows(2).at(0));
        Repair repair(fixture.engine(), RepairRequest(), told.sink());
        const RepairResult repaired = must(runTask(repair.run()));
        QVERIFY(repaired.rebuilt > 0);
        QVERIFY(told.isSteady);
        QCOMPARE(told.sent(), repaired.uploadedBytes);
        QVERIFY(told.received() > told.sent()); // k fragments for one
    }

    void whatMoreProtectionMoved_data()
    {
        QTest::addColumn<int>("k");
        QTest::newRow("more parity") << 0;
        QTest::newRow("other pieces") << 1;
    }
    void whatMoreProtectionMoved()
    {
        QFETCH(const int, k);
        EngineFixture fixture(5);
        Told told;
        store(fixture, told);
        ProtectRequest request;
        request.model = kM;
        request.protection = Protection(k, 2);
        const ProtectResult protectedNow
            = must(runTask(protectModel(fixture.engine(), std::move(request), told.sink())));
        QVERIFY(told.isSteady);
        QCOMPARE(told.sent(), protectedNow.uploadedBytes);
        QVERIFY(told.received() > 0);
    }

    // Known beforehand: all that lies there goes, and where to is chosen first.
    void whatMovingAwayMoved()
    {
        EngineFixture fixture(4);
        Told told;
        const StoreResult stored = store(fixture, told);
        const AccountId from = told.shares().front().account;
        const RemovedAccount removed = must(runTask(removeAccount(fixture.engine(), from, false, told.sink())));
        QVERIFY(removed.isRetired);
        QVERIFY(removed.bytes > 0 && removed.bytes < stored.uploadedBytes);
        QVERIFY(told.isSteady);
        QCOMPARE(told.last.bytes, removed.bytes);
        QCOMPARE(told.last.total, removed.bytes);
        QCOMPARE(told.sent(), removed.bytes);
        QCOMPARE(told.received(), removed.bytes);
        for (const AccountShare &share : told.shares())
            QCOMPARE(share.planned, share.account == from ? share.received : share.sent);
    }

    // Its fragments go elsewhere, and it is said why.
    void aFullAccountRefuses()
    {
        EngineFixture fixture(4);
        fixture.place(1)
            .faulty->on(Method::Put)
            .named(QStringLiteral("f/*"))
            .always()
            .error(Error(Error::Kind::Quota, QStringLiteral("MF-ACCOUNT-FULL"), QStringLiteral("it is full")));
        Told told;
        const StoreResult stored = store(fixture, told);
        QVERIFY(told.isSteady);
        QCOMPARE(told.sent(), stored.uploadedBytes);
        const auto shares = told.shares();
        const AccountShare *full = shareOf(shares, fixture.place(1).record.id);
        QVERIFY(full);
        QCOMPARE(full->sent, qint64(0));
        QCOMPARE(full->doing, Doing::Refusing);
        QCOMPARE(full->why->id, QStringLiteral("MF-ACCOUNT-FULL"));
    }

    void aThrottlingAccountWaits()
    {
        Hindered here;
        const QDateTime later = here.clock.now().addSecs(20);
        here.faulty->on(Method::Put).error(throttled().until(later));
        Shares shares;
        std::optional<Result<BlobInfo>> done;
        TaskScope scope;
        scope.start(putOne(shares, *here.account, here.name, done));
        QTRY_COMPARE_WITH_TIMEOUT(shares.list().front().doing, Doing::Waiting, kLong);
        const AccountShare waits = shares.list().front();
        QCOMPARE(waits.why->message, QStringLiteral("too fast"));
        QVERIFY(*waits.why->retryAt >= later);
        QCOMPARE(waits.sent, qint64(0));
        here.clock.advance(30s);
        QTRY_VERIFY_WITH_TIMEOUT(done.has_value(), kLong);
        QVERIFY(*done);
        QCOMPARE(shares.list().front().doing, Doing::Nothing);
        QVERIFY(!shares.list().front().why);
        QCOMPARE(shares.bytes(), qint64(100));
    }

    void whatIsGivenUpIsForgotten()
    {
        Hindered here;
        here.faulty->on(Method::Put).hang();
        Shares shares;
        std::optional<Result<BlobInfo>> done;
        {
            TaskScope scope;
            scope.start(putOne(shares, *here.account, here.name, done));
            QTRY_COMPARE_WITH_TIMEOUT(here.faulty->hanging(), 1, kLong);
            QCOMPARE(shares.list().front().doing, Doing::Sending);
        }
        here.account.reset(); // nothing of it is looked at any more
        QCOMPARE(shares.list().front().doing, Doing::Nothing);
        QCOMPARE(shares.bytes(), qint64(0));
    }

    // A blob that is missing or damaged says nothing of the account.
    void aMissingBlobIsNotTheAccountsTrouble()
    {
        Hindered here;
        Shares shares;
        const auto got = runTask(shares.get(*here.account, here.name, Range()));
        QVERIFY(!got);
        QCOMPARE(shares.list().front().doing, Doing::Nothing);
        here.memory.setGone(true);
        const auto gone = runTask(shares.get(*here.account, here.name, Range()));
        QVERIFY(!gone);
        QCOMPARE(shares.list().front().doing, Doing::Refusing);
    }

    // ---- of all attempts together

    void attemptsAddUp()
    {
        Hindered here;
        std::optional<Result<BlobInfo>> done;
        ShareMeter meter;
        const auto attempt = [&](qint64 planned) {
            const auto shares = std::make_shared<Shares>();
            shares->plan(accountId(1), planned);
            QVERIFY(meter.follow(shares) || planned == 0);
            TaskScope scope;
            done.reset();
            scope.start(putOne(*shares, *here.account, here.name, done));
            QTRY_VERIFY_WITH_TIMEOUT(done.has_value(), kLong);
            meter.sample(here.clock.elapsed());
        };
        attempt(150);
        QCOMPARE(meter.shown().front().sent, qint64(100));
        QCOMPARE(meter.shown().front().planned, qint64(150));
        meter.stop();
        QCOMPARE(meter.shown().front().doing, Doing::Nothing);
        attempt(0);
        QCOMPARE(meter.shown().size(), std::size_t(1));
        QCOMPARE(meter.shown().front().sent, qint64(200));
        QCOMPARE(meter.shown().front().doing, Doing::Sending); // it was a moment ago
        QCOMPARE(meter.bytes(), qint64(200));
        meter.sample(here.clock.elapsed());
        QCOMPARE(meter.shown().front().doing, Doing::Nothing);
    }

    void speedOfEachAccount()
    {
        FakeClock clock;
        ShareMeter meter;
        Hindered fast;
        const auto shares = std::make_shared<Shares>();
        shares->plan(accountId(2), 1'000); // does nothing
        for (int second = 0; second < 20; ++second) {
            std::optional<Result<BlobInfo>> done;
            TaskScope scope;
            scope.start(putOne(*shares, *fast.account, fast.name, done));
            QTRY_VERIFY_WITH_TIMEOUT(done.has_value(), kLong);
            meter.follow(shares);
            meter.sample(clock.elapsed());
            clock.advance(1s);
        }
        const AccountShare *busy = shareOf(meter.shown(), accountId(1));
        const AccountShare *idle = shareOf(meter.shown(), accountId(2));
        QVERIFY(busy && std::abs(busy->bytesPerSecond - 100) < 1);
        QVERIFY(idle && idle->bytesPerSecond == 0);
        meter.stop();
        QCOMPARE(meter.shown().back().bytesPerSecond, 0.0);
    }

    void theQueueShowsThem()
    {
        Hindered here;
        Queue q;
        Fake &fake = q.add(TransferQueue::Kind::Store, kM);
        std::optional<Result<BlobInfo>> done;
        const auto attempt = [&](qint64 network) {
            const auto shares = std::make_shared<Shares>();
            TaskScope scope;
            scope.start(putOne(*shares, *here.account, here.name, done));
            QTRY_VERIFY_WITH_TIMEOUT(done.has_value(), kLong);
            done.reset();
            Progress progress;
            progress.shares = shares;
            progress.network = shares->bytes();
            fake.sink(progress);
            QCOMPARE(q.at(kM).progress.network, network);
            QVERIFY(!q.at(kM).progress.shares); // the queue's are those of all attempts
            QCOMPARE(q.at(kM).shares.size(), std::size_t(1)); // at once
        };
        attempt(100);
        attempt(200); // the operation's next part
        q.queue->pause(q.ids[kM]);
        QCOMPARE(q.at(kM).shares.front().sent, qint64(200));
        q.queue->resume(q.ids[kM]);
        attempt(300);
        q.clock.advance(1s);
        QTRY_COMPARE_WITH_TIMEOUT(q.at(kM).shares.front().sent, qint64(300), kLong);
        q.finish(kM);
        QCOMPARE(q.at(kM).shares.front().sent, qint64(300));
    }
};

QTEST_GUILESS_MAIN(TestShares)
#include "test_shares.moc"
