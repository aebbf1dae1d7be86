// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/audit/scene.h"
#include "ui/transfers/limits_popup.h"
#include "ui/transfers/speed_panel.h"
#include "ui/transfers/transfer_status.h"
#include "ui/transfers/transfers_page.h"

#include <QComboBox>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>
#include <QtTest>

namespace mf::ui {

// The part of the status bar, the limits and the speed graph.
class TestTransferStatus final : public QObject
{
    Q_OBJECT
private slots:
    void ratesAreToldAndNamed()
    {
        SceneDesk desk;
        desk.service.transfer(2)->bytesPerSecond = 1.1e6;
        const TransfersPage page(desk.desk);
        TransferStatus status(desk.desk);
        auto *up = status.findChild<QToolButton *>(QStringLiteral("status.up"));
        auto *down = status.findChild<QToolButton *>(QStringLiteral("status.down"));
        QVERIFY(up->text().startsWith(QStringLiteral("2.4")));
        QVERIFY(down->text().startsWith(QStringLiteral("1.1")));
        QVERIFY(up->accessibleName().startsWith(QStringLiteral("Upload speed 2.4")));
        desk.service.transfer(1)->bytesPerSecond = 0;
        emit desk.service.transferMoved(1);
        QTRY_VERIFY(up->text().startsWith(u'0'));
        QSignalSpy asked(&status, &TransferStatus::asksFor);
        up->click();
        QCOMPARE(asked[0][0].toString(), QStringLiteral("transfers"));
        for (const QToolButton *button : status.findChildren<QToolButton *>()) {
            QVERIFY2(
                !button->accessibleName().isEmpty() || !button->text().isEmpty(), qPrintable(button->objectName()));
            QVERIFY2(button->focusPolicy() & Qt::TabFocus, qPrintable(button->objectName()));
        }
    }

    void pauseAllIsTheSameAction()
    {
        SceneDesk desk;
        const TransfersPage page(desk.desk);
        TransferStatus status(desk.desk);
        auto *button = status.findChild<QToolButton *>(QStringLiteral("status.pauseAll"));
        QCOMPARE(button->text(), QStringLiteral("Pause All"));
        button->click();
        QCOMPARE(desk.service.calls, QStringList { QStringLiteral("pause all") });
        QCOMPARE(button->text(), QStringLiteral("Resume All"));
    }

    void limitsAreAlwaysInSight()
    {
        SceneDesk desk;
        const TransfersPage page(desk.desk);
        TransferStatus status(desk.desk);
        status.show();
        auto *button = status.findChild<QToolButton *>(QStringLiteral("status.limits"));
        QCOMPARE(button->text(), QStringLiteral("Limits off"));
        button->click();
        auto *popup = status.findChild<LimitsPopup *>();
        QVERIFY(popup && popup->isVisible());
        popup->findChild<QPushButton *>(QStringLiteral("limits.preset1000"))->click();
        QCOMPARE(desk.service.calls, QStringList { QStringLiteral("limits 1000000 1000000") });
        QVERIFY(button->text().contains(QStringLiteral("↑ 1")));
        QTest::keyClick(popup, Qt::Key_Escape);
        QTRY_VERIFY(!status.findChild<LimitsPopup *>());
    }

    void aTypedLimitCountsWhenItIsWhole()
    {
        SceneDesk desk;
        desk.service.shownLimits = { 500'500, 0 }; // finer than what is shown
        LimitsPopup popup(desk.service);
        popup.show();
        auto *down = popup.findChild<QSpinBox *>(QStringLiteral("limits.down"));
        QCOMPARE(down->text(), QStringLiteral("No limit"));
        down->setFocus();
        down->selectAll();
        QTest::keyClicks(down, QStringLiteral("2500"));
        QVERIFY(desk.service.calls.isEmpty());
        QTest::keyClick(down, Qt::Key_Return);
        QCOMPARE(desk.service.calls, QStringList { QStringLiteral("limits 500500 2500000") });
        auto *up = popup.findChild<QSpinBox *>(QStringLiteral("limits.up"));
        up->stepUp();
        QCOMPARE(desk.service.calls.last(), QStringLiteral("limits 1000000 2500000"));
        popup.findChild<QPushButton *>(QStringLiteral("limits.preset0"))->click();
        QCOMPARE(up->text(), QStringLiteral("No limit"));
        QCOMPARE(limitsWords(desk.service.limits()), QStringLiteral("Limits off"));
    }

    void hugeLimitsDoNotOverflow()
    {
        SceneDesk desk;
        desk.service.shownLimits = { std::numeric_limits<qint64>::max(), 1 };
        const LimitsPopup popup(desk.service);
        QCOMPARE(popup.findChild<QSpinBox *>(QStringLiteral("limits.up"))->value(), std::numeric_limits<int>::max());
        QCOMPARE(popup.findChild<QSpinBox *>(QStringLiteral("limits.down"))->value(), 1);
        QVERIFY(desk.service.calls.isEmpty());
    }

    void theGraphIsToldInWords()
    {
        SceneDesk desk;
        SpeedPanel panel(desk.desk);
        panel.show();
        auto *graph = panel.findChild<SpeedGraph *>(QStringLiteral("transfers.graph"));
        QVERIFY(!graph->isVisible());
        panel.findChild<QToolButton *>(QStringLiteral("transfers.graphOpen"))->click();
        QVERIFY(graph->isVisible());
        desk.service.transfer(1)->bytesPerSecond = 4e6;
        panel.sample();
        desk.service.transfer(1)->bytesPerSecond = 2e6;
        panel.sample();
        QVERIFY2(graph->accessibleDescription().startsWith(QStringLiteral("Upload 2")),
            qUtf8Printable(graph->accessibleDescription()));
        QVERIFY2(graph->accessibleDescription().contains(QStringLiteral("average 3")),
            qUtf8Printable(graph->accessibleDescription()));
        auto *span = panel.findChild<QComboBox *>(QStringLiteral("transfers.graphSpan"));
        span->setCurrentIndex(2);
        QCOMPARE(graph->span(), 1'800);
        QVERIFY(graph->accessibleDescription().contains(QStringLiteral("30 minutes")));
        const SpeedPanel again(desk.desk); // it is remembered
        QVERIFY(again.isOpen());
        QCOMPARE(again.findChild<SpeedGraph *>()->span(), 1'800);
    }

    void anEmptyGraphIsPainted()
    {
        const RateHistory history;
        SpeedGraph graph(history);
        graph.setSpan(1);
        graph.resize(1, 1);
        QVERIFY(!graph.grab().isNull());
        graph.setSpan(100'000);
        QCOMPARE(graph.span(), RateHistory::kMost);
    }
};

} // namespace mf::ui

QTEST_MAIN(mf::ui::TestTransferStatus)
#include "test_ui_transfer_status.moc"
