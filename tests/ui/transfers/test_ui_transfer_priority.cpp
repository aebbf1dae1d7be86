// SPDX-License-Identifier: GPL-3.0-or-later
// Priorities and Start Now, by menu, keys and mouse.
#include "tests/ui/transfers/transfers_world.h"
#include "ui/transfers/transfer_model.h"

#include <QMenu>

namespace mf::ui {

using Priority = TransferPriority;
using Stage = TransferEntry::State;

class TestTransferPriority final : public QObject
{
    Q_OBJECT

    static QList<qint64> shown(const TransfersWorld &world)
    {
        QList<qint64> ids;
        for (int row = 0; row < world.list->model()->rowCount(); ++row)
            ids.append(world.row(row).data(TransferModel::IdRole).toLongLong());
        return ids;
    }

private slots:
    void theMenuSetsIt()
    {
        TransfersWorld world;
        world.select(3);
        QContextMenuEvent byKey(QContextMenuEvent::Keyboard, QPoint(1, 1), world.list->mapToGlobal(QPoint(1, 1)));
        QCoreApplication::sendEvent(world.list->viewport(), &byKey);
        auto *menu = world.list->findChild<QMenu *>(QStringLiteral("transfers.priorityMenu"));
        QVERIFY(menu);
        QCOMPARE(menu->actions(),
            (QList<QAction *> { world.action("transfer.priorityHigh"), world.action("transfer.priorityNormal"),
                world.action("transfer.priorityLow") }));
        QVERIFY(world.action("transfer.priorityNormal")->isChecked());
        QVERIFY(!world.action("transfer.priorityHigh")->isChecked());
        world.action("transfer.priorityHigh")->trigger();
        QCOMPARE(world.calls(), QStringList { QStringLiteral("setPriority 4 to 0") });
        QCOMPARE(shown(world).first(), 4);
        QCOMPARE(world.list->selectedIds(), std::vector<TransferId> { 4 });
        QVERIFY(world.action("transfer.priorityHigh")->isChecked());
        QVERIFY(!world.action("transfer.priorityNormal")->isChecked());
        world.action("transfer.priorityHigh")->trigger(); // as it is
        QCOMPARE(world.calls().size(), 1);
        QVERIFY(world.action("transfer.priorityHigh")->isChecked());
        world.list->findChild<QMenu *>(QStringLiteral("transfers.menu"))->close();
    }

    void severalAtOnce()
    {
        TransfersWorld world;
        world.list->setFocus();
        world.list->selectAll();
        world.desk.service.transfer(3)->priority = Priority::Low;
        world.action("transfer.priorityLow")->trigger();
        QCOMPARE(world.calls(),
            (QStringList { QStringLiteral("setPriority 1 to 2"), QStringLiteral("setPriority 2 to 2"),
                QStringLiteral("setPriority 4 to 2") })); // not what has it, nor what has ended
    }

    void rowsStayAmongThoseOfTheirPriority_data()
    {
        QTest::addColumn<int>("row");
        QTest::addColumn<int>("key");
        QTest::addColumn<QString>("call");
        QTest::newRow("down") << 1 << int(Qt::Key_Down) << "moveInQueue 2 to 2";
        QTest::newRow("to the bottom") << 1 << int(Qt::Key_End) << "moveInQueue 2 to 2";
        QTest::newRow("up, to the top of its own") << 2 << int(Qt::Key_Home) << "moveInQueue 3 to 1";
        QTest::newRow("the first of its own, up") << 1 << int(Qt::Key_Up) << "";
        QTest::newRow("the only high one") << 0 << int(Qt::Key_Down) << "";
        QTest::newRow("the only low one") << 3 << int(Qt::Key_Up) << "";
    }
    void rowsStayAmongThoseOfTheirPriority()
    {
        QFETCH(const int, row);
        QFETCH(const int, key);
        QFETCH(const QString, call);
        TransfersWorld world;
        world.desk.service.transfer(1)->priority = Priority::High;
        world.desk.service.transfer(4)->priority = Priority::Low;
        emit world.desk.service.transfersChanged();
        world.select(row);
        QTest::keyClick(world.list, static_cast<Qt::Key>(key), Qt::AltModifier);
        QCOMPARE(world.calls().join(u','), call);
        if (call.isEmpty())
            QVERIFY(world.action("transfer.up")->statusTip().contains(QStringLiteral("priority"))
                || world.action("transfer.down")->statusTip().contains(QStringLiteral("priority")));
    }

    void draggedFurtherTheyStopThere_data()
    {
        QTest::addColumn<int>("from");
        QTest::addColumn<int>("to"); // dropped on the lower half of that row
        QTest::addColumn<QString>("call");
        QTest::newRow("up past a high one") << 2 << 0 << "moveInQueue 3 to 1";
        QTest::newRow("down past a low one") << 1 << 5 << "moveInQueue 2 to 2";
        QTest::newRow("the only high one") << 0 << 3 << "";
    }
    void draggedFurtherTheyStopThere()
    {
        QFETCH(const int, from);
        QFETCH(const int, to);
        QFETCH(const QString, call);
        TransfersWorld world;
        world.desk.service.transfer(1)->priority = Priority::High;
        world.desk.service.transfer(4)->priority = Priority::Low;
        emit world.desk.service.transfersChanged();
        const QPoint target = world.middle(to) + QPoint(0, 8);
        world.drag(world.middle(from), target);
        world.drop(target);
        QCOMPARE(world.calls().join(u','), call);
    }

    void startNow()
    {
        TransfersWorld world;
        QAction *now = world.action("transfer.startNow");
        QVERIFY(!now->isEnabled());
        world.select(0);
        QVERIFY(!now->isEnabled());
        QVERIFY(now->statusTip().contains(QStringLiteral("runs already")));
        world.select(4); // it failed
        QVERIFY(!now->isEnabled());
        for (const int row : { 2, 3 }) { // it waits; it is queued
            world.select(row);
            QVERIFY(now->isEnabled());
        }
        now->trigger();
        QCOMPARE(world.calls(), QStringList { QStringLiteral("startNow 4") });
        QVERIFY(!now->isEnabled());
    }

    void theRowSaysIt()
    {
        TransfersWorld world;
        const auto spoken = [&world](int row) { return world.row(row).data(Qt::AccessibleTextRole).toString(); };
        QVERIFY(!spoken(0).contains(QStringLiteral("priority")));
        world.desk.service.transfer(1)->priority = Priority::High;
        world.desk.service.transfer(4)->priority = Priority::Low;
        world.desk.service.transfer(5)->priority = Priority::High;
        emit world.desk.service.transfersChanged();
        QVERIFY(spoken(0).contains(QStringLiteral("High priority")));
        QVERIFY(spoken(3).contains(QStringLiteral("Low priority")));
        QVERIFY(!spoken(4).contains(QStringLiteral("priority"))); // it has ended
    }
};

} // namespace mf::ui

QTEST_MAIN(mf::ui::TestTransferPriority)
#include "test_ui_transfer_priority.moc"
