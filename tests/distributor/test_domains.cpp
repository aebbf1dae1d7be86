// SPDX-License-Identifier: GPL-3.0-or-later
// Accounts that fail together: no two of them get fragments of one pack while there is another place, and it is said
// where there is none.
#include "core/distributor/evacuate.h"
#include "tests/distributor/mending.h"

#include <QtTest>

using namespace mf;

namespace {

const QString kShared = QStringLiteral("the cellar");

} // namespace

class TestDomains : public QObject
{
    Q_OBJECT

    static void share(EngineFixture &fixture, const std::vector<int> &accounts)
    {
        for (const int i : accounts)
            fixture.setDomain(i, kShared);
    }
    static void lose(EngineFixture &fixture, int i)
    {
        fixture.destroy(i);
        fixture.retire(i);
    }
    // One that fails together with account `with`, or alone.
    static int addAccount(EngineFixture &fixture, int with = -1)
    {
        fixture.addAccount();
        const int added = fixture.accounts() - 1;
        if (with >= 0)
            fixture.setDomain(added, fixture.place(with).record.domain);
        return added;
    }
    static bool saysShared(const QStringList &warnings, const QString &domain)
    {
        return std::any_of(warnings.begin(), warnings.end(), [&domain](const QString &warning) {
            return warning.contains(QStringLiteral("more than one fragment")) && warning.contains(domain);
        });
    }
    // Fragments of the model's pack.
    static std::map<int, int> holders(EngineFixture &fixture, int k)
    {
        std::map<int, int> accounts;
        for (const auto &[row, stored] : StoredPacks(fixture, fixture.accounts()).rows(k))
            accounts[row] = stored.account;
        return accounts;
    }
    static Result<RemovedAccount> remove(EngineFixture &fixture, int i)
    {
        return runTask(removeAccount(fixture.engine(), fixture.place(i).record.id, false, nullptr));
    }

private slots:
    void aStoreSpreads_data()
    {
        QTest::addColumn<int>("first");
        QTest::addColumn<int>("second");
        for (int first = 0; first < 4; ++first) {
            for (int second = first + 1; second < 4; ++second)
                QTest::addRow("accounts %d and %d fail together", first, second) << first << second;
        }
    }
    void aStoreSpreads()
    {
        QFETCH(const int, first);
        QFETCH(const int, second);
        EngineFixture fixture(4);
        share(fixture, { first, second });
        const QByteArray bytes = storeModel(fixture, Protection(2, 1));
        QVERIFY(isSpread(fixture, 4));
        fixture.destroy(first);
        fixture.destroy(second);
        fixture.reopen();
        QVERIFY(comesBack(fixture, bytes));
    }

