// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/transfers/transfer_rules.h"

#include <array>

namespace mf::ui {

// The speeds of the last half hour, one sample a second.
class RateHistory
{
public:
    static constexpr int kMost = 30 * 60;

    void add(const Rates &rates);
    int size() const { return m_size; }
    // 0 is the newest; nothing was before the first sample.
    Rates at(int secondsAgo) const;
    // Of the last so many seconds, or of those there are.
    Rates average(int seconds) const;
    double highest(int seconds) const; // of both

private:
    std::array<Rates, kMost> m_ring;
    int m_next = 0;
    int m_size = 0;
};

// The least number of 1, 2 or 5 times a power of ten that is not below; at least 1000.
double niceTop(double rate);

} // namespace mf::ui
