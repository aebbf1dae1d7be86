// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"

namespace mf {

// How soon an account would have done what is asked of it now, in one direction: what placement and fetch go by, so
// that fast accounts get more to do than slow ones and none of them waits for another. Learnt from what it did while it
// had work, for all transfers together. Belongs to the event loop's thread.
class TransferPace
{
public:
    using Duration = std::chrono::duration<double>; // seconds

    // Something on its way, from its making to its end; the pace must outlive it.
    class Transfer
    {
    public:
        Transfer(TransferPace &pace, const Clock &clock, qint64 bytes);
        ~Transfer();
        Transfer(const Transfer &) = delete;
        Transfer &operator=(const Transfer &) = delete;
        // It arrived. Else it tells nothing about the pace.
        void confirm();

    private:
        TransferPace &m_pace;
        const Clock &m_clock;
        qint64 m_bytes;
    };

    // Until all that is on its way and so many bytes more would have arrived, at best. 0 while nothing is known.
    Duration expected(qint64 bytes, const Clock &clock) const;
    bool isBusy() const { return m_underWay > 0; } // something is on its way

private:
    qint64 m_underWay = 0; // bytes
    Clock::Duration m_since { 0 }; // the last arrival, or when it got something to do after having nothing
    double m_bytes = 0; // that arrived, the latest counting most
    double m_seconds = 0; // that they took
};

} // namespace mf
