// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/storage/scenes.h"
#include "ui/storage/accounts_model.h"
#include "ui/storage/sign_in_dialog.h"
#include "ui/storage/state_label.h"
#include "ui/storage/storage_page.h"

#include <QAbstractItemModelTester>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QTreeView>
#include <QVBoxLayout>
#include <QtTest>

namespace mf::ui {

using Health = AccountEntry::Health;

class TestUiStorage : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void modelKeepsRowsByTheirId();
    void selectionSurvivesARename();
    void showsStates_data();
    void showsStates();
    void tellsWhatLosingOneWouldDo();
    void asksOnlyWhileItIsSeen();
    void showsThatTheAnswerIsLookedFor();
    void tellsWhyThereIsNoAnswer();
    void checksAnAccount();
    void renamesInPlace();
    void refusesANameThatIsTaken();
    void removes_data();
    void removes();
    void keepsWhenAsked();
    void cannotMoveAwayFromWhatIsAway();
    void appliesLimits();
    void keepsALimitThatIsNotOne();
    void keepsWhatIsTypedWhileTheAccountChanges();
    void actionsNeedAnAccountAndThePage();
    void tellsTrouble();
    void checkAllLooksAtEverything();
    void reveals();
    void whatLiesElsewhereIsNotKnown();
    void tellsWhatFitsYet();
    void offersToSignIn();

private:
    template <typename T> T *find(const char *name)
    {
        T *found = m_page->findChild<T *>(QLatin1String(name));
        if (!found)
            qFatal("there is no %s", name);
        return found;
    }
    QAction *action(const char *id) { return m_scene->actions[QLatin1String(id)]; }
    void makePage();
    void choose(const char *name) { m_page->reveal(QLatin1String(name)); }
    bool wasCalled(const char *call) { return m_scene->service.calls.contains(QLatin1String(call)); }
    QString text(const char *name) { return find<QLabel>(name)->text(); }
    AccountEntry &account(std::size_t at) { return m_scene->service.shownAccounts[at]; }

    std::unique_ptr<SceneDesk> m_scene;
    StoragePage *m_page = nullptr;
};

void TestUiStorage::init() { m_scene = std::make_unique<SceneDesk>(); }

void TestUiStorage::cleanup()
{
    delete m_page;
    m_page = nullptr;
    m_scene.reset();
}

void TestUiStorage::makePage()
{
    m_page = new StoragePage(m_scene->desk);
    auto *layout = new QVBoxLayout(&m_scene->window);
    layout->addWidget(m_page);
    m_scene->window.resize(1000, 700);
    m_scene->window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&m_scene->window));
}

void TestUiStorage::modelKeepsRowsByTheirId()
{
    AccountsModel model(m_scene->service, m_scene->clock);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QPersistentModelIndex desk = model.indexOf(QStringLiteral("Desk drive"));
    const QPersistentModelIndex stick = model.indexOf(QStringLiteral("Backup stick"));
    auto &accounts = m_scene->service.shownAccounts;
    std::swap(accounts[0], accounts[2]);
    accounts[0].name = QStringLiteral("A desk drive");
    accounts.erase(accounts.begin() + 1); // the stick
    AccountEntry added = accounts.back();
    added.id.bytes[0] = 77;
    added.name = QStringLiteral("New");
    accounts.insert(accounts.begin() + 1, added);
    emit m_scene->service.accountsChanged();
    QCOMPARE(model.rowCount(), 5);
    QCOMPARE(desk.row(), 0);
    QCOMPARE(desk.data().toString(), QStringLiteral("A desk drive"));
    QVERIFY(!stick.isValid());
    accounts.clear();
    emit m_scene->service.accountsChanged();
    QCOMPARE(model.rowCount(), 0);
}

void TestUiStorage::selectionSurvivesARename()
{
    makePage();
    choose("Desk drive");
    QCOMPARE(text("storage.accountName"), QStringLiteral("Desk drive"));
    account(2).name = QStringLiteral("Zed drive");
    std::rotate(m_scene->service.shownAccounts.begin() + 2, m_scene->service.shownAccounts.begin() + 3,
        m_scene->service.shownAccounts.end());
    emit m_scene->service.accountsChanged();
    QCOMPARE(text("storage.accountName"), QStringLiteral("Zed drive"));
    auto *table = find<QTreeView>("storage.accounts");
    QCOMPARE(table->currentIndex().row(), 4);
    QCOMPARE(table->selectionModel()->selectedRows().size(), 1);
}

