// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/rate_limiter.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mf {
namespace {

constexpr qint64 kLargestChunk = qint64(1) << 20;

// What may gather while nobody sends: a quarter of a second's worth.
double capacityAt(qint64 rate) { return std::max(1.0, static_cast<double>(rate) / 4); }

} // namespace

void TokenBucket::setRate(qint64 bytesPerSecond)
{
    fill();
    m_rate = std::max<qint64>(bytesPerSecond, 0);
    m_tokens = m_rate == 0 ? 0 : std::min(m_tokens, capacityAt(m_rate));
}

qint64 TokenBucket::chunk() const
{
    if (m_rate == 0)
        return std::numeric_limits<qint64>::max();
    return std::clamp<qint64>(m_rate / 4, 1, kLargestChunk);
}

void TokenBucket::fill()
{
    const Clock::Duration now = m_clock.elapsed();
    const double seconds = static_cast<double>((now - m_filledAt).count()) / 1000;
    m_filledAt = now;
    if (m_rate > 0)
        m_tokens = std::min(capacityAt(m_rate), m_tokens + seconds * static_cast<double>(m_rate));
}

Task<void> TokenBucket::take(qint64 bytes)
{
    if (m_rate == 0)
        co_return;
    const auto turn = co_await m_turn.acquire(1);
    while (m_rate > 0) { // asked again after each sleep: it may have been changed meanwhile
        fill();
        const double missing = std::min(static_cast<double>(bytes), capacityAt(m_rate)) - m_tokens;
        if (missing <= 0)
            break;
        const double wait = std::ceil(missing * 1000 / static_cast<double>(m_rate));
        auto sleeping = m_clock.sleep(Clock::Duration(static_cast<Clock::Duration::rep>(wait)));
        co_await sleeping;
    }
    if (m_rate > 0)
        m_tokens -= static_cast<double>(bytes); // below zero if the rate fell while we waited
}

Task<void> TokenBucket::pass(qint64 bytes)
{
    while (bytes > 0 && m_rate > 0) {
        const qint64 part = std::min(bytes, chunk());
        auto taking = take(part);
        co_await taking;
        bytes -= part;
    }
}

Task<void> passBoth(TokenBucket &first, TokenBucket &second, qint64 bytes)
{
    while (bytes > 0 && (first.rate() > 0 || second.rate() > 0)) {
        const qint64 chunk = std::min({ bytes, first.chunk(), second.chunk() });
        auto inFirst = first.take(chunk);
        co_await inFirst;
        auto inSecond = second.take(chunk);
        co_await inSecond;
        bytes -= chunk;
    }
}

} // namespace mf
