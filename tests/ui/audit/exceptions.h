// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <vector>

namespace mf::ui {

// What an audit finds and somebody has looked at: exceptions.txt, one a line,
//     scene | check | object | reason
// the first three with * and ?. A line without a reason is an error.
class Exceptions
{
public:
    // Empty and errors() if it cannot be read.
    static Exceptions read(const QString &path);
    QStringList errors() const { return m_errors; }
    bool cover(const QString &scene, const QString &check, const QString &object) const;

private:
    struct Line {
        QString scene;
        QString check;
        QString object;
    };
    std::vector<Line> m_lines;
    QStringList m_errors;
};

} // namespace mf::ui
