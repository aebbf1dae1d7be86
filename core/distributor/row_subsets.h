// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <vector>

namespace mf {

// More combinations of fragments than this are not tried; each costs the decoding of a record.
constexpr std::size_t kMostSubsets = 5'000;

struct RowSubsets {
    std::vector<std::vector<std::size_t>> subsets; // of k candidates each, by their numbers
    bool isAll = true;
    QString noneVerifies() const; // a sentence without an end that says of how many it is true
};

// What may be right of a pack is to be found by trying. rows: of each candidate the row (fragment index) that it claims
// to be; candidates of one row are twins that do not agree, of which each subset has one at most. The subsets of k
// candidates: all of them where there are at most kMostSubsets, which is so without twins with up to 14 rows, and with
// up to 32 where no more than three are spare. Of more, that many different ones, the same each time: of rows drawn
// evenly, and of each row a twin drawn evenly; a part that lies at the front of an order would have all of them contain
// a bad first row. They miss what could be had only where nearly as many rows are bad as may be: of 8 + 8, with six bad
// ones never, with seven in one case of 80, with eight in 60 %.
// Precondition: 1 <= k <= the number of different rows.
RowSubsets rowSubsets(const std::vector<int> &rows, int k);

} // namespace mf
