// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Lengths of messages that are hashed at once: the edges of blocks, all counts of lanes, long beside short.

#include <QtCore>

#include <random>
#include <vector>

namespace mf {

using Lengths = std::vector<std::size_t>;
struct Mix {
    QString name;
    Lengths lengths;
};

inline std::vector<Mix> mixes()
{
    std::vector<Mix> all;
    all.push_back({ u"no message"_qs, {} });
    const Lengths edges { 0, 1, 55, 56, 63, 64, 65, 119, 120, 127, 128, 129, 1 << 20 };
    for (const std::size_t length : edges) {
        all.push_back({ u"one of %1 bytes"_qs.arg(length), { length } });
        if (length < 1 << 20)
            all.push_back({ u"20 of %1 bytes"_qs.arg(length), Lengths(20, length) });
    }
    all.push_back({ u"all lengths at the edges of a block"_qs, edges });
    for (std::size_t count = 1; count <= 40; ++count)
        all.push_back({ u"%1 of 5,000 bytes"_qs.arg(count), Lengths(count, 5000) });
    all.push_back({ u"17 of 1 MiB"_qs, Lengths(17, 1 << 20) });

    Lengths growing;
    for (std::size_t length = 0; length < 300; ++length)
        growing.push_back(length);
    all.push_back({ u"every length below 300"_qs, growing });

    Lengths oneLong(15, 10);
    oneLong.push_back(1 << 20);
    all.push_back({ u"one long among short ones"_qs, oneLong });
    Lengths alternating;
    for (std::size_t i = 0; i < 33; ++i)
        alternating.push_back(i % 2 == 0 ? 70000 : i);
    all.push_back({ u"long and short in turns"_qs, alternating });

    std::mt19937 random(1);
    for (int round = 0; round < 20; ++round) {
        Lengths lengths(1 + random() % 40);
        for (std::size_t &length : lengths)
            length = random() % (std::size_t(1) << (1 + random() % 17));
        all.push_back({ u"random mix %1"_qs.arg(round), lengths });
    }
    return all;
}

} // namespace mf
