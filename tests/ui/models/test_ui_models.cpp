// SPDX-License-Identifier: GPL-3.0-or-later
// The models behind the Models page: arrangement, search, live changes, and the tables of the details.
#include "tests/support/fake_clock.h"
#include "tests/ui/fake_service.h"
#include "tests/ui/worked.h"
#include "ui/models/details_tables.h"
#include "ui/models/files_tab.h"
#include "ui/models/model_tree.h"
#include "ui/models/trash_view.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QtTest>

namespace mf::ui {
namespace {

QStringList groupsOf(const ModelTree &tree)
{
    QStringList groups;
    for (int row = 0; row < tree.rowCount(); ++row)
        groups.append(tree.index(row, 0).data().toString().section(QStringLiteral("  ·"), 0, 0));
    return groups;
}

QStringList namesOf(const ModelTree &tree)
{
    QStringList names;
    for (int row = 0; row < tree.rowCount(); ++row) {
        const QModelIndex top = tree.index(row, 0);
        if (const ModelEntry *entry = tree.entry(top))
            names.append(entry->name);
        for (int child = 0; child < tree.rowCount(top); ++child)
            names.append(tree.entry(tree.index(child, 0, top))->name);
    }
    return names;
}

} // namespace

class TestUiModels : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void whatIsStoredIsNoOtherFile();
    void modelsAreSound();
    void groups_data();
    void groups();
    void search_data();
    void search();
    void filtersByStateAndQuantization();
    void sorts();
    void aProgressChangesRowsAlone();
    void aNewStateMovesBetweenGroups();
    void frozenRowsStay();
    void byAccountAModelIsInEach();
    void previews_data();
    void previews();
    void tables();
    void manyModelsAreQuick();

private:
    struct Parts {
        FakeService service;
        FakeClock clock;
        std::unique_ptr<ModelList> list;
        std::unique_ptr<ModelTree> tree;
        void make()
        {
            clock.jump(std::chrono::milliseconds(clock.now().msecsTo(fakeNow())));
            list = std::make_unique<ModelList>(service, clock);
            tree = std::make_unique<ModelTree>(*list);
        }
    };
    std::unique_ptr<Parts> p;
};

void TestUiModels::init()
{
    p = std::make_unique<Parts>();
    p->service.fill();
    p->make();
}

void TestUiModels::modelsAreSound()
{
    const QAbstractItemModelTester list(p->list.get());
    const QAbstractItemModelTester tree(p->tree.get());
    TrashList trash(p->service, p->clock);
    const QAbstractItemModelTester ofTrash(&trash);
    TextTable table({ QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c"), QStringLiteral("d") });
    const QAbstractItemModelTester ofTable(&table);
    table.setRows(fragmentRows(p->service.shownDetails, false));
    for (const Grouping grouping :
        { Grouping::Account, Grouping::State, Grouping::Format, Grouping::None, Grouping::Family })
        p->tree->setGrouping(grouping);
    ModelFilter filter;
    filter.text = QStringLiteral("qwen");
    p->tree->setFilter(filter);
    p->service.shownModels.pop_back();
    emit p->service.modelsChanged();
    p->service.shownModels.clear();
    emit p->service.modelsChanged();
    p->service.fill();
    emit p->service.modelsChanged();
    p->tree->setFilter({});
    p->service.shownModels[2].percent = 3;
    emit p->service.modelsChanged();
    p->service.shownTrash.clear();
    emit p->service.trashChanged();
    table.setRows({});
    QCOMPARE(p->tree->shown(), 6);
}

void TestUiModels::whatIsStoredIsNoOtherFile()
{
    ModelEntry model;
    model.state = ModelState::Storing;
    QCOMPARE(secondLine(model, true, fakeNow()), QStringLiteral("storing now"));
    model.facts.format = QStringLiteral("gguf");
    QCOMPARE(secondLine(model, true, fakeNow()), QStringLiteral("GGUF · storing now"));
    model.facts.format.clear();
    model.state = ModelState::Safe;
    QVERIFY(secondLine(model, false, fakeNow()).startsWith(QStringLiteral("Other files")));
}

void TestUiModels::groups_data()
{
    QTest::addColumn<int>("grouping");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](const char *name, Grouping grouping, const QStringList &groups) {
        QTest::newRow(name) << static_cast<int>(grouping) << groups;
    };
    row("families stand in order of their names", Grouping::Family,
        { QStringLiteral("Gemma"), QStringLiteral("Llama"), QStringLiteral("Mistral"), QStringLiteral("Phi"),
            QStringLiteral("Qwen") });
    row("the worst state stands first", Grouping::State,
        { QStringLiteral("Unreadable"), QStringLiteral("At risk"), QStringLiteral("Reduced"), QStringLiteral("Storing"),
            QStringLiteral("Safe") });
    row("accounts", Grouping::Account,
        { QStringLiteral("Archive disk"), QStringLiteral("Backup stick"), QStringLiteral("Desk drive"),
            QStringLiteral("NAS (attic)"), QStringLiteral("Second disk") });
    row("formats", Grouping::Format, { QStringLiteral("GGUF") });
}

void TestUiModels::groups()
{
    QFETCH(int, grouping);
    QFETCH(QStringList, expected);
    p->tree->setGrouping(static_cast<Grouping>(grouping));
    QCOMPARE(groupsOf(*p->tree), expected);
    QVERIFY(p->tree->index(0, 0).data(ModelTree::IsGroup).toBool());
    QVERIFY(!(p->tree->index(0, 0).flags() & Qt::ItemIsSelectable));
}

void TestUiModels::search_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("found");
    QTest::newRow("nothing typed") << QString() << 6;
    QTest::newRow("blanks") << QStringLiteral("  ") << 6;
    QTest::newRow("part of a name") << QStringLiteral("instruct") << 5;
    QTest::newRow("capitals do not matter") << QStringLiteral("QWEN") << 2;
    QTest::newRow("all words count") << QStringLiteral("qwen q6") << 1;
    QTest::newRow("a family") << QStringLiteral("gemma") << 1;
    QTest::newRow("a quantization") << QStringLiteral("q4_k_m") << 5;
    QTest::newRow("a tag") << QStringLiteral("favourite") << 1;
    QTest::newRow("a hash") << QStringLiteral("9c1e4b") << 1;
    QTest::newRow("nothing like it") << QStringLiteral("falcon") << 0;
}

