// SPDX-License-Identifier: GPL-3.0-or-later
// What other computers stored, as the registry takes it in: packs, where they lie, revisions and their numbers.
#include "tests/registry/registry_fixture.h"

using namespace mf;
using namespace std::chrono_literals;

namespace {

Registry::NewPack packOf(quint32 number, std::vector<quint32> chunks, int fragments = 2)
{
    Registry::NewPack added;
    PackRecord &pack = added.pack;
    pack.id = idOf<PackId>(number);
    pack.shape = PackShape(1, fragments, 1'000);
    pack.payloadLength = 900;
    for (const quint32 chunk : chunks)
        pack.records.push_back(recordOf(chunk));
    added.index = idOf<ObjectHash>(number + 500);
    return added;
}

std::vector<ChunkHash> hashesOf(std::vector<quint32> chunks)
{
    std::vector<ChunkHash> hashes;
    for (const quint32 chunk : chunks)
        hashes.push_back(recordOf(chunk).hash);
    return hashes;
}

PackRow rowOf(RegistryFixture &f, quint32 pack) { return must(f->packRowsOf({ idOf<PackId>(pack) })).front(); }

// A revision as take-in writes it: begun under another id, finished with its own.
RevisionRow takeIn(RegistryFixture &f, quint32 id, quint32 model, const QString &name, int number,
    std::vector<PackRow> relied = {}, quint32 manifest = 77)
{
    RevisionRecord record = f.revisionRecord(id, model, name);
    RevisionRecord begun = record;
    begun.id = randomId<RevisionId>();
    record.row = must(f->beginRevision(begun));
    must(f->notePacksRelied(record.row, std::move(relied)));
    record.number = number;
    record.manifest = idOf<ObjectHash>(manifest);
    must(f->finishTakenIn(record));
    return record.row;
}

RevisionId revisionId(RegistryFixture &f, quint32 id) { return f.revisionRecord(id, 1, QStringLiteral("x")).id; }

// The log says that the revision was stored.
void logRevision(RegistryFixture &f, quint32 segment, quint64 lamport, quint32 id, quint32 manifest = 77)
{
    Registry::Segment record;
    record.hash = idOf<ObjectHash>(segment);
    record.blobName = QStringLiteral("log/%1").arg(segment);
    record.author = idOf<ComputerId>(1);
    record.lamport = lamport;
    Registry::RevisionEvent event;
    event.revision = revisionId(f, id);
    event.manifest = idOf<ObjectHash>(manifest);
    record.revisions.push_back(event);
    must(f->addSegment(record, QDateTime::currentDateTimeUtc(), false));
}

QStringList numbers(RegistryFixture &f, quint32 model)
{
    QStringList list;
    for (const RevisionRecord &r : must(f->history(f.revisionRecord(1, model, QStringLiteral("x")).model)))
        list << QStringLiteral("%1=%2").arg(r.number).arg(r.id.toHex());
    return list;
}

} // namespace

class TestRegistryTakeIn : public QObject
{
    Q_OBJECT
private slots:
    void packsAreKnownOnce()
    {
        RegistryFixture f;
        const auto index = idOf<ObjectHash>(1);
        QCOMPARE(must(f->indexesTaken({ index })), std::vector<bool> { false });
        must(f->addPacks({ packOf(1, { 1, 2 }), packOf(2, { 3 }) }, { index }));
        must(f->addPacks({ packOf(1, { 1, 2 }) }, { index }));
        QCOMPARE(must(f->indexesTaken({ index })), std::vector<bool> { true });
        const PackRecord pack = must(f->pack(rowOf(f, 1)));
        QVERIFY(pack.state == PackState::Complete);
        QCOMPARE(pack.records.size(), 2U);
        QVERIFY(pack.fragments.empty());
        QVERIFY(must(f->packsWithoutIndex(10)).empty()); // an index object names them already
    }

