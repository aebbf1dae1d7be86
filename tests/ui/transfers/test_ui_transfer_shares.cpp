// SPDX-License-Identifier: GPL-3.0-or-later
// The accounts below a transfer: what is said of them, and when they are shown.
#include "tests/ui/transfers/transfers_world.h"
#include "ui/transfers/share_rules.h"
#include "ui/transfers/transfer_model.h"

#include <QAbstractItemModelTester>
#include <QLineEdit>
#include <QTabBar>

namespace mf::ui {

using Doing = AccountShare::Doing;
using Stage = TransferEntry::State;

namespace {

constexpr int kLong = 60'000; // ms

ShareEntry shareOf(Doing doing, qint64 sent, qint64 planned = 0)
{
    ShareEntry share;
    share.name = QStringLiteral("Desk drive");
    share.account.bytes[0] = 9;
    share.doing = doing;
    share.sent = sent;
    share.planned = planned;
    if (doing == Doing::Waiting || doing == Doing::Refusing)
        share.why = Error(Error::Kind::Throttled, QStringLiteral("MF-TEST"), QStringLiteral("too many requests"));
    return share;
}

QString plain(QString text) { return text.replace(QChar(0xa0), u' '); }

QStringList namesBelow(const QAbstractItemModel &model, int row)
{
    QStringList names;
    const QModelIndex transfer = model.index(row, 0);
    for (int i = 0; i < model.rowCount(transfer); ++i)
        names.append(model.index(i, 0, transfer).data().toString());
    return names;
}

} // namespace

class TestTransferShares final : public QObject
{
    Q_OBJECT
private slots:
    void whatIsSaid_data()
    {
        QTest::addColumn<Stage>("stage");
        QTest::addColumn<Doing>("doing");
        QTest::addColumn<QString>("line");
        QTest::newRow("sends") << Stage::Running << Doing::Sending << "Uploading · 25.0 MB of 100 MB";
        QTest::newRow("receives") << Stage::Running << Doing::Receiving << "Downloading · 25.0 MB of 100 MB";
        QTest::newRow("does nothing") << Stage::Running << Doing::Nothing << "Idle · 25.0 MB of 100 MB";
        QTest::newRow("is held up") << Stage::Running << Doing::Waiting
                                    << "Waiting: too many requests · 25.0 MB of 100 MB";
        QTest::newRow("takes nothing") << Stage::Running << Doing::Refusing
                                       << "Failed: too many requests · 25.0 MB of 100 MB";
        QTest::newRow("is paused") << Stage::Paused << Doing::Nothing << "Paused · 25.0 MB of 100 MB";
        QTest::newRow("waits with the transfer")
            << Stage::Waiting << Doing::Waiting << "Waiting: too many requests · 25.0 MB of 100 MB";
        QTest::newRow("is tried again with the transfer")
            << Stage::Waiting << Doing::Refusing << "Waiting: too many requests · 25.0 MB of 100 MB";
        QTest::newRow("is done") << Stage::Done << Doing::Nothing << "Done · 25.0 MB of 100 MB";
        QTest::newRow("did not come back")
            << Stage::Done << Doing::Waiting << "Failed: too many requests · 25.0 MB of 100 MB";
        QTest::newRow("was stopped while it waited")
            << Stage::Cancelled << Doing::Waiting << "Failed: too many requests · 25.0 MB of 100 MB";
        QTest::newRow("was stopped") << Stage::Cancelled << Doing::Nothing << "Stopped · 25.0 MB of 100 MB";
    }
    void whatIsSaid()
    {
        QFETCH(const Stage, stage);
        QFETCH(const Doing, doing);
        QFETCH(const QString, line);
        TransferEntry transfer;
        transfer.state = stage;
        QCOMPARE(plain(shareLine(transfer, shareOf(doing, 25'000'000, 100'000'000))), line);
    }

