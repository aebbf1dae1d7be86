// SPDX-License-Identifier: GPL-3.0-or-later
// DELETE of storage.md section 5: doom, wait, look again, delete. Invariant 9: no computer deletes what another one
// relies on.
#include "core/distributor/collect.h"
#include "core/distributor/objects/index_object.h"
#include "core/distributor/sync_library.h"
#include "core/distributor/trash.h"
#include "tests/support/computers.h"
#include "tests/support/engine_fixture.h"
#include "tests/support/must.h"

using namespace mf;

namespace {

using std::chrono::hours;
using Method = FaultyProvider::Method;
const QString kM = QStringLiteral("m");
const QString kN = QStringLiteral("n");
const QString kLog = QStringLiteral("log/*");

CollectResult collected(Computers &c, int computer = 0)
{
    const auto result = runTask(collect(c.engine(computer)));
    if (!result)
        qFatal("collect: %s", qPrintable(result.error().message));
    return *result;
}

void remove(Computers &c, const QString &name, int computer = 0)
{
    const auto removed = runTask(removeModel(c.engine(computer), name, 0, true));
    if (!removed)
        qFatal("remove: %s", qPrintable(removed.error().message));
}

MemoryProvider::Options lagging(int lag)
{
    MemoryProvider::Options options;
    options.listingLag = hours(lag);
    return options;
}

Error broken() { return Error(Error::Kind::Network, QStringLiteral("MF-TEST"), QStringLiteral("the line is cut")); }

// m on three accounts, known to two computers; the first one has removed it.
struct Scene {
    Computers c;
    QByteArray bytes = randomBytes(300'000, 1);
    QByteArray path;
    int other = 0;
    explicit Scene(int lag = 0, int accounts = 3)
        : c(accounts, lagging(lag))
    {
        path = c.write(QStringLiteral("m.bin"), bytes);
        if (!c.store(path, Protection(2, 1), kM))
            qFatal("store");
        c.clock().advance(hours(2 * lag));
        other = c.join(0);
        remove(c, kM);
    }
};

// An index object that names packs, under the name of one that would name others.
void plantOldIndex(Scene &s, const ObjectHash &name)
{
    for (int i = 0; i < 3; ++i) {
        for (const QString &object : s.c.memory(i).names().filter(QStringLiteral("meta/"))) {
            const QByteArray bytes = s.c.memory(i).bytes(BlobName(object));
            if (openIndex(s.c.ring(), viewOf(bytes)))
                must(runTask(s.c.memory(i).put(indexName(s.c.ring(), name), bytes)));
        }
        if (!s.c.memory(i).contains(indexName(s.c.ring(), name)))
            qFatal("no index object");
    }
}

bool isSpoilt(const QString &doubt)
{
    return doubt == QStringLiteral("wrong") || doubt == QStringLiteral("short")
        || doubt == QStringLiteral("old segment");
}

void spoil(MemoryProvider &account, const BlobName &segment, const BlobName &older, const QString &how)
{
    QByteArray bytes = how == QStringLiteral("old segment") ? account.bytes(older) : account.bytes(segment);
    if (how == QStringLiteral("wrong"))
        bytes[bytes.size() / 2] = static_cast<char>(~bytes.at(bytes.size() / 2));
    if (how == QStringLiteral("short"))
        bytes.chop(1);
    account.replace(segment, bytes);
}

} // namespace

class TestDeletion : public QObject
{
    Q_OBJECT

private slots:
    void whereListingsLagItWaits()
    {
        Scene s(12);
        auto result = collected(s.c);
        QCOMPARE(result.fragments, 0);
        QVERIFY(!result.waiting.isEmpty());
        s.c.clock().jump(hours(24 * 365)); // nobody believes the wall clock
        QCOMPARE(collected(s.c).fragments, 0);
        s.c.reopen(0);
        s.c.clock().advance(hours(23));
        QCOMPARE(collected(s.c).fragments, 0);
        s.c.clock().advance(hours(2));
        result = collected(s.c);
        QVERIFY(result.fragments > 0);
        QCOMPARE(s.c.fragments(), 0);
    }

