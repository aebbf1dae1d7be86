// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/transfers/transfers_world.h"

#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QTabBar>
#include <QtTest>

namespace mf::ui {

using Stage = TransferEntry::State;

class TestTransfers final : public QObject
{
    Q_OBJECT
private slots:
    void tabsCount()
    {
        TransfersWorld world;
        auto *tabs = world.find<QTabBar>("transfers.tabs");
        QCOMPARE(tabs->tabText(0), QStringLiteral("All 6"));
        QCOMPARE(tabs->tabText(1), QStringLiteral("Active 2"));
        QCOMPARE(tabs->tabText(2), QStringLiteral("Waiting 2"));
        QCOMPARE(tabs->tabText(3), QStringLiteral("Done 1"));
        QCOMPARE(tabs->tabText(4), QStringLiteral("Failed 1"));
        QTest::mouseClick(tabs, Qt::LeftButton, {}, tabs->tabRect(4).center());
        QCOMPARE(world.list->model()->rowCount(), 1);
        world.desk.service.retry(5);
        QCOMPARE(tabs->tabText(4), QStringLiteral("Failed"));
        QVERIFY(world.find<EmptyState>("transfers.empty")->isVisible());
        // A page made later opens where this one was left.
        SceneDesk other;
        other.memory.setValue(QStringLiteral("transfers/tab"), 4);
        const TransfersPage again(other.desk);
        QCOMPARE(again.findChild<QTabBar *>()->currentIndex(), 4);
    }

    void spacePausesAndResumes()
    {
        TransfersWorld world;
        world.select(0);
        QTest::keyClick(world.list, Qt::Key_Space);
        QCOMPARE(world.calls(), QStringList { QStringLiteral("pause 1") });
        QTest::keyClick(world.list, Qt::Key_Space);
        QCOMPARE(world.calls().last(), QStringLiteral("resume 1"));
        // In the search field it is a letter.
        auto *search = world.find<QLineEdit>("transfers.search");
        search->setFocus();
        QTest::keyClicks(search, QStringLiteral("a b"));
        QCOMPARE(search->text(), QStringLiteral("a b"));
        QCOMPARE(world.calls().size(), 2);
    }

    void rowsAreMovedByKeys_data()
    {
        QTest::addColumn<int>("row");
        QTest::addColumn<int>("key");
        QTest::addColumn<QString>("call");
        QTest::newRow("up") << 2 << int(Qt::Key_Up) << "moveInQueue 3 to 1";
        QTest::newRow("down") << 1 << int(Qt::Key_Down) << "moveInQueue 2 to 2";
        QTest::newRow("to the top") << 3 << int(Qt::Key_Home) << "moveInQueue 4 to 0";
        QTest::newRow("to the bottom") << 0 << int(Qt::Key_End) << "moveInQueue 1 to 3";
        QTest::newRow("up from the first") << 0 << int(Qt::Key_Up) << "";
        QTest::newRow("down from the last") << 3 << int(Qt::Key_Down) << "";
        QTest::newRow("one that has ended") << 5 << int(Qt::Key_Home) << "";
    }
    void rowsAreMovedByKeys()
    {
        QFETCH(int, row);
        QFETCH(int, key);
        QFETCH(QString, call);
        TransfersWorld world;
        world.select(row);
        QTest::keyClick(world.list, static_cast<Qt::Key>(key), Qt::AltModifier);
        QCOMPARE(world.calls().join(u','), call);
    }

    void rowsAreDragged_data()
    {
        QTest::addColumn<int>("from");
        QTest::addColumn<int>("to"); // dropped on the lower half of that row
        QTest::addColumn<QString>("call");
        QTest::newRow("down") << 0 << 2 << "moveInQueue 1 to 2";
        QTest::newRow("up") << 3 << 0 << "moveInQueue 4 to 1";
        QTest::newRow("to itself") << 1 << 1 << "";
        QTest::newRow("below the queue's end") << 0 << 5 << "moveInQueue 1 to 3";
        QTest::newRow("one that has ended") << 5 << 0 << "";
    }
    void rowsAreDragged()
    {
        QFETCH(int, from);
        QFETCH(int, to);
        QFETCH(QString, call);
        TransfersWorld world;
        const QPoint target = world.middle(to) + QPoint(0, 8);
        world.drag(world.middle(from), target);
        world.drop(target);
        QCOMPARE(world.calls().join(u','), call);
        QVERIFY(!world.list->isDragging());
    }

