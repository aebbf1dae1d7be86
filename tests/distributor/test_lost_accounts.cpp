// SPDX-License-Identifier: GPL-3.0-or-later
// What lies on an account that counts as lost is no reason not to send it to another one.
#include "core/distributor/estimate.h"
#include "core/distributor/model_state.h"
#include "tests/support/computers.h"
#include "tests/support/engine_fixture.h"

using namespace mf;

class TestLostAccounts : public QObject
{
    Q_OBJECT

private slots:
    void whatWasStoredIsStoredAgain_data()
    {
        QTest::addColumn<int>("hours"); // that the account is away
        QTest::addColumn<QString>("setting"); // after how many it is lost
        QTest::addColumn<bool>("isSent");
        QTest::newRow("away for a while: it counts") << 71 << QString() << false;
        QTest::newRow("away for too long: it does not") << 73 << QString() << true;
        QTest::newRow("not as long as the user allows") << 99 << QStringLiteral("100") << false;
        QTest::newRow("longer than the user allows") << 25 << QStringLiteral("24") << true;
    }
    void whatWasStoredIsStoredAgain()
    {
        QFETCH(const int, hours);
        QFETCH(const QString, setting);
        QFETCH(const bool, isSent);
        Computers c(2);
        const QByteArray bytes = randomBytes(400'000, 1);
        const QByteArray path = c.write(QStringLiteral("m.bin"), bytes);
        QVERIFY(c.store(path, Protection(1, 1), QStringLiteral("first")));
        c.addAccount(QString());
        c.setGone(1, true);
        c.reopen(0);
        const QByteArray other = c.write(QStringLiteral("o.bin"), randomBytes(10'000, 2));
        QVERIFY(c.store(other, Protection(1, 1), QStringLiteral("other"))); // sees that it is away
        c.clock().advance(std::chrono::hours(hours));
        QVERIFY(runTask(c.engine().registry.setSetting(QString::fromLatin1(kAwayIsLostSetting), setting)));

        const auto estimate
            = runTask(estimateStore(c.engine(), c.request(path, Protection(1, 1), QStringLiteral("second")), nullptr));
        QVERIFY2(estimate, qPrintable(estimate ? QString() : estimate.error().message));
        QCOMPARE(estimate->newBytes, isSent ? bytes.size() : 0);
        const auto stored = c.store(path, Protection(1, 1), QStringLiteral("second"));
        QVERIFY2(stored, qPrintable(stored ? QString() : stored.error().message));
        QCOMPARE(stored->newBytes, isSent ? bytes.size() : 0);
        if (!isSent)
            return;
        c.setGone(0, true); // the promise of the second, which the first alone would break
        c.reopen(0);
        QVERIFY(c.comesBack(QStringLiteral("second"), bytes));
    }
};

QTEST_GUILESS_MAIN(TestLostAccounts)
#include "test_lost_accounts.moc"
