// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Who is next among calls that wait at a Turnstile.

#include "tests/simulation/dice.h"
#include "tests/simulation/turnstile.h"

namespace mf::simulation {

// Now one computer is the quickest for a while, now another: orders in which one does much while the others stand
// still, where evenly drawn ones hardly ever get.
class Favourites
{
public:
    explicit Favourites(int seed)
        : m_dice(static_cast<quint32>(seed))
    {
    }
    std::size_t choose(const Turnstile &waiting)
    {
        constexpr int kStay = 25; // calls, on average
        const int count = int(waiting.waiting());
        if (m_favourite.isEmpty() || m_dice.oneIn(kStay))
            m_favourite = whose(waiting, m_dice.below(count));
        for (int i = 0; i < count; ++i) {
            if (whose(waiting, i) == m_favourite)
                return static_cast<std::size_t>(i);
        }
        m_favourite = whose(waiting, m_dice.below(count)); // it is done
        return choose(waiting);
    }

private:
    static QString whose(const Turnstile &waiting, int i)
    {
        return waiting.what(static_cast<std::size_t>(i)).section(u' ', 0, 0);
    }
    Dice m_dice;
    QString m_favourite;
};

// One computer until its next call is this one, then another.
struct Step {
    QString computer;
    QString until; // empty: to its end
};
class Script
{
public:
    explicit Script(std::vector<Step> steps)
        : m_steps(std::move(steps))
    {
    }
    std::size_t choose(const Turnstile &waiting)
    {
        while (m_at < m_steps.size()) {
            const Step &step = m_steps[m_at];
            for (std::size_t i = 0; i < waiting.waiting(); ++i) {
                const QString &what = waiting.what(i);
                if (what.startsWith(step.computer + u' ') && (step.until.isEmpty() || !what.endsWith(step.until)))
                    return i;
            }
            ++m_at;
        }
        return 0;
    }

private:
    std::vector<Step> m_steps;
    std::size_t m_at = 0;
};

} // namespace mf::simulation
