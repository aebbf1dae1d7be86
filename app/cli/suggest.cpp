// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/suggest.h"

#include <algorithm>
#include <vector>

namespace mf::cli {

namespace {

// Edits (insert, remove, replace, swap of neighbours) between two words.
qsizetype distance(const QString &a, const QString &b)
{
    const auto width = static_cast<std::size_t>(b.size()) + 1;
    std::vector<qsizetype> before(width);
    std::vector<qsizetype> last(width);
    std::vector<qsizetype> row(width);
    for (std::size_t j = 0; j < width; ++j)
        last[j] = static_cast<qsizetype>(j);
    for (qsizetype i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j < width; ++j) {
            const auto bj = static_cast<qsizetype>(j);
            const qsizetype change = a.at(i - 1) == b.at(bj - 1) ? 0 : 1;
            row[j] = std::min({ last[j] + 1, row[j - 1] + 1, last[j - 1] + change });
            if (i > 1 && j > 1 && a.at(i - 1) == b.at(bj - 2) && a.at(i - 2) == b.at(bj - 1))
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before = last;
        last = row;
    }
    return last.back();
}

} // namespace

QString nearest(const QString &word, const QStringList &known)
{
    constexpr qsizetype kLongest = 40; // a longer one is no mistyped word
    if (word.isEmpty() || word.size() > kLongest)
        return {};
    QString best;
    qsizetype least = std::max<qsizetype>(1, word.size() / 3) + 1;
    const QString lower = word.toLower();
    for (const QString &candidate : known) {
        if (lower.size() >= 2 && candidate.startsWith(lower))
            return candidate;
        const qsizetype edits = distance(lower, candidate);
        if (edits < least) {
            least = edits;
            best = candidate;
        }
    }
    return best;
}

QString suggestion(const QString &word, const QStringList &known, const QString &prefix)
{
    const QString near = nearest(word, known);
    return near.isEmpty() ? QString() : QStringLiteral("; did you mean “%1”?").arg(prefix + near);
}

} // namespace mf::cli
