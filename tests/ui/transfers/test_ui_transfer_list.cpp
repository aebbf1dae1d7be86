// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/audit/scene.h"
#include "tests/ui/worked.h"
#include "ui/transfers/transfer_model.h"
#include "ui/transfers/transfer_view.h"
#include "ui/transfers/transfers_page.h"

#include <QAbstractItemModelTester>
#include <QVBoxLayout>
#include <QtTest>

#include <algorithm>

namespace mf::ui {

using Stage = TransferEntry::State;
using Mode = QAbstractItemModelTester::FailureReportingMode;

// The model, its proxy, and how quick they are.
class TestTransferList final : public QObject
{
    Q_OBJECT
private:
    static QList<qint64> idsOf(const QAbstractItemModel &model)
    {
        QList<qint64> ids;
        for (int row = 0; row < model.rowCount(); ++row)
            ids.append(model.index(row, 0).data(TransferModel::IdRole).toLongLong());
        return ids;
    }

private slots:
    void itFollowsWhateverHappens_data()
    {
        QTest::addColumn<QList<qint64>>("ids");
        QTest::newRow("nothing is left") << QList<qint64> {};
        QTest::newRow("one is moved to the top") << QList<qint64> { 4, 1, 2, 3, 5, 6 };
        QTest::newRow("one is moved to the bottom") << QList<qint64> { 2, 3, 4, 5, 6, 1 };
        QTest::newRow("reversed") << QList<qint64> { 6, 5, 4, 3, 2, 1 };
        QTest::newRow("some gone") << QList<qint64> { 2, 5 };
        QTest::newRow("some new") << QList<qint64> { 7, 1, 2, 8, 3, 4, 5, 6, 9 };
        QTest::newRow("all new") << QList<qint64> { 11, 12 };
        QTest::newRow("gone, new and moved") << QList<qint64> { 6, 10, 3, 1 };
    }
    void itFollowsWhateverHappens()
    {
        QFETCH(QList<qint64>, ids);
        SceneDesk desk;
        TransferModel model(desk.service, desk.clock);
        TransferFilter filter;
        filter.setSourceModel(&model);
        QAbstractItemModelTester tester(&model, Mode::QtTest);
        QAbstractItemModelTester filterTester(&filter, Mode::QtTest);
        const QPersistentModelIndex third = filter.index(2, 0);
        const QPersistentModelIndex sixth = filter.index(5, 0);

        const std::vector<TransferEntry> before = desk.service.shownTransfers;
        desk.service.shownTransfers.clear();
        for (const qint64 id : std::as_const(ids)) {
            TransferEntry entry = id <= 6 ? before[static_cast<std::size_t>(id - 1)] : TransferEntry();
            entry.id = id;
            desk.service.shownTransfers.push_back(entry);
        }
        emit desk.service.transfersChanged();
        QCOMPARE(idsOf(model), ids);
        QCOMPARE(idsOf(filter), ids);
        QCOMPARE(third.isValid(), ids.contains(3));
        QCOMPARE(sixth.isValid(), ids.contains(6));
        if (third.isValid())
            QCOMPARE(third.data(TransferModel::IdRole).toLongLong(), 3);
    }

    void tabsAndTextFilter()
    {
        SceneDesk desk;
        TransferModel model(desk.service, desk.clock);
        TransferFilter filter;
        filter.setSourceModel(&model);
        QAbstractItemModelTester tester(&filter, Mode::QtTest);
        filter.show(TransferTab::Active);
        QCOMPARE(idsOf(filter), (QList<qint64> { 1, 2 }));
        filter.setText(QStringLiteral("  phi "));
        QCOMPARE(idsOf(filter), QList<qint64> { 2 });
        filter.show(TransferTab::All);
        filter.setText(QStringLiteral("nas (attic)")); // what a wait says is found, too
        QCOMPARE(idsOf(filter), QList<qint64> { 3 });
        filter.setText(QString());
        filter.show(TransferTab::Failed);
        QCOMPARE(idsOf(filter), QList<qint64> { 5 });
        desk.service.transfer(1)->state = Stage::Failed;
        emit desk.service.transfersChanged();
        QCOMPARE(idsOf(filter), (QList<qint64> { 1, 5 }));
    }

