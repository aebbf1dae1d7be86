// SPDX-License-Identifier: GPL-3.0-or-later
// What a person reads in the details, what gives way and what is remembered, and how quick all of it is.
#include "tests/support/slower.h"
#include "tests/ui/models/page_fixture.h"
#include "tests/ui/worked.h"
#include "ui/models/fragment_map.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHeaderView>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTabWidget>

namespace mf::ui {

class TestUiModelsDetails : public PageFixture
{
    Q_OBJECT
private slots:
    void showsTheDetailsOfWhatIsClicked();
    void severalAreSummedUp();
    void copies();
    void aFailureIsToldInline();
    void filesArePreviewed();
    void metadataIsSearched();
    void mapSpeaks();
    void fragmentsAreShownAndMended();
    void theOverviewShowsAFewAccounts();
    void narrowGivesWay();
    void tabReachesTheMap_data();
    void tabReachesTheMap();
    void remembers();
    void tenThousandModels();
};

void TestUiModelsDetails::showsTheDetailsOfWhatIsClicked()
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

void TestUiModelsDetails::severalAreSummedUp()
{
    view->setFocus();
    view->selectAll();
    QCOMPARE(text("models.manyTitle"), QStringLiteral("6 models selected"));
    QVERIFY(text("models.manyText").contains(QStringLiteral("3 need repair")));
    QTest::mouseClick(part<QPushButton>("models.many.check"), Qt::LeftButton);
    QVERIFY(scene->service.calls.contains(QStringLiteral("check 5"))); // not the one that is being stored
}

void TestUiModelsDetails::copies()
{
    click(kReduced);
    action("model.copyName")->trigger();
    QCOMPARE(QGuiApplication::clipboard()->text(), kReduced);
    action("model.copySha256")->trigger();
    QTRY_VERIFY(QGuiApplication::clipboard()->text().startsWith(QString(64, u'9')));
    QTest::keySequence(view, QKeySequence::Copy);
    QVERIFY(QGuiApplication::clipboard()->text().startsWith(kReduced + QStringLiteral(", ")));
}

void TestUiModelsDetails::aFailureIsToldInline()
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

void TestUiModelsDetails::filesArePreviewed()
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

void TestUiModelsDetails::fragmentsAreShownAndMended()
{
    click(kReduced);
    part<QTabWidget>("models.tabs")->setCurrentIndex(1);
    QTRY_VERIFY(part<FragmentMap>("models.fragmentMap")->isVisible());
    auto *table = part<QTreeView>("models.fragments");
    const int all = table->model()->rowCount();
    QTest::mouseClick(part<QCheckBox>("models.onlyMissing"), Qt::LeftButton, {}, QPoint(8, 8));
    QVERIFY(table->model()->rowCount() > 0 && table->model()->rowCount() < all);

    QTest::mouseClick(part<QPushButton>("models.fragments.check"), Qt::LeftButton);
    QVERIFY(scene->service.calls.contains(QStringLiteral("check 1")));
    QTest::mouseClick(part<QPushButton>("models.fragments.repair"), Qt::LeftButton);
    QVERIFY(scene->service.calls.contains(QStringLiteral("repair 1")));

    auto *account = part<QPushButton>("models.fragments.account");
    QVERIFY(!account->isEnabled());
    const QModelIndex first = table->model()->index(0, 0);
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(first).center());
    QVERIFY(account->isEnabled());
    QSignalSpy asked(page.get(), &Page::asksFor);
    QTest::mouseClick(account, Qt::LeftButton);
    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked.front().at(0).toString(), QStringLiteral("storage"));
    QCOMPARE(asked.front().at(1).toString(), first.siblingAtColumn(1).data().toString());
    QTest::mouseClick(part<QCheckBox>("models.onlyMissing"), Qt::LeftButton, {}, QPoint(8, 8));
    QVERIFY(!account->isEnabled()); // nothing is chosen any more
}

