// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/store/store_fixture.h"

#include <QAbstractItemModelTester>
#include <QAccessible>
#include <QCheckBox>
#include <QComboBox>
#include <QClipboard>
#include <QDragEnterEvent>
#include <QLabel>
#include <QLineEdit>
#include <QRadioButton>
#include <QSignalSpy>
#include <QToolButton>

namespace mf::ui {

namespace {

void dropOn(QWidget *widget, const QMimeData &data)
{
    QDragEnterEvent enter(QPoint(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(widget, &enter);
    QDropEvent drop(QPointF(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(widget, &drop);
}

} // namespace

class TestUiStore : public StoreFixture
{
    Q_OBJECT
private slots:
    void init() { set(); }
    void cleanup() { unset(); }
    void asksForFilesWhenThereAreNone();
    void choosesAFolder();
    void showsThatItLooks();
    void showsWhatWasFound();
    void checksByMouseAndKey();
    void doesNotStoreWhatItShouldNot_data();
    void doesNotStoreWhatItShouldNot();
    void cannotChooseWhatCannotBeRead();
    void namesTheOnlyModel();
    void saysThatItBecomesARevision();
    void laterPathsJoinAndChoicesStay();
    void openingAgainAdds();
    void droppingOnItAdds();
    void saysThatADropIsRefused();
    void saysThatLookingFailed();
    void asksForStorageFirst();
    void storesEachModel();
    void leadsToTheTransfers();
    void copiesTheCommand();
    void cancelsInTheMiddle();
    void outlivesTheWindowsEnd();
    void showsSizesWithoutCutting();
    void tabsAsItReads();
    void namesAllThatCanBeUsed();
};

void TestUiStore::asksForFilesWhenThereAreNone()
{
    open({});
    QVERIFY(!m_dialog->isModal());
    QVERIFY(part<QWidget>("store.empty")->isVisible());
    QVERIFY(!part<QWidget>("store.found")->isVisible());
    QVERIFY(!part<QPushButton>("store.store")->isEnabled());
    m_parts->prompts.files = QStringList { QStringLiteral("/m/x.gguf"), QStringLiteral("/m/y.gguf") };
    emit m_dialog->findChild<EmptyState *>()->buttonClicked();
    QCOMPARE(m_parts->service.calls.last(), QStringLiteral("scan /m/x.gguf /m/y.gguf"));
    QVERIFY(!part<QWidget>("store.empty")->isVisible());
    QVERIFY(part<QWidget>("store.found")->isVisible());
}

void TestUiStore::choosesAFolder()
{
    open({});
    m_parts->prompts.folder = QStringLiteral("/m/folder");
    emit m_dialog->findChild<EmptyState *>()->linkClicked();
    QCOMPARE(m_parts->service.calls.last(), QStringLiteral("scan /m/folder"));
    m_parts->prompts.folder.clear(); // nothing is chosen: nothing is looked at
    m_parts->service.calls.clear();
    click("store.addFolder");
    QVERIFY(m_parts->service.calls.isEmpty());
}

void TestUiStore::showsThatItLooks()
{
    m_parts->service.answersNever = true;
    open();
    QVERIFY(part<QWidget>("store.looking")->isVisible());
    QVERIFY(!part<QPushButton>("store.store")->isEnabled());
    QVERIFY(part<QPushButton>("store.store")->toolTip().contains(QStringLiteral("looked at")));
    QVERIFY(part<QPushButton>("store.cancel")->isEnabled());
}

void TestUiStore::showsWhatWasFound()
{
    open();
    new QAbstractItemModelTester(found(), QAbstractItemModelTester::FailureReportingMode::QtTest, m_dialog);
    QCOMPARE(found()->rowCount(), 3);
    QCOMPARE(checks(), QStringLiteral("xx-"));
    QCOMPARE(found()->index(0, 0).data().toString(), QStringLiteral("Qwen2.5-3B-Instruct-Q6_K"));
    QCOMPARE(detail(0), QStringLiteral("GGUF · qwen · Q6_K · 3.1\u00a0B"));
    QCOMPARE(detail(1), QStringLiteral("safetensors · llama · BF16 · 1.1\u00a0B · 3 files"));
    QCOMPARE(detail(2), QStringLiteral("Not a model — skipped"));
    QCOMPARE(found()->index(1, 1).data().toString(), QStringLiteral("2.20\u00a0GB"));
    QVERIFY(found()->index(1, 0).data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("llama")));
    QCOMPARE(m_dialog->windowTitle(), QStringLiteral("Store 2 Models"));
    QCOMPARE(part<QPushButton>("store.store")->text(), QStringLiteral("Store 2 Models"));
}

void TestUiStore::checksByMouseAndKey()
{
    open();
    auto *list = part<QTreeView>("store.found");
    const QRect row = list->visualRect(found()->index(2, 0));
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, QPoint(row.left() + 10, row.center().y()));
    QCOMPARE(checks(), QStringLiteral("xxx"));
    QCOMPARE(part<QPushButton>("store.store")->text(), QStringLiteral("Store 3 Models"));
    list->setCurrentIndex(found()->index(0, 0));
    QTest::keyClick(list, Qt::Key_Space);
    QCOMPARE(checks(), QStringLiteral("-xx"));
    for (const int row2 : { 1, 2 })
        check(row2, false);
    QVERIFY(!part<QPushButton>("store.store")->isEnabled());
    QVERIFY(part<QLabel>("store.total")->text().contains(QStringLiteral("Nothing is chosen")));
}

void TestUiStore::doesNotStoreWhatItShouldNot_data()
{
    QTest::addColumn<FoundModel>("found");
    QTest::addColumn<QString>("detail");
    QTest::addColumn<bool>("can");
    FoundModel plain;
    plain.name = QStringLiteral("x");
    plain.paths = { "/m/x" };
    plain.files = 1;
    FoundModel known = plain;
    known.isKnown = true;
    QTest::newRow("already there") << known << QStringLiteral("Already in your library") << true;
    FoundModel part = plain;
    part.missing = { QStringLiteral("x-00003-of-00004.safetensors") };
    QTest::newRow("a part is missing") << part << QStringLiteral("A part is missing: x-00003-of-00004.safetensors")
                                       << true;
    FoundModel parts = plain;
    parts.missing = { QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c"), QStringLiteral("d") };
    QTest::newRow("parts are missing") << parts << QStringLiteral("Parts are missing: a, b and 2 more") << true;
    FoundModel other = plain;
    other.isModel = false;
    QTest::newRow("no model") << other << QStringLiteral("Not a model — skipped") << true;
    FoundModel locked = plain;
    locked.problem = QStringLiteral("cannot read /m/x: permission denied");
    QTest::newRow("not readable") << locked << locked.problem << false;
}

void TestUiStore::doesNotStoreWhatItShouldNot()
{
    QFETCH(FoundModel, found);
    QFETCH(bool, can);
    m_parts->service.shownFound = { found };
    open();
    QCOMPARE(checks(), QStringLiteral("-"));
    QTEST(detail(0), "detail");
    QVERIFY(!part<QPushButton>("store.store")->isEnabled());
    check(0, true);
    QCOMPARE(checks(), can ? QStringLiteral("x") : QStringLiteral("-"));
}

void TestUiStore::cannotChooseWhatCannotBeRead()
{
    m_parts->service.shownFound[1].problem = QStringLiteral("permission denied");
    open();
    QVERIFY(!found()->index(1, 0).flags().testFlag(Qt::ItemIsUserCheckable));
    QVERIFY(found()->index(1, 0).flags().testFlag(Qt::ItemIsEnabled)); // to be read
}

void TestUiStore::namesTheOnlyModel()
{
    open();
    auto *name = part<QLineEdit>("store.name");
    QVERIFY(!name->isVisible());
    check(1, false);
    QVERIFY(name->isVisible());
    QCOMPARE(name->text(), QStringLiteral("Qwen2.5-3B-Instruct-Q6_K"));
    settle();
    name->selectAll();
    QTest::keyClick(name, Qt::Key_Delete);
    QVERIFY(!part<QPushButton>("store.store")->isEnabled());
    QVERIFY(part<QPushButton>("store.store")->toolTip().contains(QStringLiteral("name")));
    QTest::keyClicks(name, QStringLiteral("  mine "));
    check(1, true); // and back: what was typed is not lost
    check(1, false);
    QCOMPARE(name->text(), QStringLiteral("  mine "));
    settle();
    click("store.store");
    QCOMPARE(m_parts->service.orders.size(), std::size_t(1));
    QCOMPARE(m_parts->service.orders[0].name, QStringLiteral("mine"));
}

void TestUiStore::saysThatItBecomesARevision()
{
    m_parts->service.shownFound.resize(1);
    open();
    QVERIFY(!part<QLabel>("store.nameNote")->isVisible());
    part<QLineEdit>("store.name")->selectAll();
    QTest::keyClicks(part<QLineEdit>("store.name"), QStringLiteral("Phi-3.5-mini-instruct"));
    QVERIFY(part<QLabel>("store.nameNote")->isVisible());
    QVERIFY(part<QLabel>("store.nameNote")->text().contains(QStringLiteral("revision 2")));
}

void TestUiStore::laterPathsJoinAndChoicesStay()
{
    open(QStringList(QStringLiteral("/m/a")));
    check(0, false);
    check(2, true);
    FoundModel more = m_parts->service.shownFound[0];
    more.name = QStringLiteral("more");
    more.paths = { "/m/b" };
    m_parts->service.shownFound.insert(m_parts->service.shownFound.begin(), more);
    m_dialog->addPaths({ QStringLiteral("/m/b"), QStringLiteral("/m/a"), QString() });
    QCOMPARE(m_parts->service.calls.filter(QStringLiteral("scan")),
        QStringList({ QStringLiteral("scan /m/a"), QStringLiteral("scan /m/a /m/b") }));
    QCOMPARE(checks(), QStringLiteral("x-xx"));
    m_parts->service.calls.clear();
    m_dialog->addPaths({ QStringLiteral("/m/b") }); // known: nothing to look at
    QVERIFY(m_parts->service.calls.isEmpty());
}

void TestUiStore::openingAgainAdds()
{
    open(QStringList(QStringLiteral("/m/a")));
    StoreDialog *again = StoreDialog::open(m_parts->desk, &m_parts->window, { QStringLiteral("/m/b") });
    QCOMPARE(again, m_dialog.data());
    QCOMPARE(StoreDialog::openOne(&m_parts->window), again);
    QCOMPARE(m_parts->service.calls.last(), QStringLiteral("scan /m/a /m/b"));
    click("store.cancel");
    QVERIFY(!StoreDialog::openOne(&m_parts->window));
}

void TestUiStore::droppingOnItAdds()
{
    open(QStringList(QStringLiteral("/m/a")));
    QMimeData data;
    data.setUrls({ QUrl::fromLocalFile(QStringLiteral("/m/b")) });
    dropOn(part<QLineEdit>("store.name"), data);
    QCOMPARE(m_parts->service.calls.last(), QStringLiteral("scan /m/a /m/b"));
}

void TestUiStore::saysThatADropIsRefused()
{
    open();
    QMimeData data;
    data.setUrls({ QUrl(QStringLiteral("https://example.org/x.gguf")) });
    dropOn(part<QTreeView>("store.found")->viewport(), data);
    QVERIFY(part<InlineMessage>("store.message")->isVisible());
    QCOMPARE(m_parts->service.calls.filter(QStringLiteral("scan")).size(), 1);
}

void TestUiStore::saysThatLookingFailed()
{
    m_parts->service.fails
        = Error(Error::Kind::NotFound, QStringLiteral("MF-SOURCE-GONE"), QStringLiteral("it is gone"));
    open();
    QVERIFY(part<InlineMessage>("store.message")->isVisible());
    QVERIFY(!part<QWidget>("store.looking")->isVisible());
    m_parts->service.fails.reset();
    click("store.tryAgain");
    QVERIFY(!part<InlineMessage>("store.message")->isVisible());
    QCOMPARE(found()->rowCount(), 3);
}

void TestUiStore::asksForStorageFirst()
{
    m_parts->service.shownAccounts.clear();
    open();
    QCOMPARE(m_parts->service.asked.size(), std::size_t(0));
    QVERIFY(!part<QPushButton>("store.store")->isEnabled());
    const QSignalSpy asks(m_dialog, &StoreDialog::asksFor);
    click("store.addStorage");
    QCOMPARE(asks.size(), 1);
    QCOMPARE(asks[0][0].toString(), QStringLiteral("storage"));
    FakeService filled;
    filled.fill();
    m_parts->service.shownAccounts = filled.shownAccounts;
    emit m_parts->service.accountsChanged();
    settle();
    QVERIFY(part<QPushButton>("store.store")->isEnabled());
    QVERIFY(!part<InlineMessage>("store.message")->isVisible());
}

void TestUiStore::storesEachModel()
{
    open();
    settle();
    click("store.store");
    QCOMPARE(m_parts->service.orders.size(), std::size_t(2));
    QCOMPARE(m_parts->service.orders[0].name, QStringLiteral("Qwen2.5-3B-Instruct-Q6_K"));
    QCOMPARE(m_parts->service.orders[0].paths, m_parts->service.shownFound[0].paths);
    QCOMPARE(m_parts->service.orders[1].paths, m_parts->service.shownFound[1].paths);
    QVERIFY(m_parts->service.orders[1].protection == Protection(0, 1)); // what was shown
    QVERIFY(m_parts->service.orders[1].accounts.empty());
    QVERIFY(!m_dialog->isVisible());
}

void TestUiStore::leadsToTheTransfers()
{
    m_parts->window.show();
    open();
    settle();
    const QSignalSpy asks(m_dialog, &StoreDialog::asksFor);
    click("store.store");
    QPushButton *show = nullptr;
    bool isTold = false;
    for (auto *button : m_parts->window.findChildren<QPushButton *>()) {
        if (button->text() == QStringLiteral("Show") && button->isVisible())
            show = button;
    }
    for (auto *label : m_parts->window.findChildren<QLabel *>())
        isTold = isTold || label->text() == QStringLiteral("Storing 2 models.");
    QVERIFY(show);
    QVERIFY(isTold);
    QTest::mouseClick(show, Qt::LeftButton);
    QCOMPARE(asks.size(), 1);
    QCOMPARE(asks[0][0].toString(), QStringLiteral("transfers"));
}

void TestUiStore::copiesTheCommand()
{
    open();
    settle();
    click("store.copyCommand");
    QCOMPARE(QApplication::clipboard()->text(),
        QStringLiteral("modelfloat-cli store /home/anna/Qwen2.5-3B-Instruct-Q6_K.gguf "
                       "--name=Qwen2.5-3B-Instruct-Q6_K --lose 1\n"
                       "modelfloat-cli store /home/anna/TinyLlama-1.1B --name=TinyLlama-1.1B --lose 1"));
    QVERIFY(m_dialog->isVisible());
}

void TestUiStore::cancelsInTheMiddle()
{
    m_parts->service.answersNever = true;
    open();
    QTest::keyClick(m_dialog, Qt::Key_Escape);
    QTRY_VERIFY(!m_dialog);
    QCOMPARE(m_parts->service.orders.size(), std::size_t(0));
}

void TestUiStore::outlivesTheWindowsEnd()
{
    auto window = std::make_unique<QWidget>();
    StoreDialog::open(m_parts->desk, window.get(), { QStringLiteral("/m/a") });
    QCOMPARE(m_parts->service.asked.size(), std::size_t(1));
    window.reset();
    m_parts->service.answer(0, planFor(1)); // nobody is there
    QCoreApplication::processEvents();
    emit m_parts->service.accountsChanged();
}

void TestUiStore::showsSizesWithoutCutting()
{
    open();
    settle();
    m_dialog->resize(m_dialog->minimumSizeHint());
    QCoreApplication::processEvents();
    for (auto *list : m_dialog->findChildren<QTreeView *>()) {
        for (int column = 1; column < list->model()->columnCount(); ++column)
            QVERIFY2(list->columnWidth(column) >= list->sizeHintForIndex(list->model()->index(0, column)).width(),
                qPrintable(list->objectName() + QString::number(column)));
    }
}

void TestUiStore::tabsAsItReads()
{
    m_parts->service.shownFound.resize(1);
    open();
    settle();
    part<QToolButton>("store.advanced")->click();
    part<QComboBox>("store.way")->setCurrentIndex(2);
    settle();
    QStringList order;
    const QWidget *first = part<QTreeView>("store.found");
    const QWidget *widget = first;
    do {
        if (widget->isVisible() && widget->isEnabled() && (widget->focusPolicy() & Qt::TabFocus)
            && widget->objectName().startsWith(QStringLiteral("store.")))
            order.append(widget->objectName().mid(6));
        widget = widget->nextInFocusChain();
    } while (widget != first);
    QCOMPARE(order.join(u' '),
        QStringLiteral("found name addFiles addFolder lose0 lose1 lose2 advanced way pieces spare accounts "
                       "remember copyCommand cancel store"));
}

void TestUiStore::namesAllThatCanBeUsed()
{
    open();
    settle();
    part<QToolButton>("store.advanced")->click();
    part<QComboBox>("store.way")->setCurrentIndex(2);
    for (auto *widget : m_dialog->findChildren<QWidget *>()) {
        if (!widget->isVisible() || !(widget->focusPolicy() & Qt::TabFocus)
            || !widget->objectName().startsWith(QStringLiteral("store.")))
            continue;
        QAccessibleInterface *accessible = QAccessible::queryAccessibleInterface(widget);
        QVERIFY(accessible);
        QVERIFY2(!accessible->text(QAccessible::Name).isEmpty(), qPrintable(widget->objectName()));
    }
}

} // namespace mf::ui

QTEST_MAIN(mf::ui::TestUiStore)
#include "test_ui_store.moc"
