// SPDX-License-Identifier: GPL-3.0-or-later
// What repair brings back, where it puts it, and what it must not do.
#include "tests/distributor/mending.h"

#include <QtTest>

using namespace mf;
using Method = FaultyProvider::Method;

class TestRepair : public QObject
{
    Q_OBJECT

private slots:
    void nothingToDoSendsNothing()
    {
        EngineFixture fixture(3);
        storeModel(fixture, Protection(2, 1));
        const qint64 before = fixture.putBytes();
        const RepairResult repaired = repairAll(fixture);
        QCOMPARE(repaired.rebuilt, 0);
        QCOMPARE(repaired.models[0].state, ModelState::Safe);
        QCOMPARE(fixture.putBytes(), before);
    }

    void rebuiltFragmentsAreTheSameBytes()
    {
        EngineFixture fixture(4);
        const QByteArray bytes = storeModel(fixture, Protection(2, 1));
        StoredPacks packs(fixture, 4);
        std::map<int, QByteArray> right;
        for (const auto &[row, stored] : packs.rows(2))
            right[row] = packs.bytes(stored);
        for (int row = 0; row < 3; ++row) {
            StoredPacks now(fixture, 4);
            now.lose(now.rows(2).at(row));
            QCOMPARE(repairAll(fixture).rebuilt, 1);
            StoredPacks then(fixture, 4);
            QCOMPARE(then.bytes(then.rows(2).at(row)), right.at(row));
        }
        QVERIFY(comesBack(fixture, bytes));
    }

    void aMissingFragmentGoesElsewhereIfItCan_data()
    {
        QTest::addColumn<int>("accounts");
        QTest::newRow("another account has room") << 4;
        QTest::newRow("there is none") << 3;
    }
    void aMissingFragmentGoesElsewhereIfItCan()
    {
        QFETCH(const int, accounts);
        EngineFixture fixture(accounts);
        storeModel(fixture, Protection(2, 1));
        StoredPacks packs(fixture, accounts);
        const auto stored = packs.rows(2).at(1);
        packs.lose(stored);
        QCOMPARE(repairAll(fixture).models[0].state, ModelState::Safe);
        StoredPacks then(fixture, accounts);
        QCOMPARE(then.rows(2).at(1).account == stored.account, accounts == 3);
    }