void TestUiStorage::showsStates_data()
{
    QTest::addColumn<Service::State>("state");
    QTest::addColumn<bool>("hasAccounts");
    QTest::addColumn<QString>("title");
    QTest::newRow("opening") << Service::State::Opening << true << QStringLiteral("Opening your library…");
    QTest::newRow("no library") << Service::State::None << false << QStringLiteral("There is no library yet");
    QTest::newRow("failed") << Service::State::Failed << true << QStringLiteral("The library cannot be opened");
    QTest::newRow("no account") << Service::State::Ready << false << QStringLiteral("Add a place to store models");
}

void TestUiStorage::showsStates()
{
    QFETCH(Service::State, state);
    QFETCH(bool, hasAccounts);
    QFETCH(QString, title);
    m_scene->service.shownState = state;
    if (!hasAccounts)
        m_scene->service.shownAccounts.clear();
    makePage();
    auto *empty = find<EmptyState>("storage.empty");
    QVERIFY(empty->isVisible());
    QCOMPARE(empty->accessibleName(), title);
    QVERIFY(!find<QTreeView>("storage.accounts")->isVisible());
    QVERIFY(!find<InlineMessage>("storage.trouble")->isVisible());

    m_scene->service.shownState = Service::State::Ready;
    m_scene->service.fill();
    emit m_scene->service.stateChanged();
    emit m_scene->service.accountsChanged();
    QVERIFY(!empty->isVisible());
    QCOMPARE(find<QTreeView>("storage.accounts")->model()->rowCount(), 5);
    QCOMPARE(text("storage.accountName"), QStringLiteral("Archive disk"));
}

void TestUiStorage::tellsWhatLosingOneWouldDo()
{
    m_scene->service.shownLoss.unreadable = { QStringLiteral("gemma-2-9b-it") };
    makePage();
    QTRY_COMPARE(text("storage.lossUnreadable"), QStringLiteral("gemma-2-9b-it"));
    QVERIFY(find<QLabel>("storage.lossUnreadable")->isVisible());
    QVERIFY(!find<QLabel>("storage.lossAtRisk")->isVisible());
    QVERIFY(text("storage.lossReduced").contains(QStringLiteral("Phi-3.5-mini-instruct")));

    m_scene->service.shownLoss.unreadable.clear();
    action("account.lost")->trigger();
    QTRY_VERIFY(!find<QLabel>("storage.lossUnreadable")->isVisible());
}

