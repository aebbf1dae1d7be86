// SPDX-License-Identifier: GPL-3.0-or-later
// More and less protection for what is stored, and that it is promised only when it is there.
#include "core/distributor/collect.h"
#include "core/distributor/library_log.h"
#include "core/distributor/objects/manifest.h"
#include "core/distributor/objects/segment.h"
#include "core/distributor/protect.h"
#include "core/distributor/stray_blobs.h"
#include "core/distributor/trash.h"
#include "tests/support/computers.h"
#include "tests/support/must.h"
#include "tests/support/stored_packs.h"

#include <QtTest>

using namespace mf;
using Method = FaultyProvider::Method;

class TestProtect : public QObject
{
    Q_OBJECT

    static Result<ProtectResult> protect(EngineFixture &fixture, Protection protection)
    {
        ProtectRequest request;
        request.model = QStringLiteral("m");
        request.protection = protection;
        auto protecting = protectModel(fixture.engine(), request, nullptr);
        return runTask(std::move(protecting));
    }
    static Task<Result<ProtectResult>> protectOn(Engine &engine, QString model, Protection protection)
    {
        ProtectRequest request;
        request.model = model;
        request.protection = protection;
        auto protecting = protectModel(engine, request, nullptr);
        co_return co_await protecting;
    }
    static QByteArray store(EngineFixture &fixture, Protection protection, qint64 size = 3'000'000)
    {
        const QByteArray bytes = randomBytes(size, 31);
        const auto stored = fixture.store(fixture.write(QStringLiteral("m"), bytes), protection);
        if (!stored)
            qFatal("%s", qPrintable(stored.error().message));
        return bytes;
    }
    static ModelHealth deepHealth(EngineFixture &fixture)
    {
        CheckRequest request;
        request.deep = true;
        Check check(fixture.engine(), request, nullptr);
        const auto checked = runTask(check.run());
        if (!checked)
            qFatal("%s", qPrintable(checked.error().message));
        return checked->models.at(0);
    }
    static RevisionRecord revision(EngineFixture &fixture)
    {
        return *runTask(fixture.engine().registry.revision(QStringLiteral("m"), 0));
    }

private slots:
    void moreProtectionAddsToWhatLiesThere_data()
    {
        QTest::addColumn<int>("k");
        QTest::addColumn<int>("m");
        QTest::addColumn<int>("askedK");
        QTest::addColumn<int>("askedM");
        QTest::addColumn<int>("accounts");
        QTest::newRow("2 + 1 to 2 + 2") << 2 << 1 << 2 << 2 << 4;
        QTest::newRow("2 + 1 to lose 2") << 2 << 1 << 0 << 2 << 4;
        QTest::newRow("2 + 1 to 2 + 4") << 2 << 1 << 2 << 4 << 6;
        QTest::newRow("2 + 0 to 2 + 1") << 2 << 0 << 2 << 1 << 3;
        QTest::newRow("one copy to two") << 1 << 0 << 1 << 1 << 2;
        QTest::newRow("two copies to three") << 1 << 1 << 1 << 2 << 3;
        QTest::newRow("two copies to lose 2") << 1 << 1 << 0 << 2 << 3;
        QTest::newRow("4 + 2 to 4 + 3") << 4 << 2 << 4 << 3 << 7;
    }
    void moreProtectionAddsToWhatLiesThere()
    {
        QFETCH(const int, k);
        QFETCH(const int, m);
        QFETCH(const int, askedK);
        QFETCH(const int, askedM);
        QFETCH(const int, accounts);
        EngineFixture fixture(accounts);
        const QByteArray bytes = store(fixture, Protection(k, m), 1'000'000 * std::max(k, 2) + 300'000);
        std::map<std::pair<int, QString>, QByteArray> before;
        const StoredPacks lying(fixture, accounts);
        for (const auto &stored : lying.all())
            before[std::pair(stored.account, stored.name.value)]
                = fixture.place(stored.account).memory->bytes(stored.name);
        const RevisionRecord old = revision(fixture);

        const auto done = protect(fixture, Protection(askedK, askedM));
        QVERIFY2(done, qPrintable(done ? QString() : done.error().message));
        QCOMPARE(done->protection, Protection(k, askedM));
        QVERIFY(done->uploadedBytes > 0);
        QCOMPARE(done->warnings, QStringList());
        // What lay there lies there still, and is the same.
        for (const auto &[where, blob] : before)
            QCOMPARE(fixture.place(where.first).memory->bytes(BlobName(where.second)), blob);
        // The same revision, with another manifest.
        const RevisionRecord now = revision(fixture);
        QCOMPARE(now.id, old.id);
        QCOMPARE(now.number, old.number);
        QCOMPARE(now.protection.m, askedM);
        QVERIFY(now.manifest != old.manifest);
        const ModelHealth health = deepHealth(fixture);
        QCOMPARE(health.state, ModelState::Safe);
        QCOMPARE(health.spare, askedM);
        // So many may go now.
        for (int i = 0; i < askedM; ++i)
            fixture.destroy(i);
        fixture.reopen();
        QVERIFY(fixture.fetch(QStringLiteral("m"), QStringLiteral("back")));
        QCOMPARE(readFile(fixture.path(QStringLiteral("back/m"))), bytes);
    }

    void theAccountsSayTheNewPromise()
    {
        EngineFixture fixture(4);
        store(fixture, Protection(2, 1));
        QVERIFY(protect(fixture, Protection(2, 2)));
        const RevisionRecord now = revision(fixture);
        int manifests = 0;
        for (int i = 0; i < 4; ++i) {
            const BlobName name = manifestName(fixture.engine().ring, now.manifest);
            const auto manifest = openManifest(fixture.engine().ring, viewOf(fixture.place(i).memory->bytes(name)));
            if (!manifest)
                continue;
            ++manifests;
            QCOMPARE(manifest->revision.protection, Protection(2, 2));
            QCOMPARE(manifest->revision.id, now.id);
            QCOMPARE(manifest->files.size(), std::size_t(1));
        }
        QVERIFY(manifests >= 3);
        // And that there is a fragment 3 now, in an index object of its own.
        QVERIFY(runTask(fixture.engine().registry.packsWithoutIndex(10))->empty());
        QCOMPARE(StoredPacks(fixture, 4).rows(2).size(), std::size_t(4));
    }

    void lessProtectionIsAPromiseOnly()
    {
        EngineFixture fixture(4);
        const QByteArray bytes = store(fixture, Protection(2, 2));
        const std::size_t before = StoredPacks(fixture, 4).all().size();
        const auto done = protect(fixture, Protection(2, 1));
        QVERIFY2(done, qPrintable(done ? QString() : done.error().message));
        QCOMPARE(done->uploadedBytes, 0);
        QCOMPARE(StoredPacks(fixture, 4).all().size(), before); // collect's business
        QCOMPARE(revision(fixture).protection, Protection(2, 1));
        QCOMPARE(deepHealth(fixture).state, ModelState::Safe);
        // A fragment less is as promised now.
        StoredPacks packs(fixture, 4);
        packs.lose(packs.rows(2).at(3));
        const ModelHealth health = deepHealth(fixture);
        QCOMPARE(health.state, ModelState::Safe);
        QCOMPARE(health.missing, 0);
        QVERIFY(fixture.fetch(QStringLiteral("m"), QStringLiteral("back")));
        QCOMPARE(readFile(fixture.path(QStringLiteral("back/m"))), bytes);
    }

    void whatIsPromisedAlreadySendsNothing()
    {
        EngineFixture fixture(3);
        store(fixture, Protection(2, 1));
        const qint64 before = fixture.putBytes();
        const auto done = protect(fixture, Protection(2, 1));
        QVERIFY(done);
        QVERIFY(done->unchanged);
        QCOMPARE(fixture.putBytes(), before);
    }

    void otherPiecesAreOtherPacks_data()
    {
        QTest::addColumn<int>("k");
        QTest::addColumn<int>("m");
        QTest::addColumn<int>("askedK");
        QTest::addColumn<int>("askedM");
        QTest::newRow("2 + 1 to 4 + 2") << 2 << 1 << 4 << 2;
        QTest::newRow("two copies to 2 + 1") << 1 << 1 << 2 << 1;
        QTest::newRow("4 + 2 to two copies") << 4 << 2 << 1 << 1;
        QTest::newRow("one copy to 3 + 1") << 1 << 0 << 3 << 1;
    }
    void otherPiecesAreOtherPacks()
    {
        QFETCH(const int, k);
        QFETCH(const int, m);
        QFETCH(const int, askedK);
        QFETCH(const int, askedM);
        EngineFixture fixture(6);
        const QByteArray bytes = store(fixture, Protection(k, m), 6'000'000);
        const RevisionRecord old = revision(fixture);
        std::set<PackId> before;
        const StoredPacks first(fixture, 6);
        for (const auto &stored : first.all())
            before.insert(stored.header.pack);

        const auto done = protect(fixture, Protection(askedK, askedM));
        QVERIFY2(done, qPrintable(done ? QString() : done.error().message));
        QCOMPARE(done->protection, Protection(askedK, askedM));
        QCOMPARE(done->warnings, QStringList());
        QVERIFY(done->uploadedBytes > 6'000'000);
        const RevisionRecord now = revision(fixture);
        QCOMPARE(now.id, old.id);
        QCOMPARE(now.number, old.number);
        QCOMPARE(now.protection, Protection(askedK, askedM));
        const auto freed = runTask(collect(fixture.engine()));
        QVERIFY2(freed, qPrintable(freed ? QString() : freed.error().message));
        QCOMPARE(freed->waiting, QStringList());
        const StoredPacks lying(fixture, 6);
        QVERIFY(!lying.all().empty());
        for (const auto &stored : lying.all()) {
            QVERIFY(!before.contains(stored.header.pack));
            QCOMPARE(int(stored.header.k), askedK);
        }
        QCOMPARE(deepHealth(fixture).spare, askedM);
        const auto again = protect(fixture, Protection(askedK, askedM));
        QVERIFY(again && again->unchanged);
        for (int i = 0; i < askedM; ++i)
            fixture.destroy(i);
        fixture.reopen();
        QVERIFY(fixture.fetch(QStringLiteral("m"), QStringLiteral("back")));
        QCOMPARE(readFile(fixture.path(QStringLiteral("back/m"))), bytes);
    }

    void otherPiecesForWhichThereIsNoPlaceChangeNothing()
    {
        EngineFixture fixture(4);
        store(fixture, Protection(2, 1));
        const qint64 before = fixture.putBytes();
        const auto done = protect(fixture, Protection(4, 1));
        QVERIFY(!done);
        QCOMPARE(done.error().id, QStringLiteral("MF-PLACE-DOMAINS"));
        QCOMPARE(fixture.putBytes(), before);
        QCOMPARE(revision(fixture).protection, Protection(2, 1));
    }

    void tooFewDomainsAreRefused()
    {
        EngineFixture fixture(3);
        store(fixture, Protection(2, 1));
        const qint64 before = fixture.putBytes();
        const auto done = protect(fixture, Protection(2, 3));
        QVERIFY(!done);
        QCOMPARE(done.error().id, QStringLiteral("MF-PLACE-DOMAINS"));
        QCOMPARE(done.error().parameters.value(QStringLiteral("missing")), QStringLiteral("2"));
        QCOMPARE(fixture.putBytes(), before);
    }

    void tooLittleRoomPromisesNothing()
    {
        EngineFixture fixture(4);
        store(fixture, Protection(2, 1), 3'000'000);
        int unused = 0;
        StoredPacks packs(fixture, 4);
        while (std::any_of(packs.all().begin(), packs.all().end(), [&](const auto &s) { return s.account == unused; }))
            ++unused;
        auto &fault = fixture.place(unused).faulty->on(Method::Put).named(QStringLiteral("f/*"));
        fault.error(Error(Error::Kind::Quota, QStringLiteral("MF-ACCOUNT-FULL"), QStringLiteral("it is full")));
        auto done = protect(fixture, Protection(2, 2));
        QVERIFY(!done);
        QCOMPARE(done.error().id, QStringLiteral("MF-PROTECT-ROOM"));
        QCOMPARE(revision(fixture).protection, Protection(2, 1));
        // With room the same goes on.
        done = protect(fixture, Protection(2, 2));
        QVERIFY2(done, qPrintable(done ? QString() : done.error().message));
        QCOMPARE(deepHealth(fixture).spare, 2);
    }

    void sharedPacksAreRaisedForAll()
    {
        EngineFixture fixture(4);
        const QByteArray bytes = store(fixture, Protection(2, 1));
        const auto other = fixture.store(fixture.write(QStringLiteral("n"), bytes), Protection(2, 1));
        QVERIFY(other);
        QCOMPARE(other->uploadedBytes, 0);
        QVERIFY(protect(fixture, Protection(2, 2)));
        // n shares the packs; what it promises is its own affair.
        const auto n = runTask(fixture.engine().registry.revision(QStringLiteral("n"), 0));
        QCOMPARE(n->protection, Protection(2, 1));
        QCOMPARE(runTask(modelHealth(fixture.engine(), *n))->spare, 2);
        // And what is stored with the higher promise finds them.
        const auto third = fixture.store(fixture.write(QStringLiteral("o"), bytes), Protection(2, 2));
        QVERIFY(third);
        QCOMPARE(third->uploadedBytes, 0);
    }

    // Lowered once, so that this computer knows the fragment that comes again. It read the log, not yet the manifest.
    void whatAnotherComputerJustPromisedIsNoSurplus()
    {
        Computers c(5);
        const QString m = QStringLiteral("m");
        QVERIFY(c.store(c.write(QStringLiteral("m.bin"), randomBytes(3'000'000, 5)), Protection(2, 2), m));
        must(runTask(protectOn(c.engine(), m, Protection(2, 1))));
        must(runTask(collect(c.engine())));
        QCOMPARE(c.fragments(), 3);
        const int other = c.join(0); // which is a new process on the first, too
        Engine &engine = c.engine();
        must(runTask(protectOn(c.engine(other), m, Protection(2, 2))));
        QCOMPARE(c.fragments(), 4);
        LibraryLog log(engine);
        must(runTask(log.sync(engine.accounts.verified())));
        must(runTask(lookThroughAccounts(engine)));
        QVERIFY(must(runTask(engine.registry.surplusFragments({}))).empty());
        must(runTask(collect(engine)));
        QCOMPARE(c.fragments(), 4);
    }

    // Removed for ever on another computer, of which this one hears only when it asks whether its promise holds.
    void whatAnotherComputerDeletesIsNotPromised()
    {
        using std::chrono::hours;
        MemoryProvider::Options lagging;
        lagging.listingLag = hours(12);
        Computers c(3, lagging);
        const QString m = QStringLiteral("m");
        QVERIFY(c.store(c.write(QStringLiteral("m.bin"), randomBytes(300'000, 7)), Protection(1, 1), m));
        c.clock().advance(hours(13));
        const int other = c.join(0);
        must(runTask(removeModel(c.engine(other), m, 0, true)));
        QVERIFY(!must(runTask(collect(c.engine(other)))).waiting.isEmpty()); // until every listing shows the doom
        for (int i = 0; i < 3; ++i)
            c.faulty(i).on(Method::Put).named(QStringLiteral("meta/*")).times(1).callback([&c] {
                c.clock().advance(hours(13));
            });
        const auto refused = runTask(protectOn(c.engine(), m, Protection(1, 2)));
        QVERIFY(!refused);
        QCOMPARE(refused.error().id, QStringLiteral("MF-PROTECT-CONFIRM"));
        for (int i = 0; i < 3; ++i) {
            for (const int computer : { 0, other }) {
                c.clock().advance(hours(30));
                must(runTask(collect(c.engine(computer))));
                QVERIFY(runTask(c.engine(computer).registry.models(QString()))->empty()); // the promise revives nothing
            }
        }
        QCOMPARE(c.fragments(), 0);
    }

    void aManifestThatIsAwayIsSaid()
    {
        EngineFixture fixture(4);
        store(fixture, Protection(2, 1));
        for (int i = 0; i < 4; ++i)
            fixture.place(i).memory->lose(manifestName(fixture.engine().ring, revision(fixture).manifest));
        const auto done = protect(fixture, Protection(2, 2));
        QVERIFY(!done);
        QCOMPARE(done.error().id, QStringLiteral("MF-MANIFEST-AWAY"));
        QCOMPARE(revision(fixture).protection, Protection(2, 1));
    }
};

QTEST_GUILESS_MAIN(TestProtect)
#include "test_protect.moc"
