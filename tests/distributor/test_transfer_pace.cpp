// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/transfer_pace.h"
#include "tests/support/fake_clock.h"

#include <QtTest>

using namespace mf;
using namespace std::chrono_literals;
using Transfer = TransferPace::Transfer;

constexpr qint64 kMega = 1'000'000;

class TestTransferPace : public QObject
{
    Q_OBJECT

    FakeClock m_clock;

    void confirmOne(TransferPace &pace, Clock::Duration after)
    {
        Transfer transfer(pace, m_clock, 10 * kMega);
        m_clock.advance(after);
        transfer.confirm();
    }

private slots:
    void untilSomethingIsKnownItIsAtOnce()
    {
        const TransferPace pace;
        QCOMPARE(pace.expected(kMega, m_clock).count(), 0.0);
    }

    void whatIsUnderWayComesFirst()
    {
        TransferPace pace;
        confirmOne(pace, 1s);
        QCOMPARE(pace.expected(10 * kMega, m_clock).count(), 1.0);
        const Transfer transfer(pace, m_clock, 10 * kMega);
        QCOMPARE(pace.expected(10 * kMega, m_clock).count(), 2.0);
    }

    void severalAtOnceAreOneStream()
    {
        TransferPace pace;
        Transfer first(pace, m_clock, 10 * kMega);
        Transfer second(pace, m_clock, 10 * kMega);
        m_clock.advance(4s);
        first.confirm();
        second.confirm(); // at the same moment: 20 MB in 4 s
        const double of10 = pace.expected(0, m_clock).count() / 2;
        QVERIFY2(of10 > 1.8 && of10 < 2.2, qPrintable(QString::number(of10)));
    }

    void timeWithoutWorkDoesNotCount()
    {
        TransferPace pace;
        confirmOne(pace, 1s);
        m_clock.advance(1h);
        confirmOne(pace, 1s);
        QCOMPARE(pace.expected(10 * kMega, m_clock).count(), 1.0);
    }

    void keepingUsWaitingTellsAsMuch()
    {
        TransferPace fresh;
        const Transfer transfer(fresh, m_clock, 10 * kMega);
        m_clock.advance(4s);
        QCOMPARE(fresh.expected(10 * kMega, m_clock).count(), 8.0); // not faster than 10 MB in 4 s

        TransferPace known;
        confirmOne(known, 1s);
        const Transfer stuck(known, m_clock, 10 * kMega);
        m_clock.advance(1min);
        QVERIFY(known.expected(10 * kMega, m_clock) > 1min);
    }

    void whatFailsTellsNothing()
    {
        TransferPace pace;
        {
            const Transfer transfer(pace, m_clock, 10 * kMega);
            m_clock.advance(1min);
        }
        QCOMPARE(pace.expected(10 * kMega, m_clock).count(), 0.0);
    }

    void itFollowsAnAccountThatSlowsDown()
    {
        TransferPace pace;
        for (int i = 0; i < 50; ++i)
            confirmOne(pace, 100ms);
        for (int i = 0; i < 20; ++i)
            confirmOne(pace, 1s);
        QVERIFY(pace.expected(10 * kMega, m_clock) > 800ms);
    }
};

QTEST_GUILESS_MAIN(TestTransferPace)
#include "test_transfer_pace.moc"