// The question is a large one, and models change all the time while something is stored.
void TestUiStorage::asksOnlyWhileItIsSeen()
{
    const auto asked = [this] { return m_scene->service.calls.count(QStringLiteral("withoutAccount")); };
    m_page = new StoragePage(m_scene->desk);
    QCOMPARE(asked(), 0);
    cleanup();
    init();
    makePage();
    QTRY_COMPARE(asked(), 1);
    m_page->hide();
    emit m_scene->service.modelsChanged();
    QTest::qWait(2'500); // it asks again after two seconds
    QCOMPARE(asked(), 1);
    m_page->show();
    QTRY_COMPARE(asked(), 2);
}

void TestUiStorage::showsThatTheAnswerIsLookedFor()
{
    m_scene->service.answersNever = true;
    makePage();
    QLabel *words = find<QWidget>("storage.loss")->findChildren<QLabel *>().last();
    QTRY_COMPARE(words->text(), QStringLiteral("Looking at what would be affected…"));
}

void TestUiStorage::tellsWhyThereIsNoAnswer()
{
    m_scene->service.fails
        = Error(Error::Kind::Internal, QStringLiteral("MF-X"), QStringLiteral("the registry is busy"));
    makePage();
    QLabel *words = find<QWidget>("storage.loss")->findChildren<QLabel *>().last();
    QTRY_COMPARE(words->text(), QStringLiteral("The registry is busy."));
}

void TestUiStorage::checksAnAccount()
{
    makePage();
    QTest::mouseClick(find<QPushButton>("storage.check"), Qt::LeftButton);
    QTRY_VERIFY(wasCalled("testAccount"));
    QVERIFY(!find<InlineMessage>("storage.error")->isVisible());

    m_scene->service.fails = Error(Error::Kind::NotFound, QStringLiteral("MF-ACCOUNT-GONE"), QStringLiteral("no disk"));
    QTest::mouseClick(find<QPushButton>("storage.check"), Qt::LeftButton);
    QTRY_VERIFY(find<InlineMessage>("storage.error")->isVisible());
    QVERIFY(find<InlineMessage>("storage.error")->accessibleName().contains(QStringLiteral("No disk.")));

    m_scene->service.fails.reset();
    m_scene->service.answersNever = true;
    QTest::mouseClick(find<QPushButton>("storage.check"), Qt::LeftButton);
    QTRY_VERIFY(
        find<InlineMessage>("storage.error")->accessibleName().contains(QStringLiteral("Checking “Archive disk”…")));
}

void TestUiStorage::renamesInPlace()
{
    makePage();
    choose("Desk drive");
    action("account.rename")->trigger();
    auto *editor = find<QLineEdit>("storage.nameEditor");
    editor->selectAll();
    QTest::keyClicks(editor, QStringLiteral("Big drive"));
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_VERIFY(wasCalled("changeAccount Big drive"));
}

void TestUiStorage::refusesANameThatIsTaken()
{
    makePage();
    choose("Desk drive");
    action("account.rename")->trigger();
    auto *editor = find<QLineEdit>("storage.nameEditor");
    editor->selectAll();
    QTest::keyClicks(editor, QStringLiteral("Second disk"));
    QTest::keyClick(editor, Qt::Key_Return);
    QTRY_VERIFY(find<InlineMessage>("storage.error")->isVisible());
    QVERIFY(!wasCalled("changeAccount Second disk"));
}

void TestUiStorage::removes_data()
{
    QTest::addColumn<Health>("health");
    QTest::addColumn<qint64>("ours");
    QTest::addColumn<int>("spread");
    QTest::addColumn<bool>("isUnreadable");
    QTest::addColumn<QString>("title");
    QTest::addColumn<QString>("button");
    QTest::addColumn<QString>("call");
    QTest::newRow("there, and room elsewhere")
        << Health::Connected << qint64(8'000'000'000) << 4 << false << QStringLiteral("Remove “Second disk”?")
        << QStringLiteral("Move and Remove") << QStringLiteral("removeAccount");
    QTest::newRow("there, and every model lies on each account")
        << Health::Connected << qint64(8'000'000'000) << 5 << false << QStringLiteral("Give “Second disk” up?")
        << QStringLiteral("Give Account Up") << QStringLiteral("removeAccount lost");
    QTest::newRow("there, and no room elsewhere")
        << Health::Connected << qint64(400'000'000'000) << 4 << true
        << QStringLiteral("Give “Second disk” up and make 1 model unreadable?") << QStringLiteral("Give Account Up")
        << QStringLiteral("removeAccount lost");
    QTest::newRow("away, and models die with it")
        << Health::Unreachable << qint64(8'000'000'000) << 5 << true
        << QStringLiteral("Give “Second disk” up and make 1 model unreadable?") << QStringLiteral("Give Account Up")
        << QStringLiteral("removeAccount lost");
    QTest::newRow("away, and nothing dies")
        << Health::Unreachable << qint64(8'000'000'000) << 5 << false << QStringLiteral("Give “Second disk” up?")
        << QStringLiteral("Give Account Up") << QStringLiteral("removeAccount lost");
}

void TestUiStorage::removes()
{
    QFETCH(Health, health);
    QFETCH(qint64, ours);
    QFETCH(int, spread);
    QFETCH(bool, isUnreadable);
    QFETCH(QString, title);
    QFETCH(QString, button);
    QFETCH(QString, call);
    account(4).health = health;
    account(4).ours = ours;
    for (ModelEntry &model : m_scene->service.shownLoss.models)
        model.protection = Protection(spread - 2, 2);
    if (isUnreadable)
        m_scene->service.shownLoss.unreadable = { QStringLiteral("gemma-2-9b-it") };
    m_scene->prompts.choice = 1;
    makePage();
    choose("Second disk");
    action("account.remove")->trigger();
    QTRY_COMPARE(m_scene->service.calls.last(), call);
    QCOMPARE(m_scene->prompts.asked.last(), title);
    QCOMPARE(m_scene->prompts.lastChoices, (QStringList { QStringLiteral("Keep"), button }));
    QCOMPARE(m_scene->prompts.lastText.contains(QStringLiteral("gemma-2-9b-it")), isUnreadable);
}

void TestUiStorage::keepsWhenAsked()
{
    makePage();
    choose("Second disk");
    QTest::mouseClick(find<QPushButton>("storage.moveAway"), Qt::LeftButton);
    QTRY_COMPARE(m_scene->prompts.asked.size(), 1);
    QVERIFY(!wasCalled("removeAccount"));
}

void TestUiStorage::cannotMoveAwayFromWhatIsAway()
{
    makePage();
    choose("NAS (attic)");
    QVERIFY(!find<QPushButton>("storage.moveAway")->isEnabled());
    QVERIFY(find<QPushButton>("storage.moveAway")->toolTip().contains(QStringLiteral("cannot be reached")));
    QVERIFY(action("account.remove")->isEnabled()); // it may be given up
    TransferEntry moving;
    moving.kind = TransferEntry::Kind::MoveAway;
    moving.name = QStringLiteral("NAS (attic)");
    moving.state = TransferEntry::State::Running;
    m_scene->service.shownTransfers.push_back(moving);
    emit m_scene->service.transfersChanged();
    QVERIFY(!action("account.remove")->isEnabled());
}

void TestUiStorage::appliesLimits()
{
    makePage();
    auto *apply = find<QPushButton>("storage.applyLimits");
    QVERIFY(!apply->isEnabled());
    QTest::keyClicks(find<QLineEdit>("storage.upLimit"), QStringLiteral("1 MB/s"));
    QVERIFY(apply->isEnabled());
    QTest::mouseClick(apply, Qt::LeftButton);
    QTRY_VERIFY(wasCalled("changeAccount Archive disk"));
    QTRY_VERIFY(!apply->isEnabled());
    QVERIFY(!find<QLabel>("storage.limitsProblem")->isVisible());
}

void TestUiStorage::keepsALimitThatIsNotOne()
{
    makePage();
    auto *capacity = find<QLineEdit>("storage.capacity");
    QTest::keyClicks(capacity, QStringLiteral("much"));
    QTest::keyClick(capacity, Qt::Key_Return);
    QVERIFY(find<QLabel>("storage.limitsProblem")->isVisible());
    QCOMPARE(capacity->text(), QStringLiteral("much"));
    QVERIFY(!wasCalled("changeAccount Archive disk"));
    choose("Desk drive"); // another account does not inherit it
    QVERIFY(capacity->text().isEmpty());
}

void TestUiStorage::keepsWhatIsTypedWhileTheAccountChanges()
{
    makePage();
    auto *up = find<QLineEdit>("storage.upLimit");
    QTest::keyClicks(up, QStringLiteral("2 M"));
    account(0).fragments += 10;
    account(0).downLimit = 3'000'000;
    emit m_scene->service.accountsChanged();
    QCOMPARE(up->text(), QStringLiteral("2 M"));
    QVERIFY(find<QLineEdit>("storage.downLimit")->text().startsWith(QStringLiteral("3")));
}

void TestUiStorage::actionsNeedAnAccountAndThePage()
{
    makePage();
    QVERIFY(action("account.rename")->isEnabled());
    m_page->hide();
    QVERIFY(!action("account.rename")->isEnabled());
    QVERIFY(!action("account.rename")->toolTip().isEmpty());
    QVERIFY(action("account.add")->isEnabled());
    m_page->show();
    QVERIFY(action("account.rename")->isEnabled());
    m_scene->service.shownAccounts.clear();
    emit m_scene->service.accountsChanged();
    QVERIFY(!action("account.rename")->isEnabled());
    QVERIFY(!action("storage.checkAll")->isEnabled());
}

void TestUiStorage::tellsTrouble()
{
    makePage();
    auto *trouble = find<InlineMessage>("storage.trouble");
    QVERIFY(trouble->accessibleName().startsWith(QStringLiteral("Backup stick is full.")));
    trouble->hide(); // closed
    emit m_scene->service.accountsChanged();
    QVERIFY(!trouble->isVisible());
    for (AccountEntry &account : m_scene->service.shownAccounts)
        account.health = Health::Unreachable;
    emit m_scene->service.accountsChanged();
    QVERIFY(trouble->isVisible());
    QTest::mouseClick(find<QPushButton>("storage.tryAgain"), Qt::LeftButton);
    QVERIFY(wasCalled("refresh"));
    for (AccountEntry &account : m_scene->service.shownAccounts)
        account.health = Health::Connected;
    emit m_scene->service.accountsChanged();
    QVERIFY(!trouble->isVisible());
}

void TestUiStorage::checkAllLooksAtEverything()
{
    makePage();
    QTest::mouseClick(find<QPushButton>("storage.checkAllButton"), Qt::LeftButton);
    QVERIFY(wasCalled("refresh"));
    QVERIFY(wasCalled("check 0"));
}

void TestUiStorage::reveals()
{
    makePage();
    m_page->reveal(QStringLiteral("NAS (attic)"));
    QCOMPARE(text("storage.accountName"), QStringLiteral("NAS (attic)"));
    m_page->reveal(QStringLiteral("nobody"));
    QCOMPARE(text("storage.accountName"), QStringLiteral("NAS (attic)"));
}

void TestUiStorage::whatLiesElsewhereIsNotKnown()
{
    const QString name = addElsewhere(*m_scene);
    makePage();
    m_page->reveal(name);
    QCOMPARE(text("storage.place"), QStringLiteral("On another computer"));
    QCOMPARE(text("storage.space"), QStringLiteral("not known here"));
    QVERIFY(!find<QPushButton>("storage.applyLimits")->isVisible());
    const AccountsModel model(m_scene->service, m_scene->clock);
    const QModelIndex row = model.indexOf(name);
    QCOMPARE(row.siblingAtColumn(AccountsModel::Space).data().toString(), QStringLiteral("not known here"));
    QVERIFY(row.siblingAtColumn(AccountsModel::Fragments).data().toString() != QStringLiteral("0"));
    const QString health = row.siblingAtColumn(AccountsModel::Health).data(Qt::AccessibleTextRole).toString();
    QVERIFY2(health.endsWith(QStringLiteral("not added here")), qPrintable(health));
    QCOMPARE(
        find<StateLabel>("storage.loss")->text(), QStringLiteral("What lies there is not known to this computer."));
    action("account.remove")->trigger(); // it may be given up, with the right words
    QTRY_COMPARE(m_scene->prompts.asked.last(), QStringLiteral("Give “Studio disk” up?"));
    QVERIFY(m_scene->prompts.lastText.startsWith(QStringLiteral("Another computer added it")));
    QVERIFY(!m_scene->prompts.lastText.contains(QStringLiteral("No model")));
    AccountEntry &added = m_scene->service.shownAccounts.back();
    added.kind = QStringLiteral("folder");
    added.health = Health::Connected;
    emit m_scene->service.accountsChanged();
    QVERIFY(find<QPushButton>("storage.applyLimits")->isVisible());
    QTRY_VERIFY(find<StateLabel>("storage.loss")->text().startsWith(QStringLiteral("No model")));
}

void TestUiStorage::tellsWhatFitsYet()
{
    makePage();
    QTRY_VERIFY(text("storage.summaryText").contains(QStringLiteral("if any 2 may be lost")));
    QCOMPARE(m_scene->service.roomAsked, 1);
    emit m_scene->service.accountsChanged(); // nothing that it depends on
    m_scene->clock.advance(std::chrono::seconds(5));
    QCOMPARE(m_scene->service.roomAsked, 1);
    m_scene->service.shownRoomLeft.bytes.reset();
    account(0).used = *account(0).used + 1;
    emit m_scene->service.accountsChanged();
    QTRY_COMPARE(m_scene->service.roomAsked, 2);
    QTRY_VERIFY(!text("storage.summaryText").contains(QStringLiteral("room for")));
}

void TestUiStorage::offersToSignIn()
{
    const QString name = addSignedOut(*m_scene);
    makePage();
    QVERIFY(!find<QPushButton>("storage.signIn")->isVisible()); // a folder has no password
    QVERIFY(!action("account.signIn")->isEnabled());
    m_page->reveal(name);
    QVERIFY(find<QPushButton>("storage.signIn")->isVisible());
    QVERIFY(!m_scene->window.findChild<SignInDialog *>());
    QTest::mouseClick(find<QPushButton>("storage.signIn"), Qt::LeftButton);
    const QPointer<SignInDialog> dialog = m_scene->window.findChild<SignInDialog *>();
    QVERIFY(dialog);
    m_page->reveal(signInKey(name)); // as an issue asks for it: the same one
    QCOMPARE(m_scene->window.findChildren<SignInDialog *>().size(), 1);
    dialog->close();
    QTRY_VERIFY(dialog.isNull());
    choose("Desk drive");
    m_page->reveal(signInKey(name));
    QCOMPARE(text("storage.accountName"), name);
    QVERIFY(m_scene->window.findChild<SignInDialog *>());

    m_scene->service.shownAccounts.back().health = Health::Connected; // it can be given a new one, without a reason
    emit m_scene->service.accountsChanged();
    QVERIFY(!find<QPushButton>("storage.signIn")->isVisible());
    QVERIFY(action("account.signIn")->isEnabled());
}

} // namespace mf::ui

QTEST_MAIN(mf::ui::TestUiStorage)
#include "test_ui_storage.moc"