void TestUiModelsDetails::theOverviewShowsAFewAccounts()
{
    auto &map = scene->service.shownDetails.map;
    const ModelDetails::MapRow whole = map.front();
    for (int i = 0; i < 12; ++i) {
        map.insert(map.begin(), whole);
        map.front().account = QStringLiteral("Bucket %1").arg(i);
    }
    click(kReduced);
    auto *few = part<FragmentMap>("models.map");
    QTRY_VERIFY(few->isVisible());
    QCOMPARE(text("models.moreAccounts"), QStringLiteral("and 9 more accounts"));
    QVERIFY2(few->cellWords(0, 0).contains(QStringLiteral("Backup stick")), qPrintable(few->cellWords(0, 0)));
    QCOMPARE(few->cellWords(8, 0), QString());
    QVERIFY(!part<FragmentMap>("models.fragmentMap")->cellWords(16, 0).isEmpty());
}

void TestUiModelsDetails::metadataIsSearched()
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

void TestUiModelsDetails::mapSpeaks()
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

void TestUiModelsDetails::narrowGivesWay()
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

void TestUiModelsDetails::tabReachesTheMap_data()
{
    QTest::addColumn<QSize>("size");
    QTest::addColumn<bool>("isAskedFor");
    QTest::addColumn<QString>("map");
    for (const auto &[name, size, isAskedFor] : { std::tuple("smallest", QSize(720, 480), true),
             std::tuple("narrow", QSize(980, 560), true), std::tuple("wide", QSize(1'400, 800), false) }) {
        for (const char *map : { "models.map", "models.fragmentMap" })
            QTest::addRow("%s, %s", name, map) << size << isAskedFor << QString::fromLatin1(map);
    }
}
void TestUiModelsDetails::tabReachesTheMap()
{
    QFETCH(const QSize, size);
    QFETCH(const bool, isAskedFor);
    QFETCH(const QString, map);
    scene->window.resize(size);
    click(kReduced);
    if (isAskedFor)
        QTest::keyClick(&scene->window, Qt::Key_I, Qt::ControlModifier);
    QTRY_VERIFY(part<QWidget>("models.details")->isVisible());
    if (map == QStringLiteral("models.fragmentMap"))
        part<QTabWidget>("models.tabs")->setCurrentIndex(1);
    auto *wanted = page->findChild<QWidget *>(map);
    QVERIFY(wanted);
    QTRY_VERIFY(wanted->isVisible());
    view->setFocus();
    for (int steps = 0; steps < 40 && QApplication::focusWidget() != wanted; ++steps)
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    QCOMPARE(QApplication::focusWidget(), wanted);
}

void TestUiModelsDetails::remembers()
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

void TestUiModelsDetails::tenThousandModels()
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
    QVERIFY2(typing < 50 * kSlower, qPrintable(QStringLiteral("typing: %1 ms").arg(typing)));
    QCOMPARE(tree->shown(), 10'000);

    QScrollBar *bar = view->verticalScrollBar();
    double scrolling = 0;
    for (int step = 0; step < 100; ++step) {
        start = workedMs();
        bar->setValue(bar->maximum() / 100 * step);
        view->viewport()->repaint();
        scrolling = std::max(scrolling, workedMs() - start);
    }
    QVERIFY2(scrolling < 16 * kSlower, qPrintable(QStringLiteral("scrolling: %1 ms").arg(scrolling)));
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
    QVERIFY2(changing < 50 * kSlower, qPrintable(QStringLiteral("changing: %1 ms").arg(changing)));
    qInfo("changing all while all are chosen %.1f ms", changing);
    qInfo("first paint %.0f ms, typing %.1f ms, scrolling %.1f ms", first, typing, scrolling);
}

} // namespace mf::ui

QTEST_MAIN(mf::ui::TestUiModelsDetails)
#include "test_ui_models_details.moc"
