// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QMap>
#include <QString>

#include <vector>

namespace mf::ui {

// Replaces what tells who somebody is and what they keep: known names by numbered stand-ins ("account-2"), and whatever
// looks like a path, an address, a file of a model, a hash or a quoted name. When in doubt it takes away too much.
//
// A line costs as much with ten thousand names as with ten: they are the branches of a tree of letters.
class Redaction
{
public:
    static constexpr qsizetype kLongestLine = 20'000; // of a longer one only its length is told

    // The same name, in whatever letters, gets the same stand-in, "word-1", "word-2", … of that word; an empty name is
    // none.
    void add(const QString &name, const QString &word);
    QString standIn(const QString &name) const; // "": it was not added
    QString apply(QString line) const;

private:
    struct Found {
        qsizetype length = 0;
        QString standIn;
    };
    // The longest name that begins there and ends with a word.
    Found nameAt(const QString &text, qsizetype at) const;
    QString withStandIns(const QString &text) const;

    QHash<quint64, quint32> m_branches; // of a node and a letter: the next node; 0, the root, is never one
    std::vector<QString> m_standIns { QString() }; // of the name that ends at a node
    QMap<QString, int> m_counts;
};

} // namespace mf::ui
