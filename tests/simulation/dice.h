// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRandomGenerator>

namespace mf::simulation {

// Chance, from one seed.
class Dice
{
public:
    explicit Dice(quint32 seed)
        : m_random(seed)
    {
    }
    int below(int n) { return static_cast<int>(m_random.bounded(n)); }
    bool oneIn(int n) { return below(n) == 0; }

private:
    QRandomGenerator m_random;
};

} // namespace mf::simulation