void TestUiModels::search()
{
    QFETCH(QString, text);
    QFETCH(int, found);
    p->service.shownModels[3].tags = { QStringLiteral("Favourite") };
    p->service.shownModels[5].sha256 = QStringLiteral("9c1e4b70");
    emit p->service.modelsChanged();
    ModelFilter filter;
    filter.text = text;
    p->tree->setFilter(filter);
    QCOMPARE(p->tree->shown(), found);
    QCOMPARE(namesOf(*p->tree).size(), found);
}

void TestUiModels::filtersByStateAndQuantization()
{
    ModelFilter filter;
    filter.state = ModelState::Safe;
    p->tree->setFilter(filter);
    QCOMPARE(p->tree->shown(), 2);
    filter.state.reset();
    filter.quantization = QStringLiteral("Q6_K");
    p->tree->setFilter(filter);
    QCOMPARE(namesOf(*p->tree), QStringList { QStringLiteral("Qwen2.5-3B-Instruct") });
}

void TestUiModels::sorts()
{
    p->tree->setGrouping(Grouping::None);
    p->tree->sort(static_cast<int>(ModelColumn::Size), Qt::DescendingOrder);
    QCOMPARE(namesOf(*p->tree).front(), QStringLiteral("gemma-2-9b-it"));
    p->tree->sort(static_cast<int>(ModelColumn::Protection), Qt::AscendingOrder);
    QCOMPARE(namesOf(*p->tree).front(), QStringLiteral("Mistral-7B-Instruct-v0.3"));
    p->tree->sort(static_cast<int>(ModelColumn::Name), Qt::DescendingOrder);
    QCOMPARE(namesOf(*p->tree).front(), QStringLiteral("Qwen2.5-7B-Instruct"));
    for (int column = 0; column < kModelColumns; ++column) { // every column is an order, whichever way
        p->tree->sort(column, Qt::AscendingOrder);
        p->tree->sort(column, Qt::DescendingOrder);
        QCOMPARE(p->tree->shown(), 6);
    }
}

void TestUiModels::aProgressChangesRowsAlone()
{
    QSignalSpy resets(p->tree.get(), &QAbstractItemModel::modelReset);
    QSignalSpy changes(p->tree.get(), &QAbstractItemModel::dataChanged);
    p->service.model(QStringLiteral("Qwen2.5-3B-Instruct"))->percent = 63;
    emit p->service.modelsChanged();
    QCOMPARE(resets.size(), 0);
    QCOMPARE(changes.size(), 2); // the row and its group
    emit p->service.modelsChanged();
    QCOMPARE(changes.size(), 2); // nothing changed
}

void TestUiModels::aNewStateMovesBetweenGroups()
{
    p->tree->setGrouping(Grouping::State);
    p->service.model(QStringLiteral("Mistral-7B-Instruct-v0.3"))->state = ModelState::Safe;
    emit p->service.modelsChanged();
    QCOMPARE(groupsOf(*p->tree).front(), QStringLiteral("At risk"));
    QVERIFY(p->tree->index(3, 0).data().toString().contains(QStringLiteral("3")));
}

void TestUiModels::frozenRowsStay()
{
    p->tree->setGrouping(Grouping::None);
    p->tree->sort(static_cast<int>(ModelColumn::Size), Qt::AscendingOrder);
    const QStringList before = namesOf(*p->tree);
    p->tree->setFrozen(true);
    p->service.model(before.front())->bytes = qint64(1) << 50;
    emit p->service.modelsChanged();
    QCOMPARE(namesOf(*p->tree), before);
    p->tree->setFrozen(false);
    QCOMPARE(namesOf(*p->tree).back(), before.front());
}

