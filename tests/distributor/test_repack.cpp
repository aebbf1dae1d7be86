// SPDX-License-Identifier: GPL-3.0-or-later
// Packs sealed anew: nothing is lost on the way, the old ones are free to go, and everybody finds the new ones.
#include "core/distributor/collect.h"
#include "core/distributor/repack.h"
#include "core/distributor/sync_library.h"
#include "core/distributor/trash.h"
#include "core/packing/fragment.h"
#include "tests/support/computers.h"
#include "tests/support/engine_fixture.h"
#include "tests/support/many_tensors.h"
#include "tests/support/must.h"

#include <QtTest>

#include <set>

using namespace mf;
using Method = FaultyProvider::Method;

namespace {

const QString kM = QStringLiteral("m");
const QString kN = QStringLiteral("n");
const Protection kPolicy(2, 1);

PackSet packsOf(Computers &c, const QString &model, int computer = 0)
{
    const auto revision = must(runTask(c.engine(computer).registry.revision(model, 0)));
    const auto rows = must(runTask(c.engine(computer).registry.packsRelied(revision.row)));
    return std::make_shared<const QSet<PackRow>>(rows.begin(), rows.end());
}

std::set<PackId> idsOf(Computers &c, const PackSet &packs)
{
    std::set<PackId> ids;
    for (const PackRow row : *packs)
        ids.insert(must(runTask(c.engine().registry.pack(row))).id);
    return ids;
}

// Pack ids by the headers of what lies on the accounts.
std::set<PackId> stored(Computers &c)
{
    std::set<PackId> ids;
    for (int i = 0; i < c.accounts(); ++i) {
        for (const QString &name : c.memory(i).names().filter(QStringLiteral("f/"))) {
            const QByteArray blob = c.memory(i).bytes(BlobName(name));
            ids.insert(must(openFragmentHeader(c.ring(), viewOf(blob))).pack);
        }
    }
    return ids;
}

// Those with the chunks of files. Where a library's key makes the list of a file's chunks end early, there is one with
// that list beside them.
std::set<PackId> dataPacks(Computers &c)
{
    std::set<PackId> ids;
    for (const PackUse &use : must(runTask(c.engine().registry.packUses(std::nullopt)))) {
        if (use.packClass == PackClass::Data)
            ids.insert(use.id);
    }
    return ids;
}

Result<RepackResult> repacked(Computers &c, PackSet packs, int computer = 0)
{
    RepackRequest request;
    request.packs = std::move(packs);
    QStringList warnings;
    const auto ready = runTask(readyAccounts(c.engine(computer), warnings));
    if (!ready)
        return ready.error();
    auto packing = repack(c.engine(computer), request, nullptr);
    return runTask(std::move(packing));
}

CollectResult collected(Computers &c, int computer = 0) { return must(runTask(collect(c.engine(computer)))); }

void remove(Computers &c, const QString &name, bool isForever)
{
    const auto removed = runTask(removeModel(c.engine(), name, 0, isForever));
    if (!removed)
        qFatal("%s", qPrintable(removed.error().message));
}

} // namespace