    void whatIsSaidOfBytes()
    {
        TransferEntry transfer;
        transfer.state = Stage::Running;
        ShareEntry share = shareOf(Doing::Sending, 0);
        QCOMPARE(plain(shareLine(transfer, share)), QStringLiteral("Uploading"));
        QVERIFY(!sharePart(transfer, share)); // how much it will be is not known
        share.sent = 3'000'000;
        QCOMPARE(plain(shareLine(transfer, share)), QStringLiteral("Uploading · 3.00 MB"));
        share.received = 6'000'000;
        QCOMPARE(plain(shareLine(transfer, share)), QStringLiteral("Uploading · 3.00 MB up, 6.00 MB down"));
        share.planned = 12'000'000;
        QCOMPARE(*sharePart(transfer, share), 0.75);
        QCOMPARE(plain(sharePercent(share)), QStringLiteral("75 %"));
        share.sent = 6'000'000;
        QCOMPARE(plain(sharePercent(share)), QStringLiteral("100 %"));
        transfer.state = Stage::Done;
        QVERIFY(!sharePart(transfer, share));
    }

    // ---- the tree

    void accountsComeAndGoBelowTheirTransfer()
    {
        SceneDesk desk;
        TransferModel model(desk.service, desk.clock);
        TransferFilter filter;
        filter.setSourceModel(&model);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QAbstractItemModelTester filterTester(&filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setAwake(true);
        const QStringList before { QStringLiteral("Archive disk"), QStringLiteral("Backup stick"),
            QStringLiteral("Desk drive"), QStringLiteral("Second disk") };
        QCOMPARE(namesBelow(filter, 0), before);
        QCOMPARE(namesBelow(filter, 3), QStringList());
        const QPersistentModelIndex desks = filter.index(2, 0, filter.index(0, 0));

        std::vector<ShareEntry> &shares = desk.service.transfer(1)->shares;
        shares.erase(shares.begin());
        ShareEntry another = shareOf(Doing::Sending, 1);
        another.name = QStringLiteral("Box");
        shares.insert(shares.begin() + 1, another);
        QSignalSpy moved(&model, &TransferModel::moved);
        emit desk.service.transferMoved(1);
        QTRY_COMPARE_WITH_TIMEOUT(moved.size(), 1, kLong);
        const QStringList after { QStringLiteral("Backup stick"), QStringLiteral("Box"), QStringLiteral("Desk drive"),
            QStringLiteral("Second disk") };
        QCOMPARE(namesBelow(filter, 0), after);
        QCOMPARE(desks.row(), 2);
        QCOMPARE(desks.data().toString(), QStringLiteral("Desk drive"));

        // With its transfer it moves, and goes.
        std::vector<TransferEntry> &all = desk.service.shownTransfers;
        std::rotate(all.begin(), all.begin() + 1, all.begin() + 3);
        emit desk.service.transfersChanged();
        QCOMPARE(desks.parent().row(), 2);
        QCOMPARE(desks.data(TransferModel::IdRole).toLongLong(), 1);
        all.erase(all.begin() + 2);
        emit desk.service.transfersChanged();
        QVERIFY(!desks.isValid());
    }

    void anAccountIsSpokenWithItsTransfer()
    {
        SceneDesk desk;
        TransferModel model(desk.service, desk.clock);
        const QModelIndex waiting = model.index(3, 0, model.index(0, 0));
        const QString spoken = plain(waiting.data(Qt::AccessibleTextRole).toString());
        QVERIFY2(spoken.startsWith(QStringLiteral("Second disk for Qwen2.5-3B-Instruct, Waiting: too many requests")),
            qUtf8Printable(spoken));
        QVERIFY2(spoken.contains(QStringLiteral("47 %")), qUtf8Printable(spoken));
        QVERIFY2(spoken.contains(QStringLiteral("tries again at")), qUtf8Printable(spoken));
        QVERIFY(!waiting.data(TransferModel::EntryRole).value<const TransferEntry *>());
    }

    void transfersAreFoundByTheirAccounts()
    {
        SceneDesk desk;
        TransferModel model(desk.service, desk.clock);
        TransferFilter filter;
        filter.setSourceModel(&model);
        filter.setText(QStringLiteral("backup st"));
        QCOMPARE(filter.rowCount(), 1);
        QCOMPARE(filter.rowCount(filter.index(0, 0)), 4); // all of its accounts
    }

    // ---- what is unfolded

    void whatRunsOnSeveralAccountsIsUnfolded()
    {
        TransfersWorld world;
        QVERIFY(world.list->isExpanded(world.row(0)));
        QVERIFY(world.list->isExpanded(world.row(1)));
        QVERIFY(!world.list->isExpanded(world.row(2))); // it waits
        world.desk.service.transfer(1)->state = Stage::Done;
        world.desk.service.transfer(3)->state = Stage::Running;
        world.desk.service.transfer(4)->state = Stage::Running;
        emit world.desk.service.transfersChanged();
        QVERIFY(!world.list->isExpanded(world.row(0)));
        QVERIFY(world.list->isExpanded(world.row(2)));
        QVERIFY(!world.list->isExpanded(world.row(3))); // no account yet
        world.desk.service.transfer(4)->shares = { shareOf(Doing::Sending, 1) };
        emit world.desk.service.transferMoved(4);
        QTRY_COMPARE_WITH_TIMEOUT(world.list->model()->rowCount(world.row(3)), 1, kLong);
        QVERIFY(!world.list->isExpanded(world.row(3))); // one says nothing that the transfer does not
        world.desk.service.transfer(4)->shares = world.desk.service.transfer(1)->shares;
        emit world.desk.service.transferMoved(4);
        QTRY_VERIFY_WITH_TIMEOUT(world.list->isExpanded(world.row(3)), kLong);
    }

    void keysFoldAndUnfoldAndItStaysSo()
    {
        TransfersWorld world;
        world.select(0);
        QTest::keyClick(world.list, Qt::Key_Left);
        QVERIFY(!world.list->isExpanded(world.row(0)));
        world.desk.service.pause(1);
        world.desk.service.resume(1);
        QVERIFY(!world.list->isExpanded(world.row(0)));
        QTest::keyClick(world.list, Qt::Key_Right);
        QVERIFY(world.list->isExpanded(world.row(0)));
        world.desk.service.transfer(1)->state = Stage::Done;
        emit world.desk.service.transfersChanged();
        QVERIFY(world.list->isExpanded(world.row(0)));
        // Also while it is out of sight.
        auto *search = world.find<QLineEdit>("transfers.search");
        search->setText(QStringLiteral("nothing like it"));
        search->clear();
        QVERIFY(world.list->isExpanded(world.row(0)));
        QVERIFY(world.list->isExpanded(world.row(1)));
    }

    void keysGoThroughTheAccounts()
    {
        TransfersWorld world;
        world.select(0);
        QTest::keyClick(world.list, Qt::Key_Down);
        QCOMPARE(world.list->currentIndex(), world.account(0, 0));
        QTest::keyClick(world.list, Qt::Key_Left);
        QCOMPARE(world.list->currentIndex(), world.row(0));
    }

    // ---- what is done to an account's row is done to its transfer

    void aSelectedAccountStandsForItsTransfer()
    {
        TransfersWorld world;
        world.list->setFocus();
        world.list->setCurrentIndex(world.account(0, 1));
        QCOMPARE(world.list->selectedIds(), std::vector<TransferId> { 1 });
        QVERIFY(world.find<QWidget>("transfers.bar")->isVisible());
        QTest::keyClick(world.list, Qt::Key_Space);
        QCOMPARE(world.calls(), QStringList { QStringLiteral("pause 1") });
        world.list->selectAll();
        QCOMPARE(world.list->selectedIds(), (std::vector<TransferId> { 1, 2, 3, 4, 5, 6 }));
    }

    void anAccountIsNotDraggedButDroppedUpon()
    {
        TransfersWorld world;
        const auto middle = [&world](int row, int below) {
            return world.list->visualRect(world.account(row, below)).center() - QPoint(200, 0);
        };
        world.drag(middle(0, 0), world.middle(3));
        QVERIFY(!world.list->isDragging());
        world.drop(world.middle(3));
        QVERIFY(world.calls().isEmpty());
        world.drag(world.middle(3), middle(0, 2)); // behind the transfer that it belongs to
        QVERIFY(world.list->isDragging());
        world.drop(middle(0, 2));
        QCOMPARE(world.calls(), QStringList { QStringLiteral("moveInQueue 4 to 1") });
    }
};

} // namespace mf::ui

QTEST_MAIN(mf::ui::TestTransferShares)
#include "test_ui_transfer_shares.moc"
