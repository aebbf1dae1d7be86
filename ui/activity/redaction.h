// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QString>

#include <utility>
#include <vector>

namespace mf::ui {

// Replaces what tells who somebody is and what they keep: known names by numbered stand-ins ("account-2"), and whatever
// looks like a path, an address, a file of a model, a hash or a quoted name. When in doubt it takes away too much.
class Redaction
{
public:
    // The same name gets the same stand-in, "word-1", "word-2", … of that word; an empty name is none.
    void add(const QString &name, const QString &word);
    QString standIn(const QString &name) const; // "": it was not added
    QString apply(QString text) const;

private:
    std::vector<std::pair<QString, QString>> m_names; // longest first: one may be a part of another
    QMap<QString, int> m_counts;
};

} // namespace mf::ui
