// SPDX-License-Identifier: GPL-3.0-or-later
// A newer ModelFloat wrote some of the library: it is refused in words, and nothing is written.
#include "core/distributor/check.h"
#include "core/distributor/collect.h"
#include "core/distributor/evacuate.h"
#include "core/distributor/library_log.h"
#include "core/distributor/objects/copy_object.h"
#include "core/distributor/objects/index_object.h"
#include "core/distributor/objects/manifest.h"
#include "core/distributor/protect.h"
#include "core/distributor/rekey.h"
#include "core/distributor/repair.h"
#include "core/distributor/sync_library.h"
#include "core/distributor/trash.h"
#include "tests/support/must.h"
#include "tests/support/newer_objects.h"
#include "tests/support/stored_packs.h"

using namespace mf;

namespace {

constexpr int kAccounts = 4;
const QString kM = QStringLiteral("m");
const QString kN = QStringLiteral("n");

using Blobs = QMap<QString, QByteArray>;

Blobs blobsOn(EngineFixture &fixture, int account)
{
    Blobs blobs;
    for (const QString &name : fixture.place(account).memory->names())
        blobs.insert(name, fixture.place(account).memory->bytes(BlobName(name)));
    return blobs;
}

std::vector<Blobs> allBlobs(EngineFixture &fixture)
{
    std::vector<Blobs> all;
    for (int i = 0; i < kAccounts; ++i)
        all.push_back(blobsOn(fixture, i));
    return all;
}

void put(EngineFixture &fixture, int account, const BlobName &name, const QByteArray &bytes)
{
    must(runTask(fixture.place(account).memory->put(name, bytes)));
}

// A library in which every command has something to do.
struct Scene {
    EngineFixture fixture { kAccounts };
    const KeyRing &ring = fixture.engine().ring;
    Scene()
    {
        must(fixture.store(fixture.write(kM, randomBytes(3'000'000, 1)), Protection(2, 1)));
        must(fixture.store(fixture.write(kN, randomBytes(300'000, 2)), Protection(2, 1)));
        must(runTask(removeModel(fixture.engine(), kN, 0, true)));
        StoredPacks packs(fixture, kAccounts);
        packs.lose(packs.rows(2).at(1));
    }

    // Another computer's segment, of this version.
    void append(Cbor event)
    {
        const auto other = fixture.anotherComputer();
        QStringList warnings;
        must(runTask(readyAccounts(other->engine(), warnings)));
        must(runTask(readLog(other->engine())));
        Cbor events = Cbor::array();
        events.push_back(std::move(event));
        LibraryLog log(other->engine());
        must(runTask(log.append(std::move(events))));
    }

    void plant(const QString &what)
    {
        if (what == QStringLiteral("markers")) {
            for (int i = 0; i < kAccounts; ++i)
                fixture.place(i).memory->replace(markerName(ring), newerObject(ring, "marker"));
        } else if (what == QStringLiteral("library object")) {
            const QByteArray object = newerObject(ring, "library");
            put(fixture, 3, libraryObjectName(ring, viewOf(object)), object);
        } else if (what == QStringLiteral("segment")) {
            const QByteArray object = newerObject(ring, "segment");
            put(fixture, 3, segmentName(ring, objectHash(viewOf(object))), object);
        } else if (what == QStringLiteral("manifest")) {
            const QByteArray object = newerObject(ring, "manifest");
            events::Revision revision;
            revision.id = randomId<RevisionId>();
            revision.model = randomId<ModelId>();
            revision.name = QStringLiteral("o");
            revision.manifest = objectHash(viewOf(object));
            put(fixture, 3, manifestName(ring, revision.manifest), object);
            append(events::revision(revision));
        } else if (what == QStringLiteral("index object")) {
            const QByteArray object = newerObject(ring, "index");
            const ObjectHash hash = objectHash(viewOf(object));
            put(fixture, 3, indexName(ring, hash), object);
            append(events::sessionAdvanced(randomId<SessionId>(), std::vector<ObjectHash>(1, hash)));
        } else {
            qFatal("no such object");
        }
    }
};

template <typename T> std::optional<Error> errorOf(const Result<T> &result)
{
    return result ? std::nullopt : std::optional<Error>(result.error());
}

std::optional<Error> repaired(Engine &engine)
{
    Repair repair(engine, {}, nullptr);
    return errorOf(runTask(repair.run()));
}

std::optional<Error> run(EngineFixture &fixture, const QString &command)
{
    Engine &engine = fixture.engine();
    if (command == QStringLiteral("store"))
        return errorOf(fixture.store(fixture.write(QStringLiteral("p"), randomBytes(200'000, 3)), Protection(2, 1)));
    if (command == QStringLiteral("sync"))
        return errorOf(runTask(syncLibrary(engine)));
    if (command == QStringLiteral("collect"))
        return errorOf(runTask(collect(engine)));
    if (command == QStringLiteral("repair"))
        return repaired(engine);
    if (command == QStringLiteral("remove"))
        return errorOf(runTask(removeModel(engine, kM, 0, false)));
    if (command == QStringLiteral("recover"))
        return errorOf(runTask(recoverLibrary(engine)));
    if (command == QStringLiteral("rekey"))
        return errorOf(runTask(rekeyLibrary(engine, nullptr)));
    const AccountId account = fixture.place(0).record.id;
    if (command == QStringLiteral("account remove"))
        return errorOf(runTask(removeAccount(engine, account, false, nullptr)));
    if (command == QStringLiteral("account remove --force"))
        return errorOf(runTask(removeAccount(engine, account, true, nullptr)));
    ProtectRequest request;
    request.model = kM;
    request.protection = Protection(0, 2);
    return errorOf(runTask(protectModel(engine, request, nullptr)));
}

} // namespace

class TestNewerLibrary : public QObject
{
    Q_OBJECT

private slots:
    void isRefusedAndNotWritten_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("command");
        for (const char *what : { "markers", "library object", "segment", "manifest", "index object" }) {
            for (const char *command : { "store", "sync", "collect", "repair", "protect", "remove", "recover", "rekey",
                     "account remove", "account remove --force" })
                QTest::addRow("%s, %s", what, command) << QString::fromLatin1(what) << QString::fromLatin1(command);
        }
    }
    void isRefusedAndNotWritten()
    {
        QFETCH(const QString, what);
        QFETCH(const QString, command);
        Scene s;
        s.plant(what);
        s.fixture.reopen();
        const auto before = allBlobs(s.fixture);
        const auto error = run(s.fixture, command);
        QVERIFY(error);
        QCOMPARE(error->id, QStringLiteral("MF-LIBRARY-NEWER"));
        QVERIFY2(error->message.contains(QStringLiteral("newer ModelFloat")), qPrintable(error->message));
        QVERIFY(allBlobs(s.fixture) == before);
    }

    // Each of the commands would have written something.
    void otherwiseTheyWrite_data()
    {
        QTest::addColumn<QString>("command");
        for (const char *command :
            { "store", "collect", "repair", "protect", "remove", "account remove", "account remove --force" })
            QTest::addRow("%s", command) << QString::fromLatin1(command);
    }
    void otherwiseTheyWrite()
    {
        QFETCH(const QString, command);
        Scene s;
        s.fixture.reopen();
        const auto before = allBlobs(s.fixture);
        const auto error = run(s.fixture, command);
        QVERIFY2(!error, qPrintable(error ? error->message : QString()));
        QVERIFY(allBlobs(s.fixture) != before);
    }

    void aComputerThatKnowsNothingDoesNotWriteEither_data()
    {
        QTest::addColumn<QString>("what");
        for (const char *what : { "markers", "library object", "segment", "manifest", "index object" })
            QTest::addRow("%s", what) << QString::fromLatin1(what);
    }
    void aComputerThatKnowsNothingDoesNotWriteEither()
    {
        QFETCH(const QString, what);
        Scene s;
        s.plant(what);
        const auto other = s.fixture.anotherComputer();
        const auto before = allBlobs(s.fixture);
        for (const char *command : { "recover", "sync", "store" }) {
            const auto error = run(*other, QString::fromLatin1(command));
            QVERIFY(error);
            QCOMPARE(error->id, QStringLiteral("MF-LIBRARY-NEWER"));
        }
        QVERIFY(allBlobs(s.fixture) == before);
    }

    // Its marker cannot be read: it is not there. The others go on.
    void oneNewerMarkerIsNotThere_data()
    {
        QTest::addColumn<bool>("isRunning");
        QTest::newRow("from the start") << false;
        QTest::newRow("of an account that was verified in this run") << true;
    }
    void oneNewerMarkerIsNotThere()
    {
        QFETCH(const bool, isRunning);
        Scene s;
        EngineFixture &fixture = s.fixture;
        const QByteArray bytes = randomBytes(200'000, 3);
        if (isRunning)
            QVERIFY(runTask(fixture.account(3)->verify(s.ring)));
        else
            fixture.reopen();
        fixture.place(3).memory->replace(markerName(s.ring), newerObject(s.ring, "marker"));
        const auto verified = runTask(fixture.account(3)->verify(s.ring));
        QVERIFY(!verified);
        QCOMPARE(verified.error().id, QStringLiteral("MF-LIBRARY-NEWER"));
        QVERIFY(!fixture.account(3)->isVerified());
        const Blobs before = blobsOn(fixture, 3);
        const auto stored = fixture.store(fixture.write(QStringLiteral("p"), bytes), Protection(2, 1));
        QVERIFY(stored);
        QVERIFY(stored->warnings.join(u' ').contains(QStringLiteral("newer ModelFloat")));
        const auto collected = must(runTask(collect(fixture.engine())));
        QVERIFY(collected.waiting.join(u' ').contains(fixture.place(3).record.name));
        QVERIFY(!repaired(fixture.engine()));
        QVERIFY(blobsOn(fixture, 3) == before);
        QVERIFY(fixture.fetch(QStringLiteral("p"), QStringLiteral("back")));
        QCOMPARE(readFile(fixture.path(QStringLiteral("back/p"))), bytes);
    }

    void aNewerFragmentIsNotReplaced_data()
    {
        QTest::addColumn<bool>("wasDamaged");
        QTest::newRow("as it is") << false;
        QTest::newRow("where a damaged one was") << true;
    }
    void aNewerFragmentIsNotReplaced()
    {
        QFETCH(const bool, wasDamaged);
        EngineFixture fixture(kAccounts);
        const KeyRing &ring = fixture.engine().ring;
        const QByteArray bytes = randomBytes(3'000'000, 1);
        QVERIFY(fixture.store(fixture.write(kM, bytes), Protection(2, 1)));
        StoredPacks packs(fixture, kAccounts);
        const auto newer = packs.rows(2).at(0);
        const QByteArray right = packs.bytes(newer);
        CheckRequest deep;
        deep.deep = true;
        if (wasDamaged) {
            packs.flip(newer, 5);
            Check check(fixture.engine(), deep, nullptr);
            QCOMPARE(must(runTask(check.run())).models.front().damaged, 1);
        } else {
            packs.lose(packs.rows(2).at(1)); // so that the newer one would be needed
        }
        packs.replace(newer, newerFragment(ring, right));
        fixture.reopen();
        const auto before = allBlobs(fixture);
        Check check(fixture.engine(), deep, nullptr);
        const auto checked = must(runTask(check.run()));
        QVERIFY(checked.findings.join(u' ').contains(QStringLiteral("newer version of ModelFloat")));
        const auto refused = repaired(fixture.engine());
        QVERIFY(refused);
        QCOMPARE(refused->id, QStringLiteral("MF-LIBRARY-NEWER"));
        QVERIFY(allBlobs(fixture) == before);
        const AccountId account = fixture.place(newer.account).record.id;
        const auto removed = runTask(removeAccount(fixture.engine(), account, false, nullptr));
        if (!wasDamaged) { // what is damaged is not moved: repair makes up for it
            QVERIFY(!removed);
            QCOMPARE(removed.error().id, QStringLiteral("MF-LIBRARY-NEWER"));
        }
        QCOMPARE(packs.bytes(newer), newerFragment(ring, right));
        // An update later all is well.
        packs.replace(newer, right);
        QVERIFY(fixture.fetch(kM, QStringLiteral("back")));
        QCOMPARE(readFile(fixture.path(QStringLiteral("back/m"))), bytes);
    }

    void aNewerPackIsRefused()
    {
        EngineFixture fixture(kAccounts);
        const KeyRing &ring = fixture.engine().ring;
        QVERIFY(fixture.store(fixture.write(kM, randomBytes(300'000, 1)), Protection(1, 1)));
        const auto revision = must(runTask(fixture.engine().registry.revision(kM, 0)));
        const QStringList kept { markerName(ring).value, manifestName(ring, revision.manifest).value };
        for (int i = 0; i < kAccounts; ++i) {
            MemoryProvider &memory = *fixture.place(i).memory;
            for (const QString &name : memory.names()) {
                const BlobName blob(name);
                if (name.startsWith(QStringLiteral("meta/")) && !kept.contains(name))
                    memory.lose(blob); // the index objects: so packs have to tell of themselves
                else if (name.startsWith(QStringLiteral("f/")))
                    memory.replace(blob, newerPack(ring, memory.bytes(blob)));
            }
        }
        const auto other = fixture.anotherComputer();
        const auto before = allBlobs(fixture);
        const auto refused = run(*other, QStringLiteral("recover"));
        QVERIFY(refused);
        QCOMPARE(refused->id, QStringLiteral("MF-LIBRARY-NEWER"));
        QVERIFY(allBlobs(fixture) == before);
    }

    // README: recover begins with a copy of the same version; any other is left alone.
    void aNewerCopyOfTheRegistryIsLeftAlone()
    {
        Scene s;
        const QByteArray head = newerObject(s.ring, "registry");
        const BlobName name = copyHeadName(s.ring, objectHash(viewOf(head)));
        put(s.fixture, 1, name, head);
        const auto other = s.fixture.anotherComputer();
        const auto recovered = must(runTask(recoverLibrary(other->engine())));
        QVERIFY(!recovered.fromCopy);
        QCOMPARE(recovered.readable, 1);
        s.fixture.passTime(std::chrono::hours(25));
        QVERIFY(runTask(collect(s.fixture.engine())));
        QCOMPARE(s.fixture.place(1).memory->bytes(name), head);
    }
};

QTEST_GUILESS_MAIN(TestNewerLibrary)
#include "test_newer_library.moc"
