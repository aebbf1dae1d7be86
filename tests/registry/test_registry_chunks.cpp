// SPDX-License-Identifier: GPL-3.0-or-later
// When a stored chunk is found again (storage.md section 4), and how fast.
#include "tests/registry/registry_fixture.h"

#include "core/registry/chunk_key.h"

#include <QElapsedTimer>

using namespace mf;

class TestRegistryChunks : public QObject
{
    Q_OBJECT
private slots:
    void sipHash();
    void found();
    void rules_data();
    void rules();
    void domainsCount_data();
    void domainsCount();
    void retiredAccounts();
    void furtherPlaces();
    void sameChunkTwiceInAPack();
    void collisions();
    void throughput();
};

void TestRegistryChunks::sipHash()
{
    // The reference vectors of SipHash-2-4: key 00 … 0f, message 00 01 02 … of 32 bytes.
    std::array<std::uint8_t, 16> key {};
    ChunkHash message;
    for (std::size_t i = 0; i < key.size(); ++i)
        key[i] = static_cast<std::uint8_t>(i);
    for (std::size_t i = 0; i < ChunkHash::size(); ++i)
        message.bytes[i] = static_cast<std::uint8_t>(i);
    QCOMPARE(static_cast<quint64>(ChunkKey(key).of(message)), 0x7127512f72f27cceU);
    QCOMPARE(ChunkKey(key, 0xff).of(message), 0xce);
}

void TestRegistryChunks::found()
{
    RegistryFixture f;
    const auto accounts = f.addAccounts(2);
    const PackRow a = f.complete(f.packOf(1, {10, 11, 12}, 1, accounts));
    const PackRow b = f.complete(f.packOf(2, {20, 21}, 1, accounts));
    f.reopen();
    const auto places = must(f->findChunks(
        {idOf<ChunkHash>(21), idOf<ChunkHash>(99), idOf<ChunkHash>(10), idOf<ChunkHash>(12)}, HitRules()));
    QCOMPARE(places.size(), 4U);
    QCOMPARE(places[0], std::optional(ChunkPlace(b, 1)));
    QVERIFY(!places[1]);
    QCOMPARE(places[2], std::optional(ChunkPlace(a, 0)));
    QCOMPARE(places[3], std::optional(ChunkPlace(a, 2)));
    QVERIFY(must(f->findChunks({}, HitRules())).empty());
}

void TestRegistryChunks::rules_data()
{
    QTest::addColumn<int>("losses");
    QTest::addColumn<bool>("metadata");
    QTest::addColumn<QList<int>>("allowed");
    QTest::addColumn<bool>("hit");
    // The pack is 2 + 1 on accounts 0, 1, 2 in domains of their own.
    QTest::newRow("any account, no loss") << 0 << false << QList<int>() << true;
    QTest::newRow("as many losses as it survives") << 1 << false << QList<int>() << true;
    QTest::newRow("more losses than it survives") << 2 << false << QList<int>() << false;
    QTest::newRow("another class") << 0 << true << QList<int>() << false;
    QTest::newRow("just its accounts") << 1 << false << QList<int>{2, 1, 0} << true;
    QTest::newRow("more accounts than its own") << 1 << false << QList<int>{3, 2, 1, 0} << true;
    QTest::newRow("one of its accounts is not allowed") << 0 << false << QList<int>{0, 1} << false;
    QTest::newRow("only others are allowed") << 0 << false << QList<int>{3} << false;
    QTest::newRow("an account that nobody knows") << 0 << false << QList<int>{77} << false;
}

void TestRegistryChunks::rules()
{
    QFETCH(int, losses);
    QFETCH(bool, metadata);
    QFETCH(QList<int>, allowed);
    QFETCH(bool, hit);
    RegistryFixture f;
    const auto accounts = f.addAccounts(4);
    f.complete(f.packOf(1, {10}, 2, {accounts[0], accounts[1], accounts[2]}));
    HitRules rules;
    rules.losses = losses;
    rules.packClass = metadata ? PackClass::Metadata : PackClass::Data;
    for (const int number : allowed)
        rules.accounts.push_back(f.accountId(static_cast<quint32>(number)));
    QCOMPARE(f.find(10, rules).has_value(), hit);
}

void TestRegistryChunks::domainsCount_data()
{
    QTest::addColumn<int>("k");
    QTest::addColumn<QString>("domains");
    QTest::addColumn<int>("survives"); // -1: no hit even without a loss
    QTest::newRow("2 + 1, all apart") << 2 << QStringLiteral("a,b,c") << 1;
    QTest::newRow("2 + 1, two in one disk") << 2 << QStringLiteral("a,a,c") << 0;
    QTest::newRow("2 + 1, all on one disk: readable all the same") << 2 << QStringLiteral("a,a,a") << 0;
    QTest::newRow("3 copies, all on one disk") << 1 << QStringLiteral("a,a,a") << 0;
    QTest::newRow("3 copies, two on one disk") << 1 << QStringLiteral("a,a,b") << 1;
    QTest::newRow("2 + 2 on two disks") << 2 << QStringLiteral("a,b,a,b") << 1;
    QTest::newRow("2 + 2 on three disks") << 2 << QStringLiteral("a,b,a,c") << 1;
    QTest::newRow("no domain named: each its own") << 1 << QStringLiteral(",,") << 2;
}

