// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Text on a terminal: how wide it is, wrapped and in columns.

#include <QString>
#include <QStringList>

#include <vector>

namespace mf::cli {

// What a terminal may be given: control characters (also those that would move the cursor, and the
// marks that reverse text) are shown as \n, \t, \x1b or \u202e, and bytes of a file name that are not UTF-8
// (core/base/path_text.h) as \xff; all else stays.
QString printable(const QString &text);

// Cells that the text takes: combining marks none, East Asian wide characters and emoji two.
int displayWidth(const QString &text);

// At most `width` cells; what is cut is shown as "…" at the end.
QString elided(const QString &text, int width);

// Lines of at most `width` cells, broken at spaces; each begins with `indent` spaces.
QStringList wrapped(const QString &text, int width, int indent = 0);

// Lines "  left      right", the right column wrapped; the left is as wide as `leftWidth`, a longer
// left stands on a line of its own.
QStringList twoColumns(const QString &left, const QString &right, int leftWidth, int width);

// Columns with two spaces between them.
class TextTable
{
public:
    enum class Align { Left, Right };
    struct Column {
        QString title;
        Align align = Align::Left;
        bool givesWay = false; // this one is elided if the table is too wide
        explicit Column(QString t, Align a = Align::Left, bool gives = false)
            : title(std::move(t))
            , align(a)
            , givesWay(gives)
        {
        }
    };

    explicit TextTable(std::vector<Column> columns)
        : m_columns(std::move(columns))
    {
    }
    // Precondition: as many cells as columns. They are made printable here.
    void addRow(QStringList cells);
    bool isEmpty() const { return m_rows.empty(); }
    // A line for the titles and one for each row, each with its line break. width 0: as wide as it needs.
    QString toText(int width = 0) const;

private:
    std::vector<Column> m_columns;
    std::vector<QStringList> m_rows;
};

} // namespace mf::cli
