// SPDX-License-Identifier: GPL-3.0-or-later
// Checkpoints of the log: whoever reads one knows what its segments said, and these are deleted.
#include "core/distributor/checkpoint_log.h"
#include "core/distributor/collect.h"
#include "core/distributor/objects/checkpoint.h"
#include "core/distributor/sync_library.h"
#include "core/distributor/trash.h"
#include "tests/support/computers.h"
#include "tests/support/engine_fixture.h"
#include "tests/support/model_names.h"
#include "tests/support/must.h"

using namespace mf;

namespace {

using std::chrono::hours;
using Method = FaultyProvider::Method;
const QString kLog = QStringLiteral("log/");
const QString kM = QStringLiteral("m");
const QString kN = QStringLiteral("n");
const QString kO = QStringLiteral("o");

MemoryProvider::Options lagging(int lag)
{
    MemoryProvider::Options options;
    options.listingLag = hours(lag);
    return options;
}

void ready(Engine &engine)
{
    QStringList warnings;
    must(runTask(readyAccounts(engine, warnings)));
}

// Sessions that came to nothing.
void lengthen(Engine &engine, int segments)
{
    ready(engine);
    LibraryLog log(engine);
    for (int i = 0; i < segments; ++i) {
        const auto session = randomId<SessionId>();
        Cbor events = Cbor::array();
        events.push_back(events::sessionOpened(session));
        events.push_back(events::sessionEnded(session));
        must(runTask(log.append(std::move(events))));
    }
}

bool hasCheckpoint(Engine &engine)
{
    ready(engine);
    return must(runTask(writeCheckpoint(engine, 1)));
}

SyncResult synced(Engine &engine) { return must(runTask(syncLibrary(engine))); }

CollectResult collected(Engine &engine) { return must(runTask(collect(engine))); }

QStringList logOf(Computers &c, int account) { return c.memory(account).names().filter(kLog); }

QByteArray bytesOf(int seed) { return randomBytes(200'000, static_cast<quint32>(seed)); }

void store(Computers &c, const QString &name, int seed, int computer = 0)
{
    const auto path = c.write(name + QStringLiteral(".bin"), bytesOf(seed));
    must(c.store(path, Protection(1, 1), name, computer));
}

// What a computer without any registry makes of these accounts.
std::unique_ptr<EngineFixture> fresh(const EngineFixture &library)
{
    auto computer = library.anotherComputer();
    must(runTask(recoverLibrary(computer->engine())));
    return computer;
}

} // namespace

class TestCheckpoint : public QObject
{
    Q_OBJECT

private slots:
    void itComesAfter64Segments()
    {
        Computers c(3);
        store(c, kM, 1);
        const int before = static_cast<int>(logOf(c, 0).size());
        lengthen(c.engine(), kSegmentsPerCheckpoint - before - 1);
        synced(c.engine());
        QVERIFY(runTask(c.engine().registry.checkpoints())->empty());
        lengthen(c.engine(), 1);
        synced(c.engine());
        QCOMPARE(runTask(c.engine().registry.checkpoints())->size(), 1U);
        QCOMPARE(logOf(c, 0).size(), qsizetype(kSegmentsPerCheckpoint + 1));
        const auto result = collected(c.engine());
        QCOMPARE(result.waiting, QStringList());
        for (int i = 0; i < 3; ++i)
            QCOMPARE(logOf(c, i).size(), qsizetype(3)); // the checkpoint, the doom, that it is carried out
        QCOMPARE(collected(c.engine()).waiting, QStringList());
        QCOMPARE(logOf(c, 0).size(), qsizetype(3));
        QVERIFY(c.comesBack(kM, bytesOf(1)));
        store(c, kN, 2);
        QVERIFY(!must(runTask(c.engine().registry.lacksAncestors())));
    }

    // A part of a checkpoint of a log of many years; and what no computer would read is not written.
    void aLargeSegmentIsReadAndATooLargeOneIsNotWritten()
    {
        Computers c(2);
        ready(c.engine());
        LibraryLog log(c.engine());
        const auto events = [](qsizetype bytes) {
            const QByteArray filling(bytes, 'x');
            Cbor event = Cbor::object();
            event["k"] = "of a later version";
            event["x"] = cborBytes(viewOf(filling));
            Cbor all = Cbor::array();
            all.push_back(std::move(event));
            return all;
        };
        must(runTask(log.append(events(qsizetype(20) << 20))));
        const QStringList before = logOf(c, 0);
        const auto refused = runTask(log.append(events(qsizetype(64) << 20)));
        QVERIFY(!refused);
        QCOMPARE(refused.error().id, QStringLiteral("MF-SEGMENT-SIZE"));
        QCOMPARE(logOf(c, 0), before);
        const int second = c.join(0);
        ready(c.engine(second));
        LibraryLog other(c.engine(second));
        QCOMPARE(must(runTask(other.sync(c.engine(second).accounts.verified()))).size(), 2U);
    }

    // Everything that the log knew, from the checkpoint alone.
    void aFreshComputerReadsOnlyTheCheckpoint()
    {
        EngineFixture one(3);
        const QByteArray bytes = randomBytes(300'000, 3);
        const auto stored = [&one](const QString &name, quint32 seed) {
            must(one.store(one.write(name, randomBytes(300'000, seed)), Protection(1, 1), name));
        };
        stored(kM, 3);
        stored(kN, 4);
        stored(kO, 5);
        stored(kM, 6); // a second revision
        must(runTask(removeModel(one.engine(), kN, 0, false)));
        must(runTask(removeModel(one.engine(), kO, 0, true)));
        collected(one.engine());
        one.addAccount();
        one.retire(3);
        QVERIFY(hasCheckpoint(one.engine()));
        QCOMPARE(collected(one.engine()).waiting, QStringList());
        QCOMPARE(one.place(0).memory->names().filter(kLog).size(), 3);

        const auto other = fresh(one);
        QCOMPARE(modelNames(other->engine()), QStringList { kM });
        QCOMPARE(must(runTask(other->engine().registry.revision(kM, 0))).number, 2);
        const auto trash = must(runTask(listTrash(other->engine())));
        QCOMPARE(trash.size(), 1U);
        QCOMPARE(trash.front().name, kN);
        must(runTask(restoreModel(other->engine(), kN)));
        for (const QString &name : { kM, kN }) {
            const auto got = other->fetch(name, name);
            QVERIFY2(got, qPrintable(got ? QString() : got.error().message));
        }
        QCOMPARE(readFile(other->path(QStringLiteral("m/m"))), randomBytes(300'000, 6));
        QCOMPARE(collected(other->engine()).waiting, QStringList());
        QCOMPARE(synced(one.engine()).models, 2); // the restore
    }

    // A registry whose heads, and all else it knows, are covered and deleted.
    void anOldComputerComesBack()
    {
        Computers c(3);
        store(c, kM, 1);
        store(c, kN, 2);
        const int old = c.join(0);
        must(runTask(removeModel(c.engine(), kM, 0, true)));
        collected(c.engine()); // its packs are gone
        store(c, kO, 3);
        QVERIFY(hasCheckpoint(c.engine()));
        collected(c.engine());
        QVERIFY(hasCheckpoint(c.engine())); // and the checkpoint that covered them is covered, too
        collected(c.engine());
        QCOMPARE(logOf(c, 0).size(), qsizetype(3));

        const SyncResult result = synced(c.engine(old));
        QCOMPARE(result.waiting, 0);
        QCOMPARE(modelNames(c.engine(old)), (QStringList { kN, kO }));
        for (int i = 0; i < 3; ++i)
            QVERIFY(!c.engine(old).accounts.find(c.record(i).id)->isStale());
        QVERIFY(!must(runTask(c.engine(old).registry.lacksAncestors())));
        QVERIFY(c.comesBack(kN, bytesOf(2), old));
        // It believes in no pack that is deleted.
        const auto again = c.store(c.path(QStringLiteral("m.bin")).toUtf8(), Protection(1, 1), kM, old);
        QVERIFY(again && again->uploadedBytes > 0);
        QVERIFY(c.comesBack(kM, bytesOf(1), old));
        QCOMPARE(collected(c.engine(old)).waiting, QStringList());
        synced(c.engine());
        QVERIFY(c.comesBack(kM, bytesOf(1)));
        QCOMPARE(logOf(c, 0), logOf(c, 1));
    }

    // Neither sees the other's; the one after covers both.
    void twoComputersWriteOneAtOnce()
    {
        Computers c(3, lagging(12));
        store(c, kM, 1);
        c.clock().advance(hours(13));
        const int other = c.join(0);
        store(c, kN, 2);
        store(c, kO, 3, other);
        QVERIFY(hasCheckpoint(c.engine()));
        QVERIFY(hasCheckpoint(c.engine(other)));
        c.clock().advance(hours(13));
        synced(c.engine());
        synced(c.engine(other));
        for (const int computer : { 0, other }) {
            QCOMPARE(runTask(c.engine(computer).registry.checkpoints())->size(), 2U);
            QCOMPARE(modelNames(c.engine(computer)), (QStringList { kM, kN, kO }));
            collected(c.engine(computer)); // both doom what theirs covers
        }
        c.clock().advance(hours(40));
        for (const int computer : { 0, other, 0, other })
            collected(c.engine(computer));
        c.clock().advance(hours(40));
        collected(c.engine());
        QVERIFY(hasCheckpoint(c.engine()));
        QCOMPARE(runTask(c.engine().registry.checkpoints())->size(), 1U);
        for (int i = 0; i < 3; ++i) {
            collected(c.engine());
            c.clock().advance(hours(30));
        }
        const int later = c.join(other);
        for (const int computer : { 0, other, later }) {
            synced(c.engine(computer));
            QCOMPARE(modelNames(c.engine(computer)), (QStringList { kM, kN, kO }));
            QVERIFY(!must(runTask(c.engine(computer).registry.lacksAncestors())));
            QVERIFY(c.comesBack(kO, bytesOf(3), computer));
        }
        QVERIFY(logOf(c, 0).size() < 6);
    }

    // Listings lag: a segment that the checkpoint's author cannot see yet stays.
    void whatIsWrittenMeanwhileStays()
    {
        Computers c(2, lagging(12));
        store(c, kM, 1);
        c.clock().advance(hours(13));
        const int other = c.join(0);
        store(c, kN, 2, other);
        QVERIFY(hasCheckpoint(c.engine()));
        collected(c.engine());
        c.clock().advance(hours(25));
        collected(c.engine());
        QCOMPARE(modelNames(c.engine()), (QStringList { kM, kN }));
        c.clock().advance(hours(25));
        collected(c.engine());
        QVERIFY(c.comesBack(kN, bytesOf(2)));
        synced(c.engine(other));
        QVERIFY(c.comesBack(kM, bytesOf(1), other));
        QVERIFY(!must(runTask(c.engine(other).registry.lacksAncestors())));
    }

    // Nothing of the log goes before every listing shows the checkpoint.
    void whereListingsLagItWaits()
    {
        Computers c(2, lagging(12));
        store(c, kM, 1);
        c.clock().advance(hours(13));
        const auto before = logOf(c, 0);
        QVERIFY(hasCheckpoint(c.engine()));
        for (int i = 0; i < 2; ++i) {
            QVERIFY(!collected(c.engine()).waiting.isEmpty());
            c.clock().advance(hours(11));
        }
        for (const QString &name : before)
            QVERIFY(logOf(c, 0).contains(name));
        c.clock().advance(hours(14));
        collected(c.engine());
        for (const QString &name : before)
            QVERIFY(!logOf(c, 0).contains(name));
    }

    void anAccountThatWasAwayGetsIt()
    {
        Computers c(3);
        store(c, kM, 1);
        c.setGone(2, true);
        c.reopen(0);
        const auto before = logOf(c, 0);
        QVERIFY(hasCheckpoint(c.engine()));
        QVERIFY(!collected(c.engine()).waiting.isEmpty());
        for (const QString &name : before)
            QVERIFY(logOf(c, 0).contains(name));
        c.setGone(2, false);
        c.reopen(0);
        collected(c.engine());
        QCOMPARE(collected(c.engine()).waiting, QStringList());
        for (int i = 0; i < 3; ++i)
            QVERIFY2(logOf(c, i).size() <= 5, qPrintable(QString::number(logOf(c, i).size())));
        QCOMPARE(logOf(c, 0), logOf(c, 2));
        c.setGone(0, true);
        c.setGone(1, true);
        c.reopen(0);
        synced(c.engine());
        QCOMPARE(modelNames(c.engine()), QStringList { kM });
    }

    void onDoubtNoSegmentGoes_data()
    {
        QTest::addColumn<QString>("doubt");
        QTest::newRow("an account has the checkpoint damaged") << "damaged";
        QTest::newRow("an account does not give it") << "refused";
        QTest::newRow("an account did not take it") << "put";
        QTest::newRow("an account is an older state of itself") << "older";
    }
    void onDoubtNoSegmentGoes()
    {
        QFETCH(const QString, doubt);
        Computers c(2);
        store(c, kM, 1);
        const auto before = logOf(c, 0);
        const Error broken(Error::Kind::Network, QStringLiteral("MF-TEST"), QStringLiteral("the line is cut"));
        if (doubt == QStringLiteral("put"))
            c.faulty(1).on(Method::Put).named(QStringLiteral("log/*")).error(broken);
        QVERIFY(hasCheckpoint(c.engine()));
        const BlobName name(must(runTask(c.engine().registry.checkpoints())).front().name);
        if (doubt == QStringLiteral("damaged"))
            c.memory(1).replace(name, QByteArray(500, 'x'));
        if (doubt == QStringLiteral("refused"))
            c.faulty(1).on(Method::Get).named(name.value).always().error(broken);
        if (doubt == QStringLiteral("older")) { // and whatever it gets is lost at once
            c.memory(1).lose(name);
            c.faulty(1).on(Method::Put).named(QStringLiteral("log/*")).always().loseSilently();
        }
        const auto result = collected(c.engine());
        if (doubt != QStringLiteral("put"))
            QVERIFY(!result.waiting.isEmpty());
        const bool isThere = c.memory(1).names().contains(name.value);
        for (const QString &segment : before)
            QVERIFY(logOf(c, 0).contains(segment) || (isThere && doubt == QStringLiteral("put")));
        if (doubt == QStringLiteral("damaged")) { // it was mended
            QCOMPARE(collected(c.engine()).waiting, QStringList());
            QCOMPARE(logOf(c, 0).size(), 3);
        }
    }

    // What no account has any more is not covered up.
    void aLogWithAHoleGetsNone()
    {
        Computers c(2);
        store(c, kM, 1);
        ready(c.engine());
        for (int i = 0; i < 2; ++i)
            c.memory(i).lose(BlobName(logOf(c, i).front()));
        QVERIFY(!must(runTask(writeCheckpoint(c.engine(), 1))));
    }

    // A doom that waits is told on: its pack is no hit, and its author pardons or carries it out.
    void aDoomLivesOn()
    {
        Computers c(2, lagging(12));
        store(c, kM, 1);
        c.clock().advance(hours(25));
        must(runTask(removeModel(c.engine(), kM, 0, true)));
        collected(c.engine());
        c.clock().advance(hours(13));
        const int other = c.join(0);
        QVERIFY(hasCheckpoint(c.engine(other)));
        c.clock().advance(hours(13));
        collected(c.engine(other));
        const auto path = c.path(QStringLiteral("m.bin")).toUtf8();
        const auto stored = c.store(path, Protection(1, 1), kN, other);
        QVERIFY(stored && stored->uploadedBytes > 0);
        c.clock().advance(hours(25));
        QVERIFY(collected(c.engine()).fragments > 0);
        QVERIFY(c.comesBack(kN, bytesOf(1), other));
    }

    // It grows with what is stored, not with what was done.
    void itStaysSmall()
    {
        Computers c(2);
        store(c, kM, 1);
        QVERIFY(hasCheckpoint(c.engine()));
        const auto sizeOf = [&c] {
            const BlobName name(must(runTask(c.engine().registry.checkpoints())).front().name);
            return c.memory(0).bytes(name).size();
        };
        const qsizetype first = sizeOf();
        constexpr int kRounds = 3;
        constexpr int kFurther = 10;
        for (int i = 0; i < kRounds; ++i) {
            store(c, kN, 10 + i);
            must(runTask(removeModel(c.engine(), kN, 0, true)));
            collected(c.engine());
            collected(c.engine());
            lengthen(c.engine(), kFurther);
        }
        QVERIFY(hasCheckpoint(c.engine()));
        collected(c.engine());
        QVERIFY(hasCheckpoint(c.engine()));
        // 32 bytes a segment, a tombstone a model and pack.
        constexpr qsizetype kMore = kRounds * qsizetype { (kFurther + 12) * 32 + 600 };
        const qsizetype most = first + kMore;
        QVERIFY2(sizeOf() < most, qPrintable(QStringLiteral("%1 of %2, then %3").arg(first).arg(most).arg(sizeOf())));
        QVERIFY(c.comesBack(kM, bytesOf(1)));
    }
};

QTEST_GUILESS_MAIN(TestCheckpoint)
#include "test_checkpoint.moc"
