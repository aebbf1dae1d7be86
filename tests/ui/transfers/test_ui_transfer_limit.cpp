// SPDX-License-Identifier: GPL-3.0-or-later
// The speed limit of a transfer of its own.
#include "tests/ui/transfers/transfers_world.h"
#include "ui/common/words.h"
#include "ui/transfers/limits_popup.h"
#include "ui/transfers/rate_box.h"

#include <QLabel>
#include <QPushButton>

namespace mf::ui {

class TestTransferLimit final : public QObject
{
    Q_OBJECT

    static TransferLimitPopup *open(TransfersWorld &world)
    {
        world.action("transfer.limit")->trigger();
        return world.page->findChild<TransferLimitPopup *>();
    }

private slots:
    void aTypedOne()
    {
        TransfersWorld world;
        QVERIFY(!world.action("transfer.limit")->isEnabled());
        world.select(0);
        const TransferLimitPopup *popup = open(world);
        QVERIFY(popup && popup->isVisible());
        const QString name = world.desk.service.transfer(1)->name;
        QVERIFY(popup->accessibleName().contains(name));
        QCOMPARE(popup->findChild<QLabel *>()->text(), popup->accessibleName());
        QVERIFY(world.page->screen()->availableGeometry().contains(popup->geometry()));
        auto *rate = popup->findChild<RateBox *>();
        QCOMPARE(rate->text(), QStringLiteral("No limit"));
        QTRY_VERIFY(rate->hasFocus());
        rate->selectAll();
        QTest::keyClicks(rate, QStringLiteral("750"));
        QVERIFY(world.calls().isEmpty()); // it may become 7500
        QTest::keyClick(rate, Qt::Key_Return);
        QCOMPARE(world.calls(), QStringList { QStringLiteral("setRateLimit 1 to 750000") });
        const QString spoken = world.row(0).data(Qt::AccessibleTextRole).toString();
        QVERIFY(spoken.contains(QStringLiteral("at most ") + rateWords(750'000)));
        QTest::keyClick(rate, Qt::Key_Escape);
        QTRY_VERIFY(!world.page->findChild<TransferLimitPopup *>());
    }

    void ofSeveralEach()
    {
        TransfersWorld world;
        world.desk.service.transfer(1)->rateLimit = 123'456;
        world.list->setFocus();
        world.list->selectAll();
        const TransferLimitPopup *popup = open(world);
        auto *rate = popup->findChild<RateBox *>();
        QCOMPARE(rate->rate(), 123'456); // kept until it is changed
        popup->findChild<QPushButton *>(QStringLiteral("transfer.limitPreset5000"))->click();
        QCOMPARE(rate->rate(), 5'000'000);
        QStringList wanted; // not those that have ended
        for (const int id : { 1, 2, 3, 4 })
            wanted.append(QStringLiteral("setRateLimit %1 to 5000000").arg(id));
        QCOMPARE(world.calls(), wanted);
        popup->findChild<QPushButton *>(QStringLiteral("transfer.limitPreset0"))->click();
        QCOMPARE(rate->text(), QStringLiteral("No limit"));
        QVERIFY(!world.row(0).data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("at most")));
    }

    void notOfWhatHasEnded()
    {
        TransfersWorld world;
        world.select(4); // it failed
        QVERIFY(!world.action("transfer.limit")->isEnabled());
        world.desk.service.transfer(5)->rateLimit = 1'000;
        emit world.desk.service.transfersChanged();
        QVERIFY(!world.row(4).data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("at most")));
    }
};

} // namespace mf::ui

QTEST_MAIN(mf::ui::TestTransferLimit)
#include "test_ui_transfer_limit.moc"
