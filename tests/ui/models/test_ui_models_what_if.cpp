// SPDX-License-Identifier: GPL-3.0-or-later
// "What if an account were gone" on the Models page, by the names of the parts and with real events.
#include "tests/ui/models/page_fixture.h"
#include "ui/models/fragment_map.h"

#include <QMenu>
#include <QSignalSpy>

namespace mf::ui {

class TestUiModelsWhatIf : public PageFixture
{
    Q_OBJECT
private slots:
    void byTheMap();
    void byKeys();
    void byTheMenu();
    void whatItSays_data();
    void whatItSays();
    void actsOnWhatIsTrue();
    void followsChanges();
    void anAccountThatIsGoneInTruth();
    void failsAndIsTriedAgain();

private:
    FragmentMap *map() { return part<FragmentMap>("models.map"); }
    bool isAsIf() { return part<QWidget>("models.whatIfMessage")->isVisible(); }
    QString banner() { return part<QWidget>("models.whatIfMessage")->accessibleName(); }
    const ModelEntry &shown(const QString &name) { return *tree->entry(tree->indexOf(scene->service.model(name)->id)); }
    void clickLabel(int row) { QTest::mouseClick(map(), Qt::LeftButton, {}, map()->labelOf(row).center()); }
    void clickButton(const char *name) { QTest::mouseClick(part<QPushButton>(name), Qt::LeftButton); }
    QAction *choice(const QString &text)
    {
        QMenu *menu = action("view.whatIf")->menu();
        emit menu->aboutToShow();
        const auto actions = menu->actions();
        const auto found
            = std::find_if(actions.begin(), actions.end(), [&text](const QAction *one) { return one->text() == text; });
        return found == actions.end() ? nullptr : *found;
    }
};

void TestUiModelsWhatIf::byTheMap()
{
    click(kReduced);
    QTRY_VERIFY(map()->isVisible());
    QVERIFY(!isAsIf());
    QCOMPARE(shown(kSafe).state, ModelState::Safe);
    clickLabel(0);
    QTRY_COMPARE(banner(), QStringLiteral("As if Archive disk were gone: 2 models with fewer spares"));
    QVERIFY(isAsIf());
    QVERIFY(!part<QWidget>("models.issue")->isVisible()); // one thing is said at a time
    QCOMPARE(shown(kSafe).state, ModelState::Reduced);
    QVERIFY(map()->cellWords(0, 0).contains(QStringLiteral("would be gone")));
    QCOMPARE(view->chosen().front().name, kReduced); // the selection stays

    clickButton("models.asItIs");
    QTRY_VERIFY(!isAsIf());
    QCOMPARE(shown(kSafe).state, ModelState::Safe);
    QVERIFY(part<QWidget>("models.issue")->isVisible());
    QVERIFY(!map()->cellWords(0, 0).contains(QStringLiteral("would be gone")));

    // A second click on the same account leads back, too; one on the cells asks for nothing.
    clickLabel(0);
    QTRY_VERIFY(isAsIf());
    clickLabel(0);
    QTRY_VERIFY(!isAsIf());
    QTest::mouseClick(
        map(), Qt::LeftButton, {}, QPoint(map()->labelOf(0).right() + 40, map()->labelOf(0).center().y()));
    QVERIFY(!isAsIf());
}

void TestUiModelsWhatIf::byKeys()
{
    click(kReduced);
    QTRY_VERIFY(map()->isVisible());
    map()->setFocus();
    QTest::keyClick(map(), Qt::Key_Down);
    QTest::keyClick(map(), Qt::Key_Return);
    QTRY_VERIFY2(banner().startsWith(QStringLiteral("As if Backup stick were gone")), qPrintable(banner()));
    QTest::keyClick(map(), Qt::Key_Up);
    QTest::keyClick(map(), Qt::Key_Space);
    QTRY_VERIFY2(banner().startsWith(QStringLiteral("As if Archive disk were gone")), qPrintable(banner()));
    QTest::keyClick(map(), Qt::Key_Space);
    QTRY_VERIFY(!isAsIf());
}

void TestUiModelsWhatIf::byTheMenu()
{
    QSignalSpy asked(page.get(), &Page::asksFor);
    QVERIFY(choice(QStringLiteral("As It Is"))->isChecked());
    choice(QStringLiteral("Without NAS (attic)"))->trigger();
    QTRY_VERIFY(isAsIf());
    QCOMPARE(asked.front().front().toString(), QStringLiteral("models")); // from whatever page it was chosen
    QVERIFY(choice(QStringLiteral("Without NAS (attic)"))->isChecked());
    choice(QStringLiteral("Without NAS (attic)"))->trigger(); // chosen again: still that
    QVERIFY(isAsIf());
    choice(QStringLiteral("As It Is"))->trigger();
    QTRY_VERIFY(!isAsIf());
    scene->service.shownAccounts.clear();
    emit scene->service.accountsChanged();
    QVERIFY(!action("view.whatIf")->isEnabled());
}

void TestUiModelsWhatIf::whatItSays_data()
{
    QTest::addColumn<QStringList>("unreadable");
    QTest::addColumn<QStringList>("atRisk");
    QTest::addColumn<QStringList>("reduced");
    QTest::addColumn<QString>("words");
    const QStringList one { QStringLiteral("a") };
    const QStringList two { QStringLiteral("b"), QStringLiteral("c") };
    QTest::newRow("nothing") << QStringList() << QStringList() << QStringList() << "no model would be affected";
    QTest::newRow("one") << one << QStringList() << QStringList() << "1 model unreadable";
    QTest::newRow("some of each") << two << one << two << "2 models unreadable, 1 at risk, 2 with fewer spares";
    QTest::newRow("no worse than that") << QStringList() << one << two << "1 model at risk, 2 with fewer spares";
}

void TestUiModelsWhatIf::whatItSays()
{
    QFETCH(QStringList, unreadable);
    QFETCH(QStringList, atRisk);
    QFETCH(QStringList, reduced);
    QFETCH(QString, words);
    scene->service.shownLoss.unreadable = unreadable;
    scene->service.shownLoss.atRisk = atRisk;
    scene->service.shownLoss.reduced = reduced;
    choice(QStringLiteral("Without Desk drive"))->trigger();
    QTRY_COMPARE(banner(), QString(QStringLiteral("As if Desk drive were gone: ") + words));
}

// What is shown as unreadable is repaired or not by how it stands in truth.
void TestUiModelsWhatIf::actsOnWhatIsTrue()
{
    for (ModelEntry &model : scene->service.shownLoss.models) {
        model.state = ModelState::Unreadable;
        model.spare = -1;
    }
    click(kSafe);
    QVERIFY(!action("model.repair")->isEnabled());
    choice(QStringLiteral("Without Desk drive"))->trigger();
    QTRY_COMPARE(shown(kSafe).state, ModelState::Unreadable);
    QVERIFY(!action("model.repair")->isEnabled());
    QVERIFY(text("models.state").startsWith(QStringLiteral("Unreadable")));
}

void TestUiModelsWhatIf::followsChanges()
{
    choice(QStringLiteral("Without Desk drive"))->trigger();
    QTRY_COMPARE(shown(kSafe).state, ModelState::Reduced);
    scene->service.model(kStoring)->percent = 80; // what moves goes on moving
    emit scene->service.modelsChanged();
    QCOMPARE(shown(kStoring).percent, 80);
    QCOMPARE(shown(kSafe).state, ModelState::Reduced);
    scene->service.shownLoss.models.clear();
    scene->service.shownLoss.reduced.clear();
    emit scene->service.modelsChanged();
    QTRY_COMPARE_WITH_TIMEOUT(
        banner(), QStringLiteral("As if Desk drive were gone: no model would be affected"), 60'000);
    QCOMPARE(shown(kSafe).state, ModelState::Safe);
}

void TestUiModelsWhatIf::anAccountThatIsGoneInTruth()
{
    choice(QStringLiteral("Without Desk drive"))->trigger();
    QTRY_VERIFY(isAsIf());
    auto &accounts = scene->service.shownAccounts;
    const auto desk = std::find_if(accounts.begin(), accounts.end(),
        [](const AccountEntry &account) { return account.name == QStringLiteral("Desk drive"); });
    desk->name = QStringLiteral("Table drive");
    emit scene->service.accountsChanged();
    QVERIFY2(banner().startsWith(QStringLiteral("As if Table drive were gone")), qPrintable(banner()));
    accounts.erase(desk);
    emit scene->service.accountsChanged();
    QVERIFY(!isAsIf());
    QCOMPARE(shown(kSafe).state, ModelState::Safe);
}

void TestUiModelsWhatIf::failsAndIsTriedAgain()
{
    scene->service.fails = Error(Error::Kind::Internal, QStringLiteral("MF-X"), QStringLiteral("it did not work"));
    choice(QStringLiteral("Without Desk drive"))->trigger();
    QTRY_COMPARE(banner(), QStringLiteral("As if Desk drive were gone: it did not work"));
    QCOMPARE(shown(kSafe).state, ModelState::Safe);
    scene->service.fails.reset();
    clickButton("models.whatIfAgain");
    QTRY_COMPARE(shown(kSafe).state, ModelState::Reduced);
}

} // namespace mf::ui

QTEST_MAIN(mf::ui::TestUiModelsWhatIf)
#include "test_ui_models_what_if.moc"
