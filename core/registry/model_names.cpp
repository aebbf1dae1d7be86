// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/model_names.h"

#include <algorithm>
#include <vector>

namespace mf {

namespace {

QString quoted(const QStringList &names) { return u'"' + names.join(QStringLiteral("\", \"")) + u'"'; }

Error ambiguous(const QString &name, QStringList fitting)
{
    constexpr qsizetype kMostNamed = 5;
    fitting.sort();
    const bool more = fitting.size() > kMostNamed;
    fitting = fitting.mid(0, kMostNamed);
    const QString list = more ? QString(quoted(fitting) + QStringLiteral(", …")) : quoted(fitting);
    return Error(Error::Kind::Invalid, QStringLiteral("MF-MODEL-AMBIGUOUS"),
        QStringLiteral("\"%1\" may be any of %2; give the whole name").arg(name, list))
        .of(name);
}

// Small is near; nothing if it is not near at all.
std::optional<int> distanceOf(const QString &asked, const QString &folded)
{
    constexpr qsizetype kShortestPart = 3;
    if (asked.size() >= kShortestPart && (folded.contains(asked) || asked.contains(folded)))
        return 0;
    const int limit = std::clamp(static_cast<int>(asked.size()) / 3, 1, 6);
    const int distance = editDistance(asked, folded, limit);
    return distance <= limit ? std::optional(distance) : std::nullopt;
}

Error unknown(std::span<const NamedRow> models, const QString &name, const QString &folded)
{
    constexpr std::size_t kMostNamed = 3;
    std::vector<std::pair<int, QString>> near;
    for (const NamedRow &model : models) {
        const auto distance = distanceOf(folded, model.name.toCaseFolded());
        if (distance)
            near.emplace_back(*distance, model.name);
    }
    std::ranges::sort(near);
    QStringList names;
    for (std::size_t i = 0; i < std::min(near.size(), kMostNamed); ++i)
        names << near[i].second;
    const QString advice = names.isEmpty() ? QStringLiteral("\"list\" shows all")
                                           : QString(QStringLiteral("did you mean ") + quoted(names) + u'?');
    return Error(Error::Kind::NotFound, QStringLiteral("MF-MODEL-UNKNOWN"),
        QStringLiteral("There is no model \"%1\"; %2").arg(name, advice))
        .of(name)
        .with(QStringLiteral("near"), names.join(u'\n'));
}

} // namespace

int editDistance(QStringView a, QStringView b, int limit)
{
    if (std::abs(a.size() - b.size()) > limit)
        return limit + 1;
    const auto width = static_cast<std::size_t>(b.size()) + 1;
    std::vector<int> before(width);
    std::vector<int> last(width);
    std::vector<int> row(width);
    for (std::size_t j = 0; j < width; ++j)
        last[j] = static_cast<int>(j);
    for (qsizetype i = 1; i <= a.size(); ++i) {
        row[0] = static_cast<int>(i);
        for (qsizetype j = 1; j <= b.size(); ++j) {
            const auto at = static_cast<std::size_t>(j);
            const int change = a[i - 1] == b[j - 1] ? 0 : 1;
            row[at] = std::min({ last[at] + 1, row[at - 1] + 1, last[at - 1] + change });
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[at] = std::min(row[at], before[at - 2] + 1);
        }
        if (*std::ranges::min_element(row) > limit)
            return limit + 1;
        before.swap(last);
        last.swap(row);
    }
    return std::min(last[width - 1], limit + 1);
}

Result<qint64> resolveName(std::span<const NamedRow> models, const QString &name)
{
    const QString folded = name.toCaseFolded();
    enum Closeness { Exact, Case, Prefix, None };
    Closeness best = None;
    qint64 row = 0;
    QStringList fitting;
    for (const NamedRow &model : models) {
        const QString other = model.name.toCaseFolded();
        Closeness closeness = None;
        if (model.name == name)
            closeness = Exact;
        else if (other == folded)
            closeness = Case;
        else if (!folded.isEmpty() && other.startsWith(folded))
            closeness = Prefix;
        if (closeness == None || closeness > best || best == Exact)
            continue;
        if (closeness < best)
            fitting.clear();
        best = closeness;
        row = model.row;
        fitting << model.name;
    }
    if (fitting.isEmpty())
        return unknown(models, name, folded);
    if (fitting.size() > 1)
        return ambiguous(name, fitting);
    return row;
}

} // namespace mf
