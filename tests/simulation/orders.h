// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Who is next among calls that wait at a Turnstile.

#include "tests/simulation/dice.h"
#include "tests/simulation/turnstile.h"

#include <QStringList>

#include <algorithm>
#include <vector>

namespace mf::simulation {

inline QString whose(const Turnstile &waiting, std::size_t i) { return waiting.what(i).section(u' ', 0, 0); }

// One order after the other: all in which turns are taken a few times at most. A computer goes on until another one
// takes the turn: before or after one of its writes to the log or to fragments, or when it removes metadata. Not
// elsewhere: what it reads in a row it reads at once (orders by chance part that, too), a manifest is nothing before
// the log names it, and nothing hangs on library objects and copies of the registry. Who begins is not counted.
class Turns
{
public:
    explicit Turns(std::ptrdiff_t most)
        : m_most(most)
    {
    }
    std::size_t choose(const Turnstile &waiting)
    {
        std::vector<std::size_t> calls; // one of each computer, first that of the one whose turn it is
        for (std::size_t i = 0; i < waiting.waiting(); ++i) {
            if (i == 0 || whose(waiting, i) != whose(waiting, i - 1))
                calls.push_back(i);
        }
        const auto mine
            = std::find_if(calls.begin(), calls.end(), [&](std::size_t i) { return whose(waiting, i) == m_turn; });
        const bool waits = mine != calls.end(); // else it is done, or sleeps
        if (waits)
            std::rotate(calls.begin(), mine, mine + 1);
        const bool mayChange = !waits || m_hasWritten || isWrite(waiting.what(calls.front()));
        const std::size_t next = mayChange && calls.size() > 1 ? calls[choice(calls.size())] : calls.front();
        m_turn = whose(waiting, next);
        m_hasWritten = isWrite(waiting.what(next));
        return next;
    }
    // Makes ready for the next order; false: that was the last.
    bool next()
    {
        m_at = 0;
        m_turn.clear();
        m_hasWritten = false;
        const auto isTurn = [](const Choice &choice) { return choice.chosen > 0; };
        for (; !m_choices.empty(); m_choices.pop_back()) {
            Choice &last = m_choices.back();
            if (++last.chosen < last.options && std::count_if(m_choices.begin() + 1, m_choices.end(), isTurn) <= m_most)
                return true;
        }
        return false;
    }

private:
    struct Choice {
        std::size_t chosen = 0; // 0: it goes on
        std::size_t options = 0;
    };
    static bool isWrite(const QString &what) // "computer0 account1 put log"
    {
        static const QStringList writes { QStringLiteral("put log"), QStringLiteral("remove log"),
            QStringLiteral("put f"), QStringLiteral("remove f"), QStringLiteral("remove meta") };
        return writes.contains(what.section(u' ', 2));
    }
    std::size_t choice(std::size_t options)
    {
        if (m_at == m_choices.size())
            m_choices.push_back({ 0, options });
        if (m_choices[m_at].options != options)
            qFatal("the same turns lead to other calls");
        return m_choices[m_at++].chosen;
    }

    std::ptrdiff_t m_most; // turns that are taken
    std::vector<Choice> m_choices; // the first: who begins
    std::size_t m_at = 0; // how many of them this order has come by
    QString m_turn;
    bool m_hasWritten = false;
};

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
        if (m_favourite.isEmpty() || m_dice.oneIn(kStay))
            m_favourite = anyOf(waiting);
        for (std::size_t i = 0; i < waiting.waiting(); ++i) {
            if (whose(waiting, i) == m_favourite)
                return i;
        }
        m_favourite = anyOf(waiting); // it is done
        return choose(waiting);
    }

private:
    QString anyOf(const Turnstile &waiting)
    {
        return whose(waiting, static_cast<std::size_t>(m_dice.below(int(waiting.waiting()))));
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
