// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transfers/rate_history.h"

#include <algorithm>

namespace mf::ui {

void RateHistory::add(const Rates &rates)
{
    m_ring[static_cast<std::size_t>(m_next)] = rates;
    m_next = (m_next + 1) % kMost;
    m_size = std::min(m_size + 1, kMost);
}

Rates RateHistory::at(int secondsAgo) const
{
    if (secondsAgo < 0 || secondsAgo >= m_size)
        return {};
    return m_ring[static_cast<std::size_t>((m_next - 1 - secondsAgo + 2 * kMost) % kMost)];
}

Rates RateHistory::average(int seconds) const
{
    const int count = std::min(seconds, m_size);
    Rates sum;
    for (int i = 0; i < count; ++i) {
        const Rates one = at(i);
        sum.up += one.up;
        sum.down += one.down;
    }
    if (count > 0) {
        sum.up /= count;
        sum.down /= count;
    }
    return sum;
}

double RateHistory::highest(int seconds) const
{
    double most = 0;
    for (int i = 0; i < std::min(seconds, m_size); ++i) {
        const Rates one = at(i);
        most = std::max({ most, one.up, one.down });
    }
    return most;
}

double niceTop(double rate)
{
    double top = 1'000;
    while (top < 1e18) {
        for (const double step : { 1.0, 2.0, 5.0 }) {
            if (rate <= top * step)
                return top * step;
        }
        top *= 10;
    }
    return top;
}

} // namespace mf::ui
