// SPDX-License-Identifier: GPL-3.0-or-later
// Two computers, one library: what one stores, the other sees.
#include "core/crypto/sealed_object.h"
#include "core/distributor/library_log.h"
#include "core/distributor/objects/index_object.h"
#include "core/distributor/objects/manifest.h"
#include "core/distributor/sync_library.h"
#include "core/distributor/take_in.h"
#include "tests/support/engine_fixture.h"
#include "tests/support/many_tensors.h"

#include <QtTest>

using namespace mf;

namespace {

SyncResult synced(EngineFixture &computer)
{
    const auto result = runTask(syncLibrary(computer.engine()));
    if (!result)
        qFatal("sync: %s", qPrintable(result.error().message));
    return *result;
}

std::vector<QString> revisionsOf(EngineFixture &computer, const QString &model)
{
    std::vector<QString> list;
    const auto current = runTask(computer.engine().registry.revision(model, 0));
    if (!current)
        return list;
    const auto history = runTask(computer.engine().registry.history(current->model));
    for (const RevisionRecord &revision : *history)
        list.push_back(QStringLiteral("%1 %2").arg(revision.number).arg(revision.id.toHex()));
    return list;
}

int spareOf(EngineFixture &computer, RevisionRow row)
{
    const auto spare = runTask(computer.engine().registry.spare(row, {}));
    return spare && *spare ? **spare : -100; // no packs
}

void append(EngineFixture &computer, const Cbor &event)
{
    QStringList warnings;
    if (!runTask(readyAccounts(computer.engine(), warnings)))
        qFatal("no accounts");
    LibraryLog log(computer.engine());
    Cbor events = Cbor::array();
    events.push_back(event);
    const auto appended = runTask(log.append(std::move(events)));
    if (!appended)
        qFatal("append: %s", qPrintable(appended.error().message));
}

// Objects of a kind, by the beginning of their names.
QStringList objects(EngineFixture &computer, int account, const QString &prefix)
{
    QStringList found;
    for (const QString &name : computer.place(account).memory->names()) {
        if (name.startsWith(prefix))
            found.append(name);
    }
    return found;
}

} // namespace

class TestTakeIn : public QObject
{
    Q_OBJECT
private slots:
    void whatOneStoresTheOtherFetches_data()
    {
        QTest::addColumn<int>("accounts");
        QTest::addColumn<int>("k");
        QTest::addColumn<int>("m");
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("one copy") << 1 << 1 << 0 << randomBytes(3'000'000, 1);
        QTest::newRow("2 + 1, zeros inside")
            << 3 << 2 << 1
            << QByteArray(randomBytes(4'000'000, 2) + QByteArray(5'000'000, '\0') + randomBytes(1'000'000, 3));
        QTest::newRow("a list of chunks in leaves") << 3 << 1 << 1 << manyTensors(300, 4);
        QTest::newRow("an empty file") << 2 << 1 << 1 << QByteArray();
        QTest::newRow("a literal") << 2 << 1 << 1 << QByteArray("tiny");
    }
    void whatOneStoresTheOtherFetches()
    {
        QFETCH(const int, accounts);
        QFETCH(const int, k);
        QFETCH(const int, m);
        QFETCH(const QByteArray, bytes);
        EngineFixture one(accounts);
        const auto other = one.anotherComputer();
        const QString name = QStringLiteral("model.safetensors");
        const auto stored = one.store(one.write(name, bytes), Protection(k, m), name);
        QVERIFY2(stored, qPrintable(stored ? QString() : stored.error().message));

        const SyncResult result = synced(*other);
        QCOMPARE(result.models, 1);
        QCOMPARE(result.added, 1);
        QCOMPARE(result.waiting, 0);
        const auto a = runTask(one.engine().registry.revision(name, 0));
        const auto b = runTask(other->engine().registry.revision(name, 0));
        QVERIFY(a && b);
        QCOMPARE(b->id, a->id);
        QCOMPARE(b->manifest, a->manifest);
        QCOMPARE(b->bytes, a->bytes);
        QCOMPARE(b->storedBytes, a->storedBytes);
        QCOMPARE(b->facts.format, a->facts.format);
        QCOMPARE(b->metadata, a->metadata);
        QVERIFY(b->protection == a->protection);
        QCOMPARE(spareOf(*other, b->row), spareOf(one, a->row));
        const auto files = runTask(other->engine().registry.files(b->row));
        QCOMPARE(runTask(other->engine().registry.tensors(files->front().row))->size(),
            runTask(one.engine().registry.tensors(runTask(one.engine().registry.files(a->row))->front().row))->size());
        for (int lost = 0; lost < m; ++lost)
            one.destroy(lost);
        other->reopen();
        const auto fetched = other->fetch(name, QStringLiteral("back"));
        QVERIFY2(fetched, qPrintable(fetched ? QString() : fetched.error().message));
        QCOMPARE(readFile(other->path(QStringLiteral("back/") + name)), bytes);
        QCOMPARE(synced(*other).added, 0);
    }

