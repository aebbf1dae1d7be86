// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/fake_service.h"
#include "ui/transfers/rate_history.h"
#include "ui/common/desk.h"
#include "ui/transfers/transfer_rules.h"

#include <QtTest>

namespace mf::ui {

using Kind = TransferEntry::Kind;
using Stage = TransferEntry::State;

class TestTransferRules final : public QObject
{
    Q_OBJECT
private slots:
    void everyStateIsInOneTab_data()
    {
        QTest::addColumn<int>("state");
        QTest::addColumn<int>("tab");
        const auto row = [](const char *name, Stage state, TransferTab tab) {
            QTest::newRow(name) << static_cast<int>(state) << static_cast<int>(tab);
        };
        row("queued", Stage::Queued, TransferTab::Waiting);
        row("running", Stage::Running, TransferTab::Active);
        row("paused", Stage::Paused, TransferTab::Waiting);
        row("waiting", Stage::Waiting, TransferTab::Waiting);
        row("failed", Stage::Failed, TransferTab::Failed);
        row("done", Stage::Done, TransferTab::Done);
        row("cancelled", Stage::Cancelled, TransferTab::Done);
    }
    void everyStateIsInOneTab()
    {
        QFETCH(int, state);
        QFETCH(int, tab);
        TransferEntry transfer;
        transfer.state = static_cast<Stage>(state);
        QVERIFY(belongsTo(transfer, TransferTab::All));
        for (int other = 1; other < kTransferTabs; ++other)
            QCOMPARE(belongsTo(transfer, static_cast<TransferTab>(other)), other == tab);
        QCOMPARE(isEnded(transfer), !canCancel(transfer));
        QVERIFY(!(canPause(transfer) && canResume(transfer)));
        QVERIFY(!(canRetry(transfer) && canCancel(transfer)));
    }

    void cancelAsksOnlyForWhatIsLost_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("state");
        QTest::addColumn<qint64>("done");
        QTest::addColumn<bool>("asks");
        const auto row = [](const char *name, Kind kind, Stage state, qint64 done, bool asks) {
            QTest::newRow(name) << static_cast<int>(kind) << static_cast<int>(state) << done << asks;
        };
        row("a store at 5 %", Kind::Store, Stage::Running, 50, false);
        row("a store just above", Kind::Store, Stage::Running, 51, true);
        row("a paused store", Kind::Store, Stage::Paused, 900, true);
        row("a store that is done", Kind::Store, Stage::Done, 1000, false);
        row("a download", Kind::Fetch, Stage::Running, 900, false);
        row("a check", Kind::Check, Stage::Running, 900, false);
    }
    void cancelAsksOnlyForWhatIsLost()
    {
        QFETCH(int, kind);
        QFETCH(int, state);
        QFETCH(qint64, done);
        QFETCH(bool, asks);
        TransferEntry transfer;
        transfer.kind = static_cast<Kind>(kind);
        transfer.state = static_cast<Stage>(state);
        transfer.progress.bytes = done;
        transfer.progress.total = 1000;
        QCOMPARE(asksBeforeCancel(transfer), asks);
    }

    void everyWaitHasAButton()
    {
        TransferEntry transfer;
        QVERIFY(!remedyOf(transfer));
        transfer.state = Stage::Waiting;
        transfer.error = Error(Error::Kind::Quota, QStringLiteral("MF-X"), QStringLiteral("full"));
        QCOMPARE(remedyOf(transfer)->page, QStringLiteral("storage"));
        QCOMPARE(remedyOf(transfer)->key, QString());
        transfer.error->account = QStringLiteral("NAS");
        QCOMPARE(remedyOf(transfer)->key, QStringLiteral("NAS"));
        transfer.error->actions = { Error::Action::Retry, Error::Action::AddStorage };
        QCOMPARE(remedyOf(transfer)->key, QStringLiteral("add"));
        transfer.error->actions = { Error::Action::SignIn };
        QCOMPARE(signInAccount(remedyOf(transfer)->key), std::optional(QStringLiteral("NAS")));
        for (const Error::Action action : { Error::Action::Retry, Error::Action::SignIn, Error::Action::FreeSpace,
                 Error::Action::AddStorage, Error::Action::ChooseAnother, Error::Action::Details }) {
            transfer.error->actions = { action };
            QVERIFY(remedyTexts().contains(remedyOf(transfer)->text));
        }
    }

