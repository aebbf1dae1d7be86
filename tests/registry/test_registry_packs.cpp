// SPDX-License-Identifier: GPL-3.0-or-later
// Packs from the commit before their first byte leaves until they are complete.
#include "tests/registry/registry_fixture.h"

using namespace mf;

class TestRegistryPacks : public QObject
{
    Q_OBJECT
private slots:
    void pendingKeepsAllThatAResumeNeeds();
    void dropPendingLeavesNoTrace();
    void rowsAreNotUsedAgain();
    void moveFragment();
    void completeNeedsAcknowledgements();
    void completeForgetsMissing();
    void completeTwiceIsNothing();
    void invalidPacks_data();
    void invalidPacks();
    void packRowsOf();
    void withoutIndex();
    void records();
    void accountUse();
};

namespace {
bool equal(const Record &a, const Record &b)
{
    return a.hash == b.hash && a.encodedLength == b.encodedLength && a.plainLength == b.plainLength
        && a.codec == b.codec && a.parameters == b.parameters;
}
}

void TestRegistryPacks::pendingKeepsAllThatAResumeNeeds()
{
    RegistryFixture f;
    const auto accounts = f.addAccounts(3);
    auto pack = f.packOf(1, {10, 11, 12}, 2, accounts);
    pack.records[1].parameters = QByteArrayLiteral("base");
    pack.sources[2] = RecordSource(-1, -5);
    auto metadata = f.packOf(2, {20}, 1, {accounts[2], accounts[0]});
    metadata.packClass = PackClass::Metadata;
    metadata.sources.clear();
    const PackRow row = f.commit(pack);
    const PackRow row2 = f.commit(metadata);
    must(f->acknowledge(row, 1));
    f.reopen();

    const auto pending = must(f->pendingPacks());
    QCOMPARE(pending.size(), 2U);
    const PendingRecord &first = pending[0];
    QCOMPARE(first.row, row);
    QCOMPARE(first.pack.id, pack.id);
    QCOMPARE(first.pack.packClass, PackClass::Data);
    QCOMPARE(first.pack.shape.k, 2);
    QCOMPARE(first.pack.shape.fragments, 3);
    QCOMPARE(first.pack.shape.dataLength, 1000);
    QCOMPARE(first.pack.salt, pack.salt);
    QCOMPARE(first.pack.commitment, pack.commitment);
    QCOMPARE(first.pack.epoch, pack.epoch);
    QCOMPARE(first.pack.payloadLength, 900);
    QCOMPARE(first.pack.digest, pack.digest);
    QCOMPARE(first.pack.session, pack.session);
    QVERIFY(first.pack.accounts == accounts);
    QCOMPARE(first.pack.records.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        QVERIFY(equal(first.pack.records[i], pack.records[i]));
        QCOMPARE(first.pack.sources[i].file, pack.sources[i].file);
        QCOMPARE(first.pack.sources[i].offset, pack.sources[i].offset);
    }
    QCOMPARE(first.fragments.size(), 3U);
    QVERIFY(!first.fragments[0].acknowledged);
    QVERIFY(first.fragments[1].acknowledged);
    QCOMPARE(pending[1].row, row2);
    QCOMPARE(pending[1].pack.packClass, PackClass::Metadata);
    QVERIFY(pending[1].pack.sources.empty());
    QVERIFY(pending[1].pack.accounts == metadata.accounts);
    QVERIFY2(!f.find(10), "a pending pack is no hit");
}

void TestRegistryPacks::dropPendingLeavesNoTrace()
{
    RegistryFixture f;
    const PackRow row = f.commit(f.packOf(1, {10}, 1, f.addAccounts(2)));
    QCOMPARE(must(f->records({ChunkPlace(row, 0)})).size(), 1U); // so that it is cached
    must(f->dropPending(row));
    QVERIFY(must(f->pendingPacks()).empty());
    QCOMPARE(failureOf(f->pack(row)).id, QStringLiteral("MF-PACK-UNKNOWN"));
    QCOMPARE(failureOf(f->records({ChunkPlace(row, 0)})).id, QStringLiteral("MF-PACK-UNKNOWN"));
    QCOMPARE(must(f->packRowsOf({idOf<PackId>(1)})).front(), 0);
    QCOMPARE(failureOf(f->dropPending(row)).kind, Error::Kind::NotFound);

    const PackRow complete = f.complete(f.packOf(2, {11}, 1, {f.accountId(0)}));
    QCOMPARE(failureOf(f->dropPending(complete)).id, QStringLiteral("MF-PACK-STATE"));
    QVERIFY(f.find(11));
}