    void aPendingPackOfABackupIsWhole()
    {
        RegistryFixture f;
        const auto accounts = f.addAccounts(2);
        const PackRow row = f.commit(f.packOf(1, { 1, 2 }, 1, accounts));
        must(f->acknowledge(row, 0));
        Registry::NewPack pack;
        pack.pack = must(f->pack(row));
        pack.index = idOf<ObjectHash>(9);
        must(f->addPacks({ pack }, {}));
        const PackRecord now = must(f->pack(row));
        QVERIFY(now.state == PackState::Complete);
        QCOMPARE(now.fragments.size(), 1U); // what was acknowledged; the other is looked for
        QVERIFY(must(f->pendingPacks()).empty());
        QCOMPARE(must(f->packsSought(accounts[1], 10)).size(), 1U);
        QVERIFY(must(f->locateChunks(hashesOf({ 1 }), {})).front().has_value());
    }

    void moreParityIsLookedFor()
    {
        RegistryFixture f;
        const AccountId account = f.addAccount(1, QStringLiteral("a"));
        must(f->addPacks({ packOf(1, { 1 }) }, {}));
        must(f->noteSurveyed(
            account, must(f->packsSought(account, 10)).back().number, QDateTime::currentDateTimeUtc(), 0s));
        QVERIFY(must(f->packsSought(account, 10)).empty());
        must(f->addPacks({ packOf(1, { 1 }, 4) }, {}));
        const auto sought = must(f->packsSought(account, 10));
        QCOMPARE(sought.size(), 1U);
        QCOMPARE(sought.front().fragments, 4);
    }

