// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/placement.h"

#include <QtTest>

#include <set>

using namespace mf;

class TestPlacement : public QObject
{
    Q_OBJECT

    static AccountId id(int n)
    {
        AccountId value;
        value.bytes[0] = static_cast<std::uint8_t>(n + 1);
        return value;
    }
    static std::vector<PlacementAccount> accounts(const std::vector<std::pair<QString, std::optional<qint64>>> &domains)
    {
        std::vector<PlacementAccount> list;
        for (const auto &[domain, room] : domains) {
            PlacementAccount account;
            account.id = id(static_cast<int>(list.size()));
            account.name = QString(QChar(u'a' + static_cast<char16_t>(list.size())));
            account.domain = domain;
            account.room = room;
            list.push_back(account);
        }
        return list;
    }
    static std::vector<PlacementAccount> unlimited(int n)
    {
        std::vector<std::pair<QString, std::optional<qint64>>> domains;
        domains.reserve(static_cast<std::size_t>(n));
        for (int i = 0; i < n; ++i)
            domains.emplace_back(QStringLiteral("domain%1").arg(i), std::nullopt);
        return accounts(domains);
    }

private slots:
    void theTableOfPresets_data() // ux.md 2.9
    {
        QTest::addColumn<int>("domains");
        QTest::addColumn<int>("lose");
        QTest::addColumn<int>("k");
        QTest::newRow("1 account, lose 0: one copy") << 1 << 0 << 1;
        QTest::newRow("6 accounts, lose 0: still one copy") << 6 << 0 << 1;
        QTest::newRow("2 accounts, lose 1: two copies") << 2 << 1 << 1;
        QTest::newRow("3 accounts, lose 1: 2 + 1") << 3 << 1 << 2;
        QTest::newRow("6 accounts, lose 1: 5 + 1") << 6 << 1 << 5;
        QTest::newRow("3 accounts, lose 2: three copies") << 3 << 2 << 1;
        QTest::newRow("5 accounts, lose 2: 3 + 2") << 5 << 2 << 3;
        QTest::newRow("20 accounts, lose 2: never more than 8 pieces") << 20 << 2 << 8;
    }
    void theTableOfPresets()
    {
        QFETCH(const int, domains);
        QFETCH(const int, lose);
        QFETCH(const int, k);
        const auto resolved = resolveProtection(unlimited(domains), Protection(0, lose));
        QVERIFY(resolved);
        QCOMPARE(resolved->k, k);
        QCOMPARE(resolved->m, lose);
    }

    void missingDomainsAreCounted()
    {
        const auto three = accounts(
            { { QStringLiteral("disk"), {} }, { QStringLiteral("disk"), {} }, { QStringLiteral("disk"), {} } });
        const auto resolved = resolveProtection(three, Protection(0, 2));
        QVERIFY(!resolved);
        QCOMPARE(resolved.error().id, QStringLiteral("MF-PLACE-DOMAINS"));
        QCOMPARE(resolved.error().parameters.value(QStringLiteral("missing")), QStringLiteral("2"));
    }

    void oneFragmentPerAccountAndDomain()
    {
        auto list = accounts({ { QStringLiteral("x"), {} }, { QStringLiteral("x"), {} }, { QStringLiteral("y"), {} },
            { QStringLiteral("z"), {} } });
        for (int i = 0; i < 20; ++i) {
            const auto placed = placePack(list, Protection(2, 1));
            QVERIFY(placed);
            QCOMPARE(placed->accounts.size(), std::size_t(3));
            QCOMPARE(std::set<AccountId>(placed->accounts.begin(), placed->accounts.end()).size(), std::size_t(3));
            QVERIFY(placed->sharedDomains.isEmpty());
            const bool both = std::count(placed->accounts.begin(), placed->accounts.end(), id(0))
                && std::count(placed->accounts.begin(), placed->accounts.end(), id(1));
            QVERIFY(!both);
        }
    }

    void accountsTakeTurns()
    {
        auto list = unlimited(6);
        for (int i = 0; i < 60; ++i)
            QVERIFY(placePack(list, Protection(2, 1)));
        const auto [least, most] = std::minmax_element(
            list.begin(), list.end(), [](const auto &a, const auto &b) { return a.placed < b.placed; });
        QVERIFY(most->placed - least->placed <= 16 << 20);
    }

