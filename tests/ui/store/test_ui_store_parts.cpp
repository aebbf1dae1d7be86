// SPDX-License-Identifier: GPL-3.0-or-later
// What is missing of a model is looked for, and how high the dialog stands for what there is to see.
#include "tests/ui/store/store_fixture.h"
#include "ui/common/widgets.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>

#include <algorithm>

namespace mf::ui {

class TestUiStoreParts : public StoreFixture
{
    Q_OBJECT
private slots:
    void init() { set(); }
    void cleanup() { unset(); }
    void aWholeModelAsksForNothing();
    void aMissingPartIsFound();
    void aWrongFileIsToldApart();
    void theModelThatIsChosenComesFirst();
    void itIsAsHighAsWhatThereIsToSee();
    void itGrowsUpToWhatTheUserChose();

private:
    FoundModel torn(const QString &name, const QStringList &missing)
    {
        FoundModel model = m_parts->service.shownFound.front();
        model.name = name;
        model.paths = { "/home/anna/" + name.toUtf8() };
        model.missing = missing;
        return model;
    }
    QPushButton *find() const { return part<QPushButton>("store.findParts"); }
    // Of what scrolls, more than can be seen at once.
    int hidden() const { return part<QScrollArea>("store.area")->verticalScrollBar()->maximum(); }
};

void TestUiStoreParts::aWholeModelAsksForNothing()
{
    open();
    settle();
    QVERIFY(!find()->isVisible());
}

void TestUiStoreParts::aMissingPartIsFound()
{
    const QString part = QStringLiteral("Big/model-00003-of-00004.safetensors");
    m_parts->service.shownFound = { torn(QStringLiteral("Big"), { part }) };
    open();
    QTRY_VERIFY(find()->isVisible());
    QCOMPARE(find()->text(), QStringLiteral("Find Part…"));
    QCOMPARE(checks(), QStringLiteral("-"));

    m_parts->prompts.files = {}; // nothing is chosen after all
    QTest::mouseClick(find(), Qt::LeftButton);
    QTRY_COMPARE(m_parts->prompts.asked, QStringList(QStringLiteral("Find model-00003-of-00004.safetensors")));
    QCOMPARE(m_dialog->controller().paths().size(), 1);

    const QString late = QStringLiteral("/media/stick/model-00003-of-00004.safetensors");
    m_parts->prompts.files = QStringList(late);
    FoundModel whole = torn(QStringLiteral("Big"), {});
    whole.paths.push_back(late.toUtf8());
    m_parts->service.shownFound = { whole };
    QTest::mouseClick(find(), Qt::LeftButton);
    QTRY_VERIFY(!find()->isVisible());
    QVERIFY(m_dialog->controller().paths().contains(late));
    settle();
    QCOMPARE(checks(), QStringLiteral("x")); // it is whole: it is stored
    QVERIFY(QTest::qWaitForWindowExposed(m_dialog));
    click("store.store");
    QTRY_VERIFY(!m_parts->service.calls.filter(QStringLiteral("store 2 paths")).isEmpty());
}

void TestUiStoreParts::aWrongFileIsToldApart()
{
    m_parts->service.shownFound
        = { torn(QStringLiteral("Big"), { QStringLiteral("Big/model-00003-of-00004.safetensors") }) };
    open();
    QTRY_VERIFY(find()->isVisible());
    const auto *message = part<InlineMessage>("store.message");
    const auto isTold = [message] {
        const auto labels = message->findChildren<QLabel *>();
        return message->isVisible() && std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
            return label->text().contains(QStringLiteral("That is not what is missing."));
        });
    };
    m_parts->prompts.files = { QStringLiteral("/media/stick/holiday.jpg") };
    QTest::mouseClick(find(), Qt::LeftButton);
    QTRY_VERIFY(isTold());
    QVERIFY(find()->isVisible());

    m_parts->prompts.files = {}; // what was said is old now
    QTest::mouseClick(find(), Qt::LeftButton);
    QTRY_VERIFY(!message->isVisible());
    m_parts->prompts.files = { QStringLiteral("/media/stick/holiday.jpg") }; // which is known by now
    QTest::mouseClick(find(), Qt::LeftButton);
    QTRY_VERIFY(isTold());

    m_parts->prompts.files = { QStringLiteral("/media/stick/model-00003-of-00004.safetensors") };
    m_parts->service.shownFound = { torn(QStringLiteral("Big"), {}) };
    QTest::mouseClick(find(), Qt::LeftButton);
    QTRY_VERIFY(!find()->isVisible());
    QVERIFY(!message->isVisible());
}

void TestUiStoreParts::theModelThatIsChosenComesFirst()
{
    m_parts->service.shownFound = { torn(QStringLiteral("One"), { QStringLiteral("a") }),
        torn(QStringLiteral("Two"), { QStringLiteral("b"), QStringLiteral("c") }) };
    open();
    QTRY_VERIFY(find()->isVisible());
    auto *list = part<QTreeView>("store.found");
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(found()->index(1, 0)).center());
    QCOMPARE(find()->text(), QStringLiteral("Find Parts…"));
    QTest::mouseClick(find(), Qt::LeftButton);
    QTRY_COMPARE(m_parts->prompts.asked, QStringList(QStringLiteral("Find the 2 missing parts of “Two”")));
}

void TestUiStoreParts::itIsAsHighAsWhatThereIsToSee()
{
    m_parts->service.shownFound.resize(1);
    m_parts->service.shownAccounts.resize(2);
    open();
    settle();
    QCoreApplication::processEvents();
    const auto *area = part<QScrollArea>("store.area");
    const auto *list = part<QTreeView>("store.accounts");
    QCOMPARE(list->height(), list->maximumHeight()); // all accounts are seen
    QCOMPARE(hidden(), 0);
    // Below the last thing in it nothing is left over but a few pixels.
    int last = 0;
    for (const QWidget *child : area->widget()->findChildren<QWidget *>(QString(), Qt::FindDirectChildrenOnly))
        last = std::max(last, child->isVisible() ? child->geometry().bottom() : 0);
    constexpr int kRest = 24;
    const int rest = area->viewport()->height() - last;
    QVERIFY2(rest >= 0 && rest <= kRest, qPrintable(QString::number(rest)));
}

void TestUiStoreParts::itGrowsUpToWhatTheUserChose()
{
    m_parts->service.shownFound.resize(1);
    open();
    settle();
    QCoreApplication::processEvents();
    const int low = m_dialog->height();
    const FoundModel one = m_parts->service.shownFound.front();
    for (int i = 0; i < 30; ++i) {
        m_parts->service.shownFound.push_back(one);
        m_parts->service.shownFound.back().paths = { "/more/" + QByteArray::number(i) };
    }
    m_dialog->addPaths({ QStringLiteral("/more") });
    settle();
    QTRY_VERIFY(m_dialog->height() > low);
    const int high = m_dialog->height();

    // What the user makes of it stays, and is remembered.
    m_dialog->resize(m_dialog->width() + 40, high - 60);
    m_dialog->addPaths({ QStringLiteral("/even/more") });
    settle();
    QCOMPARE(m_dialog->height(), high - 60);
    m_dialog->reject();
    QCOMPARE(m_parts->memory.value(QStringLiteral("store/size")).toSize().height(), high - 60);
}

} // namespace mf::ui

QTEST_MAIN(mf::ui::TestUiStoreParts)
#include "test_ui_store_parts.moc"
