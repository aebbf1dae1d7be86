// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/sending_pace.h"
#include "tests/support/fake_clock.h"

#include <QtTest>

using namespace mf;
using namespace std::chrono_literals;
using Sending = SendingPace::Sending;

constexpr qint64 kMega = 1'000'000;

class TestSendingPace : public QObject
{
    Q_OBJECT

    FakeClock m_clock;

    void confirmOne(SendingPace &pace, Clock::Duration after)
    {
        Sending sending(pace, m_clock, 10 * kMega);
        m_clock.advance(after);
        sending.confirm();
    }

private slots:
    void untilSomethingIsKnownItIsAtOnce()
    {
        const SendingPace pace;
        QCOMPARE(pace.expected(kMega, m_clock).count(), 0.0);
    }

    void whatIsUnderWayComesFirst()
    {
        SendingPace pace;
        confirmOne(pace, 1s);
        QCOMPARE(pace.expected(10 * kMega, m_clock).count(), 1.0);
        const Sending sending(pace, m_clock, 10 * kMega);
        QCOMPARE(pace.expected(10 * kMega, m_clock).count(), 2.0);
    }

    void severalAtOnceAreOneStream()
    {
        SendingPace pace;
        Sending first(pace, m_clock, 10 * kMega);
        Sending second(pace, m_clock, 10 * kMega);
        m_clock.advance(4s);
        first.confirm();
        second.confirm(); // at the same moment: 20 MB in 4 s
        const double of10 = pace.expected(0, m_clock).count() / 2;
        QVERIFY2(of10 > 1.8 && of10 < 2.2, qPrintable(QString::number(of10)));
    }

    void timeWithoutWorkDoesNotCount()
    {
        SendingPace pace;
        confirmOne(pace, 1s);
        m_clock.advance(1h);
        confirmOne(pace, 1s);
        QCOMPARE(pace.expected(10 * kMega, m_clock).count(), 1.0);
    }

    void keepingUsWaitingTellsAsMuch()
    {
        SendingPace fresh;
        const Sending sending(fresh, m_clock, 10 * kMega);
        m_clock.advance(4s);
        QCOMPARE(fresh.expected(10 * kMega, m_clock).count(), 8.0); // not faster than 10 MB in 4 s

        SendingPace known;
        confirmOne(known, 1s);
        const Sending stuck(known, m_clock, 10 * kMega);
        m_clock.advance(1min);
        QVERIFY(known.expected(10 * kMega, m_clock) > 1min);
    }

    void whatFailsTellsNothing()
    {
        SendingPace pace;
        {
            const Sending sending(pace, m_clock, 10 * kMega);
            m_clock.advance(1min);
        }
        QCOMPARE(pace.expected(10 * kMega, m_clock).count(), 0.0);
    }

    void itFollowsAnAccountThatSlowsDown()
    {
        SendingPace pace;
        for (int i = 0; i < 50; ++i)
            confirmOne(pace, 100ms);
        for (int i = 0; i < 20; ++i)
            confirmOne(pace, 1s);
        QVERIFY(pace.expected(10 * kMega, m_clock) > 800ms);
    }
};

QTEST_GUILESS_MAIN(TestSendingPace)
#include "test_sending_pace.moc"