    void damageIsReplacedInPlace_data()
    {
        QTest::addColumn<QString>("how");
        QTest::newRow("a bit of data") << QStringLiteral("flip");
        QTest::newRow("a bit with a checksum that fits") << QStringLiteral("forge");
        QTest::newRow("truncated") << QStringLiteral("truncate");
        QTest::newRow("an old object under the name") << QStringLiteral("swap");
    }
    void damageIsReplacedInPlace()
    {
        QFETCH(const QString, how);
        for (int row = 0; row < 3; ++row) {
            EngineFixture fixture(4);
            const QByteArray bytes = storeModel(fixture, Protection(2, 1));
            StoredPacks packs(fixture, 4);
            const auto stored = packs.rows(2).at(row);
            const QByteArray right = packs.bytes(stored);
            if (how == QStringLiteral("flip"))
                packs.flip(stored, 77'777);
            else if (how == QStringLiteral("forge"))
                packs.forge(stored, 77'777);
            else if (how == QStringLiteral("truncate"))
                packs.replace(stored, right.left(1'000));
            else
                packs.replace(stored, packs.bytes(packs.rows(2).at((row + 1) % 3)));
            QCOMPARE(deepCheck(fixture).models[0].damaged, 1);
            const RepairResult repaired = repairAll(fixture);
            QCOMPARE(repaired.rebuilt, 1);
            QCOMPARE(repaired.models[0].state, ModelState::Safe);
            QCOMPARE(packs.bytes(stored), right);
            QCOMPARE(deepCheck(fixture).models[0].damaged, 0);
            QVERIFY(comesBack(fixture, bytes));
        }
    }

    // Taking it away would be a risk for nothing: the account may refuse the next put.
    void whatOnlyLookedDamagedStays()
    {
        EngineFixture fixture(4);
        const QByteArray bytes = storeModel(fixture, Protection(2, 1));
        StoredPacks packs(fixture, 4);
        const auto stored = packs.rows(2).at(1);
        auto &faulty = *fixture.place(stored.account).faulty;
        faulty.on(Method::Get).named(QStringLiteral("f/*")).corrupt(77'777);
        QCOMPARE(deepCheck(fixture).models[0].damaged, 1);
        auto &removed = faulty.on(Method::Remove).always();
        auto &put = faulty.on(Method::Put).named(QStringLiteral("f/*")).always();
        const RepairResult repaired = repairAll(fixture);
        QCOMPARE(removed.hits(), 0);
        QCOMPARE(put.hits(), 0);
        QCOMPARE(repaired.rebuilt, 1);
        QCOMPARE(repaired.uploadedBytes, 0);
        QCOMPARE(repaired.models[0].state, ModelState::Safe);
        QCOMPARE(repaired.models[0].spare, 1);
        QVERIFY(comesBack(fixture, bytes));
    }

    // An account that does not answer now may do so a moment later, and what it holds may be right.
    void whatCannotBeReadAgainIsNotTakenAway()
    {
        EngineFixture fixture(4);
        const QByteArray bytes = storeModel(fixture, Protection(2, 1));
        StoredPacks packs(fixture, 4);
        const auto stored = packs.rows(2).at(1);
        packs.flip(stored, 77'777);
        QCOMPARE(deepCheck(fixture).models[0].damaged, 1);
        auto &faulty = *fixture.place(stored.account).faulty;
        const Error away(Error::Kind::Network, QStringLiteral("MF-HTTP-TIMEOUT"), QStringLiteral("it does not answer"));
        faulty.on(Method::Get).named(QStringLiteral("f/*")).always().error(away);
        auto &removed = faulty.on(Method::Remove).always();
        const RepairResult repaired = repairAll(fixture);
        QCOMPARE(removed.hits(), 0);
        QCOMPARE(repaired.models[0].spare, 1); // on the fourth account
        QVERIFY(!repaired.warnings.isEmpty());
        QVERIFY(comesBack(fixture, bytes));
    }

    // Two of three are damaged, in different places: together with the third they still hold all of it.
    void damageInDifferentPlacesIsOvercome()
    {
        EngineFixture fixture(3);
        const QByteArray bytes = storeModel(fixture, Protection(2, 1));
        StoredPacks packs(fixture, 3);
        packs.flip(packs.rows(2).at(0), 10);
        packs.flip(packs.rows(2).at(1), 700'000);
        deepCheck(fixture);
        // Neither may be taken away while the other cannot make up for it.
        const RepairResult stuck = repairAll(fixture);
        QCOMPARE(stuck.rebuilt, 0);
        QVERIFY(!stuck.warnings.isEmpty());
        QCOMPARE(StoredPacks(fixture, 3).rows(2).size(), std::size_t(3));
        fixture.addAccount();
        const RepairResult repaired = repairAll(fixture);
        QCOMPARE(repaired.models[0].state, ModelState::Safe);
        QCOMPARE(deepCheck(fixture).models[0].damaged, 0);
        QVERIFY(comesBack(fixture, bytes));
    }

    void tooLittleIsLeftAsItIs()
    {
        EngineFixture fixture(4);
        storeModel(fixture, Protection(2, 1));
        StoredPacks packs(fixture, 4);
        packs.lose(packs.rows(2).at(0));
        packs.lose(packs.rows(2).at(2));
        const qint64 before = fixture.putBytes();
        const RepairResult repaired = repairAll(fixture);
        QCOMPARE(repaired.models[0].state, ModelState::Unreadable);
        QCOMPARE(repaired.unreadablePacks, 1);
        QVERIFY(fixture.putBytes() - before < 100'000); // the log, at most
        QVERIFY(StoredPacks(fixture, 4).rows(2).contains(1));
    }

    void tooFewDomainsAreSaid()
    {
        EngineFixture fixture(3);
        const QByteArray bytes = storeModel(fixture, Protection(2, 1));
        fixture.destroy(2);
        fixture.retire(2);
        RepairResult repaired = repairAll(fixture);
        QCOMPARE(repaired.models[0].state, ModelState::AtRisk);
        QCOMPARE(repaired.domainsMissing, 1);
        fixture.addAccount();
        repaired = repairAll(fixture);
        QCOMPARE(repaired.models[0].state, ModelState::Safe);
        QVERIFY(comesBack(fixture, bytes));
    }

    void aFullAccountIsNotAPlace()
    {
        EngineFixture fixture(4);
        storeModel(fixture, Protection(2, 1));
        StoredPacks packs(fixture, 4);
        std::set<int> used;
        for (const auto &[row, stored] : packs.rows(2))
            used.insert(stored.account);
        for (int i = 0; i < 4; ++i) {
            if (!used.contains(i))
                fixture.place(i).memory->setCapacity(10'000);
        }
        packs.lose(packs.rows(2).at(0));
        fixture.reopen();
        // It goes back to where it was: there is no other room.
        QCOMPARE(repairAll(fixture).models[0].state, ModelState::Safe);
        QCOMPARE(StoredPacks(fixture, 4).rows(2).at(0).account, packs.rows(2).at(0).account);
    }

    void anAccountThatIsAwayIsMadeUpForAfterThreeDays()
    {
        EngineFixture fixture(4);
        const QByteArray bytes = storeModel(fixture, Protection(2, 1));
        const int away = StoredPacks(fixture, 4).rows(2).at(1).account;
        fixture.place(away).memory->setGone(true);
        fixture.reopen();
        QCOMPARE(repairAll(fixture).rebuilt, 0); // from now on it is missed
        fixture.passTime(std::chrono::hours(71));
        QCOMPARE(repairAll(fixture).rebuilt, 0);
        fixture.passTime(std::chrono::hours(2));
        QCOMPARE(repairAll(fixture).rebuilt, 1);
        // It comes back: twins are the same bytes and do no harm.
        fixture.place(away).memory->setGone(false);
        fixture.reopen();
        QCOMPARE(deepCheck(fixture).models[0].state, ModelState::Safe);
        QVERIFY(comesBack(fixture, bytes));
    }

    void anAccountThatDropsWhatItTookIsNotAsked_data()
    {
        QTest::addColumn<bool>("inPlace");
        QTest::newRow("a missing fragment") << false;
        QTest::newRow("a damaged one") << true;
    }
    void anAccountThatDropsWhatItTookIsNotAsked()
    {
        QFETCH(const bool, inPlace);
        EngineFixture fixture(4);
        const QByteArray bytes = storeModel(fixture, Protection(2, 1));
        StoredPacks packs(fixture, 4);
        const auto stored = packs.rows(2).at(2);
        if (inPlace) {
            packs.flip(stored, 5);
            QCOMPARE(deepCheck(fixture).models[0].damaged, 1);
            fixture.place(stored.account).faulty->on(Method::Put).named(QStringLiteral("f/*")).always().loseSilently();
        } else {
            packs.lose(stored);
            int liar = 0;
            while (
                std::any_of(packs.all().begin(), packs.all().end(), [&](const auto &s) { return s.account == liar; }))
                ++liar;
            fixture.place(liar).faulty->on(Method::Put).named(QStringLiteral("f/*")).always().loseSilently();
        }
        const RepairResult repaired = repairAll(fixture);
        QCOMPARE(repaired.models[0].state, ModelState::Safe);
        QVERIFY(!repaired.warnings.isEmpty());
        QCOMPARE(deepCheck(fixture).models[0].state, ModelState::Safe);
        QVERIFY(comesBack(fixture, bytes));
    }

    void aRemovalThatDoesNothingIsNoticed()
    {
        EngineFixture fixture(4);
        const QByteArray bytes = storeModel(fixture, Protection(2, 1));
        StoredPacks packs(fixture, 4);
        const auto stored = packs.rows(2).at(2);
        packs.flip(stored, 5);
        QCOMPARE(deepCheck(fixture).models[0].damaged, 1);
        // Keeps what is there: a blob of that name and size.
        auto &faulty = *fixture.place(stored.account).faulty;
        faulty.on(Method::Remove).always().loseSilently();
        faulty.on(Method::Put).named(QStringLiteral("f/*")).always().loseSilently();
        const RepairResult repaired = repairAll(fixture);
        QVERIFY(!repaired.warnings.isEmpty());
        QCOMPARE(repaired.models[0].spare, 1); // on the fourth account
        QVERIFY(comesBack(fixture, bytes));
    }

    void whatAFetchMeetsIsMended_data()
    {
        QTest::addColumn<QString>("how");
        QTest::newRow("a damaged fragment") << QStringLiteral("flip");
        QTest::newRow("a missing one") << QStringLiteral("lose");
        QTest::newRow("an account without anything is not believed") << QStringLiteral("destroy");
    }
    void whatAFetchMeetsIsMended()
    {
        QFETCH(const QString, how);
        EngineFixture fixture(3);
        const QByteArray bytes = storeModel(fixture, Protection(2, 1));
        StoredPacks packs(fixture, 3);
        const auto stored = packs.rows(2).at(0);
        const QByteArray right = packs.bytes(stored);
        if (how == QStringLiteral("flip"))
            packs.flip(stored, 100);
        else if (how == QStringLiteral("lose"))
            packs.lose(stored);
        else
            fixture.destroy(stored.account);
        fixture.reopen();
        for (int i = 0; i < 3; ++i) // so that this one is asked
            fixture.account(i)->speed().note(1 << 20, SpeedEstimate::Duration(i == stored.account ? 1e-6 : 0.5));
        const auto fetched = fixture.fetch(QStringLiteral("m"), QStringLiteral("back"));
        QVERIFY(fetched);
        QCOMPARE(readFile(fixture.path(QStringLiteral("back/m"))), bytes);
        QCOMPARE(fetched->stats.damages.size(), std::size_t(1));
        const bool isThere = how != QStringLiteral("destroy");
        QCOMPARE(fetched->healed.rebuilt, isThere ? 1 : 0);
        if (isThere)
            QCOMPARE(packs.bytes(stored), right);
        QCOMPARE(deepCheck(fixture).models[0].state, ModelState::Safe); // or away, which counts as there
    }

    void sharedPacksKeepTheHighestPromise()
    {
        EngineFixture fixture(5);
        const QByteArray bytes = randomBytes(3'000'000, 22);
        QVERIFY(fixture.store(fixture.write(QStringLiteral("m"), bytes), Protection(2, 2)));
        const auto other = fixture.store(fixture.write(QStringLiteral("n"), bytes), Protection(2, 1));
        QVERIFY(other);
        QCOMPARE(other->uploadedBytes, 0); // the same pack
        StoredPacks packs(fixture, 5);
        packs.lose(packs.rows(2).at(0));
        RepairRequest request;
        request.model = QStringLiteral("n"); // whose own promise still holds
        Repair repair(fixture.engine(), request, nullptr);
        const auto repaired = runTask(repair.run());
        QVERIFY(repaired);
        QCOMPARE(repaired->rebuilt, 1);
        QCOMPARE(StoredPacks(fixture, 5).rows(2).size(), std::size_t(4));
    }
};

QTEST_GUILESS_MAIN(TestRepair)
#include "test_repair.moc"
