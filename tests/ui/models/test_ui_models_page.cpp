// SPDX-License-Identifier: GPL-3.0-or-later
// What a person does on the Models page, by the names of its parts and with real events.
#include "tests/ui/audit/scene.h"
#include "tests/ui/models/worked.h"
#include "ui/models/fragment_map.h"
#include "ui/models/model_tree.h"
#include "ui/models/models_page.h"
#include "ui/models/models_view.h"

#include <QClipboard>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTabWidget>
#include <QVBoxLayout>
#include <QtTest>

namespace mf::ui {

class TestUiModelsPage : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void showsTheDetailsOfWhatIsClicked();
    void selectionSurvivesChanges();
    void searchesAndClears();
    void actionsSayWhyNot();
    void actsOnWhatIsChosen();
    void severalAreSummedUp();
    void trashesAndUndoes();
    void undoByKey();
    void trashRestoresAndDeletes();
    void trashAsksBeforeForever();
    void copies();
    void menuByTheKeyboard();
    void issueOffersWhatMends();
    void emptyStates_data();
    void emptyStates();
    void openingTakesItsTime();
    void aFailureIsToldInline();
    void filesArePreviewed();
    void metadataIsSearched();
    void mapSpeaks();
    void narrowGivesWay();
    void remembers();
    void tenThousandModels();

private:
    template <typename T> T *part(const char *name) const
    {
        T *found = page->findChild<T *>(QString::fromLatin1(name));
        if (!found)
            qFatal("there is no %s", name);
        return found;
    }
    QAction *action(const char *id) const { return scene->actions[QString::fromLatin1(id)]; }
    void make(const std::function<void(SceneDesk &)> &prepare = {});
    void click(const QString &name, Qt::KeyboardModifiers keys = {});
    QString text(const char *label) const { return part<QLabel>(label)->text(); }
    bool isSaid(const char *inside, const QString &words) const;
    std::unique_ptr<SceneDesk> scene;
    std::unique_ptr<ModelsPage> page;
    ModelsView *view = nullptr;
    ModelTree *tree = nullptr;
};

void TestUiModelsPage::make(const std::function<void(SceneDesk &)> &prepare)
{
    page.reset();
    scene = std::make_unique<SceneDesk>();
    scene->actions.add(QStringLiteral("store.open"), QStringLiteral("Models"), QStringLiteral("Store Model…"));
    if (prepare)
        prepare(*scene);
    page = std::make_unique<ModelsPage>(scene->desk);
    view = part<ModelsView>("models.list");
    tree = page->findChild<ModelTree *>();
    auto *column = new QVBoxLayout(&scene->window);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(page.get());
    scene->window.resize(1400, 800);
    scene->window.show();
    QVERIFY(QTest::qWaitForWindowActive(&scene->window));
}

void TestUiModelsPage::init() { make(); }

void TestUiModelsPage::cleanup()
{
    page.reset();
    scene.reset();
}

void TestUiModelsPage::click(const QString &name, Qt::KeyboardModifiers keys)
{
    const QModelIndex index = tree->indexOf(scene->service.model(name)->id);
    view->scrollTo(index);
    QTest::mouseClick(view->viewport(), Qt::LeftButton, keys, view->visualRect(index).center());
}

bool TestUiModelsPage::isSaid(const char *inside, const QString &words) const
{
    const auto labels = part<QWidget>(inside)->findChildren<QLabel *>();
    return std::any_of(labels.begin(), labels.end(),
        [&words](const QLabel *label) { return label->isVisible() && label->text().contains(words); });
}

const auto kReduced = QStringLiteral("Qwen2.5-7B-Instruct");
const auto kSafe = QStringLiteral("Phi-3.5-mini-instruct");
const auto kStoring = QStringLiteral("Qwen2.5-3B-Instruct");

void TestUiModelsPage::showsTheDetailsOfWhatIsClicked()
{
    QVERIFY(part<QLabel>("models.noDetails")->isVisible());
    click(kReduced);
    QCOMPARE(text("models.detailsName"), kReduced);
    QVERIFY(text("models.state").startsWith(QStringLiteral("Reduced")));
    QTRY_VERIFY(part<QWidget>("models.map")->isVisible());
    QCOMPARE(scene->service.calls.count(QStringLiteral("details")), 1);
    QTest::keyClick(view, Qt::Key_Up);
    QTRY_COMPARE(text("models.detailsName"), kStoring);
}

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

