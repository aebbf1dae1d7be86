// SPDX-License-Identifier: GPL-3.0-or-later
// What the store dialog asks for and shows of plans.
#include "tests/ui/store/store_fixture.h"

#include "ui/store/store_choices.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QRadioButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QToolButton>

namespace mf::ui {

class TestUiStorePlan : public StoreFixture
{
    Q_OBJECT
private slots:
    void init() { set(); }
    void cleanup() { unset(); }
    void startsWithTheDefault();
    void asksAnewForAnotherAnswer();
    void asksOnceForSeveralChanges();
    void showsOnlyTheNewestAnswer();
    void forgetsAnAnswerThatIsNotWantedAnyMore();
    void keepsWhatWasChosenBeforeTheAnswer();
    void offersOnlyWhatTheAccountsAllow();
    void showsWhatEachAccountGets();
    void measuresByWhatAnAccountMayTake();
    void saysThatThereIsNoRoom();
    void saysWhyThereIsNoPlan();
    void warns();
    void storesByCopies();
    void storesByPieces();
    void leavesAccountsOut();
    void followsTheAccounts();
    void remembersAndForgets();
    void startsWithWhatWasRemembered();
    void fallsBackWhereTheRememberedDoesNotFit();
};

void TestUiStorePlan::startsWithTheDefault()
{
    open();
    QCOMPARE(m_parts->service.asked.size(), std::size_t(1)); // at once
    QCOMPARE(m_parts->service.asked[0]->models, std::size_t(2));
    QVERIFY(!m_parts->service.asked[0]->protection);
    for (const char *name : { "store.lose0", "store.lose1", "store.lose2" })
        QVERIFY(!part<QRadioButton>(name)->isChecked());
    QVERIFY(!part<QPushButton>("store.store")->isEnabled());
    QVERIFY(part<QLabel>("store.total")->text().contains(QStringLiteral("Working out")));
    settle(planFor(2));
    QVERIFY(part<QRadioButton>("store.lose2")->isChecked());
    QVERIFY(part<QPushButton>("store.store")->isEnabled());
    QVERIFY(part<QLabel>("store.total")->text().contains(QStringLiteral("5.60\u00a0GB")));
    QVERIFY(part<QLabel>("store.consequence")->text().contains(QStringLiteral("any 2 of these 3 accounts")));
}

void TestUiStorePlan::asksAnewForAnotherAnswer()
{
    open();
    settle();
    QTest::mouseClick(part<QRadioButton>("store.lose2"), Qt::LeftButton, {}, QPoint(8, 8));
    QVERIFY(!part<QPushButton>("store.store")->isEnabled()); // the old answer is not of this question
    QCOMPARE(m_parts->service.asked.size(), std::size_t(1));
    settle(planFor(2));
    QCOMPARE(m_parts->service.asked.size(), std::size_t(2));
    QVERIFY(m_parts->service.asked[1]->protection == Protection(0, 2));
    QVERIFY(part<QPushButton>("store.store")->isEnabled());
}

void TestUiStorePlan::asksOnceForSeveralChanges()
{
    open();
    settle();
    part<QRadioButton>("store.lose2")->click();
    part<QRadioButton>("store.lose0")->click();
    check(1, false);
    settle(planFor(0));
    QCOMPARE(m_parts->service.asked.size(), std::size_t(2));
    QVERIFY(m_parts->service.asked[1]->protection == Protection(0, 0));
    QCOMPARE(m_parts->service.asked[1]->models, std::size_t(1));
}

void TestUiStorePlan::showsOnlyTheNewestAnswer()
{
    open();
    part<QRadioButton>("store.lose2")->click();
    m_parts->clock.advance(std::chrono::seconds(1));
    QTRY_COMPARE(m_parts->service.asked.size(), std::size_t(2));
    m_parts->service.answer(1, planFor(2, 9'000'000'000));
    QTRY_VERIFY(!m_dialog->controller().isPlanning());
    m_parts->service.answer(0, planFor(1, 1'000'000'000)); // the older question's, late
    QCoreApplication::processEvents();
    QCoreApplication::processEvents();
    QVERIFY(part<QLabel>("store.total")->text().contains(QStringLiteral("9.00\u00a0GB")));
    QVERIFY(part<QRadioButton>("store.lose2")->isChecked());
}

void TestUiStorePlan::forgetsAnAnswerThatIsNotWantedAnyMore()
{
    open();
    check(0, false);
    check(1, false);
    m_parts->service.answer(0, planFor(1));
    m_parts->clock.advance(std::chrono::seconds(1));
    QCoreApplication::processEvents();
    QVERIFY(!m_dialog->controller().plan());
    QVERIFY(!part<QPushButton>("store.store")->isEnabled());
}

void TestUiStorePlan::keepsWhatWasChosenBeforeTheAnswer()
{
    open();
    part<QRadioButton>("store.lose0")->click();
    m_parts->service.answer(0, planFor(2));
    QCoreApplication::processEvents();
    QVERIFY(part<QRadioButton>("store.lose0")->isChecked());
    settle(planFor(0));
    QVERIFY(part<QRadioButton>("store.lose0")->isChecked());
}

void TestUiStorePlan::offersOnlyWhatTheAccountsAllow()
{
    StorePlan plan = planFor(1);
    plan.mostLosses = 1;
    open();
    settle(plan);
    QVERIFY(part<QRadioButton>("store.lose0")->isEnabled());
    QVERIFY(part<QRadioButton>("store.lose1")->isEnabled());
    QVERIFY(!part<QRadioButton>("store.lose2")->isEnabled());
    QVERIFY(!part<QRadioButton>("store.lose2")->toolTip().isEmpty());
    QCOMPARE(part<QSpinBox>("store.copies")->maximum(), 2);
}

void TestUiStorePlan::showsWhatEachAccountGets()
{
    open();
    new QAbstractItemModelTester(accounts(), QAbstractItemModelTester::FailureReportingMode::QtTest, m_dialog);
    settle();
    const auto row = [this](int number) {
        QStringList words;
        for (int column = 0; column < accounts()->columnCount(); ++column)
            words.append(accounts()->index(number, column).data().toString());
        return words.join(u'|');
    };
    QCOMPARE(row(0), QStringLiteral("Archive disk|12.4\u00a0GB|1.40\u00a0GB|11.0\u00a0GB|"));
    QCOMPARE(row(1), QStringLiteral("Backup stick|0\u00a0B|—|—|Full"));
    QCOMPARE(row(3), QStringLiteral("NAS (attic)|2.30\u00a0GB|—|—|Not reachable"));
    QCOMPARE(row(4), QStringLiteral("Second disk|2.00\u00a0GB|1.40\u00a0GB|600\u00a0MB|Almost full"));
    StorePlan endless = planFor(1);
    endless.accounts[0].room.reset();
    check(0, false);
    settle(endless);
    QCOMPARE(row(0), QStringLiteral("Archive disk|Unlimited|1.40\u00a0GB|Unlimited|"));
}

void TestUiStorePlan::measuresByWhatAnAccountMayTake()
{
    AccountEntry &account = m_parts->service.shownAccounts[0];
    account.total = 500'000'000'000; // of a large disk
    account.used = 300'000'000'000;
    account.capacity = 20'000'000'000; // little is for us
    account.ours = 1'000'000'000;
    open();
    const auto cell = [this](int column) { return accounts()->index(0, column).data().toString(); };
    QCOMPARE(cell(1), QStringLiteral("19.0\u00a0GB"));
    StorePlan plan = planFor(1);
    plan.accounts[0].room = 19'000'000'000;
    settle(plan);
    QCOMPARE(cell(1), QStringLiteral("19.0\u00a0GB"));
    QCOMPARE(cell(4), QString()); // nowhere near full
}

void TestUiStorePlan::saysThatThereIsNoRoom()
{
    StorePlan plan = planFor(2);
    plan.fits = false;
    plan.lacking = 812'000'000;
    open();
    settle(plan);
    auto *button = part<QPushButton>("store.store");
    QVERIFY(!button->isEnabled());
    QVERIFY(button->toolTip().contains(QStringLiteral("812\u00a0MB more is needed")));
    QVERIFY(part<InlineMessage>("store.lacking")->isVisible());
    bool isSaid = false;
    for (auto *label : part<InlineMessage>("store.lacking")->findChildren<QLabel *>())
        isSaid = isSaid || label->text().contains(QStringLiteral("812\u00a0MB more is needed"));
    QVERIFY(isSaid);
    QTest::keyClick(m_dialog, Qt::Key_Return);
    QVERIFY(m_dialog->isVisible());
    part<QRadioButton>("store.lose0")->click();
    settle(planFor(0));
    QVERIFY(button->isEnabled());
    QVERIFY(button->toolTip().isEmpty());
    QVERIFY(!part<InlineMessage>("store.lacking")->isVisible());
}

void TestUiStorePlan::saysWhyThereIsNoPlan()
{
    open();
    settle(Error(Error::Kind::Network, QStringLiteral("MF-ACCOUNT-GONE"), QStringLiteral("no account answers")));
    QVERIFY(part<InlineMessage>("store.message")->isVisible());
    QCOMPARE(part<QPushButton>("store.store")->toolTip(), QStringLiteral("no account answers"));
    click("store.tryAgain");
    QCOMPARE(m_parts->service.asked.size(), std::size_t(2));
    settle();
    QVERIFY(!part<InlineMessage>("store.message")->isVisible());
    QVERIFY(part<QPushButton>("store.store")->isEnabled());
}

void TestUiStorePlan::warns()
{
    StorePlan plan = planFor(1);
    plan.warnings = QStringList(QStringLiteral("Backup stick is full, so 4 of your 5 accounts take part."));
    open();
    settle(plan);
    QVERIFY(part<InlineMessage>("store.lacking")->isVisible());
    QVERIFY(part<QPushButton>("store.store")->isEnabled());
}

void TestUiStorePlan::storesByCopies()
{
    open();
    settle(planFor(1));
    part<QToolButton>("store.advanced")->click();
    part<QComboBox>("store.way")->setCurrentIndex(1);
    part<QSpinBox>("store.copies")->setValue(3);
    QVERIFY(part<QRadioButton>("store.lose2")->isChecked()); // three copies: two may be lost
    settle(planFor(2));
    QVERIFY(m_parts->service.asked.back()->protection == Protection(1, 2));
    click("store.store");
    QVERIFY(m_parts->service.orders.at(0).protection == Protection(1, 2));
}

void TestUiStorePlan::storesByPieces()
{
    StorePlan plan = planFor(1);
    plan.mostLosses = 4;
    open();
    settle(plan);
    part<QToolButton>("store.advanced")->click();
    part<QComboBox>("store.way")->setCurrentIndex(2);
    part<QSpinBox>("store.pieces")->setValue(4);
    QCOMPARE(part<QSpinBox>("store.spare")->maximum(), 1); // of five accounts
    part<QSpinBox>("store.spare")->setValue(1);
    settle(plan);
    QVERIFY(m_parts->service.asked.back()->protection == Protection(4, 1));
    part<QRadioButton>("store.lose2")->click(); // the question again
    QCOMPARE(part<QComboBox>("store.way")->currentIndex(), 0);
    settle(plan);
    QVERIFY(m_parts->service.asked.back()->protection == Protection(0, 2));
}

void TestUiStorePlan::leavesAccountsOut()
{
    open();
    settle();
    const auto box = [this](int row) { return accounts()->index(row, 0).data(Qt::CheckStateRole); };
    const auto tick = [this](int row, bool yes) {
        return accounts()->setData(accounts()->index(row, 0), yes ? Qt::Checked : Qt::Unchecked, Qt::CheckStateRole);
    };
    QVERIFY(!box(0).isValid()); // simple first
    part<QToolButton>("store.advanced")->click();
    QCOMPARE(box(0).toInt(), int(Qt::Checked));
    QVERIFY(tick(1, false));
    QVERIFY(tick(3, false));
    QCOMPARE(accounts()->index(1, PlanTable::Bar).data().toString(), QStringLiteral("Left out"));
    settle();
    const std::vector<AccountEntry> &all = m_parts->service.shownAccounts;
    const std::vector<AccountId> wanted { all[0].id, all[2].id, all[4].id };
    QVERIFY(m_parts->service.asked.back()->accounts == wanted);
    click("store.store");
    QVERIFY(m_parts->service.orders.at(1).accounts == wanted);
}

void TestUiStorePlan::followsTheAccounts()
{
    open();
    settle();
    m_parts->service.shownAccounts[0].used = 1;
    emit m_parts->service.accountsChanged(); // only room moved, as with every transfer
    m_parts->clock.advance(std::chrono::seconds(1));
    QCoreApplication::processEvents();
    QCOMPARE(m_parts->service.asked.size(), std::size_t(1));
    m_parts->service.shownAccounts.pop_back();
    emit m_parts->service.accountsChanged();
    settle();
    QCOMPARE(m_parts->service.asked.size(), std::size_t(2));
    QCOMPARE(accounts()->rowCount(), 4);
}

void TestUiStorePlan::remembersAndForgets()
{
    open();
    settle();
    part<QRadioButton>("store.lose2")->click();
    settle(planFor(2));
    part<QCheckBox>("store.remember")->click();
    click("store.store");
    QVERIFY(rememberedChoices(m_parts->memory));
    QVERIFY(rememberedChoices(m_parts->memory)->protection == Protection(0, 2));
    delete m_dialog.data();
    open();
    QVERIFY(part<QCheckBox>("store.remember")->isChecked());
    settle(planFor(2));
    part<QCheckBox>("store.remember")->click();
    click("store.store");
    QVERIFY(!rememberedChoices(m_parts->memory));
}

void TestUiStorePlan::startsWithWhatWasRemembered()
{
    StoreChoices choices;
    choices.protection = Protection(3, 1);
    choices.accounts = { m_parts->service.shownAccounts[0].id, AccountId(std::array<std::uint8_t, 16> { 99 }) };
    rememberChoices(m_parts->memory, choices);
    open();
    QVERIFY(m_parts->service.asked.back()->protection == Protection(3, 1));
    QCOMPARE(m_parts->service.asked.back()->accounts.size(), std::size_t(1)); // the other is gone
    QVERIFY(part<QToolButton>("store.advanced")->isChecked());
    QCOMPARE(part<QSpinBox>("store.pieces")->value(), 3);
}

void TestUiStorePlan::fallsBackWhereTheRememberedDoesNotFit()
{
    StoreChoices choices;
    choices.protection = Protection(0, 2);
    rememberChoices(m_parts->memory, choices);
    open();
    m_parts->service.answer(
        0, Error(Error::Kind::Invalid, QStringLiteral("MF-PLACE-DOMAINS"), QStringLiteral("too few")));
    QTRY_COMPARE(m_parts->service.asked.size(), std::size_t(2));
    QVERIFY(!m_parts->service.asked[1]->protection);
    settle(planFor(1));
    QVERIFY(part<QRadioButton>("store.lose1")->isChecked());
    QVERIFY(!part<InlineMessage>("store.message")->isVisible());
}

} // namespace mf::ui

QTEST_MAIN(mf::ui::TestUiStorePlan)
#include "test_ui_store_plan.moc"
