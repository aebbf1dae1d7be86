// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"

namespace mf {

// How soon an account would have what is sent to it now: what placement goes by, so that fast accounts get more than
// slow ones and none of them waits for another. Learnt from what it confirmed while something was on its way there, of
// all transfers together. Belongs to the event loop's thread.
class SendingPace
{
public:
    using Duration = std::chrono::duration<double>; // seconds

    // Something on its way, from its making to its end; the pace must outlive it.
    class Sending
    {
    public:
        Sending(SendingPace &pace, const Clock &clock, qint64 bytes);
        ~Sending();
        Sending(const Sending &) = delete;
        Sending &operator=(const Sending &) = delete;
        // The account has it. Else it tells nothing about the pace.
        void confirm();

    private:
        SendingPace &m_pace;
        const Clock &m_clock;
        qint64 m_bytes;
    };

    // Until it would have confirmed all that is on its way and so many bytes more, at best. 0 while nothing is known.
    Duration expected(qint64 bytes, const Clock &clock) const;

private:
    qint64 m_underWay = 0; // bytes
    Clock::Duration m_since { 0 }; // the last confirmation, or when something was sent to an account without work
    double m_bytes = 0; // that it confirmed, the latest counting most
    double m_seconds = 0; // that they took
};

} // namespace mf