void TestUiModelsPage::severalAreSummedUp()
{
    view->setFocus();
    view->selectAll();
    QCOMPARE(text("models.manyTitle"), QStringLiteral("6 models selected"));
    QVERIFY(text("models.manyText").contains(QStringLiteral("3 need repair")));
    QTest::mouseClick(part<QPushButton>("models.many.check"), Qt::LeftButton);
    QVERIFY(scene->service.calls.contains(QStringLiteral("check 5"))); // not the one that is being stored
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
    scene->service.shownTrash.push_back(other);
    emit scene->service.trashChanged();
    QTest::mouseClick(part<QPushButton>("models.emptyTrash"), Qt::LeftButton);
    QTRY_VERIFY(scene->service.shownTrash.empty());
    QVERIFY(scene->prompts.lastText.contains(QStringLiteral("another")));
    QVERIFY(scene->prompts.lastChoices.back().contains(QStringLiteral("2 Models")));
}

void TestUiModelsPage::copies()
{
    click(kReduced);
    action("model.copyName")->trigger();
    QCOMPARE(QGuiApplication::clipboard()->text(), kReduced);
    action("model.copySha256")->trigger();
    QTRY_VERIFY(QGuiApplication::clipboard()->text().startsWith(QString(64, u'9')));
    QTest::keySequence(view, QKeySequence::Copy);
    QVERIFY(QGuiApplication::clipboard()->text().startsWith(kReduced + QStringLiteral(", ")));
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

void TestUiModelsPage::aFailureIsToldInline()
{
    scene->service.fails = Error(Error::Kind::Network, QStringLiteral("MF-X"), QStringLiteral("Nobody is there."));
    click(kReduced);
    QTRY_VERIFY(part<QWidget>("models.detailsFailure")->isVisible());
    QVERIFY(text("models.state").startsWith(QStringLiteral("Reduced"))); // what is known is shown
    scene->service.fails.reset();
    QTest::mouseClick(part<QPushButton>("models.detailsAgain"), Qt::LeftButton);
    QTRY_VERIFY(part<QWidget>("models.map")->isVisible());
    QVERIFY(!part<QWidget>("models.detailsFailure")->isVisible());
}

void TestUiModelsPage::filesArePreviewed()
{
    scene->service.shownPreview = R"({"a":1})";
    click(kReduced);
    part<QTabWidget>("models.tabs")->setCurrentIndex(3);
    auto *files = part<QTreeView>("models.files");
    QTest::mouseClick(files->viewport(), Qt::LeftButton, {}, files->visualRect(files->model()->index(0, 0)).center());
    QVERIFY(text("models.previewCaption").contains(QStringLiteral("no text")));
    QTest::mouseClick(files->viewport(), Qt::LeftButton, {}, files->visualRect(files->model()->index(1, 0)).center());
    QTRY_COMPARE(part<QPlainTextEdit>("models.preview")->toPlainText(), QStringLiteral("{\n  \"a\": 1\n}"));
    QVERIFY(scene->service.calls.contains(QStringLiteral("preview config.json")));
}

void TestUiModelsPage::metadataIsSearched()
{
    click(kReduced);
    part<QTabWidget>("models.tabs")->setCurrentIndex(2);
    auto *table = part<QTreeView>("models.metadata");
    QCOMPARE(table->model()->rowCount(), 4);
    QTest::keyClicks(part<QLineEdit>("models.metadataSearch"), QStringLiteral("CONTEXT"));
    QCOMPARE(table->model()->rowCount(), 1);
    table->selectAll();
    QTest::mouseClick(part<QPushButton>("models.copyMetadata"), Qt::LeftButton);
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("qwen2.context_length\t32768"));
}

void TestUiModelsPage::mapSpeaks()
{
    click(kReduced);
    auto *map = part<FragmentMap>("models.map");
    QTRY_VERIFY(map->isVisible());
    map->setFocus();
    for (int i = 0; i < 12; ++i)
        QTest::keyClick(map, Qt::Key_Right);
    QTest::keyClick(map, Qt::Key_Down);
    QCOMPARE(map->cursor(), QPoint(12, 1));
    QCOMPARE(map->toolTip(), QStringLiteral("Part 13 of 64 on Backup stick: something is missing"));
    QVERIFY(map->accessibleDescription().contains(QStringLiteral("4 of 64")));
}