    void placesAreAmongThoseNotEnded()
    {
        FakeService service;
        service.fill(); // 1 to 4 are not ended
        QCOMPARE(placesOf(service.transfers(), 2).begin, 0);
        QCOMPARE(placesOf(service.transfers(), 2).end, 4);
        QCOMPARE(placesOf(service.transfers(), 5).end, 0);
        QCOMPARE(placeOf(service.transfers(), 1), 0);
        QCOMPARE(placeOf(service.transfers(), 4), 3);
        QCOMPARE(placeOf(service.transfers(), 5), -1);
        QCOMPARE(placeOf(service.transfers(), 99), -1);
        service.transfer(1)->priority = TransferPriority::High;
        service.transfer(4)->priority = TransferPriority::Low;
        QCOMPARE(placesOf(service.transfers(), 2).begin, 1);
        QCOMPARE(placesOf(service.transfers(), 2).end, 3);
        service.transfer(2)->state = Stage::Done;
        QCOMPARE(placeOf(service.transfers(), 4), 2);
    }

    void ratesAreSummedByDirection()
    {
        std::vector<TransferEntry> all(4);
        all[0].kind = Kind::Store;
        all[1].kind = Kind::Fetch;
        all[2].kind = Kind::Check;
        all[3].kind = Kind::Store;
        for (TransferEntry &transfer : all) {
            transfer.state = Stage::Running;
            transfer.bytesPerSecond = 100;
        }
        all[3].state = Stage::Paused; // its last speed is history
        QCOMPARE(ratesOf(all).up, 100.0);
        QCOMPARE(ratesOf(all).down, 200.0);
    }

    void theHistoryIsARing()
    {
        RateHistory history;
        QCOMPARE(history.average(60).up, 0.0);
        for (int i = 1; i <= RateHistory::kMost + 10; ++i)
            history.add({ static_cast<double>(i), 1.0 });
        QCOMPARE(history.size(), RateHistory::kMost);
        QCOMPARE(history.at(0).up, static_cast<double>(RateHistory::kMost + 10));
        QCOMPARE(history.at(RateHistory::kMost - 1).up, 11.0);
        QCOMPARE(history.at(RateHistory::kMost).up, 0.0);
        QCOMPARE(history.at(-1).up, 0.0);
        QCOMPARE(history.average(2).up, RateHistory::kMost + 9.5);
        QCOMPARE(history.highest(1), static_cast<double>(RateHistory::kMost + 10));
    }

    void theScaleIsNice()
    {
        QCOMPARE(niceTop(0), 1e3);
        QCOMPARE(niceTop(1e3), 1e3);
        QCOMPARE(niceTop(1'001), 2e3);
        QCOMPARE(niceTop(3.1e6), 5e6);
        QCOMPARE(niceTop(5.1e6), 1e7);
    }

    void whatIsDoneTellsItsOutcome()
    {
        FakeService service;
        service.fill();
        QCOMPARE(
            transferLine(*service.transfer(6), fakeNow()), QStringLiteral("12 fragments rebuilt · 30 minutes ago"));
        QVERIFY(transferLine(*service.transfer(1), fakeNow()).contains(QStringLiteral(" of 2.54")));
        const QString spoken = transferSpoken(*service.transfer(1), fakeNow());
        QVERIFY2(spoken.contains(QStringLiteral("62")), qUtf8Printable(spoken));
        QVERIFY2(spoken.contains(QStringLiteral("about 7 min")), qUtf8Printable(spoken));
    }
};

} // namespace mf::ui

QTEST_MAIN(mf::ui::TestTransferRules)
#include "test_ui_transfer_rules.moc"
