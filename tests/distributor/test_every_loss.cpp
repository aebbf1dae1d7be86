// SPDX-License-Identifier: GPL-3.0-or-later
// Every account and every pair of accounts is destroyed: what the protection promises is kept, what it does not
// promise is said.
#include "tests/distributor/mending.h"

#include <QtTest>

using namespace mf;

class TestEveryLoss : public QObject
{
    Q_OBJECT

    static ModelState stateWith(int m, int lost)
    {
        if (lost > m)
            return ModelState::Unreadable;
        return lost == m ? ModelState::AtRisk : ModelState::Reduced;
    }

    // They are destroyed, and given up; as many new ones come.
    static void replace(EngineFixture &fixture, const std::vector<int> &lost)
    {
        for (const int i : lost) {
            fixture.destroy(i);
            fixture.retire(i);
            fixture.addAccount();
        }
    }

    static void keepsItsPromise(EngineFixture &fixture, const QByteArray &bytes, int m, const std::vector<int> &lost)
    {
        const int accounts = fixture.accounts();
        for (const int i : lost)
            fixture.destroy(i);
        fixture.reopen();
        QVERIFY(comesBack(fixture, bytes));

        replace(fixture, lost);
        const CheckResult checked = checkAll(fixture, false);
        QCOMPARE(checked.models[0].state, stateWith(m, static_cast<int>(lost.size())));
        QCOMPARE(checked.models[0].spare, m - static_cast<int>(lost.size()));

        const RepairResult repaired = repairAll(fixture);
        QCOMPARE(repaired.models[0].state, ModelState::Safe);
        QCOMPARE(repaired.models[0].spare, m);
        QVERIFY(repaired.rebuilt >= std::ssize(lost));
        QCOMPARE(repaired.domainsMissing, 0);
        QCOMPARE(repaired.unreadablePacks, 0);
        QVERIFY(isSpread(fixture, fixture.accounts()));
        const CheckResult deep = deepCheck(fixture);
        QCOMPARE(deep.models[0].state, ModelState::Safe);
        QCOMPARE(deep.models[0].damaged, 0);

        // Again as many as it promises, others than before.
        int left = m;
        for (int i = 0; i < accounts && left > 0; ++i) {
            if (std::find(lost.begin(), lost.end(), i) == lost.end()) {
                fixture.destroy(i);
                --left;
            }
        }
        fixture.reopen();
        QVERIFY(comesBack(fixture, bytes));
    }

    // More is lost than was promised: everybody says so, nobody writes anything of it or gives out half a model.
    static void saysThatItIsLost(EngineFixture &fixture, int k, const std::vector<int> &lost)
    {
        for (const int i : lost)
            fixture.destroy(i);
        fixture.reopen();
        const auto isSaid = [&fixture] {
            const auto fetched = fixture.fetch(kMended, QStringLiteral("none"));
            return !fetched && fetched.error().id == QStringLiteral("MF-PACK-UNREADABLE")
                && !QFile::exists(fixture.path(QStringLiteral("none/") + kMended));
        };
        QVERIFY(isSaid());
        replace(fixture, lost);
        QVERIFY(isSaid());
        const std::size_t rest = StoredPacks(fixture, fixture.accounts()).rows(k).size();
        for (const bool deep : { false, true })
            QCOMPARE(checkAll(fixture, deep).models[0].state, ModelState::Unreadable);
        const RepairResult repaired = repairAll(fixture);
        QCOMPARE(repaired.models[0].state, ModelState::Unreadable);
        QVERIFY(repaired.models[0].spare < 0);
        QVERIFY(repaired.unreadablePacks > 0);
        QCOMPARE(StoredPacks(fixture, fixture.accounts()).rows(k).size(), rest);
        fixture.reopen();
        QCOMPARE(checkAll(fixture, false).models[0].state, ModelState::Unreadable);
        QVERIFY(isSaid());
    }

private slots:
    void everyAccountAndEveryPair_data()
    {
        QTest::addColumn<Protection>("protection");
        QTest::addColumn<int>("k"); // that it comes to
        QTest::addColumn<int>("accounts");
        QTest::newRow("lose 1") << Protection(0, 1) << 2 << 3;
        QTest::newRow("lose 2") << Protection(0, 2) << 3 << 5;
        QTest::newRow("copies 2") << Protection(1, 1) << 1 << 2;
        QTest::newRow("copies 3") << Protection(1, 2) << 1 << 3;
        QTest::newRow("2 + 1") << Protection(2, 1) << 2 << 3;
        QTest::newRow("4 + 2") << Protection(4, 2) << 4 << 6;
        QTest::newRow("5 + 3") << Protection(5, 3) << 5 << 8;
    }
    void everyAccountAndEveryPair()
    {
        QFETCH(const Protection, protection);
        QFETCH(const int, k);
        QFETCH(const int, accounts);
        const auto lose = [&](const std::vector<int> &lost) {
            EngineFixture fixture(accounts);
            // As much as makes packs of that k.
            const QByteArray bytes = storeModel(fixture, protection, k == 1 ? 300'000 : 1'100'000 * k);
            QCOMPARE(StoredPacks(fixture, accounts).rows(k).size(), std::size_t(accounts));
            if (std::ssize(lost) <= protection.m)
                keepsItsPromise(fixture, bytes, protection.m, lost);
            else
                saysThatItIsLost(fixture, k, lost);
        };
        for (int first = 0; first < accounts; ++first) {
            lose({ first });
            for (int second = first + 1; second < accounts; ++second)
                lose({ first, second });
            if (QTest::currentTestFailed())
                return;
        }
    }
};

QTEST_GUILESS_MAIN(TestEveryLoss)
#include "test_every_loss.moc"