void TestUiModelsPage::narrowGivesWay()
{
    click(kReduced);
    QVERIFY(part<QWidget>("models.details")->isVisible());
    scene->window.resize(720, 480);
    QTRY_VERIFY(!part<QWidget>("models.details")->isVisible());
    QTRY_VERIFY(!part<QComboBox>("models.stateFilter")->isVisible());
    QVERIFY(part<QWidget>("models.filterMenu")->isVisible());
    QCOMPARE(scene->window.width(), 720);
    scene->window.resize(1400, 800);
    QTRY_VERIFY(part<QWidget>("models.details")->isVisible());
    QTRY_VERIFY(part<QComboBox>("models.stateFilter")->isVisible());
    QTest::keyClick(&scene->window, Qt::Key_I, Qt::ControlModifier);
    QVERIFY(!part<QWidget>("models.details")->isVisible());
}

void TestUiModelsPage::remembers()
{
    view->setColumnShown(ModelColumn::License, true);
    part<QComboBox>("models.grouping")->setCurrentIndex(2);
    view->sortByColumn(static_cast<int>(ModelColumn::Size), Qt::DescendingOrder);
    view->collapse(tree->index(0, 0));
    page.reset();
    for (QAction *one : scene->actions.all())
        one->setObjectName(QStringLiteral("old.") + one->objectName());
    scene->actions.add(QStringLiteral("store.open"), QStringLiteral("Models"), QStringLiteral("Store Model…"));
    page = std::make_unique<ModelsPage>(scene->desk);
    scene->window.layout()->addWidget(page.get());
    view = part<ModelsView>("models.list");
    tree = page->findChild<ModelTree *>();
    QVERIFY(!view->isColumnHidden(static_cast<int>(ModelColumn::License)));
    QCOMPARE(tree->grouping(), Grouping::State);
    QCOMPARE(view->header()->sortIndicatorSection(), static_cast<int>(ModelColumn::Size));
    QVERIFY(!view->isExpanded(tree->index(0, 0)));
    QVERIFY(view->isExpanded(tree->index(1, 0)));
}

void TestUiModelsPage::tenThousandModels()
{
    double start = 0;
    make([&start](SceneDesk &desk) {
        desk.service.fillMany(10'000, 1);
        start = workedMs();
    });
    scene->window.grab();
    const double first = workedMs() - start;
    QVERIFY2(first < 500, qPrintable(QStringLiteral("first paint: %1 ms").arg(first)));

    auto *search = part<QLineEdit>("models.search");
    double typing = 0;
    for (const char key : { 'q', 'w', 'e', 'n', '2', '\b', '\b', '\b', '\b', '\b' }) {
        start = workedMs();
        if (key == '\b')
            QTest::keyClick(search, Qt::Key_Backspace);
        else
            QTest::keyClick(search, key);
        view->grab();
        typing = std::max(typing, workedMs() - start);
    }
    QVERIFY2(typing < 50, qPrintable(QStringLiteral("typing: %1 ms").arg(typing)));
    QCOMPARE(tree->shown(), 10'000);

    QScrollBar *bar = view->verticalScrollBar();
    double scrolling = 0;
    for (int step = 0; step < 100; ++step) {
        start = workedMs();
        bar->setValue(bar->maximum() / 100 * step);
        view->viewport()->repaint();
        scrolling = std::max(scrolling, workedMs() - start);
    }
    QVERIFY2(scrolling < 16, qPrintable(QStringLiteral("scrolling: %1 ms").arg(scrolling)));
    // All of them are chosen, and a hundred report at once.
    view->selectAll();
    QSignalSpy told(view, &ModelsView::chosenChanged);
    for (std::size_t i = 0; i < 100; ++i)
        scene->service.shownModels[i * 100].percent = 7;
    start = workedMs();
    emit scene->service.modelsChanged();
    view->viewport()->repaint();
    const double changing = workedMs() - start;
    QCOMPARE(told.size(), 1);
    QVERIFY2(changing < 50, qPrintable(QStringLiteral("changing: %1 ms").arg(changing)));
    qInfo("changing all while all are chosen %.1f ms", changing);
    qInfo("first paint %.0f ms, typing %.1f ms, scrolling %.1f ms", first, typing, scrolling);
}

} // namespace mf::ui

QTEST_MAIN(mf::ui::TestUiModelsPage)
#include "test_ui_models_page.moc"
