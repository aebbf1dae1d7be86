// SPDX-License-Identifier: GPL-3.0-or-later
// New recovery kits: who has which reads what, who lacks the newest writes nothing, and what older ones open can be
// ended.
#include "core/crypto/sealed_object.h"
#include "core/distributor/collect.h"
#include "core/distributor/library_keys.h"
#include "core/distributor/ready_accounts.h"
#include "core/distributor/rekey.h"
#include "core/distributor/repair.h"
#include "core/distributor/sync_library.h"
#include "core/distributor/trash.h"
#include "tests/support/must.h"
#include "tests/support/stored_packs.h"

#include <QtTest>

using namespace mf;
using Method = FaultyProvider::Method;

namespace {

constexpr int kAccounts = 3;
const QString kM = QStringLiteral("m");
const QString kN = QStringLiteral("n");
const Protection kPolicy(2, 1);

void ready(EngineFixture &computer)
{
    QStringList warnings;
    const auto done = runTask(readyAccounts(computer.engine(), warnings));
    if (!done)
        qFatal("%s", qPrintable(done.error().message));
}

std::vector<Account *> accounts(EngineFixture &computer)
{
    ready(computer);
    return computer.engine().accounts.verified();
}

// As a new kit is made; its master key.
SecretKey rotate(EngineFixture &computer)
{
    const SecretKey master = randomKey();
    KeyRing ring = computer.engine().ring;
    ring.add(master);
    const auto shared = runTask(shareKeys(computer.engine(), ring, accounts(computer)));
    if (!shared)
        qFatal("%s", qPrintable(shared.error().message));
    computer.engine().ring = ring;
    const auto announced = runTask(announceKeys(computer.engine()));
    if (!announced)
        qFatal("%s", qPrintable(announced.error().message));
    return master;
}

// As a kit of another computer is taken in.
void take(EngineFixture &computer, const SecretKey &master)
{
    const auto ring = must(runTask(ringUnder(computer.engine(), accounts(computer), master)));
    if (!ring)
        qFatal("the kit opens nothing");
    computer.engine().ring.merge(*ring);
}

QByteArray store(EngineFixture &computer, const QString &name, quint32 seed)
{
    const QByteArray bytes = randomBytes(2'500'000, seed);
    must(computer.store(computer.write(name, bytes), kPolicy, name));
    return bytes;
}

QString storeError(EngineFixture &computer)
{
    const auto stored = computer.store(computer.write(QStringLiteral("x"), randomBytes(100'000, 99)), kPolicy);
    return stored ? QString() : stored.error().id;
}

QByteArray fetched(EngineFixture &computer, const QString &name)
{
    static int number = 0;
    const QString to = QStringLiteral("back%1").arg(++number);
    const auto done = computer.fetch(name, to);
    if (!done)
        qWarning("%s", qPrintable(done.error().message));
    return readFile(computer.path(to + u'/' + name));
}

} // namespace

class TestEpochs : public QObject
{
    Q_OBJECT

    // How many fragments, manifests and index objects do not open with this key alone.
    static int notUnder(EngineFixture &computer, const SecretKey &master)
    {
        const KeyRing &ring = computer.engine().ring;
        const KeyRing alone(ring.library(), master);
        int count = 0;
        for (int i = 0; i < kAccounts; ++i) {
            const auto &memory = *computer.place(i).memory;
            for (const QString &name : memory.names()) {
                const QByteArray bytes = memory.bytes(BlobName(name));
                if (name.startsWith(QStringLiteral("f/"))) {
                    count += openFragmentHeader(alone, viewOf(bytes)) ? 0 : 1;
                } else if (name.startsWith(QStringLiteral("meta/")) && name != markerName(ring).value) {
                    const auto manifest = openObject(alone, "manifest", ring.library().view(), viewOf(bytes));
                    const auto index = openObject(alone, "index", ring.library().view(), viewOf(bytes));
                    count += manifest || index ? 0 : 1;
                }
            }
        }
        return count;
    }

private slots:
    void eachKitOpensWhatItShould()
    {
        EngineFixture fixture(kAccounts);
        const SecretKey old = fixture.engine().ring.newest().master;
        const QByteArray before = store(fixture, kM, 1);
        QCOMPARE(notUnder(fixture, old), 0);
        const SecretKey fresh = rotate(fixture);
        QCOMPARE(notUnder(fixture, old), 0);
        const QByteArray after = store(fixture, kN, 2);
        QVERIFY(notUnder(fixture, old) > 0);
        QCOMPARE(fetched(fixture, kM), before);
        QCOMPARE(fetched(fixture, kN), after);
        // The old one knows of nothing newer, the new one of all.
        QCOMPARE(fixture.engine().ring.epochs().size(), std::size_t(2));
        const auto none = must(runTask(ringUnder(fixture.engine(), accounts(fixture), old)));
        QVERIFY(!none || none->epochs().size() == 1);
        const auto all = must(runTask(ringUnder(fixture.engine(), accounts(fixture), fresh)));
        QVERIFY(all);
        QCOMPARE(all->epochs().size(), std::size_t(2));
        QCOMPARE(all->newest().id, KeyRing::epochIdOf(fresh));
        QCOMPARE(all->namingKey(), fixture.engine().ring.namingKey());
        // Another computer with nothing but the new kit.
        const auto computer = fixture.anotherComputer();
        computer->engine().ring = *all;
        QCOMPARE(must(runTask(recoverLibrary(computer->engine()))).readable, 2);
        QCOMPARE(fetched(*computer, kM), before);
        QCOMPARE(fetched(*computer, kN), after);
    }

    void whoLacksTheNewKitOnlyReads()
    {
        EngineFixture fixture(kAccounts);
        const QByteArray before = store(fixture, kM, 3);
        const auto other = fixture.anotherComputer();
        QVERIFY(runTask(recoverLibrary(other->engine())));
        const SecretKey fresh = rotate(fixture);
        const QByteArray after = store(fixture, kN, 4);

        other->reopen();
        const qint64 sent = other->putBytes();
        const auto refused = other->store(other->write(QStringLiteral("x"), randomBytes(100'000, 5)), kPolicy);
        QVERIFY(!refused);
        QCOMPARE(refused.error().id, QStringLiteral("MF-KEYS-NEWER"));
        QCOMPARE(refused.error().kind, Error::Kind::Unauthorised);
        QVERIFY(refused.error().message.contains(QStringLiteral("init --from-kit")));
        const auto collecting = runTask(collect(other->engine()));
        QVERIFY(!collecting);
        QCOMPARE(collecting.error().id, QStringLiteral("MF-KEYS-NEWER"));
        const auto removing = runTask(removeModel(other->engine(), kM, 0, true));
        QVERIFY(!removing);
        QCOMPARE(other->putBytes(), sent);
        QCOMPARE(fetched(*other, kM), before);

        take(*other, fresh);
        QCOMPARE(storeError(*other), QString());
        QCOMPARE(fetched(*other, kN), after);
        QVERIFY(runTask(syncLibrary(fixture.engine())));
        QCOMPARE(fetched(fixture, QStringLiteral("x")), randomBytes(100'000, 99));
    }

    void twoKitsAtOnce()
    {
        EngineFixture fixture(kAccounts);
        const QByteArray before = store(fixture, kM, 6);
        const auto other = fixture.anotherComputer();
        QVERIFY(runTask(recoverLibrary(other->engine())));
        const SecretKey here = rotate(fixture);
        const SecretKey there = rotate(*other);
        QCOMPARE(storeError(fixture), QStringLiteral("MF-KEYS-NEWER"));
        QCOMPARE(storeError(*other), QStringLiteral("MF-KEYS-NEWER"));
        // One is given the other's kit; that one then hears of it by itself.
        take(fixture, there);
        QVERIFY(runTask(shareKeys(fixture.engine(), fixture.engine().ring, accounts(fixture))));
        QVERIFY(runTask(announceKeys(fixture.engine())));
        const QByteArray after = store(fixture, kN, 7);
        QVERIFY(runTask(syncLibrary(other->engine())));
        QCOMPARE(other->engine().ring.epochs().size(), std::size_t(3));
        QCOMPARE(other->engine().ring.newest().id, fixture.engine().ring.newest().id);
        const auto settings = must(runTask(other->engine().registry.settings()));
        QVERIFY(settings.contains(keysLearnt())); // for the secret store
        QCOMPARE(fetched(*other, kN), after);
        QCOMPARE(storeError(*other), QString());
        QCOMPARE(fetched(fixture, kM), before);
        // Either kit opens everything, in the same order.
        for (const SecretKey &master : { here, there }) {
            const auto ring = must(runTask(ringUnder(fixture.engine(), accounts(fixture), master)));
            QVERIFY(ring);
            QCOMPARE(ring->epochs().size(), std::size_t(3));
            QCOMPARE(ring->newest().id, fixture.engine().ring.newest().id);
        }
        // The next one follows both.
        const SecretKey next = rotate(fixture);
        const auto ring = must(runTask(ringUnder(fixture.engine(), accounts(fixture), next)));
        QCOMPARE(ring->epochs().size(), std::size_t(4));
        QCOMPARE(ring->newest().id, KeyRing::epochIdOf(next));
    }

    void aPlaceThatMissedItGetsTheNewKeys()
    {
        EngineFixture fixture(kAccounts);
        store(fixture, kM, 8);
        const SecretKey fresh = rotate(fixture);
        auto &memory = *fixture.place(1).memory;
        for (const QString &name : memory.names().filter(QStringLiteral("lib/")))
            memory.lose(BlobName(name));
        QVERIFY(runTask(syncLibrary(fixture.engine())));
        const QStringList objects = memory.names().filter(QStringLiteral("lib/"));
        QCOMPARE(objects.size(), 1);
        QVERIFY(openLibraryObject(fresh, viewOf(memory.bytes(BlobName(objects.first())))));
        QVERIFY(runTask(syncLibrary(fixture.engine())));
        QCOMPARE(memory.names().filter(QStringLiteral("lib/")), objects);
    }

    // A fragment is the same bytes whenever it is written.
    void repairUnderANewKeyWritesTheOldBytes()
    {
        EngineFixture fixture(kAccounts);
        store(fixture, kM, 9);
        StoredPacks packs(fixture, kAccounts);
        const auto lost = packs.rows(2).at(1);
        const QByteArray before = packs.bytes(lost);
        rotate(fixture);
        packs.lose(lost);
        RepairRequest request;
        Repair repair(fixture.engine(), request, nullptr);
        const auto repaired = runTask(repair.run());
        QVERIFY2(repaired, qPrintable(repaired ? QString() : repaired.error().message));
        QCOMPARE(repaired->rebuilt, 1);
        const StoredPacks now(fixture, kAccounts);
        const auto again = now.rows(2).at(1);
        QCOMPARE(now.bytes(again), before);
    }

    void rekeyEndsWhatTheOldKitOpens_data()
    {
        QTest::addColumn<QString>("fault");
        QTest::newRow("at once") << QString();
        QTest::newRow("interrupted while it puts fragments") << QStringLiteral("f/*");
        QTest::newRow("interrupted with a manifest") << QStringLiteral("meta/*");
        QTest::newRow("interrupted with the log") << QStringLiteral("log/*");
    }
    void rekeyEndsWhatTheOldKitOpens()
    {
        QFETCH(const QString, fault);
        EngineFixture fixture(kAccounts);
        const SecretKey old = fixture.engine().ring.newest().master;
        const QByteArray m = store(fixture, kM, 10);
        const QByteArray n = store(fixture, kN, 11);
        const QString empty = QStringLiteral("nothing");
        must(fixture.store(fixture.write(empty, QByteArray()), kPolicy, empty));
        must(runTask(removeModel(fixture.engine(), kN, 0, false)));
        const SecretKey fresh = rotate(fixture);
        QVERIFY(notUnder(fixture, fresh) > 0);
        if (!fault.isEmpty()) {
            const Error cut(Error::Kind::Network, QStringLiteral("MF-NET"), QStringLiteral("the line is cut"));
            for (int i = 0; i < kAccounts; ++i)
                fixture.place(i)
                    .faulty->on(Method::Put)
                    .named(fault)
                    .after(fault.startsWith(u'f') ? 0 : 1)
                    .always()
                    .error(cut);
            const auto failed = runTask(rekeyLibrary(fixture.engine(), nullptr));
            QVERIFY(!failed || failed->left > 0);
            fixture.reopen();
        }
        const auto done = must(runTask(rekeyLibrary(fixture.engine(), nullptr)));
        QCOMPARE(done.left, 0);
        QVERIFY(!fault.isEmpty() || done.packs == 2);
        QVERIFY(!fault.isEmpty() || done.models == 3);
        QCOMPARE(must(runTask(collect(fixture.engine()))).waiting, QStringList());
        QCOMPARE(notUnder(fixture, fresh), 0);
        QVERIFY(notUnder(fixture, old) > 0);
        const auto again = must(runTask(rekeyLibrary(fixture.engine(), nullptr)));
        QCOMPARE(again.packs, 0);
        QCOMPARE(again.models, 0);
        QCOMPARE(fetched(fixture, kM), m);
        must(runTask(restoreModel(fixture.engine(), kN)));
        QCOMPARE(fetched(fixture, kN), n);
        fixture.destroy(2);
        const auto computer = fixture.anotherComputer();
        QCOMPARE(must(runTask(recoverLibrary(computer->engine()))).readable, 3);
        QCOMPARE(fetched(*computer, kM), m);
        QCOMPARE(fetched(*computer, kN), n);
    }
};

QTEST_GUILESS_MAIN(TestEpochs)
#include "test_epochs.moc"