    // The store does not see the doom yet, the deletion sees the store's revision.
    void aStoreThatCrossesItIsSpared()
    {
        Scene s(12);
        QCOMPARE(collected(s.c).fragments, 0);
        const auto stored = s.c.store(s.path, Protection(2, 1), kN, s.other);
        QVERIFY(stored);
        QCOMPARE(stored->uploadedBytes, 0); // it relies on the doomed packs
        s.c.clock().advance(hours(25));
        QCOMPARE(collected(s.c).fragments, 0);
        s.c.clock().advance(hours(50));
        QCOMPARE(collected(s.c).fragments, 0);
        QVERIFY(runTask(s.c.engine().registry.ownDooms())->empty()); // pardoned
        s.c.clock().advance(hours(25));
        QVERIFY(s.c.comesBack(kN, s.bytes, s.other));
        // And it is a hit again.
        QCOMPARE(s.c.store(s.path, Protection(2, 1), QStringLiteral("o"), s.other)->uploadedBytes, 0);
    }

    // The store sees the doom, and does not touch what is doomed.
    void aDoomedPackIsNoHit()
    {
        Scene s(12);
        QCOMPARE(collected(s.c).fragments, 0);
        s.c.clock().advance(hours(13));
        const auto stored = s.c.store(s.path, Protection(2, 1), kN, s.other);
        QVERIFY(stored);
        QVERIFY(stored->uploadedBytes > 0);
        s.c.clock().advance(hours(25));
        QVERIFY(collected(s.c).fragments > 0);
        QVERIFY(s.c.comesBack(kN, s.bytes, s.other));
    }

    void anAccountThatIsAwayHoldsItUp()
    {
        Scene s;
        s.c.setGone(1, true);
        s.c.reopen(0);
        const auto result = collected(s.c);
        QCOMPARE(result.fragments, 0);
        QVERIFY(result.waiting.join(u' ').contains(QStringLiteral("account1")));
        s.c.setGone(1, false);
        s.c.reopen(0);
        QVERIFY(runTask(syncLibrary(s.c.engine())));
        QVERIFY(collected(s.c).fragments > 0);
        QCOMPARE(s.c.fragments(), 0); // no ghost
    }

