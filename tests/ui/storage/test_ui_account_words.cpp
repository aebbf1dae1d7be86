// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/fake_service.h"
#include "ui/common/account_domains.h"
#include "ui/storage/account_space.h"
#include "ui/storage/account_words.h"

#include <QtTest>

namespace mf::ui {

class TestUiAccountWords : public QObject
{
    Q_OBJECT

private slots:
    void spaceOfAnAccount_data();
    void spaceOfAnAccount();
    void roomElsewhereLeavesTheSameDiskOut();
    void roomThatIsLeft();
    void domains();
    void names_data();
    void names();
    void suggestsNames();
    void longListsAreShortened();
    void whatHasNoOtherPlace_data();
    void whatHasNoOtherPlace();
    void errorsAreSentences();
};

void TestUiAccountWords::spaceOfAnAccount_data()
{
    QTest::addColumn<qint64>("total");
    QTest::addColumn<qint64>("used");
    QTest::addColumn<qint64>("ours");
    QTest::addColumn<qint64>("capacity");
    QTest::addColumn<qint64>("others");
    QTest::addColumn<qint64>("free");
    QTest::addColumn<qint64>("shownTotal");
    const auto row = [](const char *name, qint64 total, qint64 used, qint64 ours, qint64 capacity, qint64 others,
                         qint64 free, qint64 shownTotal) {
        QTest::newRow(name) << total << used << ours << capacity << others << free << shownTotal;
    };
    row("all of it", 100, 60, 40, 0, 20, 40, 100);
    row("limited below what is free", 100, 60, 40, 50, 0, 10, 50);
    row("limited, and others leave less", 100, 95, 40, 50, 5, 5, 50);
    row("limit reached", 100, 60, 40, 40, 0, 0, 40);
    row("limit lowered below what is there", 100, 60, 40, 30, 0, 0, 30);
    row("limit above the disk", 100, 60, 40, 500, 20, 40, 100);
    row("said to be fuller than it is", 100, 120, 40, 0, 80, 0, 100);
    row("size not known, limited", -1, 40, 40, 70, 0, 30, 70);
}

void TestUiAccountWords::spaceOfAnAccount()
{
    QFETCH(qint64, total);
    QFETCH(qint64, used);
    QFETCH(qint64, ours);
    QFETCH(qint64, capacity);
    AccountEntry account;
    if (total >= 0)
        account.total = total;
    account.used = used;
    account.ours = ours;
    account.capacity = capacity;
    const AccountSpace space = spaceOf(account);
    QVERIFY(space.isKnown);
    QTEST(space.others, "others");
    QTEST(space.free, "free");
    QTEST(space.total, "shownTotal");
}

void TestUiAccountWords::roomElsewhereLeavesTheSameDiskOut()
{
    FakeService service;
    service.fill();
    auto &accounts = service.shownAccounts;
    const qint64 before = roomElsewhere(accounts, accounts[0]); // desk drive 12.4, second disk 2.0; the NAS is away
    QCOMPARE(before, qint64(14'400'000'000));
    accounts[4].domain = accounts[0].domain;
    QCOMPARE(roomElsewhere(accounts, accounts[0]), qint64(12'400'000'000));
    QCOMPARE(domainsOf(accounts), 4);
}

void TestUiAccountWords::roomThatIsLeft()
{
    RoomLeft room;
    QCOMPARE(roomLeftWords(room), QString());
    room.bytes = 4'000'000'000;
    QVERIFY(roomLeftWords(room).startsWith(QStringLiteral("room for about ")));
    QVERIFY(!roomLeftWords(room).contains(QStringLiteral("lost")));
    room.losses = 2;
    QVERIFY(roomLeftWords(room).endsWith(QStringLiteral("more if any 2 may be lost")));
}

void TestUiAccountWords::domains()
{
    FakeService service;
    service.fill();
    auto &accounts = service.shownAccounts;
    QVERIFY(sharedDomainWords(accounts).isEmpty());
    QVERIFY(domainSentence(accounts[0], accounts).contains(QStringLiteral("by itself")));
    accounts[4].domain = accounts[0].domain;
    QVERIFY(sharedDomainWords(accounts).contains(QStringLiteral("Second disk")));
    QVERIFY(domainSentence(accounts[0], accounts).contains(QStringLiteral("“Second disk”")));
    QCOMPARE(domainWords(QStringLiteral("disk:sda")), QStringLiteral("Disk sda"));
    QCOMPARE(domainWords(QStringLiteral("my cellar")), QStringLiteral("my cellar"));
    const QString own
        = domainFormSentence(QStringLiteral("disk:sda"), QStringLiteral("my cellar"), service.shownAccounts);
    QVERIFY(own.startsWith(QStringLiteral("Your own choice.")));
}

void TestUiAccountWords::names_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("isGood");
    QTest::newRow("plain") << QStringLiteral("My disk") << true;
    QTest::newRow("umlaut") << QStringLiteral("Größe") << true;
    QTest::newRow("empty") << QStringLiteral("  ") << false;
    QTest::newRow("comma") << QStringLiteral("a, b") << false;
    QTest::newRow("minus first") << QStringLiteral("-x") << false;
    QTest::newRow("line break") << QStringLiteral("a\nb") << false;
    QTest::newRow("60 letters") << QString(60, u'a') << true;
    QTest::newRow("61 letters") << QString(61, u'a') << false;
    QTest::newRow("taken") << QStringLiteral("Desk drive") << false;
}

void TestUiAccountWords::names()
{
    QFETCH(QString, name);
    FakeService service;
    service.fill();
    QTEST(nameProblem(name, service.shownAccounts).isEmpty(), "isGood");
    QVERIFY(nameProblem(QStringLiteral("Desk drive"), service.shownAccounts, service.shownAccounts[2].id).isEmpty());
}

void TestUiAccountWords::suggestsNames()
{
    FakeService service;
    service.fill();
    const auto suggest = [&service](const char *path) {
        return suggestedName(QString::fromUtf8(path), QStringLiteral("Folder"), service.shownAccounts);
    };
    QCOMPARE(suggest("/mnt/big/Models/"), QStringLiteral("Models"));
    QCOMPARE(suggest("/mnt/Desk drive"), QStringLiteral("Desk drive 2"));
    QCOMPARE(suggest("/"), QStringLiteral("Folder"));
    QCOMPARE(suggest("/mnt/-a,b"), QStringLiteral("ab"));
}

void TestUiAccountWords::longListsAreShortened()
{
    QStringList names;
    for (int i = 0; i < 10; ++i)
        names.append(QString::number(i));
    QCOMPARE(namesWords(names, 10).count(u'\n'), 9);
    QCOMPARE(namesWords(names, 3), QStringLiteral("0\n1\nand 8 more"));
}

void TestUiAccountWords::whatHasNoOtherPlace_data()
{
    QTest::addColumn<int>("accounts");
    QTest::addColumn<int>("away"); // of the others; its domain counts only for what lies there
    QTest::addColumn<bool>("isOneDomain"); // the last two
    QTest::addColumn<int>("holders");
    QTest::addColumn<bool>("isLost");
    QTest::newRow("three of three") << 3 << -1 << false << 3 << true;
    QTest::newRow("three of four") << 4 << -1 << false << 3 << false;
    QTest::newRow("three of four, two of them together") << 4 << -1 << true << 3 << true;
    QTest::newRow("the free one is away") << 4 << 3 << false << 3 << true;
    QTest::newRow("one that has fragments is away") << 4 << 1 << false << 3 << false;
    QTest::newRow("nothing of it lies there") << 3 << -1 << false << 0 << false;
}

// Of a model with two parts and one spare, when the first account goes.
void TestUiAccountWords::whatHasNoOtherPlace()
{
    QFETCH(int, accounts);
    QFETCH(int, away);
    QFETCH(bool, isOneDomain);
    QFETCH(int, holders);
    QFETCH(bool, isLost);
    std::vector<AccountEntry> all;
    ModelEntry model;
    model.protection = Protection(2, 1);
    for (int i = 0; i < accounts; ++i) {
        AccountEntry account;
        account.id.bytes[0] = static_cast<std::uint8_t>(i);
        account.name = account.domain = QString::number(i);
        account.kind = QStringLiteral("folder");
        account.health = i == away ? AccountEntry::Health::Unreachable : AccountEntry::Health::Connected;
        account.total = 1'000'000;
        account.used = account.ours = 1'000;
        account.fragments = 1;
        if (i < holders)
            model.accounts.append(account.name);
        all.push_back(account);
    }
    if (isOneDomain)
        all.back().domain = all[all.size() - 2].domain;
    AccountLoss loss;
    loss.models.push_back(model);
    const RemovalQuestion question = removalQuestion(all.front(), all, loss);
    QCOMPARE(question.isLost, isLost);
    QCOMPARE(
        question.text.contains(QStringLiteral("over 3 independent accounts, and without it there would be 2")), isLost);
}

void TestUiAccountWords::errorsAreSentences()
{
    const auto words = [](const char *message) {
        return errorWords(Error(Error::Kind::Internal, QStringLiteral("MF-X"), QLatin1String(message)));
    };
    QCOMPARE(words("the disk is gone"), QStringLiteral("The disk is gone."));
    QCOMPARE(words("is it connected?"), QStringLiteral("Is it connected?"));
    QCOMPARE(words(""), QString());
}

} // namespace mf::ui

QTEST_MAIN(mf::ui::TestUiAccountWords)
#include "test_ui_account_words.moc"
