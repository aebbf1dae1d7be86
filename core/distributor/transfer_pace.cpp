// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/transfer_pace.h"

#include <algorithm>

namespace mf {
namespace {

// What each arrival leaves of the weight of those before: some ten count.
constexpr double kRemembered = 0.9;

} // namespace

TransferPace::Transfer::Transfer(TransferPace &pace, const Clock &clock, qint64 bytes)
    : m_pace(pace)
    , m_clock(clock)
    , m_bytes(bytes)
{
    if (m_pace.m_underWay == 0)
        m_pace.m_since = clock.elapsed();
    m_pace.m_underWay += bytes;
}

TransferPace::Transfer::~Transfer() { m_pace.m_underWay -= m_bytes; }

void TransferPace::Transfer::confirm()
{
    const Clock::Duration now = m_clock.elapsed();
    m_pace.m_bytes = m_pace.m_bytes * kRemembered + double(m_bytes);
    m_pace.m_seconds = m_pace.m_seconds * kRemembered + Duration(now - m_pace.m_since).count();
    m_pace.m_since = now;
}

TransferPace::Duration TransferPace::expected(qint64 bytes, const Clock &clock) const
{
    double secondsPerByte = m_bytes > 0 ? m_seconds / m_bytes : 0;
    if (m_underWay > 0) { // what keeps us waiting tells as much, were all of it confirmed this moment
        const double waited = Duration(clock.elapsed() - m_since).count();
        secondsPerByte = std::max(secondsPerByte, (m_seconds + waited) / (m_bytes + double(m_underWay)));
    }
    return Duration(double(m_underWay + bytes) * secondsPerByte);
}

} // namespace mf