    void whatTheOtherStoredIsNotSentAgain()
    {
        EngineFixture one(3);
        const auto other = one.anotherComputer();
        const QByteArray bytes = randomBytes(5'000'000, 5);
        QVERIFY(one.store(one.write(QStringLiteral("model.bin"), bytes), Protection(2, 1)));
        const auto again = other->store(other->write(QStringLiteral("copy.bin"), bytes), Protection(2, 1));
        QVERIFY2(again, qPrintable(again ? QString() : again.error().message));
        QCOMPARE(again->newBytes, 0);
        QCOMPARE(synced(one).added, 1);
        QVERIFY(one.fetch(QStringLiteral("copy.bin"), QStringLiteral("back")));
        QCOMPARE(readFile(one.path(QStringLiteral("back/copy.bin"))), bytes);
    }

    void bothStoreTheSameNameAtOnce()
    {
        EngineFixture one(3);
        const auto other = one.anotherComputer();
        const QString name = QStringLiteral("model.bin");
        const QByteArray a = randomBytes(2'000'000, 6);
        const QByteArray b = randomBytes(2'000'000, 7);
        // Neither sees the other's log in time: each stores over a library that it believes empty.
        QVERIFY(one.store(one.write(name, a), Protection(1, 1)));
        QStringList hidden = objects(one, 0, QStringLiteral("log/"));
        std::vector<std::pair<QString, QByteArray>> kept;
        for (const QString &segment : hidden) {
            kept.emplace_back(segment, one.place(0).memory->bytes(BlobName(segment)));
            for (int i = 0; i < 3; ++i)
                one.place(i).memory->lose(BlobName(segment));
        }
        QVERIFY(other->store(other->write(name, b), Protection(1, 1)));
        for (const auto &[segment, bytes] : kept) {
            for (int i = 0; i < 3; ++i)
                QVERIFY(runTask(one.place(i).memory->put(BlobName(segment), bytes)));
        }
        const SyncResult first = synced(one);
        const SyncResult second = synced(*other);
        QCOMPARE(first.models, 1);
        QCOMPARE(second.models, 1);
        QCOMPARE(revisionsOf(one, name).size(), 2U);
        QCOMPARE(revisionsOf(one, name), revisionsOf(*other, name));
        const auto third = one.anotherComputer();
        synced(*third);
        QCOMPARE(revisionsOf(*third, name), revisionsOf(one, name));
        for (EngineFixture *computer : { &one, other.get(), third.get() }) {
            QSet<QByteArray> contents;
            for (int number = 1; number <= 2; ++number) {
                FetchRequest request;
                request.model = name;
                request.revision = number;
                const QString folder = QStringLiteral("back%1").arg(number);
                request.to = QFile::encodeName(computer->path(folder));
                Fetch fetch(computer->engine(), std::move(request), nullptr);
                QVERIFY(runTask(fetch.run()));
                contents.insert(readFile(computer->path(folder + u'/' + name)));
            }
            QCOMPARE(contents, (QSet<QByteArray> { a, b }));
        }
        // And the next one is the third on both.
        const auto next = one.store(one.write(name, randomBytes(1'000'000, 8)), Protection(1, 1));
        QCOMPARE(next->revision, 3);
        QCOMPARE(synced(*other).changed, 1);
        QCOMPARE(revisionsOf(*other, name), revisionsOf(one, name));
    }

    void removedBeforeItWasTakenIn()
    {
        EngineFixture one(2);
        const QString name = QStringLiteral("model.bin");
        QVERIFY(one.store(one.write(name, randomBytes(1'000'000, 9)), Protection(1, 1)));
        const auto revision = runTask(one.engine().registry.revision(name, 0));
        append(one, events::trash(revision->id, { PresenceId(revision->id.bytes) }, false));
        const auto other = one.anotherComputer();
        const SyncResult result = synced(*other);
        QCOMPARE(result.models, 0);
        QCOMPARE(result.added, 0);
        const auto trashed = runTask(other->engine().registry.revisionsIn(RevisionState::Trashed));
        QCOMPARE(trashed->size(), 1U);
        append(one, events::restore(revision->id, randomId<PresenceId>()));
        QCOMPARE(synced(*other).added, 1);
        QVERIFY(other->fetch(name, QStringLiteral("back")));
    }