void TestRegistryPacks::rowsAreNotUsedAgain()
{
    RegistryFixture f;
    const auto accounts = f.addAccounts(1);
    const PackRow first = f.commit(f.packOf(1, {10}, 1, accounts));
    must(f->dropPending(first));
    QVERIFY(f.commit(f.packOf(2, {10}, 1, accounts)) > first);
}

void TestRegistryPacks::moveFragment()
{
    RegistryFixture f;
    const auto accounts = f.addAccounts(4);
    const PackRow row = f.commit(f.packOf(1, {10}, 2, {accounts[0], accounts[1], accounts[2]}));
    must(f->moveFragment(row, 1, accounts[3]));
    must(f->moveFragment(row, 1, accounts[3]));
    const auto pack = must(f->pack(row));
    QCOMPARE(pack.fragments[1].account, accounts[3]);
    QCOMPARE(pack.fragments.size(), 3U);
    QCOMPARE(failureOf(f->moveFragment(row, 0, accounts[3])).id, QStringLiteral("MF-PACK-INVALID"));
    QCOMPARE(failureOf(f->moveFragment(row, 0, f.accountId(99))).id, QStringLiteral("MF-ACCOUNT-UNKNOWN"));
    must(f->acknowledge(row, 1));
    QCOMPARE(failureOf(f->moveFragment(row, 1, accounts[1])).kind, Error::Kind::NotFound);
    QCOMPARE(failureOf(f->moveFragment(row, 7, accounts[1])).kind, Error::Kind::NotFound);
}

void TestRegistryPacks::completeNeedsAcknowledgements()
{
    RegistryFixture f;
    const PackRow row = f.commit(f.packOf(1, {10}, 2, f.addAccounts(3)));
    must(f->acknowledge(row, 0));
    QCOMPARE(failureOf(f->acknowledge(row, 3)).id, QStringLiteral("MF-PACK-UNKNOWN"));
    QCOMPARE(failureOf(f->completePack(row, {})).id, QStringLiteral("MF-PACK-STATE"));
    QCOMPARE(failureOf(f->completePack(row, {1, 2})).id, QStringLiteral("MF-PACK-STATE")); // one of two needed
    QCOMPARE(must(f->pack(row)).fragments.size(), 3U);                                     // undone as a whole
    QCOMPARE(failureOf(f->completePack(4711, {})).id, QStringLiteral("MF-PACK-UNKNOWN"));
}

void TestRegistryPacks::completeForgetsMissing()
{
    RegistryFixture f;
    const PackRow row = f.commit(f.packOf(1, {10}, 2, f.addAccounts(3)));
    must(f->acknowledge(row, 0));
    must(f->acknowledge(row, 2));
    must(f->completePack(row, {1}));
    const auto pack = must(f->pack(row));
    QCOMPARE(pack.state, PackState::Complete);
    QCOMPARE(pack.shape.fragments, 3);
    QCOMPARE(pack.fragments.size(), 2U);
    QCOMPARE(pack.fragments[1].index, 2);
    QVERIFY(must(f->pendingPacks()).empty());
    QVERIFY(f.find(10));
    HitRules rules;
    rules.losses = 1;
    QVERIFY(!f.find(10, rules));
}

void TestRegistryPacks::completeTwiceIsNothing()
{
    RegistryFixture f;
    const PackRow row = f.complete(f.packOf(1, {10}, 1, f.addAccounts(1)));
    must(f->completePack(row, {}));
    QCOMPARE(f.find(10), std::optional(ChunkPlace(row, 0)));
}

void TestRegistryPacks::invalidPacks_data()
{
    QTest::addColumn<int>("change");
    QTest::addColumn<QString>("id");
    QTest::newRow("same pack id again") << 0 << "MF-PACK-EXISTS";
    QTest::newRow("k of nought") << 1 << "MF-PACK-INVALID";
    QTest::newRow("fewer fragments than k") << 2 << "MF-PACK-INVALID";
    QTest::newRow("an account too few") << 3 << "MF-PACK-INVALID";
    QTest::newRow("two fragments on one account") << 4 << "MF-PACK-INVALID";
    QTest::newRow("an account nobody knows") << 5 << "MF-ACCOUNT-UNKNOWN";
    QTest::newRow("sources not parallel") << 6 << "MF-PACK-INVALID";
    QTest::newRow("more records than a place can name") << 7 << "MF-PACK-INVALID";
}

