// SPDX-License-Identifier: GPL-3.0-or-later
// What a person does with the list and the trash, by the names of the parts and with real events.
#include "tests/ui/models/page_fixture.h"

#include <QComboBox>
#include <QContextMenuEvent>
#include <QMenu>
#include <QSignalSpy>

namespace mf::ui {

class TestUiModelsPage : public PageFixture
{
    Q_OBJECT
private slots:
    void selectionSurvivesChanges();
    void theSelectionFollowsWhatWasStored();
    void searchesAndClears();
    void searchesByHash();
    void actionsSayWhyNot();
    void actsOnWhatIsChosen();
    void trashesAndUndoes();
    void undoByKey();
    void trashRestoresAndDeletes();
    void trashAsksBeforeForever();
    void menuByTheKeyboard();
    void issueOffersWhatMends();
    void emptyStates_data();
    void emptyStates();
    void openingTakesItsTime();
};

void TestUiModelsPage::selectionSurvivesChanges()
{
    click(kReduced);
    click(kSafe, Qt::ControlModifier);
    QCOMPARE(view->chosen().size(), std::size_t(2));
    QTest::keyClicks(part<QLineEdit>("models.search"), QStringLiteral("phi"));
    QCOMPARE(view->chosen().size(), std::size_t(1)); // what is not shown is not worked on
    part<QLineEdit>("models.search")->clear();
    QCOMPARE(view->chosen().size(), std::size_t(2));
    part<QComboBox>("models.grouping")->setCurrentIndex(4);
    QCOMPARE(view->chosen().size(), std::size_t(2));
    view->sortByColumn(static_cast<int>(ModelColumn::Size), Qt::DescendingOrder);
    QCOMPARE(view->chosen().size(), std::size_t(2));
    scene->service.shownModels.erase(scene->service.shownModels.begin());
    emit scene->service.modelsChanged();
    QCOMPARE(view->chosen().size(), std::size_t(2));
    QCOMPARE(view->selectionModel()->selectedRows().size(), 2);
    // What is gone is not chosen any more.
    scene->service.shownModels.clear();
    emit scene->service.modelsChanged();
    QVERIFY(view->chosen().empty());
}

void TestUiModelsPage::theSelectionFollowsWhatWasStored()
{
    click(kStoring);
    ModelEntry *entry = scene->service.model(kStoring);
    const ModelEntry before = *entry;
    // For a moment there may be neither.
    scene->service.shownModels.erase(scene->service.shownModels.begin() + (entry - scene->service.shownModels.data()));
    emit scene->service.modelsChanged();
    QVERIFY(view->chosen().empty());
    ModelEntry stored = before;
    stored.id.bytes[0] ^= 0x55;
    stored.state = ModelState::Safe;
    stored.percent = -1;
    scene->service.shownModels.push_back(stored);
    emit scene->service.modelsChanged();
    QCOMPARE(view->chosen().size(), std::size_t(1));
    QCOMPARE(view->chosen().front().id, stored.id);
    QCOMPARE(tree->entry(view->currentIndex())->id, stored.id); // the keyboard goes on from there
    QCOMPARE(text("models.detailsName"), kStoring);
    QVERIFY(action("model.trash")->isEnabled());

    // Another model of that name is none of what was chosen.
    click(kSafe);
    const ModelId safe = view->chosen().front().id;
    scene->service.model(kSafe)->id.bytes[0] ^= 0x55;
    emit scene->service.modelsChanged();
    QVERIFY(view->chosen().empty());
    scene->service.model(kSafe)->id = safe;
    emit scene->service.modelsChanged();
    QCOMPARE(view->chosen().size(), std::size_t(1));
}

void TestUiModelsPage::searchesByHash()
{
    const QString hash = QStringLiteral("0123456789abcdef").repeated(4);
    scene->service.shownHashes.insert(hash, scene->service.model(kSafe)->id); // one of several files
    auto *search = part<QLineEdit>("models.search");
    const auto asked = [this] { return scene->service.calls.filter(QStringLiteral("modelsWithHash")); };
    QTest::keyClicks(search, hash.left(7));
    scene->clock.advance(std::chrono::seconds(1));
    QCOMPARE(tree->shown(), 0);
    QVERIFY(asked().isEmpty()); // a word like any other
    QTest::keyClicks(search, hash.mid(7, 5).toUpper());
    scene->clock.advance(std::chrono::seconds(1));
    QTRY_COMPARE(tree->shown(), 1);
    QCOMPARE(tree->entry(tree->indexOf(scene->service.model(kSafe)->id))->name, kSafe);
    QCOMPARE(asked(), QStringList(QStringLiteral("modelsWithHash ") + hash.left(12))); // once it was typed
    QTest::keyClicks(search, QStringLiteral(" phi"));
    QCOMPARE(tree->shown(), 1); // with other words, all must be met
    QTest::keyClicks(search, QStringLiteral(" qwen"));
    QCOMPARE(tree->shown(), 0);
    search->clear();
    QCOMPARE(tree->shown(), 6);
}

void TestUiModelsPage::searchesAndClears()
{
    auto *search = part<QLineEdit>("models.search");
    QCOMPARE(page->search(), search);
    QTest::keyClicks(search, QStringLiteral("no such model"));
    QTRY_VERIFY(part<QWidget>("models.empty")->isVisible());
    QVERIFY(isSaid("models.empty", QStringLiteral("“no such model”")));
    part<QComboBox>("models.stateFilter")->setCurrentIndex(1);
    QTest::mouseClick(part<QWidget>("models.empty")->findChildren<QPushButton *>().front(), Qt::LeftButton);
    QVERIFY(search->text().isEmpty());
    QCOMPARE(tree->shown(), 6);
    QTRY_VERIFY(view->isVisible());
    QTest::keyClicks(search, QStringLiteral("gemma"));
    QTest::keyClick(search, Qt::Key_Down);
    QVERIFY(view->hasFocus());
}

void TestUiModelsPage::actionsSayWhyNot()
{
    QVERIFY(!action("model.check")->isEnabled());
    QCOMPARE(action("model.check")->toolTip(), QStringLiteral("Select a model first."));
    click(kStoring);
    QVERIFY(!action("model.trash")->isEnabled());
    QVERIFY(action("model.trash")->toolTip().contains(kStoring));
    QVERIFY(!action("model.download")->isEnabled());
    click(kSafe);
    QVERIFY(action("model.trash")->isEnabled());
    QVERIFY(!action("model.repair")->isEnabled());
    QVERIFY(!action("edit.undo")->isEnabled());
    click(kReduced, Qt::ControlModifier);
    QVERIFY(action("model.repair")->isEnabled());
    QVERIFY(!action("model.download")->isEnabled());
    page->hide(); // another page is shown: Delete is not for this one
    QVERIFY(!action("model.trash")->isEnabled());
    QVERIFY(scene->actions.clashes().isEmpty());
}

void TestUiModelsPage::actsOnWhatIsChosen()
{
    click(kReduced);
    QSignalSpy downloads(page.get(), &ModelsPage::asksToDownload);
    QSignalSpy protects(page.get(), &ModelsPage::asksToProtect);
    QTest::keyClick(&scene->window, Qt::Key_D, Qt::ControlModifier);
    QCOMPARE(downloads.size(), 1);
    QCOMPARE(downloads.front().front().value<ModelEntry>().name, kReduced);
    action("model.protect")->trigger();
    QCOMPARE(protects.size(), 1);
    QTest::keyClick(&scene->window, Qt::Key_R, Qt::ControlModifier);
    QVERIFY(scene->service.calls.contains(QStringLiteral("check 1")));
    action("model.checkDeep")->trigger();
    QVERIFY(scene->service.calls.contains(QStringLiteral("check 1 deep")));
    QTest::mouseClick(part<QPushButton>("models.details.repair"), Qt::LeftButton);
    QVERIFY(scene->service.calls.contains(QStringLiteral("repair 1")));
}

void TestUiModelsPage::trashesAndUndoes()
{
    click(kSafe);
    QTest::keyClick(view, Qt::Key_Delete);
    QVERIFY(scene->prompts.asked.isEmpty());
    QTRY_COMPARE(scene->service.shownTrash.size(), std::size_t(2));
    QVERIFY(!scene->service.model(kSafe));
    const auto buttons = scene->window.findChildren<QPushButton *>();
    const auto undo = std::find_if(buttons.begin(), buttons.end(),
        [](const QPushButton *button) { return button->isVisible() && button->text() == QStringLiteral("Undo"); });
    QVERIFY(undo != buttons.end());
    QTest::mouseClick(*undo, Qt::LeftButton);
    QTRY_VERIFY(scene->service.calls.contains(QStringLiteral("restore ") + kSafe));
    QVERIFY(!action("edit.undo")->isEnabled());
}

void TestUiModelsPage::undoByKey()
{
    click(kSafe);
    click(kReduced, Qt::ControlModifier);
    action("model.trash")->trigger();
    QCOMPARE(action("edit.undo")->text(), QStringLiteral("Undo Move to Trash"));
    QTest::keyClick(view, Qt::Key_Z, Qt::ControlModifier);
    QTRY_VERIFY(scene->service.calls.contains(QStringLiteral("restore ") + kSafe));
    QVERIFY(scene->service.calls.contains(QStringLiteral("restore ") + kReduced));
    // What fails is told, and nothing is lost of what can be done about it.
    scene->service.fails = Error(Error::Kind::Network, QStringLiteral("MF-X"), QStringLiteral("Nobody is there."));
    click(QStringLiteral("gemma-2-9b-it"));
    action("model.trash")->trigger();
    QTRY_VERIFY(part<QWidget>("models.failure")->isVisible());
    QVERIFY(isSaid("models.failure", QStringLiteral("Nobody is there.")));
}

void TestUiModelsPage::trashRestoresAndDeletes()
{
    action("view.trash")->setChecked(true);
    QVERIFY(part<QWidget>("models.trash")->isVisible());
    QVERIFY(!action("trash.restore")->isEnabled());
    auto *trash = part<QTreeView>("models.trash");
    QTest::mouseClick(trash->viewport(), Qt::LeftButton, {}, trash->visualRect(trash->model()->index(0, 0)).center());
    QVERIFY(!action("model.trash")->isEnabled());
    QTest::mouseClick(part<QPushButton>("models.restore"), Qt::LeftButton);
    QTRY_VERIFY(scene->service.calls.contains(QStringLiteral("restore TinyLlama-1.1B")));
    QTRY_VERIFY(part<QWidget>("models.trashEmpty")->isVisible());
    action("view.trash")->setChecked(false);
    QVERIFY(view->isVisible());
}

void TestUiModelsPage::trashAsksBeforeForever()
{
    action("view.trash")->setChecked(true);
    auto *trash = part<QTreeView>("models.trash");
    trash->selectAll();
    QTest::keyClick(trash, Qt::Key_Delete);
    QCOMPARE(scene->prompts.asked, QStringList { QStringLiteral("Delete “TinyLlama-1.1B” forever?") });
    QVERIFY(scene->prompts.lastText.contains(QStringLiteral("Nobody can bring it back.")));
    QCOMPARE(scene->prompts.lastChoices.front(), QStringLiteral("Keep"));
    QCOMPARE(scene->service.shownTrash.size(), std::size_t(1));
    scene->prompts.choice = 1;
    TrashEntry other = scene->service.shownTrash.front();
    other.name = QStringLiteral("another");
    other.model.bytes.fill(0x78);
    scene->service.shownTrash.push_back(other);
    emit scene->service.trashChanged();
    QTest::mouseClick(part<QPushButton>("models.emptyTrash"), Qt::LeftButton);
    QTRY_VERIFY(scene->service.shownTrash.empty());
    QVERIFY(scene->prompts.lastText.contains(QStringLiteral("another")));
    QVERIFY(scene->prompts.lastChoices.back().contains(QStringLiteral("2 Models")));
}

void TestUiModelsPage::menuByTheKeyboard()
{
    click(kReduced);
    QContextMenuEvent event(QContextMenuEvent::Keyboard, QPoint(1, 1), QPoint(1, 1));
    QCoreApplication::sendEvent(view->viewport(), &event);
    QTRY_VERIFY(page->modelMenu()->isVisible());
    QVERIFY(page->modelMenu()->actions().contains(action("model.repair")));
    page->modelMenu()->close();
}

void TestUiModelsPage::issueOffersWhatMends()
{
    QVERIFY(isSaid("models.issue", QStringLiteral("cannot be read")));
    QTest::mouseClick(part<QPushButton>("models.issue.2"), Qt::LeftButton); // Remedy::Check
    QVERIFY(scene->service.calls.contains(QStringLiteral("check 1")));
    QSignalSpy asked(page.get(), &Page::asksFor);
    QTest::mouseClick(part<QPushButton>("models.issue.all"), Qt::LeftButton);
    QCOMPARE(asked.front().front().toString(), QStringLiteral("activity"));
    scene->service.shownIssues.clear();
    emit scene->service.issuesChanged();
    QVERIFY(!part<QWidget>("models.issue")->isVisible());
}

void TestUiModelsPage::emptyStates_data()
{
    QTest::addColumn<bool>("hasAccounts");
    QTest::addColumn<int>("state");
    QTest::addColumn<QString>("title");
    QTest::addColumn<QString>("does");
    const auto ready = static_cast<int>(Service::State::Ready);
    QTest::newRow("no storage") << false << ready << QStringLiteral("Add a place to store models")
                                << QStringLiteral("storage");
    QTest::newRow("no models") << true << ready << QStringLiteral("Drop a model here") << QStringLiteral("store");
    QTest::newRow("no library") << false << static_cast<int>(Service::State::None)
                                << QStringLiteral("Add a place to store models") << QStringLiteral("storage");
    QTest::newRow("failed") << true << static_cast<int>(Service::State::Failed)
                            << QStringLiteral("Your library could not be opened") << QStringLiteral("refresh");
}

void TestUiModelsPage::emptyStates()
{
    QFETCH(bool, hasAccounts);
    QFETCH(int, state);
    QFETCH(QString, title);
    QFETCH(QString, does);
    scene->service.shownModels.clear();
    if (!hasAccounts)
        scene->service.shownAccounts.clear();
    scene->service.shownState = static_cast<Service::State>(state);
    scene->service.shownFailure = Error(Error::Kind::Corrupt, QStringLiteral("MF-X"), QStringLiteral("Broken"));
    emit scene->service.modelsChanged();
    QTRY_VERIFY(isSaid("models.empty", title));
    QSignalSpy stores(action("store.open"), &QAction::triggered);
    QSignalSpy asked(page.get(), &Page::asksFor);
    QTest::mouseClick(part<QWidget>("models.empty")->findChildren<QPushButton *>().front(), Qt::LeftButton);
    QCOMPARE(stores.size(), does == QStringLiteral("store") ? 1 : 0);
    QCOMPARE(asked.size(), does == QStringLiteral("storage") ? 1 : 0);
    QCOMPARE(scene->service.calls.contains(QStringLiteral("refresh")), does == QStringLiteral("refresh"));
    scene->service.fill();
    scene->service.shownState = Service::State::Ready;
    emit scene->service.stateChanged();
    emit scene->service.modelsChanged();
    QTRY_VERIFY(view->isVisible());
}

void TestUiModelsPage::openingTakesItsTime()
{
    make([](SceneDesk &desk) {
        desk.service.shownModels.clear();
        desk.service.shownState = Service::State::Opening;
    });
    QVERIFY(!isSaid("models.empty", QStringLiteral("Opening")));
    scene->clock.advance(std::chrono::milliseconds(301));
    QTRY_VERIFY(isSaid("models.empty", QStringLiteral("Opening your library…")));
    QVERIFY(part<QWidget>("models.opening")->isVisible());
    scene->clock.advance(std::chrono::seconds(11));
    QTRY_VERIFY(isSaid("models.empty", QStringLiteral("unclean shutdown")));
    scene->service.fill();
    scene->service.shownState = Service::State::Ready;
    emit scene->service.modelsChanged();
    QTRY_VERIFY(view->isVisible());
    QVERIFY(!part<QWidget>("models.opening")->isVisible());
}

} // namespace mf::ui

QTEST_MAIN(mf::ui::TestUiModelsPage)
#include "test_ui_models_page.moc"
