// SPDX-License-Identifier: GPL-3.0-or-later
// A provider that lists everything twice: nothing is counted twice, taken for wrong, or in the way for ever.
#include "core/distributor/check.h"
#include "core/distributor/collect.h"
#include "core/distributor/repair.h"
#include "core/distributor/sync_library.h"
#include "core/distributor/trash.h"
#include "core/packing/fragment.h"
#include "tests/support/computers.h"
#include "tests/support/engine_fixture.h"
#include "tests/support/must.h"

using namespace mf;
using Method = FaultyProvider::Method;

namespace {

constexpr std::chrono::hours kDay { 24 };
const QString kM = QStringLiteral("m");
constexpr qint64 kBytes = 12'000'000; // some packs

// From now on, and until the process ends.
void listTwice(FaultyProvider &account, MemoryProvider &memory, int page)
{
    memory.setPage(static_cast<std::size_t>(page));
    account.on(Method::List).always().repeat();
}

void listTwice(Computers &c, int page, int computer = 0)
{
    for (int i = 0; i < c.accounts(); ++i)
        listTwice(c.faulty(i, computer), c.memory(i), page);
}

void listTwice(EngineFixture &fixture, int accounts, int page)
{
    for (int i = 0; i < accounts; ++i)
        listTwice(*fixture.place(i).faulty, *fixture.place(i).memory, page);
}

CollectResult collected(Computers &c) { return must(runTask(collect(c.engine()))); }

// A fragment whose pack nobody knows.
void putStray(Computers &c, int account)
{
    FragmentHeader header;
    header.library = c.ring().library();
    header.pack = randomId<PackId>();
    header.k = 1;
    header.payloadLength = 4'000;
    header.dataLength = 4'000;
    const QByteArray blob = makeFragment(c.ring(), header, viewOf(randomBytes(4'000, 1)));
    must(runTask(c.memory(account).put(fragmentName(c.ring(), header.pack, 0), blob)));
}

void pages()
{
    QTest::addColumn<int>("page");
    QTest::newRow("twice on its page") << 1000;
    QTest::newRow("and again on the next page") << 2;
}

} // namespace

class TestDoubledListing : public QObject
{
    Q_OBJECT

private slots:
    void collectFreesStraysOnce_data() { pages(); }
    void collectFreesStraysOnce()
    {
        QFETCH(const int, page);
        Computers c(3);
        const QByteArray bytes = randomBytes(kBytes, 1);
        QVERIFY(c.store(c.write(QStringLiteral("m.bin"), bytes), Protection(2, 1), kM));
        const int needed = c.fragments();
        putStray(c, 0);
        putStray(c, 0);
        putStray(c, 1);
        listTwice(c, page);
        auto result = collected(c);
        QCOMPARE(result.strays, 3);
        const qint64 each = result.strayBytes / 3;
        QVERIFY(each > 4'000 && each < 8'000);
        QCOMPARE(collected(c).strays, 3);
        c.clock().advance(31 * kDay);
        result = collected(c);
        QCOMPARE(result.waiting, QStringList());
        QCOMPARE(result.fragments, 3);
        QCOMPARE(result.freedBytes, 3 * each);
        QCOMPARE(c.fragments(), needed);
        QVERIFY(c.comesBack(kM, bytes));
    }

    void collectFreesARemovedModelOnce_data() { pages(); }
    void collectFreesARemovedModelOnce()
    {
        QFETCH(const int, page);
        Computers c(3);
        const auto stored = c.store(c.write(QStringLiteral("m.bin"), randomBytes(kBytes, 1)), Protection(2, 1), kM);
        QVERIFY(stored);
        const int before = c.fragments();
        listTwice(c, page);
        QCOMPARE(collected(c).fragments, 0);
        QVERIFY(runTask(removeModel(c.engine(), kM, 0, true)));
        const auto result = collected(c);
        QCOMPARE(result.waiting, QStringList());
        QCOMPARE(result.fragments, before);
        QCOMPARE(result.freedBytes, stored->uploadedBytes);
        QCOMPARE(c.fragments(), 0);
    }

    void syncTakesEachModelInOnce_data() { pages(); }
    void syncTakesEachModelInOnce()
    {
        QFETCH(const int, page);
        EngineFixture one(3);
        const QByteArray bytes = randomBytes(kBytes, 2);
        QVERIFY(one.store(one.write(kM, bytes), Protection(2, 1)));
        const auto other = one.anotherComputer();
        listTwice(*other, 3, page);
        for (int i = 0; i < 2; ++i) {
            const auto synced = must(runTask(syncLibrary(other->engine())));
            QCOMPARE(synced.models, 1);
            QCOMPARE(synced.added, i == 0 ? 1 : 0);
            QCOMPARE(synced.warnings, QStringList());
        }
        for (int i = 0; i < 3; ++i)
            QVERIFY(!other->account(i)->isStale());
        QVERIFY(other->fetch(kM, QStringLiteral("back")));
        QCOMPARE(readFile(other->path(QStringLiteral("back/m"))), bytes);
    }

    void recoverFindsAll_data()
    {
        QTest::addColumn<int>("page");
        QTest::addColumn<bool>("hasObjects");
        QTest::newRow("twice on its page") << 1000 << true;
        QTest::newRow("and again on the next page") << 2 << true;
        QTest::newRow("twice on its page, packs alone") << 1000 << false;
        QTest::newRow("and again on the next page, packs alone") << 2 << false;
    }
    void recoverFindsAll()
    {
        QFETCH(const int, page);
        QFETCH(const bool, hasObjects);
        EngineFixture one(3);
        const QByteArray bytes = randomBytes(kBytes, 3);
        QVERIFY(one.store(one.write(kM, bytes), Protection(2, 1)));
        const auto revision = must(runTask(one.engine().registry.revision(kM, 0)));
        const QStringList kept { markerName(one.engine().ring).value,
            manifestName(one.engine().ring, revision.manifest).value };
        for (int i = 0; i < 3 && !hasObjects; ++i) {
            for (const QString &name : one.place(i).memory->names().filter(QStringLiteral("meta/"))) {
                if (!kept.contains(name))
                    one.place(i).memory->lose(BlobName(name));
            }
        }
        const auto other = one.anotherComputer();
        listTwice(*other, 3, page);
        const auto recovered = must(runTask(recoverLibrary(other->engine())));
        QCOMPARE(recovered.readable, 1);
        QCOMPARE(recovered.unreadable, 0);
        QCOMPARE(recovered.warnings, QStringList());
        QVERIFY(other->fetch(kM, QStringLiteral("back")));
        QCOMPARE(readFile(other->path(QStringLiteral("back/m"))), bytes);
        Check check(other->engine(), {}, nullptr);
        const auto checked = must(runTask(check.run()));
        QCOMPARE(checked.models.front().state, ModelState::Safe);
        QCOMPARE(checked.findings + checked.warnings, QStringList());
    }

    void repairBuildsNothingAnew_data() { pages(); }
    void repairBuildsNothingAnew()
    {
        QFETCH(const int, page);
        EngineFixture one(3);
        QVERIFY(one.store(one.write(kM, randomBytes(kBytes, 4)), Protection(2, 1)));
        listTwice(one, 3, page);
        const qint64 before = one.putBytes();
        Repair repair(one.engine(), {}, nullptr);
        const auto repaired = must(runTask(repair.run()));
        QCOMPARE(repaired.rebuilt, 0);
        QCOMPARE(repaired.models.front().state, ModelState::Safe);
        QCOMPARE(one.putBytes(), before);
    }

    // The bytes arrived, the answers did not: the next start looks whether they are there.
    void whatArrivedIsNotSentAgain_data() { pages(); }
    void whatArrivedIsNotSentAgain()
    {
        QFETCH(const int, page);
        Computers c(3);
        const QByteArray bytes = randomBytes(3'000'000, 5); // one pack
        const QByteArray path = c.write(QStringLiteral("m.bin"), bytes);
        const Error lost(Error::Kind::Network, QStringLiteral("MF-TEST"), QStringLiteral("no answer"));
        for (int i = 0; i < 3; ++i)
            c.faulty(i).on(Method::Put).named(QStringLiteral("f/*")).always().errorAfter(lost);
        QVERIFY(!c.store(path, Protection(2, 1), kM));
        const int there = c.fragments();
        QVERIFY(there > 0);
        c.reopen(0);
        listTwice(c, page);
        for (int i = 0; i < 3; ++i)
            c.memory(i).resetCounters();
        QVERIFY(c.store(path, Protection(2, 1), kM));
        QCOMPARE(c.fragments(), there);
        for (int i = 0; i < 3; ++i)
            QVERIFY(c.memory(i).counters().put.bytes < 500'000);
        QVERIFY(c.comesBack(kM, bytes));
    }

    void whatIsHeldIsNotMissing()
    {
        EngineFixture one(3);
        one.useHolding(Holding::Limits(1'000'000'000, 0));
        one.setAllGone(true);
        const auto stored = one.store(one.write(kM, randomBytes(kBytes, 6)), Protection(2, 1));
        QVERIFY(stored && stored->onThisComputer);
        one.holdingFaults().on(Method::List).always().repeat();
        Check check(one.engine(), {}, nullptr);
        const auto checked = must(runTask(check.run()));
        QCOMPARE(checked.models.front().missing, 0);
        QCOMPARE(checked.models.front().state, ModelState::SingleCopy);
        QCOMPARE(one.holdingFaults().unhit(), QStringList());
    }
};

QTEST_GUILESS_MAIN(TestDoubledListing)
#include "test_doubled_listing.moc"