void TestRegistryPacks::invalidPacks()
{
    QFETCH(int, change);
    QFETCH(QString, id);
    RegistryFixture f;
    const auto accounts = f.addAccounts(3);
    f.commit(f.packOf(1, {10}, 2, accounts));
    auto pack = f.packOf(2, {11}, 2, accounts);
    switch (change) {
    case 0: pack.id = idOf<PackId>(1); break;
    case 1: pack.shape.k = 0; break;
    case 2: pack.shape.k = 4; break;
    case 3: pack.accounts.pop_back(); break;
    case 4: pack.accounts[2] = pack.accounts[0]; break;
    case 5: pack.accounts[2] = f.accountId(77); break;
    case 6: pack.sources.emplace_back(); break;
    default: pack.records.resize(65537, pack.records[0]); pack.sources.clear();
    }
    QCOMPARE(failureOf(f->commitPending(pack)).id, id);
    QCOMPARE(must(f->pendingPacks()).size(), 1U);
}

void TestRegistryPacks::packRowsOf()
{
    RegistryFixture f;
    const auto accounts = f.addAccounts(1);
    const PackRow a = f.commit(f.packOf(1, {10}, 1, accounts));
    const PackRow b = f.complete(f.packOf(2, {11}, 1, accounts));
    const auto rows = must(f->packRowsOf({idOf<PackId>(2), idOf<PackId>(3), idOf<PackId>(1)}));
    QCOMPARE(rows, (std::vector<PackRow>{b, 0, a}));
}

void TestRegistryPacks::withoutIndex()
{
    RegistryFixture f;
    const auto accounts = f.addAccounts(2);
    std::vector<PackRow> rows;
    for (quint32 i = 0; i < 5; ++i)
        rows.push_back(f.complete(f.packOf(i, {i, 100 + i}, 1, accounts)));
    f.commit(f.packOf(9, {50}, 1, accounts)); // pending ones have none, and need none
    auto packs = must(f->packsWithoutIndex(3));
    QCOMPARE(packs.size(), 3U);
    QCOMPARE(packs[0].row, rows[0]);
    QCOMPARE(packs[0].records.size(), 2U);
    QCOMPARE(packs[0].fragments.size(), 2U);
    must(f->noteIndexed({rows[0], rows[1], rows[2]}, idOf<ObjectHash>(1)));
    packs = must(f->packsWithoutIndex(100));
    QCOMPARE(packs.size(), 2U);
    QCOMPARE(packs[0].row, rows[3]);
    QCOMPARE(failureOf(f->noteIndexed({rows[3], 4711}, idOf<ObjectHash>(1))).kind, Error::Kind::NotFound);
    QCOMPARE(must(f->packsWithoutIndex(100)).size(), 2U);
}

void TestRegistryPacks::records()
{
    RegistryFixture f;
    const PackRow row = f.complete(f.packOf(1, {10, 11, 12}, 1, f.addAccounts(1)));
    const auto records = must(f->records({ChunkPlace(row, 2), ChunkPlace(row, 0)}));
    QVERIFY(equal(records[0], recordOf(12)));
    QVERIFY(equal(records[1], recordOf(10)));
    QCOMPARE(failureOf(f->records({ChunkPlace(row, 3)})).id, QStringLiteral("MF-PACK-UNKNOWN"));
}

void TestRegistryPacks::accountUse()
{
    RegistryFixture f;
    const auto accounts = f.addAccounts(3);
    f.complete(f.packOf(1, {10}, 1, {accounts[0], accounts[1]}));
    const PackRow row = f.commit(f.packOf(2, {11}, 1, {accounts[1], accounts[0]}));
    must(f->acknowledge(row, 0));
    const auto uses = must(f->accountUse());
    QCOMPARE(uses.size(), 3U);
    QCOMPARE(uses[0].account, accounts[0]);
    QCOMPARE(uses[0].fragments, 1);
    QCOMPARE(uses[0].bytes, fragmentSize(1000));
    QCOMPARE(uses[1].fragments, 2);
    QCOMPARE(uses[1].bytes, 2 * fragmentSize(1000));
    QCOMPARE(uses[2].fragments, 0);
}

QTEST_GUILESS_MAIN(TestRegistryPacks)
#include "test_registry_packs.moc"
