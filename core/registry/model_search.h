// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/connection.h"

namespace mf {

// Brings the words of a model up to date with its current revision (none: it cannot be found).
Result<> indexModel(Connection &db, qint64 model);

// What a search text means, as a condition over the aliases m (model) and r (its current revision).
//
// The text is cut at white space; every word must be met: as the beginning of a word of the name, the
// family, the quantisation, a tag or a file's name, or, from four hexadecimal digits on, as the beginning
// of the SHA-256 of a file. Case and accents do not matter. A word of signs alone (an emoji, a star) is
// looked for in the name. Nothing in the text has a meaning to the database; no text is an error.
struct SearchFilter {
    QString condition; // "" or " AND …"
    QVariantList values;
};
SearchFilter searchFilter(const QString &text);

} // namespace mf