    void thoseThatHaveItSoonestGetIt()
    {
        auto list = unlimited(4);
        const double delays[] = { 0.2, 9, 1.5, 3 };
        for (std::size_t i = 0; i < list.size(); ++i)
            list[i].delay = std::chrono::duration<double>(delays[i]);
        for (int i = 0; i < 10; ++i) {
            const auto placed = placePack(list, Protection(2, 1));
            QVERIFY(placed);
            QCOMPARE(placed->accounts, std::vector<AccountId>({ id(0), id(2), id(3) }));
        }
    }

    void withinASecondTheyTakeTurns()
    {
        auto list = unlimited(4);
        const double delays[] = { 0.2, 0.9, 0, 0.5 };
        for (std::size_t i = 0; i < list.size(); ++i)
            list[i].delay = std::chrono::duration<double>(delays[i]);
        for (int i = 0; i < 40; ++i)
            QVERIFY(placePack(list, Protection(2, 1)));
        for (const PlacementAccount &account : list)
            QCOMPARE(account.placed, list.front().placed);
    }

    void nobodyIsFilledForBeingFast()
    {
        const qint64 hundred = 100 * fragmentSize(fullShape(2, 1).dataLength);
        auto list = accounts({ { QStringLiteral("w"), hundred }, { QStringLiteral("x"), hundred },
            { QStringLiteral("y"), hundred }, { QStringLiteral("z"), hundred } });
        list[2].delay = list[3].delay = std::chrono::seconds(5);
        int packs = 0;
        while (placePack(list, Protection(2, 1)))
            ++packs;
        QVERIFY2(packs >= 130, qPrintable(QString::number(packs))); // of 400 / 3
    }

    void aSharedDomainIsSaid()
    {
        auto list = accounts({ { QStringLiteral("x"), {} }, { QStringLiteral("x"), {} }, { QStringLiteral("y"), {} },
            { QStringLiteral("z"), 100 } });
        const auto placed = placePack(list, Protection(2, 1));
        QVERIFY(placed);
        QCOMPARE(placed->sharedDomains, QStringList { QStringLiteral("x") });
    }

    void sharingIsEven()
    {
        auto list = accounts({ { QStringLiteral("x"), {} }, { QStringLiteral("x"), {} }, { QStringLiteral("x"), {} },
            { QStringLiteral("y"), {} }, { QStringLiteral("y"), {} }, { QStringLiteral("z"), 100 } });
        const auto placed = placePack(list, Protection(2, 2)); // of which any one domain may go
        QVERIFY(placed);
        QCOMPARE(placed->sharedDomains, QStringList({ QStringLiteral("x"), QStringLiteral("y") }));
    }

    void fullAccountsAreLeftOutAndThenThereIsNoRoom()
    {
        const qint64 two = 2 * (qint64(16) << 20);
        auto list
            = accounts({ { QStringLiteral("x"), two }, { QStringLiteral("y"), two }, { QStringLiteral("z"), two } });
        QVERIFY(placePack(list, Protection(2, 1)));
        QVERIFY(placePack(list, Protection(2, 1)));
        const auto third = placePack(list, Protection(2, 1));
        QVERIFY(!third);
        QCOMPARE(third.error().id, QStringLiteral("MF-PLACE-ROOM"));
    }

    void withoutRedundancyTheFewestAccountsAreFilled()
    {
        auto list = unlimited(4);
        for (int i = 0; i < 10; ++i)
            QVERIFY(placePack(list, Protection(1, 0)));
        QCOMPARE(std::count_if(list.begin(), list.end(), [](const auto &a) { return a.placed > 0; }), 1);
    }

    void aTrialPromisesOnlyWhatFits()
    {
        const qint64 small = qint64(100) << 20;
        const qint64 large = qint64(10) << 30;
        const auto list = accounts(
            { { QStringLiteral("x"), large }, { QStringLiteral("y"), large }, { QStringLiteral("z"), small } });
        const auto trial = trialPlacement(list, Protection(2, 1), qint64(1) << 30);
        QVERIFY(trial);
        QVERIFY(trial->fits < qint64(1) << 30); // the smallest account decides
        QVERIFY(trial->fits >= small);
        QVERIFY(trial->perAccount[2] <= small);
    }

    void anotherPlaceIsInAnotherDomain()
    {
        const auto list = accounts({ { QStringLiteral("x"), {} }, { QStringLiteral("x"), {} },
            { QStringLiteral("y"), {} }, { QStringLiteral("z"), 10 } });
        const auto other = placeElsewhere(list, { id(0) }, 1'000);
        QVERIFY(other);
        QVERIFY(*other == id(2));
        QVERIFY(!placeElsewhere(list, { id(0), id(2) }, 1'000));
    }
};

QTEST_GUILESS_MAIN(TestPlacement)
#include "test_placement.moc"