void TestRegistryChunks::domainsCount()
{
    QFETCH(int, k);
    QFETCH(QString, domains);
    QFETCH(int, survives);
    RegistryFixture f;
    std::vector<AccountId> accounts;
    for (const QString &domain : domains.split(u','))
        accounts.push_back(f.addAccount(static_cast<quint32>(accounts.size()), domain));
    const PackRow row = f.complete(f.packOf(1, {10}, k, accounts));
    for (int losses = 0; losses < 4; ++losses) {
        HitRules rules;
        rules.losses = losses;
        QCOMPARE(f.find(10, rules).has_value(), losses <= survives);
    }
    const auto revision = f.live(1, 1, QStringLiteral("m"));
    must(f->notePacksRelied(revision.row, {row}));
    QCOMPARE(must(f->spare(revision.row, {})), std::optional(survives));
}

void TestRegistryChunks::retiredAccounts()
{
    RegistryFixture f;
    const auto accounts = f.addAccounts(3);
    f.complete(f.packOf(1, {10}, 2, accounts));
    AccountRecord retired = f.accountRecord(2, {});
    retired.retired = true;
    must(f->putAccount(retired));
    HitRules rules;
    QVERIFY2(f.find(10, rules), "two of two are left");
    rules.losses = 1;
    QVERIFY2(!f.find(10, rules), "a retired account's fragment does not count");
    rules.losses = 0;
    rules.accounts = {accounts[0], accounts[1]};
    QVERIFY2(f.find(10, rules), "nor does it stand in the way");
}

void TestRegistryChunks::furtherPlaces()
{
    RegistryFixture f;
    const auto accounts = f.addAccounts(4);
    const PackRow a = f.complete(f.packOf(1, {10}, 1, {accounts[0]}));
    const PackRow b = f.complete(f.packOf(2, {10}, 1, {accounts[1], accounts[2]}));
    auto metadata = f.packOf(3, {11, 10}, 1, {accounts[3]});
    metadata.packClass = PackClass::Metadata;
    const PackRow c = f.complete(metadata);
    QCOMPARE(f.find(10), std::optional(ChunkPlace(a, 0)));
    HitRules rules;
    rules.losses = 1;
    QCOMPARE(f.find(10, rules), std::optional(ChunkPlace(b, 0)));
    rules.losses = 2;
    QVERIFY(!f.find(10, rules));
    rules.losses = 0;
    rules.packClass = PackClass::Metadata;
    QCOMPARE(f.find(10, rules), std::optional(ChunkPlace(c, 1)));
}

void TestRegistryChunks::sameChunkTwiceInAPack()
{
    RegistryFixture f;
    const PackRow row = f.complete(f.packOf(1, {10, 10, 11}, 1, f.addAccounts(1)));
    QCOMPARE(f.find(10), std::optional(ChunkPlace(row, 0)));
    QCOMPARE(f.find(11), std::optional(ChunkPlace(row, 2)));
}

void TestRegistryChunks::collisions()
{
    RegistryFixture f;
    f.reopen(Registry::Seams(0x3, 0)); // four keys for all chunks
    const auto accounts = f.addAccounts(2);
    std::vector<PackRow> packs;
    for (quint32 i = 0; i < 20; ++i)
        packs.push_back(f.complete(f.packOf(i, {i * 10, i * 10 + 1, i * 10 + 2}, 1, accounts)));
    for (quint32 i = 0; i < 20; ++i) {
        for (quint32 record = 0; record < 3; ++record)
            QCOMPARE(f.find(i * 10 + record), std::optional(ChunkPlace(packs[i], record)));
        QVERIFY2(!f.find(i * 10 + 5), "a key is no hash");
    }
}

void TestRegistryChunks::throughput()
{
    constexpr quint32 kPacks = 2000;
    constexpr quint32 kRecords = 48;
    RegistryFixture f;
    const auto accounts = f.addAccounts(3);
    QElapsedTimer timer;
    timer.start();
    for (quint32 i = 0; i < kPacks; ++i) {
        std::vector<quint32> chunks(kRecords);
        for (quint32 record = 0; record < kRecords; ++record)
            chunks[record] = i * kRecords + record;
        f.complete(f.packOf(i, chunks, 2, accounts));
    }
    qInfo("%u packs of %u chunks kept in %lld ms", kPacks, kRecords, timer.elapsed());
    HitRules rules;
    rules.losses = 1;
    QRandomGenerator random(1);
    for (const bool hits : {true, false}) {
        qint64 nanoseconds = 0;
        quint32 asked = 0;
        quint32 found = 0;
        for (int batch = 0; batch < 80; ++batch) {
            std::vector<ChunkHash> hashes(256);
            for (auto &hash : hashes)
                hash = idOf<ChunkHash>(random.bounded(kPacks * kRecords) + (hits ? 0 : 1'000'000));
            timer.restart();
            const auto places = must(f->findChunks(hashes, rules));
            nanoseconds += timer.nsecsElapsed();
            asked += 256;
            for (const auto &place : places)
                found += place.has_value();
        }
        QCOMPARE(found, hits ? asked : 0U);
        const double rate = asked / (double(nanoseconds) / 1e9);
        qInfo("%s: %.0f lookups/s", hits ? "random hits" : "misses", rate);
        QVERIFY2(rate > 2000, "far below the target of 20,000/s");
    }
}

QTEST_GUILESS_MAIN(TestRegistryChunks)
#include "test_registry_chunks.moc"