    void aStoreThatCannotSpreadSaysSo()
    {
        EngineFixture fixture(4);
        share(fixture, { 0, 3 });
        fixture.place(2).memory->setCapacity(10'000);
        fixture.reopen();
        const QByteArray bytes = randomBytes(3'000'000, 21);
        const StoreResult stored = must(fixture.store(fixture.write(kMended, bytes), Protection(2, 1)));
        QVERIFY(saysShared(stored.warnings, kShared));
        QVERIFY(!isSpread(fixture, 4));
        QCOMPARE(checkAll(fixture, false).models[0].state, ModelState::AtRisk);
        QVERIFY(comesBack(fixture, bytes));
    }

    void namelessDomainsAreEachTheirOwn()
    {
        EngineFixture fixture(4);
        for (int i = 0; i < 4; ++i)
            fixture.setDomain(i, QString());
        const QByteArray bytes = storeModel(fixture, Protection(2, 1));
        QCOMPARE(checkAll(fixture, false).models[0].state, ModelState::Safe);
        lose(fixture, holders(fixture, 2).at(0));
        QCOMPARE(repairAll(fixture).models[0].state, ModelState::Safe);
        QVERIFY(comesBack(fixture, bytes));
    }

    void repairPrefersAnotherDomain_data()
    {
        QTest::addColumn<int>("lost");
        QTest::addColumn<int>("with");
        for (int lost = 0; lost < 3; ++lost) {
            for (int with = 0; with < 3; ++with) {
                if (with != lost)
                    QTest::addRow("%d is lost, a new one lies with %d", lost, with) << lost << with;
            }
        }
    }
    void repairPrefersAnotherDomain()
    {
        QFETCH(const int, lost);
        QFETCH(const int, with);
        EngineFixture fixture(3);
        const QByteArray bytes = storeModel(fixture, Protection(2, 1));
        const int near = addAccount(fixture, with); // the first that it would take otherwise
        addAccount(fixture);
        lose(fixture, lost);
        const RepairResult repaired = repairAll(fixture);
        QCOMPARE(repaired.models[0].state, ModelState::Safe);
        QCOMPARE(repaired.warnings, QStringList());
        QVERIFY(isSpread(fixture, fixture.accounts()));
        for (const auto &[row, account] : holders(fixture, 2))
            QVERIFY(account != near);
        // All that fails together with it may go.
        fixture.destroy(with);
        fixture.destroy(near);
        fixture.reopen();
        QVERIFY(comesBack(fixture, bytes));
    }

    void repairSaysWhereItCannot()
    {
        EngineFixture fixture(3);
        const QByteArray bytes = storeModel(fixture, Protection(2, 1));
        const int near = addAccount(fixture, 0);
        lose(fixture, 2);
        RepairResult repaired = repairAll(fixture);
        QVERIFY(repaired.rebuilt > 0);
        QVERIFY(saysShared(repaired.warnings, fixture.place(0).record.domain));
        // Three fragments, but the loss of one domain is too much.
        QCOMPARE(repaired.models[0].state, ModelState::AtRisk);
        QCOMPARE(repaired.domainsMissing, 1);
        QCOMPARE(holders(fixture, 2), (std::map<int, int> { { 0, 0 }, { 1, 1 }, { 2, near } }));
        // More of them there would not help.
        addAccount(fixture, 0);
        repaired = repairAll(fixture);
        QCOMPARE(repaired.rebuilt, 0);
        QCOMPARE(repaired.domainsMissing, 1);
        addAccount(fixture);
        repaired = repairAll(fixture);
        QCOMPARE(repaired.models[0].state, ModelState::Safe);
        QCOMPARE(repaired.domainsMissing, 0);
        QCOMPARE(repaired.warnings, QStringList());
        QVERIFY(StoredPacks(fixture, fixture.accounts()).rows(2).size() > 3);
        for (const int gone : { 0, near })
            fixture.destroy(gone);
        fixture.reopen();
        QVERIFY(comesBack(fixture, bytes));
    }

    // Two fragments have to share; where they share evenly, any one domain may still go.
    void sharingIsEven()
    {
        EngineFixture fixture(4);
        const QByteArray bytes = storeModel(fixture, Protection(2, 2));
        lose(fixture, 2);
        lose(fixture, 3);
        addAccount(fixture, 0);
        addAccount(fixture, 0); // before the next one by its name
        addAccount(fixture, 1);
        const RepairResult repaired = repairAll(fixture);
        QVERIFY(saysShared(repaired.warnings, fixture.place(0).record.domain));
        QVERIFY(saysShared(repaired.warnings, fixture.place(1).record.domain));
        QCOMPARE(repaired.models[0].spare, 1);
        QCOMPARE(repaired.models[0].state, ModelState::Reduced);
        for (const int gone : { 0, 4, 5 })
            fixture.destroy(gone);
        fixture.reopen();
        QVERIFY(comesBack(fixture, bytes));
    }

    void whatLeavesAnAccountGoesToAnotherDomain_data()
    {
        QTest::addColumn<bool>("isAway");
        QTest::newRow("all are there") << false;
        QTest::newRow("who has the other one is away") << true;
    }
    void whatLeavesAnAccountGoesToAnotherDomain()
    {
        QFETCH(const bool, isAway);
        EngineFixture fixture(3);
        const QByteArray bytes = storeModel(fixture, Protection(2, 1));
        addAccount(fixture, 1);
        const int far = addAccount(fixture);
        if (isAway) {
            fixture.place(1).memory->setGone(true);
            fixture.reopen();
        }
        const auto removed = remove(fixture, 0);
        QVERIFY2(removed, qPrintable(removed ? QString() : removed.error().message));
        fixture.setAllGone(false);
        QVERIFY(isSpread(fixture, fixture.accounts()));
        QCOMPARE(holders(fixture, 2).at(0), far);
        QVERIFY(comesBack(fixture, bytes));
    }

    void whatLeavesAnAccountMayStayInItsDomain()
    {
        EngineFixture fixture(3);
        const QByteArray bytes = storeModel(fixture, Protection(2, 1));
        const int near = addAccount(fixture, 0);
        const auto removed = remove(fixture, 0);
        QVERIFY2(removed, qPrintable(removed ? QString() : removed.error().message));
        QVERIFY(removed->isRetired);
        QCOMPARE(holders(fixture, 2).at(0), near);
        QVERIFY(comesBack(fixture, bytes));
    }

    void anAccountIsNotLeftForASharedDomain()
    {
        EngineFixture fixture(3);
        storeModel(fixture, Protection(2, 1));
        addAccount(fixture, 1);
        const auto before = holders(fixture, 2);
        const auto removed = remove(fixture, 0);
        QVERIFY(!removed);
        QCOMPARE(removed.error().id, QStringLiteral("MF-ACCOUNT-ROOM"));
        QCOMPARE(holders(fixture, 2), before);
    }
};

QTEST_GUILESS_MAIN(TestDomains)
#include "test_domains.moc"