    // It was away while a model was stored and another one deleted elsewhere, and comes back.
    void anAccountThatComesBackBringsNothingBack()
    {
        Scene s(0, 4);
        int unused = 0;
        while (s.c.fragments(unused) > 0)
            ++unused;
        s.c.setGone(unused, true);
        s.c.reopen(0);
        auto result = collected(s.c);
        QVERIFY2(result.fragments > 0, qPrintable(result.waiting.join(u' ')));
        const auto path = s.c.write(QStringLiteral("n.bin"), randomBytes(200'000, 7));
        QVERIFY(s.c.store(path, Protection(2, 1), kN));
        s.c.setGone(unused, false);
        s.c.reopen(s.other);
        QVERIFY(runTask(syncLibrary(s.c.engine(s.other))));
        QCOMPARE(runTask(s.c.engine(s.other).registry.models(QString()))->size(), 1U);
        QVERIFY(s.c.comesBack(kN, randomBytes(200'000, 7), s.other));
        collected(s.c, s.other);
        QVERIFY(s.c.comesBack(kN, randomBytes(200'000, 7), s.other));
    }

    void onDoubtNothingIsFreed_data()
    {
        QTest::addColumn<QString>("doubt");
        QTest::newRow("the log of an account is listed in part") << "partial";
        QTest::newRow("the log of an account is listed empty") << "empty";
        QTest::newRow("the log of an account cannot be listed") << "list";
        QTest::newRow("a new segment cannot be read") << "read";
        QTest::newRow("a segment is missing everywhere, a later one is there") << "ancestor";
        QTest::newRow("an account's marker is gone") << "marker";
        QTest::newRow("the index object of a store under way cannot be read") << "session";
        QTest::newRow("an account does not take the doom") << "put";
        QTest::newRow("an account says that it took the doom") << "drop";
        QTest::newRow("all accounts say that they took the doom") << "drop all";
        QTest::newRow("a new segment has wrong bytes") << "wrong";
        QTest::newRow("a new segment is cut short") << "short";
        QTest::newRow("a new segment is delivered short") << "get short";
        QTest::newRow("an old segment lies under the name of a new one") << "old segment";
        QTest::newRow("an old index object lies under the name of a new one") << "old index";
    }
    void onDoubtNothingIsFreed()
    {
        QFETCH(const QString, doubt);
        Scene s;
        auto &faulty = s.c.faulty(1);
        if (doubt == QStringLiteral("partial")) {
            faulty.on(Method::List).named(QStringLiteral("log/")).always().truncate(1);
        } else if (doubt == QStringLiteral("empty")) {
            faulty.on(Method::List).named(QStringLiteral("log/")).always().loseSilently();
        } else if (doubt == QStringLiteral("list")) {
            faulty.on(Method::List).named(QStringLiteral("log/")).always().error(broken());
        } else if (doubt == QStringLiteral("marker")) {
            s.c.memory(1).lose(markerName(s.c.ring()));
        } else if (doubt == QStringLiteral("put")) {
            faulty.on(Method::Put).named(kLog).always().error(broken());
        } else if (doubt == QStringLiteral("drop")) {
            faulty.on(Method::Put).named(kLog).always().loseSilently();
        } else if (doubt == QStringLiteral("drop all")) {
            for (int i = 0; i < 3; ++i)
                s.c.faulty(i).on(Method::Put).named(kLog).always().loseSilently();
        } else {
            // The other computer stores something.
            const auto path = s.c.write(QStringLiteral("n.bin"), randomBytes(200'000, 7));
            const QStringList before = s.c.memory(1).names().filter(QStringLiteral("log/"));
            if (doubt == QStringLiteral("session") || doubt == QStringLiteral("old index")) {
                const auto index = randomId<ObjectHash>();
                if (doubt == QStringLiteral("old index"))
                    plantOldIndex(s, index);
                Cbor events = Cbor::array();
                events.push_back(events::sessionAdvanced(randomId<SessionId>(), std::vector<ObjectHash>(1, index)));
                QStringList warnings;
                QVERIFY(runTask(readyAccounts(s.c.engine(s.other), warnings)));
                LibraryLog log(s.c.engine(s.other));
                QVERIFY(runTask(log.append(std::move(events))));
            } else {
                QVERIFY(s.c.store(path, Protection(2, 1), kN, s.other));
            }
            QStringList added = s.c.memory(1).names().filter(QStringLiteral("log/"));
            for (const QString &name : before)
                added.removeOne(name);
            QVERIFY(!added.isEmpty());
            if (doubt == QStringLiteral("get short")) {
                for (int i = 0; i < 3; ++i)
                    s.c.faulty(i).on(Method::Get).named(added.front()).always().truncate(100);
            } else if (isSpoilt(doubt)) {
                for (int i = 0; i < 3; ++i)
                    spoil(s.c.memory(i), BlobName(added.front()), BlobName(before.front()), doubt);
            } else if (doubt == QStringLiteral("read")) {
                for (int i = 0; i < 3; ++i)
                    s.c.faulty(i).on(Method::Get).named(added.front()).always().error(broken());
            } else if (doubt == QStringLiteral("ancestor")) {
                QCOMPARE(added.size(), 2); // the session's beginning, the revision
                // Whichever is the parent of the other: without it the log has a hole.
                const auto segment
                    = openSegment(s.c.ring(), BlobName(added[0]), viewOf(s.c.memory(1).bytes(BlobName(added[0]))));
                const ObjectHash other = objectHash(viewOf(s.c.memory(1).bytes(BlobName(added[1]))));
                const auto &parents = segment->parents;
                const bool isChild = std::find(parents.begin(), parents.end(), other) != parents.end();
                for (int i = 0; i < 3; ++i)
                    s.c.memory(i).lose(BlobName(added[isChild ? 1 : 0]));
            }
        }
        const int before = s.c.fragments();
        const auto result = collected(s.c);
        QCOMPARE(result.fragments, 0);
        QVERIFY(!result.waiting.isEmpty());
        QCOMPARE(s.c.fragments(), before);
    }

    // Decided and begun: it is finished, whatever comes.
    void aBegunDeletionIsFinished()
    {
        Scene s;
        s.c.faulty(1).on(Method::Remove).named(QStringLiteral("f/*")).always().error(broken());
        auto result = collected(s.c);
        QVERIFY(result.fragments > 0);
        QVERIFY(!result.waiting.isEmpty());
        QVERIFY(s.c.fragments(1) > 0);
        // Nobody can rely on it any more: neither a store nor a restore.
        const auto stored = s.c.store(s.path, Protection(2, 1), kN, s.other);
        QVERIFY(stored);
        QVERIFY(stored->uploadedBytes > 0);
        QCOMPARE(runTask(restoreModel(s.c.engine(), kM)).error().id, QStringLiteral("MF-RESTORE-DOOMED"));
        s.c.reopen(0);
        result = collected(s.c);
        QCOMPARE(result.waiting, QStringList());
        QVERIFY(s.c.comesBack(kN, s.bytes, s.other));
        QCOMPARE(runTask(restoreModel(s.c.engine(), kM)).error().id, QStringLiteral("MF-RESTORE-GONE"));
    }

    void aDoomFromAnEarlierRunGoesOn()
    {
        Scene s;
        // The doom reaches two accounts; then the program is killed.
        s.c.faulty(1).on(Method::Put).named(kLog).error(broken());
        QCOMPARE(collected(s.c).fragments, 0);
        const auto own = runTask(s.c.engine().registry.ownDooms());
        QCOMPARE(own->size(), 1U);
        QVERIFY(!own->front().isAcknowledged);
        s.c.reopen(0);
        QVERIFY(runTask(syncLibrary(s.c.engine())));
        collected(s.c);
        const auto result = collected(s.c);
        QCOMPARE(result.waiting, QStringList());
        QCOMPARE(s.c.fragments(), 0);
    }

    // A computer dooms something and is never seen again.
    void anOldDoomIsRepeatedByAnother()
    {
        Scene s(12);
        QCOMPARE(collected(s.c).fragments, 0);
        s.c.clock().advance(hours(25)); // the first computer does not come back
        QCOMPARE(collected(s.c, s.other).fragments, 0);
        s.c.clock().advance(hours(29 * 24));
        QCOMPARE(collected(s.c, s.other).fragments, 0);
        QVERIFY(runTask(s.c.engine(s.other).registry.ownDooms())->empty());
        s.c.clock().advance(hours(2 * 24));
        QCOMPARE(collected(s.c, s.other).fragments, 0);
        QCOMPARE(runTask(s.c.engine(s.other).registry.ownDooms())->size(), 1U);
        s.c.clock().advance(hours(25));
        QVERIFY(collected(s.c, s.other).fragments > 0);
        QCOMPARE(s.c.fragments(), 0);
    }

    // A restore takes back this computer's own doom, as long as nothing was decided.
    void aRestorePardonsOurOwnDoom()
    {
        Scene s(12);
        QCOMPARE(collected(s.c).fragments, 0);
        const auto back = runTask(restoreModel(s.c.engine(), kM));
        QVERIFY2(back, qPrintable(back ? QString() : back.error().message));
        s.c.clock().advance(hours(50));
        QCOMPARE(collected(s.c).fragments, 0);
        QVERIFY(s.c.comesBack(kM, s.bytes));
    }

    // Where nothing lags: whatever a restore elsewhere crossed, either it fails in words or the model is there.
    void aRestoreElsewhereIsSeen()
    {
        Scene s(12);
        QCOMPARE(collected(s.c).fragments, 0);
        s.c.clock().advance(hours(13));
        QCOMPARE(runTask(restoreModel(s.c.engine(s.other), kM)).error().id, QStringLiteral("MF-RESTORE-DOOMED"));
        s.c.clock().advance(hours(13));
        QCOMPARE(collected(s.c).fragments, 0); // pardoned
        s.c.clock().advance(hours(13));
        QVERIFY(runTask(restoreModel(s.c.engine(s.other), kM)));
        QVERIFY(s.c.comesBack(kM, s.bytes, s.other));
    }
};

QTEST_GUILESS_MAIN(TestDeletion)
#include "test_deletion.moc"
