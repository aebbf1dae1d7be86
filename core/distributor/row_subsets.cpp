// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/row_subsets.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace mf {
namespace {

using Numbers = std::vector<std::size_t>;
using Rows = std::vector<Numbers>; // the candidates of each row

// Whether there are at most kMostSubsets.
bool areFew(const Rows &rows, std::size_t k)
{
    Numbers counts(k + 1, 0); // subsets of so many rows, of those looked at so far
    counts[0] = 1;
    for (const Numbers &twins : rows) {
        for (std::size_t size = k; size >= 1; --size)
            counts[size] = std::min(counts[size] + counts[size - 1] * twins.size(), kMostSubsets + 1);
    }
    return counts[k] <= kMostSubsets;
}

Rows picked(const Rows &rows, const std::vector<bool> &pick)
{
    Rows some;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (pick[i])
            some.push_back(rows[i]);
    }
    return some;
}

// One of each row, in every way.
void addEach(const Rows &rows, std::vector<Numbers> &subsets)
{
    Numbers which(rows.size(), 0);
    for (;;) {
        Numbers &subset = subsets.emplace_back();
        for (std::size_t i = 0; i < rows.size(); ++i)
            subset.push_back(rows[i][which[i]]);
        std::size_t i = rows.size();
        while (i > 0 && ++which[i - 1] == rows[i - 1].size())
            which[--i] = 0;
        if (i == 0)
            return;
    }
}

} // namespace

QString RowSubsets::noneVerifies() const
{
    return isAll
        ? QStringLiteral("no combination of its fragments verifies")
        : QStringLiteral("none of the %1 combinations of its fragments that were tried verifies").arg(subsets.size());
}

RowSubsets rowSubsets(const std::vector<int> &rows, int k)
{
    std::map<int, Numbers> byRow;
    for (std::size_t i = 0; i < rows.size(); ++i)
        byRow[rows[i]].push_back(i);
    Q_ASSERT(k >= 1 && std::ssize(byRow) >= k);
    Rows all;
    for (auto &[row, twins] : byRow)
        all.push_back(std::move(twins));
    RowSubsets result;
    result.isAll = areFew(all, static_cast<std::size_t>(k));
    std::vector<bool> pick(all.size(), false);
    std::fill_n(pick.begin(), k, true);
    if (result.isAll) {
        do {
            addEach(picked(all, pick), result.subsets);
        } while (std::prev_permutation(pick.begin(), pick.end()));
        return result;
    }
    std::mt19937 random; // from its fixed seed: the same each time
    std::set<Numbers> drawn;
    while (result.subsets.size() < kMostSubsets) {
        std::shuffle(pick.begin(), pick.end(), random);
        Numbers subset;
        for (const Numbers &twins : picked(all, pick))
            subset.push_back(twins.size() == 1 ? twins[0] : twins[random() % twins.size()]);
        if (drawn.insert(subset).second)
            result.subsets.push_back(std::move(subset));
    }
    return result;
}

} // namespace mf
