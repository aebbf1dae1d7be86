// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/event.h"

namespace mf {

// Bytes a second in one direction; 0: as many as go. Callers take turns chunk by chunk, so that
// a small one passes between the chunks of a large one; first come, first served.
class TokenBucket
{
public:
    TokenBucket(Clock &clock, qint64 rate)
        : m_clock(clock)
        , m_filledAt(clock.elapsed())
    {
        setRate(rate);
    }

    qint64 rate() const { return m_rate; }
    // Also those who wait now soon go at the new rate. Negative: as 0.
    void setRate(qint64 bytesPerSecond);
    // As many bytes as a quarter of a second brings, at most 1 MiB: the most to take() at once.
    qint64 chunk() const;
    Task<void> take(qint64 bytes);
    Task<void> pass(qint64 bytes); // take() chunk by chunk

private:
    void fill();

    Clock &m_clock;
    qint64 m_rate = 0;
    double m_tokens = 0; // bytes that may go now
    Clock::Duration m_filledAt;
    Budget m_turn { 1 };
};

// The rates of an account, or of the whole program: one object that all accounts share.
// Belongs to the event loop's thread; may be changed at any time.
class RateLimiter
{
public:
    explicit RateLimiter(Clock &clock, qint64 upBytesPerSecond = 0, qint64 downBytesPerSecond = 0)
        : m_up(clock, upBytesPerSecond)
        , m_down(clock, downBytesPerSecond)
    {
    }
    void setRates(qint64 upBytesPerSecond, qint64 downBytesPerSecond)
    {
        m_up.setRate(upBytesPerSecond);
        m_down.setRate(downBytesPerSecond);
    }
    TokenBucket &up() { return m_up; }
    TokenBucket &down() { return m_down; }

private:
    TokenBucket m_up;
    TokenBucket m_down;
};

// Returns when so many bytes may go by both.
Task<void> passBoth(TokenBucket &first, TokenBucket &second, qint64 bytes);

} // namespace mf