class TestRepack : public QObject
{
    Q_OBJECT

private slots:
    void everythingMoves_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("one pack") << randomBytes(3'000'000, 1);
        QTest::newRow("lists in leaves") << manyTensors(300, 2);
        QTest::newRow("nothing") << QByteArray();
    }
    void everythingMoves()
    {
        QFETCH(const QByteArray, bytes);
        Computers c(3);
        const int other = c.join(0);
        QVERIFY(c.store(c.write(QStringLiteral("m"), bytes), kPolicy, kM));
        const PackSet before = packsOf(c, kM);
        const auto ids = idsOf(c, before);
        const auto old = must(runTask(c.engine().registry.revision(kM, 0)));
        const auto result = must(repacked(c, before));
        QCOMPARE(result.packs, static_cast<int>(ids.size()));
        QCOMPARE(result.left, 0);
        QCOMPARE(result.warnings, QStringList());
        const auto now = must(runTask(c.engine().registry.revision(kM, 0)));
        QCOMPARE(now.id, old.id);
        QCOMPARE(now.number, old.number);
        QCOMPARE(now.protection, old.protection);
        QCOMPARE(now.manifest == old.manifest, ids.empty());
        const PackSet after = packsOf(c, kM);
        for (const PackRow row : *after)
            QVERIFY(!before->contains(row));
        // They lie there until they are collected.
        for (const PackId &id : ids)
            QVERIFY(stored(c).contains(id));
        const auto freed = collected(c);
        QCOMPARE(freed.waiting, QStringList());
        QCOMPARE(freed.repacked, 0);
        for (const PackId &id : ids)
            QVERIFY(!stored(c).contains(id));
        QVERIFY(c.comesBack(kM, bytes));
        // Whoever knew the old ones, and whoever knew nothing, finds the new ones. Without any one account.
        QVERIFY(runTask(syncLibrary(c.engine(other))));
        QVERIFY(c.comesBack(kM, bytes, other));
        for (int away = 0; away < 3; ++away) {
            c.setGone(away, true);
            c.reopen(0);
            QVERIFY(runTask(recoverLibrary(c.engine())));
            QVERIFY(c.comesBack(kM, bytes));
            c.setGone(away, false);
        }
        c.reopen(0);
        QCOMPARE(collected(c).fragments, 0);
    }

    void collectRepacksWhatIsMoreThanHalfDead_data()
    {
        QTest::addColumn<qint64>("kept");
        QTest::addColumn<bool>("isSparse");
        // The chunk at the end of what both have may be 4 MiB, wherever this library's key cuts: far enough from a
        // half.
        QTest::newRow("a third is needed") << qint64(8'000'000) << true;
        QTest::newRow("three quarters are") << qint64(18'000'000) << false;
    }
    void collectRepacksWhatIsMoreThanHalfDead()
    {
        QFETCH(const qint64, kept);
        QFETCH(const bool, isSparse);
        Computers c(3);
        const QByteArray bytes = randomBytes(24'000'000, 3);
        QVERIFY(c.store(c.write(QStringLiteral("m"), bytes), kPolicy, kM));
        const auto ids = dataPacks(c);
        QCOMPARE(ids.size(), std::size_t(1));
        const auto part = c.store(c.write(QStringLiteral("n"), bytes.left(kept)), kPolicy, kN);
        QVERIFY(part && part->newBytes < kept);
        QCOMPARE(collected(c).repacked, 0);
        remove(c, kM, true);
        const auto freed = collected(c);
        QCOMPARE(freed.waiting, QStringList());
        QCOMPARE(freed.repacked, isSparse ? 1 : 0);
        QCOMPARE(stored(c).contains(*ids.begin()), !isSparse);
        QVERIFY(c.comesBack(kN, bytes.left(kept)));
        const auto again = collected(c);
        QCOMPARE(again.repacked, 0);
        QCOMPARE(again.fragments, 0);
        c.setGone(1, true);
        c.reopen(0);
        QVERIFY(c.comesBack(kN, bytes.left(kept)));
    }

    void listsOfChunksAreCountedToo()
    {
        Computers c(3);
        QVERIFY(c.store(c.write(QStringLiteral("m"), manyTensors(300, 4)), kPolicy, kM));
        const auto uses = must(runTask(c.engine().registry.packUses(std::nullopt)));
        QCOMPARE(uses.size(), std::size_t(2));
        for (const PackUse &use : uses) {
            QVERIFY(use.isUsed);
            QCOMPARE(use.usedBytes, use.bytes);
            QCOMPARE(use.asked, kPolicy);
        }
        QVERIFY(runTask(recoverLibrary(c.engine())));
        const auto recovered = must(runTask(c.engine().registry.packUses(std::nullopt)));
        QCOMPARE(recovered.size(), std::size_t(2));
        for (const PackUse &use : recovered)
            QCOMPARE(use.usedBytes, use.bytes);
        remove(c, kM, true);
        const auto removed = must(runTask(c.engine().registry.packUses(std::nullopt)));
        for (const PackUse &use : removed) {
            QVERIFY(!use.isUsed);
            QCOMPARE(use.usedBytes, 0);
        }
    }

    void whatIsInTheTrashMovesToo()
    {
        Computers c(3);
        const QByteArray bytes = randomBytes(3'000'000, 5);
        QVERIFY(c.store(c.write(QStringLiteral("m"), bytes), kPolicy, kM));
        QVERIFY(c.store(c.write(QStringLiteral("n"), bytes), kPolicy, kN));
        const PackSet before = packsOf(c, kN);
        const auto ids = idsOf(c, before);
        remove(c, kM, false);
        QCOMPARE(must(repacked(c, before)).left, 0);
        QCOMPARE(must(runTask(listTrash(c.engine()))).size(), std::size_t(1)); // it was not brought back by that
        QCOMPARE(collected(c).waiting, QStringList());
        for (const PackId &id : ids)
            QVERIFY(!stored(c).contains(id));
        QVERIFY(c.comesBack(kN, bytes));
        QVERIFY(runTask(restoreModel(c.engine(), kM)));
        QVERIFY(c.comesBack(kM, bytes));
    }

    // What a pack survives is the most that a model on it promises.
    void theHighestPromiseHolds()
    {
        Computers c(4);
        const QByteArray bytes = randomBytes(3'000'000, 6);
        QVERIFY(c.store(c.write(QStringLiteral("m"), bytes), Protection(1, 2), kM));
        const auto n = c.store(c.write(QStringLiteral("n"), bytes), Protection(1, 0), kN);
        QVERIFY(n && n->uploadedBytes == 0);
        QCOMPARE(must(repacked(c, packsOf(c, kN))).left, 0);
        collected(c);
        for (const QString &name : { kM, kN }) {
            const auto revision = must(runTask(c.engine().registry.revision(name, 0)));
            QCOMPARE(*must(runTask(c.engine().registry.spare(revision.row, {}))), 2);
            QVERIFY(c.comesBack(name, bytes));
        }
    }

    void interruptedItGoesOn_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("after");
        QTest::newRow("while it puts fragments") << QStringLiteral("f/*") << 2;
        QTest::newRow("with the index object") << QStringLiteral("meta/*") << 0;
        QTest::newRow("with the manifest") << QStringLiteral("meta/*") << 1;
        QTest::newRow("with the intent") << QStringLiteral("log/*") << 0;
        QTest::newRow("with the revision") << QStringLiteral("log/*") << 2;
    }
    void interruptedItGoesOn()
    {
        QFETCH(const QString, name);
        QFETCH(const int, after);
        Computers c(3);
        const QByteArray bytes = randomBytes(3'000'000, 7);
        QVERIFY(c.store(c.write(QStringLiteral("m"), bytes), kPolicy, kM));
        const PackSet before = packsOf(c, kM);
        const auto ids = idsOf(c, before);
        const Error gone(Error::Kind::Network, QStringLiteral("MF-NET"), QStringLiteral("the line is cut"));
        for (int i = 0; i < 3; ++i)
            c.faulty(i).on(Method::Put).named(name).after(name.startsWith(u'f') ? 0 : after).always().error(gone);
        const auto failed = repacked(c, before);
        QVERIFY(!failed || failed->left > 0);
        c.reopen(0);
        QVERIFY(c.comesBack(kM, bytes));
        const auto done = must(repacked(c, before));
        QCOMPARE(done.left, 0);
        const auto freed = collected(c);
        QCOMPARE(freed.waiting, QStringList());
        QCOMPARE(stored(c).size(), ids.size());
        for (const PackId &id : ids)
            QVERIFY(!stored(c).contains(id));
        QVERIFY(c.comesBack(kM, bytes));
        QCOMPARE(collected(c).fragments, 0);
    }

    void withoutRoomNothingChanges()
    {
        Computers c(3);
        const QByteArray bytes = randomBytes(3'000'000, 8);
        QVERIFY(c.store(c.write(QStringLiteral("m"), bytes), kPolicy, kM));
        const PackSet before = packsOf(c, kM);
        const Error full(Error::Kind::Quota, QStringLiteral("MF-ACCOUNT-FULL"), QStringLiteral("it is full"));
        c.faulty(0).on(Method::Put).named(QStringLiteral("f/*")).always().error(full);
        const auto result = must(repacked(c, before));
        QVERIFY(result.left > 0);
        QCOMPARE(result.packs, 0);
        QCOMPARE(result.warnings.size(), 1);
        QCOMPARE(*packsOf(c, kM), *before);
        c.reopen(0);
        QVERIFY(c.comesBack(kM, bytes));
        collected(c); // what was made in vain goes
        QCOMPARE(stored(c), idsOf(c, before));
        QVERIFY(c.comesBack(kM, bytes));
    }

    // A library that is full: what was made in vain does not fill it further.
    void aFullLibraryGetsItsRoomBack()
    {
        Computers c(3);
        const QByteArray bytes = randomBytes(3'000'000, 12);
        QVERIFY(c.store(c.write(QStringLiteral("m"), bytes), kPolicy, kM));
        QVERIFY(c.store(c.write(QStringLiteral("n"), randomBytes(500'000, 13)), Protection(1, 1), kN));
        QSet<PackRow> both = *packsOf(c, kM);
        both.unite(*packsOf(c, kN));
        const auto ids = stored(c);
        for (int i = 0; i < 3; ++i) // room for the smaller one
            c.memory(i).setCapacity(c.memory(i).used() + kLogRoom + 700'000);
        c.reopen(0);
        const auto result = repacked(c, std::make_shared<const QSet<PackRow>>(both));
        QVERIFY(!result || result->left > 0);
        for (int i = 0; i < 2; ++i)
            collected(c);
        QCOMPARE(stored(c).size(), ids.size());
        QVERIFY(c.comesBack(kM, bytes));
        QVERIFY(c.comesBack(kN, randomBytes(500'000, 13)));
    }

    void whatCannotBeReadStays()
    {
        Computers c(3);
        const QByteArray good = randomBytes(3'000'000, 9);
        QVERIFY(c.store(c.write(QStringLiteral("m"), good), kPolicy, kM));
        QVERIFY(c.store(c.write(QStringLiteral("n"), randomBytes(3'000'000, 10)), kPolicy, kN));
        const auto bad = idsOf(c, packsOf(c, kN));
        for (int i = 0; i < 2; ++i) {
            for (const PackId &id : bad) {
                for (int n = 0; n < 3; ++n)
                    c.memory(i).lose(fragmentName(c.ring(), id, n));
            }
        }
        QSet<PackRow> both = *packsOf(c, kM);
        both.unite(*packsOf(c, kN));
        const auto result = must(repacked(c, std::make_shared<const QSet<PackRow>>(both)));
        QCOMPARE(result.packs, 1);
        QVERIFY(!result.warnings.isEmpty());
        QCOMPARE(idsOf(c, packsOf(c, kN)), bad);
        collected(c);
        QVERIFY(c.comesBack(kM, good));
        for (const PackId &id : bad)
            QVERIFY(stored(c).contains(id)); // no deletion on doubt
    }

    // The same chunks lie in two packs. The one that the model moves to is doomed by another computer, which its
    // CONFIRM finds: they are packed anew.
    void whatAnotherComputerDoomsMeanwhileMovesToo()
    {
        using std::chrono::hours;
        MemoryProvider::Options lagging;
        lagging.listingLag = hours(12);
        Computers c(3, lagging);
        const int other = c.join(0);
        const QByteArray bytes = tensorsOf({ 3'000'000 }, 14); // cut the same way whatever the library's key
        QVERIFY(c.store(c.write(QStringLiteral("m"), bytes), kPolicy, kM));
        const auto twice = c.store(c.write(QStringLiteral("n"), bytes), kPolicy, kN, other); // sees nothing of m yet
        QVERIFY(twice && twice->uploadedBytes > 0);
        c.clock().advance(hours(13));
        must(runTask(syncLibrary(c.engine(other))));
        must(runTask(syncLibrary(c.engine())));
        const auto ids = stored(c);
        QCOMPARE(ids.size(), std::size_t(2));
        must(runTask(removeModel(c.engine(other), kN, 0, true)));
        QVERIFY(!collected(c, other).waiting.isEmpty()); // until every listing shows the doom
        c.faulty(0).on(Method::Put).named(QStringLiteral("meta/*")).callback([&c] { c.clock().advance(hours(13)); });
        const auto result = must(repacked(c, packsOf(c, kM)));
        QCOMPARE(c.faulty(0).unhit(), QStringList());
        QCOMPARE(result.left, 0);
        const auto now = idsOf(c, packsOf(c, kM));
        QCOMPARE(now.size(), std::size_t(1));
        QVERIFY(!ids.contains(*now.begin()));
        for (int i = 0; i < 3; ++i) {
            c.clock().advance(hours(30));
            collected(c, other);
            collected(c);
        }
        QCOMPARE(stored(c), now);
        QVERIFY(c.comesBack(kM, bytes));
        QVERIFY(c.comesBack(kM, bytes, other));
    }

    // Both made new ones at once: one of the two holds, the rest is freed, on both nothing is lost.
    void twoComputersAtOnce()
    {
        Computers c(3);
        const QByteArray bytes = randomBytes(3'000'000, 11);
        QVERIFY(c.store(c.write(QStringLiteral("m"), bytes), kPolicy, kM));
        const int other = c.join(0);
        const PackSet before = packsOf(c, kM);
        const PackSet there = packsOf(c, kM, other);
        QVERIFY(repacked(c, before));
        QVERIFY(repacked(c, there, other)); // it has not heard of it: it does, and finds nothing to do
        for (int i = 0; i < 2; ++i) {
            collected(c, 0);
            collected(c, other);
        }
        QVERIFY(c.comesBack(kM, bytes));
        QVERIFY(c.comesBack(kM, bytes, other));
        QCOMPARE(stored(c).size(), std::size_t(1));
    }
};

QTEST_GUILESS_MAIN(TestRepack)
#include "test_repack.moc"