void TestUiModels::byAccountAModelIsInEach()
{
    p->tree->setGrouping(Grouping::Account);
    QCOMPARE(p->tree->shown(), 30);
    const ModelId id = p->service.shownModels[0].id;
    QCOMPARE(p->tree->indexesOf(id).size(), 5);
    QCOMPARE(p->tree->indexOf(id).parent().row(), 0);
    p->service.shownModels[0].accounts.clear();
    emit p->service.modelsChanged();
    QCOMPARE(groupsOf(*p->tree).back(), QStringLiteral("On no account"));
}

void TestUiModels::previews_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("isJson");
    QTest::addColumn<QString>("shown");
    QTest::newRow("text as it is") << QByteArray("a\n b") << false << QStringLiteral("a\n b");
    QTest::newRow("json in one line") << QByteArray(R"({"b":[1,"x,{y"],"a":{}})") << true
                                      << QStringLiteral("{\n  \"b\": [\n    1,\n    \"x,{y\"\n  ],\n  \"a\": {}\n}");
    QTest::newRow("json with lines stays") << QByteArray("{\n\"a\":1}") << true << QStringLiteral("{\n\"a\":1}");
    QTest::newRow("json that is cut off") << QByteArray(R"({"a":"\)") << true << QStringLiteral("{\n  \"a\": \"\\");
    QTest::newRow("more closed than opened") << QByteArray("]]]") << true << QStringLiteral("\n]\n]\n]");
    QTest::newRow("nothing") << QByteArray() << true << QString();
}

void TestUiModels::previews()
{
    QFETCH(QByteArray, bytes);
    QFETCH(bool, isJson);
    QFETCH(QString, shown);
    QCOMPARE(previewText(bytes, isJson), shown);
    // Hostile depth and length come out, and no line is too long for a text field.
    const QString deep = previewText(QByteArray(20'000, '[') + QByteArray(200'000, 'x'), true);
    const QStringList lines = deep.split(u'\n');
    QVERIFY(std::all_of(lines.begin(), lines.end(), [](const QString &line) { return line.size() <= 4'200; }));
    QVERIFY(isTextFile(QStringLiteral("dir/config.JSON")));
    QVERIFY(isTextFile(QStringLiteral("LICENSE")));
    QVERIFY(!isTextFile(QStringLiteral("model.gguf")));
}

void TestUiModels::tables()
{
    const ModelDetails &details = p->service.shownDetails;
    QCOMPARE(fragmentRows(details, false).size(), std::size_t(100));
    const auto missing = fragmentRows(details, true);
    QCOMPARE(missing.size(), std::size_t(2));
    QCOMPARE(missing.front()[2].text, QStringLiteral("Missing"));
    QCOMPARE(metadataRows(details).size(), std::size_t(4));
    QCOMPARE(fileRows(details).front()[2].text.size(), 64);
    std::vector<HistoryEntry> events(2);
    events[0].when = fakeNow().addSecs(-60);
    events[0].text = QStringLiteral("Checked “a”: nothing is missing");
    events[1].when = fakeNow().addSecs(-120);
    events[1].text = QStringLiteral("Checked “ab”: nothing is missing");
    const auto history = historyRows(details, QStringLiteral("a"), events, fakeNow());
    QCOMPARE(history.size(), std::size_t(2)); // what was done with another model is not among it
    QCOMPARE(history[0][1].text, QStringLiteral("Checked: nothing is missing"));
    QVERIFY(history[1][1].text.startsWith(QStringLiteral("Revision 1: stored, ")));
}

void TestUiModels::manyModelsAreQuick()
{
    p->service.fillMany(10'000, 1);
    double start = workedMs();
    p->make();
    const double made = workedMs() - start;
    QVERIFY2(made < 250, qPrintable(QString::number(made)));
    QCOMPARE(p->tree->shown(), 10'000);
    ModelFilter filter;
    double slowest = 0;
    for (const char *text : { "q", "qw", "qwe", "qwen", "qwen 09", "" }) {
        filter.text = QString::fromLatin1(text);
        start = workedMs();
        p->tree->setFilter(filter);
        slowest = std::max(slowest, workedMs() - start);
    }
    QVERIFY2(slowest < 50, qPrintable(QString::number(slowest)));
    // A hundred that are being stored report at once, four times a second.
    for (std::size_t i = 0; i < 100; ++i)
        p->service.shownModels[i * 100].percent = 7;
    start = workedMs();
    emit p->service.modelsChanged();
    const double told = workedMs() - start;
    QVERIFY2(told < 16, qPrintable(QString::number(told)));
    qInfo("made in %.1f ms, searched in %.1f ms, a hundred changes in %.1f ms", made, slowest, told);
}

} // namespace mf::ui

QTEST_MAIN(mf::ui::TestUiModels)
#include "test_ui_models.moc"