    void escapeEndsADrag()
    {
        TransfersWorld world;
        world.drag(world.middle(0), world.middle(3));
        QVERIFY(world.list->isDragging());
        QTest::keyClick(world.list, Qt::Key_Escape);
        world.drop(world.middle(3));
        QVERIFY(world.calls().isEmpty());
    }

    void rowButtonsWork()
    {
        TransfersWorld world;
        world.press(0, RowButton::Pause);
        QCOMPARE(world.calls().last(), QStringLiteral("pause 1"));
        world.press(0, RowButton::Resume);
        QCOMPARE(world.calls().last(), QStringLiteral("resume 1"));
        world.press(4, RowButton::Retry);
        QCOMPARE(world.calls().last(), QStringLiteral("retry 5"));
        QSignalSpy asked(world.page, &Page::asksFor);
        world.desk.service.transfer(3)->error->account = QStringLiteral("NAS (attic)");
        emit world.desk.service.transfersChanged();
        world.press(2, RowButton::Remedy);
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked[0][0].toString(), QStringLiteral("storage"));
        QCOMPARE(asked[0][1].toString(), QStringLiteral("NAS (attic)"));
    }

    void cancellingAStoreAsks_data()
    {
        QTest::addColumn<int>("choice");
        QTest::addColumn<QString>("call");
        QTest::newRow("keep") << 0 << "";
        QTest::newRow("pause") << 1 << "pause 1";
        QTest::newRow("cancel") << 2 << "cancel 1";
    }
    void cancellingAStoreAsks()
    {
        QFETCH(int, choice);
        QFETCH(QString, call);
        TransfersWorld world;
        world.desk.prompts.choice = choice;
        world.press(0, RowButton::Cancel);
        QCOMPARE(world.desk.prompts.asked, QStringList { QStringLiteral("Cancel storing “Qwen2.5-3B-Instruct”?") });
        QCOMPARE(world.desk.prompts.lastChoices,
            (QStringList { QStringLiteral("Keep Storing"), QStringLiteral("Pause"),
                QStringLiteral("Cancel and Delete Fragments") }));
        QVERIFY(world.desk.prompts.lastText.startsWith(QStringLiteral("1.5")));
        QCOMPARE(world.calls().join(u','), call);
    }

    void othersAreCancelledAtOnce()
    {
        TransfersWorld world;
        world.press(1, RowButton::Cancel); // a download
        QCOMPARE(world.calls(), QStringList { QStringLiteral("cancel 2") });
        world.press(3, RowButton::Cancel); // a store that has not begun
        QCOMPARE(world.calls().last(), QStringLiteral("cancel 4"));
        QVERIFY(world.desk.prompts.asked.isEmpty());
    }

    void theBarNamesItsButtons()
    {
        TransfersWorld world;
        auto *bar = world.find<QWidget>("transfers.bar");
        QVERIFY(!bar->isVisible());
        world.select(0);
        QVERIFY(bar->isVisible());
        auto *pause = world.find<QPushButton>("transfers.barPause");
        QCOMPARE(pause->accessibleName(), QStringLiteral("Pause Qwen2.5-3B-Instruct"));
        QVERIFY(!world.find<QPushButton>("transfers.barRetry")->isVisible());
        QTest::mouseClick(pause, Qt::LeftButton);
        QCOMPARE(world.calls(), QStringList { QStringLiteral("pause 1") });
        QVERIFY(world.find<QPushButton>("transfers.barResume")->isVisible());
        world.select(2);
        QVERIFY(world.find<QLabel>("transfers.barText")->text().contains(QStringLiteral("connect NAS (attic)")));
        QVERIFY(world.find<QPushButton>("transfers.barRemedy")->isVisible());
    }

    void actionsSayWhyNot()
    {
        TransfersWorld world;
        QVERIFY(!world.action("transfer.pause")->isEnabled());
        QVERIFY(world.action("transfer.pause")->statusTip().contains(QStringLiteral("Select")));
        world.select(4); // it failed
        QVERIFY(!world.action("transfer.pause")->isEnabled());
        QVERIFY(!world.action("transfer.up")->isEnabled());
        QVERIFY(world.action("transfer.retry")->isEnabled());
        QVERIFY(world.action("transfer.copyError")->isEnabled());
        world.desk.service.retry(5);
        QVERIFY(world.action("transfer.pause")->isEnabled());
        QVERIFY(!world.action("transfer.retry")->isEnabled());
    }