    void fragmentsAreLookedForUntilFound()
    {
        RegistryFixture f;
        const auto accounts = f.addAccounts(2);
        must(f->addPacks({ packOf(1, { 1 }), packOf(2, { 2 }) }, {}));
        auto sought = must(f->packsSought(accounts[0], 10));
        QCOMPARE(sought.size(), 2U);
        QCOMPARE(must(f->packsSought(accounts[0], 1)).size(), 1U);
        must(f->noteFragments(accounts[0], { { sought[0].row, 0, 1'100 } }));
        must(f->noteFragments(accounts[0], { { sought[0].row, 0, 1'100 } })); // twice is once
        must(f->noteSurveyed(accounts[0], sought.back().number, QDateTime::currentDateTimeUtc(), 0s));
        QVERIFY(must(f->packsSought(accounts[0], 10)).empty());
        QCOMPARE(must(f->packsSought(accounts[1], 10)).size(), 2U);
        must(f->noteFragments(accounts[1], { { sought[0].row, 1, 1'100 } }));
        QCOMPARE(must(f->packsSought(accounts[1], 10)).size(), 1U); // the first one is whole
        QCOMPARE(must(f->pack(sought[0].row)).fragments.size(), 2U);
        QCOMPARE(failureOf(f->noteFragments(idOf<AccountId>(4), {})).id, QStringLiteral("MF-ACCOUNT-UNKNOWN"));
        must(f->forgetTakenIn());
        QCOMPARE(must(f->packsSought(accounts[0], 10)).size(), 1U); // looked for again, but for the whole one
    }

    // Where listings lag, a pack counts as looked for only when a listing began after the lag had passed.
    // Found by the simulation: packs that came after others were deleted got numbers that the accounts had settled.
    void deletedPacksLeaveNoNumbersToOthers()
    {
        RegistryFixture f;
        const AccountId account = f.addAccount(1, QStringLiteral("a"));
        const auto look = [&] {
            must(f->noteSurveyed(
                account, must(f->packsSought(account, 10)).back().number, QDateTime::currentDateTimeUtc(), 0s));
        };
        must(f->addPacks({ packOf(1, { 1 }), packOf(2, { 2 }), packOf(3, { 3 }) }, {}));
        look();
        must(f->dropPack(rowOf(f, 2)));
        must(f->dropPack(rowOf(f, 3)));
        must(f->addPacks({ packOf(4, { 4 }) }, {}));
        QCOMPARE(must(f->packsSought(account, 10)).size(), 1U);
        look();
        must(f->dropPack(rowOf(f, 4)));
        must(f->seekPacks({ rowOf(f, 1) }));
        QCOMPARE(must(f->packsSought(account, 10)).size(), 1U);
    }

    void laggingListingsProveNothingAtOnce()
    {
        RegistryFixture f;
        const AccountId account = f.addAccount(1, QStringLiteral("a"));
        const QDateTime begin = QDateTime::fromMSecsSinceEpoch(1'700'000'000'000, Qt::UTC);
        must(f->addPacks({ packOf(1, { 1 }) }, {}));
        const qint64 first = must(f->packsSought(account, 10)).back().number;
        must(f->noteSurveyed(account, first, begin, 12h));
        QCOMPARE(must(f->packsSought(account, 10)).size(), 1U);
        must(f->addPacks({ packOf(2, { 2 }) }, {}));
        const qint64 second = must(f->packsSought(account, 10)).back().number;
        QVERIFY(second > first);
        must(f->noteSurveyed(account, second, begin.addDuration(6h), 12h));
        QCOMPARE(must(f->packsSought(account, 10)).size(), 2U);
        must(f->noteSurveyed(account, second, begin.addDuration(12h), 12h));
        QCOMPARE(must(f->packsSought(account, 10)).size(), 1U); // the second was too young then
        must(f->noteSurveyed(account, second, begin.addDuration(24h), 12h));
        QVERIFY(must(f->packsSought(account, 10)).empty());
    }

    void othersPacksAreHitsOnlyOfLiveRevisions()
    {
        RegistryFixture f;
        const auto accounts = f.addAccounts(2);
        must(f->addPacks({ packOf(1, { 1 }) }, {}));
        const PackRow row = rowOf(f, 1);
        must(f->noteFragments(accounts[0], { { row, 0, 1'100 } }));
        const HitRules rules;
        QVERIFY(!must(f->findChunks(hashesOf({ 1 }), rules)).front());
        QVERIFY(must(f->locateChunks(hashesOf({ 1 }), {})).front().has_value()); // to read it, it will do
        logRevision(f, 1, 1, 1);
        takeIn(f, 1, 1, QStringLiteral("m"), 1, { row });
        QVERIFY(must(f->findChunks(hashesOf({ 1 }), rules)).front().has_value());
    }

    void chunksArePreferablyInTheNamedPacks()
    {
        RegistryFixture f;
        must(f->addPacks({ packOf(1, { 1, 2 }), packOf(2, { 2, 3 }), packOf(3, { 2 }) }, {}));
        const auto place = [&f](std::vector<PackRow> preferred) {
            return must(f->locateChunks(hashesOf({ 2 }), std::move(preferred))).front()->pack;
        };
        QCOMPARE(place({}), rowOf(f, 1));
        QCOMPARE(place({ rowOf(f, 2) }), rowOf(f, 2));
        QCOMPARE(place({ rowOf(f, 3), rowOf(f, 2) }), rowOf(f, 2));
        QVERIFY(!must(f->locateChunks(hashesOf({ 9 }), {})).front());
        Registry::Segment segment; // dooms the second pack
        segment.hash = idOf<ObjectHash>(40);
        segment.blobName = QStringLiteral("log/40");
        segment.author = idOf<ComputerId>(1);
        DoomRecord doom;
        doom.id = idOf<DoomId>(1);
        doom.author = segment.author;
        doom.packs = { idOf<PackId>(2) };
        segment.dooms.push_back(doom);
        must(f->addSegment(segment, QDateTime::currentDateTimeUtc(), false));
        QCOMPARE(place({ rowOf(f, 2) }), rowOf(f, 1));
        QCOMPARE(must(f->locateChunks(hashesOf({ 3 }), {})).front()->pack, rowOf(f, 2)); // there is no other
    }

    void numbersFollowTheLog_data()
    {
        QTest::addColumn<QList<int>>("order"); // in which they are taken in
        QTest::newRow("as they were stored") << QList<int> { 1, 2, 3 };
        QTest::newRow("the other way round") << QList<int> { 3, 2, 1 };
        QTest::newRow("mixed") << QList<int> { 2, 3, 1 };
    }
    // 1 and 2 were stored at once, both as number 1; 3 after 2, as its author's number 2.
    void numbersFollowTheLog()
    {
        QFETCH(const QList<int>, order);
        RegistryFixture f;
        logRevision(f, 11, 5, 1);
        logRevision(f, 12, 5, 2);
        logRevision(f, 13, 6, 3);
        const QString name = QStringLiteral("m");
        for (const int id : order) // each computer gave its model an id of its own
            takeIn(f, static_cast<quint32>(id), id == 1 ? 1 : 2, name, id == 3 ? 2 : 1);
        const auto models = must(f->models(QString()));
        QCOMPARE(models.size(), 1U);
        QCOMPARE(models.front().id, revisionId(f, 3));
        const QString hash11 = idOf<ObjectHash>(11).toHex();
        const bool firstIsFirst = hash11 < idOf<ObjectHash>(12).toHex();
        const QString one = revisionId(f, firstIsFirst ? 1 : 2).toHex();
        const QString two = revisionId(f, firstIsFirst ? 2 : 1).toHex();
        const QStringList wanted { QStringLiteral("3=") + revisionId(f, 3).toHex(), QStringLiteral("2=") + two,
            QStringLiteral("1=") + one };
        QCOMPARE(numbers(f, 1) + numbers(f, 2), wanted); // one of the two is the model
    }

    void theNewestEventHolds()
    {
        RegistryFixture f;
        logRevision(f, 21, 5, 1, 100);
        logRevision(f, 22, 9, 1, 101);
        logRevision(f, 23, 7, 1, 102);
        const auto news = must(f->revisionNews(revisionId(f, 1)));
        QCOMPARE(news.manifest, idOf<ObjectHash>(101));
        QCOMPARE(news.row, 0);
        const RevisionRow first = takeIn(f, 1, 1, QStringLiteral("m"), 1, {}, 100);
        QCOMPARE(must(f->revisionNews(revisionId(f, 1))).known, idOf<ObjectHash>(100));
        const RevisionRow second = takeIn(f, 1, 1, QStringLiteral("m"), 1, {}, 101);
        QVERIFY(second != first);
        QCOMPARE(must(f->revisionNews(revisionId(f, 1))).known, idOf<ObjectHash>(101));
        QCOMPARE(must(f->models(QString())).size(), 1U);
        QCOMPARE(must(f->models(QString())).front().number, 1);
        QCOMPARE(failureOf(f->revisionAt(first)).id, QStringLiteral("MF-REVISION-UNKNOWN"));
        QVERIFY(must(f->revisionNews(idOf<RevisionId>(3))).manifest.isNull());
    }

    void theCidOfAFileStays()
    {
        RegistryFixture f;
        logRevision(f, 31, 5, 1, 100);
        const auto store = [&f](quint32 manifest, quint32 content) {
            RevisionRecord record = f.revisionRecord(1, 1, QStringLiteral("m"));
            RevisionRecord begun = record;
            begun.id = randomId<RevisionId>();
            record.row = must(f->beginRevision(begun));
            FileRecord file;
            file.path = QStringLiteral("a");
            file.sha256 = idOf<Sha256>(content);
            must(f->addFile(record.row, file));
            record.manifest = idOf<ObjectHash>(manifest);
            must(f->finishTakenIn(record));
            return must(f->files(record.row)).front();
        };
        must(f->setCid(store(100, 1).row, QStringLiteral("profile"), QStringLiteral("cid")));
        QCOMPARE(store(101, 1).cid, QStringLiteral("cid"));
        QCOMPARE(store(102, 2).cid, QString()); // other bytes
    }
};

QTEST_GUILESS_MAIN(TestRegistryTakeIn)
#include "test_registry_take_in.moc"