    void oneRemovesWhileTheOtherKnowsIt()
    {
        EngineFixture one(2);
        const auto other = one.anotherComputer();
        const QString name = QStringLiteral("model.bin");
        const QByteArray bytes = randomBytes(1'500'000, 10);
        QVERIFY(one.store(one.write(name, bytes), Protection(1, 1)));
        synced(*other);
        const auto revision = runTask(one.engine().registry.revision(name, 0));
        append(one, events::trash(revision->id, { PresenceId(revision->id.bytes) }, false));
        QVERIFY(other->fetch(name, QStringLiteral("back"))); // it does not know yet, and the bytes are there
        QCOMPARE(readFile(other->path(QStringLiteral("back/model.bin"))), bytes);
        const SyncResult result = synced(*other);
        QCOMPARE(result.removed, 1);
        QCOMPARE(result.models, 0);
    }

    void aLaterEventOfARevisionSupersedes()
    {
        EngineFixture one(3);
        const auto other = one.anotherComputer();
        const QString name = QStringLiteral("model.bin");
        QVERIFY(one.store(one.write(name, randomBytes(1'000'000, 11)), Protection(1, 1)));
        synced(*other);
        const auto revision = runTask(one.engine().registry.revision(name, 0));
        const BlobName old = manifestName(one.engine().ring, revision->manifest);
        auto manifest = openManifest(one.engine().ring, viewOf(one.place(0).memory->bytes(old)));
        QVERIFY(manifest);
        manifest->revision.protection = Protection(1, 2);
        const QByteArray sealed = sealManifest(one.engine().ring, *manifest);
        events::Revision event;
        event.id = revision->id;
        event.model = revision->model;
        event.name = revision->name;
        event.manifest = objectHash(viewOf(sealed));
        event.packs = manifest->packs;
        const BlobName put = manifestName(one.engine().ring, event.manifest);
        QVERIFY(runTask(one.place(1).memory->put(put, sealed)));
        append(one, events::revision(event));
        const SyncResult result = synced(*other);
        QCOMPARE(result.changed, 1);
        const auto now = runTask(other->engine().registry.revision(name, 0));
        QCOMPARE(now->manifest, event.manifest);
        QCOMPARE(now->number, 1);
        QVERIFY(now->protection == Protection(1, 2));
        QVERIFY(other->fetch(name, QStringLiteral("back")));
    }

    void whatCannotBeHadWaitsAndHoldsUpNothing()
    {
        EngineFixture one(2);
        QVERIFY(one.store(one.write(QStringLiteral("a.bin"), randomBytes(1'000'000, 12)), Protection(1, 1)));
        QVERIFY(one.store(one.write(QStringLiteral("b.bin"), randomBytes(1'000'000, 13)), Protection(1, 1)));
        const auto a = runTask(one.engine().registry.revision(QStringLiteral("a.bin"), 0));
        const BlobName name = manifestName(one.engine().ring, a->manifest);
        const QByteArray manifest = one.place(0).memory->bytes(name);
        one.place(0).memory->lose(name);
        one.place(1).memory->replace(name, manifest.left(100));
        const auto other = one.anotherComputer();
        SyncResult result = synced(*other);
        QCOMPARE(result.models, 1);
        QCOMPARE(result.waiting, 1);
        QVERIFY(!result.warnings.isEmpty());
        QVERIFY(other->fetch(QStringLiteral("b.bin"), QStringLiteral("back")));
        one.place(1).memory->replace(name, manifest);
        result = synced(*other);
        QCOMPARE(result.added, 1);
        QCOMPARE(result.waiting, 0);
        QVERIFY(other->fetch(QStringLiteral("a.bin"), QStringLiteral("back")));
    }

    void fragmentsOnAnAccountThatWasAwayAreFoundLater()
    {
        EngineFixture one(3);
        const QString name = QStringLiteral("model.bin");
        QVERIFY(one.store(one.write(name, randomBytes(5'000'000, 14)), Protection(2, 1)));
        const auto other = one.anotherComputer();
        one.place(2).memory->setGone(true);
        QCOMPARE(synced(*other).added, 1);
        const auto revision = runTask(other->engine().registry.revision(name, 0));
        QCOMPARE(spareOf(*other, revision->row), 0);
        one.place(2).memory->setGone(false);
        other->reopen();
        synced(*other);
        QCOMPARE(spareOf(*other, revision->row), 1);
    }