    void theSelectionSurvivesUpdates()
    {
        TransfersWorld world;
        world.select(2);
        std::vector<TransferEntry> &all = world.desk.service.shownTransfers;
        std::rotate(all.begin(), all.begin() + 2, all.begin() + 3); // the third is the first now
        emit world.desk.service.transfersChanged();
        QCOMPARE(world.list->selectedIds(), std::vector<TransferId> { 3 });
        QCOMPARE(world.list->currentIndex().row(), 0);
        std::erase_if(all, [](const TransferEntry &one) { return one.id == 3; });
        emit world.desk.service.transfersChanged();
        for (const TransferId id : world.list->selectedIds())
            QVERIFY(id != 3);
    }

    void pauseAllFollowsTheService()
    {
        TransfersWorld world;
        QAction *all = world.action("transfers.pauseAll");
        QTest::keyClick(world.list, Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(world.calls(), QStringList { QStringLiteral("pause all") });
        QVERIFY(all->isChecked());
        auto *banner = world.find<QWidget>("transfers.banner");
        QVERIFY(banner->isVisible());
        auto *button = world.find<QPushButton>("transfers.pauseAllButton");
        QCOMPARE(button->text(), QStringLiteral("Resume All"));
        QTest::mouseClick(world.find<QPushButton>("transfers.bannerResume"), Qt::LeftButton);
        QCOMPARE(world.calls().last(), QStringLiteral("resume all"));
        QVERIFY(!all->isChecked());
        QVERIFY(!banner->isVisible());
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(world.calls().last(), QStringLiteral("pause all"));
    }

    void clearDoneNeedsSomethingDone()
    {
        TransfersWorld world;
        auto *button = world.find<QPushButton>("transfers.clearButton");
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(world.calls(), QStringList { QStringLiteral("clearEnded") });
        QCOMPARE(world.list->model()->rowCount(), 5);
        QVERIFY(!button->isEnabled());
    }

    void theMenuIsThatOfTheSelectedRow()
    {
        TransfersWorld world;
        world.select(5);
        QContextMenuEvent byKey(QContextMenuEvent::Keyboard, QPoint(1, 1), world.list->mapToGlobal(QPoint(1, 1)));
        QCoreApplication::sendEvent(world.list->viewport(), &byKey);
        const auto *menu = world.list->findChild<QMenu *>(QStringLiteral("transfers.menu"));
        QVERIFY(menu && menu->isVisible());
        QVERIFY(menu->actions().contains(world.action("transfer.cancel")));
        QVERIFY(!world.action("transfer.cancel")->isEnabled());
        QTest::keyClick(world.list->findChild<QMenu *>(QStringLiteral("transfers.menu")), Qt::Key_Escape);
    }

    void aFailedLibrarySaysSoAboveItsList()
    {
        TransfersWorld world;
        world.desk.service.shownState = Service::State::Failed;
        world.desk.service.shownFailure
            = Error(Error::Kind::Corrupt, QStringLiteral("MF-X"), QStringLiteral("The catalogue is damaged."));
        emit world.desk.service.stateChanged();
        QVERIFY(world.find<QWidget>("transfers.banner")->isVisible());
        QVERIFY(world.list->isVisible());
        QSignalSpy asked(world.page, &Page::asksFor);
        QTest::mouseClick(world.find<QPushButton>("transfers.bannerDiagnostics"), Qt::LeftButton);
        QCOMPARE(asked[0][1].toString(), QStringLiteral("diagnostics"));
        world.desk.service.shownState = Service::State::Ready;
        emit world.desk.service.stateChanged();
        QVERIFY(!world.find<QWidget>("transfers.banner")->isVisible());
    }

    void anotherPageCanPointAtATransfer()
    {
        TransfersWorld world;
        world.find<QTabBar>("transfers.tabs")->setCurrentIndex(1);
        world.find<QLineEdit>("transfers.search")->setText(QStringLiteral("Phi"));
        world.page->reveal(QStringLiteral("Mixtral-8x7B"));
        QCOMPARE(world.list->selectedIds(), std::vector<TransferId> { 5 });
        world.page->reveal(QStringLiteral("nobody"));
        QCOMPARE(world.list->selectedIds(), std::vector<TransferId> { 5 });
    }
};

} // namespace mf::ui

QTEST_MAIN(mf::ui::TestTransfers)
#include "test_ui_transfers.moc"