    void progressIsTakenOverInBatchesOfWhatIsSeen()
    {
        SceneDesk desk;
        TransferModel model(desk.service, desk.clock);
        model.seen = [] { return QSet<TransferId> { 1, 2 }; };
        model.setAwake(true);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        QSignalSpy moved(&model, &TransferModel::moved);
        for (int round = 0; round < 50; ++round) {
            for (TransferEntry &entry : desk.service.shownTransfers) {
                ++entry.progress.bytes;
                emit desk.service.transferMoved(entry.id);
            }
        }
        QCOMPARE(changed.size(), 0);
        QTRY_COMPARE(moved.size(), 1);
        QCOMPARE(changed.size(), 4); // each of them, and its accounts
        // What is not seen is taken over all the same.
        QCOMPARE(model.entry(6)->progress.bytes, desk.service.transfer(6)->progress.bytes);
    }

    void asleepItTakesNothingAndAwakeItCatchesUp()
    {
        SceneDesk desk;
        TransferModel model(desk.service, desk.clock);
        QSignalSpy moved(&model, &TransferModel::moved);
        const qint64 before = model.entry(1)->progress.bytes;
        desk.service.transfer(1)->progress.bytes += 5;
        emit desk.service.transferMoved(1);
        QVERIFY(!moved.wait(400));
        QCOMPARE(model.entry(1)->progress.bytes, before);
        model.setAwake(true);
        QCOMPARE(model.entry(1)->progress.bytes, before + 5);
    }

    void aRowIsSpoken()
    {
        SceneDesk desk;
        TransferModel model(desk.service, desk.clock);
        const QString spoken = model.index(2, 0).data(Qt::AccessibleTextRole).toString();
        QVERIFY2(spoken.contains(QStringLiteral("gemma-2-9b-it")), qUtf8Printable(spoken));
        QVERIFY2(spoken.contains(QStringLiteral("NAS (attic)")), qUtf8Printable(spoken));
    }

    // While a hundred transfers move, the event loop still comes round.
    void aHundredRunningTransfersDoNotLag()
    {
        SceneDesk desk;
        desk.service.fillMany(10, 100);
        auto *page = new TransfersPage(desk.desk, &desk.window);
        auto *layout = new QVBoxLayout(&desk.window);
        layout->addWidget(page);
        desk.window.resize(1000, 700);
        desk.window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&desk.window));
        page->findChild<TransferView *>()->setCurrentIndex(page->findChild<TransferView *>()->model()->index(0, 0));

        QTimer mover;
        mover.setTimerType(Qt::PreciseTimer);
        connect(&mover, &QTimer::timeout, this, [&desk] {
            for (TransferEntry &entry : desk.service.shownTransfers) {
                entry.progress.bytes = std::min(entry.progress.total, entry.progress.bytes + 1'000'000);
                entry.bytesPerSecond += 1'000;
                emit desk.service.transferMoved(entry.id);
            }
        });
        mover.start(250);
        // What the window's thread works between two turns: other programs on the machine do not count.
        std::vector<double> works;
        QTimer ping;
        ping.setTimerType(Qt::PreciseTimer);
        double last = workedMs();
        connect(&ping, &QTimer::timeout, this, [&] {
            const double now = workedMs();
            works.push_back(now - last);
            last = now;
        });
        ping.start(10);
        QTRY_VERIFY_WITH_TIMEOUT(works.size() >= 400, 120'000);
        std::ranges::sort(works);
        const double p99 = works[works.size() * 99 / 100];
        QVERIFY2(p99 < 16, qPrintable(QString::number(p99)));
        qInfo("p99 of the work between two turns: %.1f ms", p99);
    }
};

} // namespace mf::ui

QTEST_MAIN(mf::ui::TestTransferList)
#include "test_ui_transfer_list.moc"
