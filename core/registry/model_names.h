// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QString>

#include <span>

namespace mf {

struct NamedRow {
    qint64 row = 0;
    QString name;
    NamedRow(qint64 r, QString n)
        : row(r)
        , name(std::move(n))
    {
    }
};

// Which model a name that a person typed means: the first of exactly that name (two may have it after one came back
// from the trash elsewhere: the newest comes first), else the only one whose name
// differs in case alone, else the only one whose name begins so (case aside). NotFound "MF-MODEL-UNKNOWN"
// naming up to three near ones; Invalid "MF-MODEL-AMBIGUOUS" naming up to five that fit.
Result<qint64> resolveName(std::span<const NamedRow> models, const QString &name);

// Insertions, deletions, replacements and swaps of neighbours from a to b; stops counting above `limit`.
int editDistance(QStringView a, QStringView b, int limit);

} // namespace mf