    // A running store's packs are not evidence that anything is kept.
    void packsOfAnOpenSessionAreNoHits()
    {
        EngineFixture one(2);
        const QString name = QStringLiteral("model.bin");
        const QByteArray bytes = randomBytes(1'000'000, 15);
        QVERIFY(one.store(one.write(name, bytes), Protection(1, 1)));
        // The same log, had the store ended before its revision: the session with its index objects alone.
        const auto revision = runTask(one.engine().registry.revision(name, 0));
        const auto rows = runTask(one.engine().registry.packsRelied(revision->row));
        IndexObject index;
        for (const PackRow row : *rows)
            index.packs.push_back(*runTask(one.engine().registry.pack(row)));
        const QByteArray sealed = sealIndex(one.engine().ring, index);
        const ObjectHash hash = objectHash(viewOf(sealed));
        for (int i = 0; i < 2; ++i) {
            QVERIFY(runTask(one.place(i).memory->put(indexName(one.engine().ring, hash), sealed)));
            for (const QString &segment : objects(one, i, QStringLiteral("log/")))
                one.place(i).memory->lose(BlobName(segment));
        }
        const auto maker = one.anotherComputer();
        append(*maker, events::sessionAdvanced(randomId<SessionId>(), { hash }));
        const auto other = one.anotherComputer();
        QCOMPARE(synced(*other).models, 0);
        const auto known = runTask(other->engine().registry.packRowsOf({ index.packs.front().id }));
        QVERIFY(known->front() != 0);
        const auto stored = other->store(other->write(name, bytes), Protection(1, 1));
        QVERIFY2(stored, qPrintable(stored ? QString() : stored.error().message));
        QCOMPARE(stored->newBytes, bytes.size());
    }

    void aNewerLibraryIsRefusedAndNotWritten()
    {
        EngineFixture one(2);
        QVERIFY(one.store(one.write(QStringLiteral("a.bin"), randomBytes(100'000, 16)), Protection(1, 1)));
        Segment segment;
        segment.author = randomId<ComputerId>();
        segment.lamport = 100;
        const QByteArray encoded = encodeSegment(segment);
        Cbor map = *fromCbor(viewOf(encoded));
        map["v"] = 2U;
        const KeyRing &ring = one.engine().ring;
        const QByteArray plain = toCbor(map);
        const QByteArray sealed = sealObject(ring, "segment", ring.library().view(), viewOf(plain));
        QVERIFY(runTask(one.place(1).memory->put(segmentName(ring, objectHash(viewOf(sealed))), sealed)));
        const QStringList before = one.place(0).memory->names() + one.place(1).memory->names();
        const auto stored = one.store(one.write(QStringLiteral("b.bin"), randomBytes(100'000, 17)), Protection(1, 1));
        QVERIFY(!stored);
        QCOMPARE(stored.error().id, QStringLiteral("MF-LIBRARY-NEWER"));
        QVERIFY(stored.error().message.contains(QStringLiteral("newer")));
        QCOMPARE(one.place(0).memory->names() + one.place(1).memory->names(), before);
    }

    void anAccountWithoutPartOfTheLogIsStale()
    {
        EngineFixture one(3);
        QVERIFY(one.store(one.write(QStringLiteral("a.bin"), randomBytes(100'000, 18)), Protection(1, 1)));
        one.place(2).memory->setGone(true);
        one.reopen();
        QVERIFY(one.store(one.write(QStringLiteral("b.bin"), randomBytes(100'000, 19)), Protection(1, 1)));
        one.place(2).memory->setGone(false);
        one.reopen();
        QStringList warnings;
        QVERIFY(runTask(readyAccounts(one.engine(), warnings)));
        LibraryLog log(one.engine());
        auto complete = runTask(log.sync(one.engine().accounts.verified()));
        QCOMPARE(complete->size(), 2U);
        QVERIFY(one.account(2)->isStale());
        QVERIFY(!one.account(0)->isStale());
        QVERIFY(runTask(log.heal()));
        complete = runTask(log.sync(one.engine().accounts.verified()));
        QCOMPARE(complete->size(), 3U);
        QVERIFY(!one.account(2)->isStale());
    }
};

QTEST_GUILESS_MAIN(TestTakeIn)
#include "test_take_in.moc"
