// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyleOptionViewItem>

namespace mf::ui {

// The columns that the rows of transfers and those of accounts below them have in common, told from the edge where a
// row ends: so they agree, however far a row is indented. In a row that is read from left to right.
struct RowColumns {
    explicit RowColumns(const QStyleOptionViewItem &option);

    static constexpr int kGap = 8;
    static constexpr int kIcon = 16;

    QRect row; // without its margins
    int square = 0; // side of a button with an icon; there is room for two
    int figuresEnd = 0; // speed and time left
    int figuresBegin = 0;
    int percentBegin = 0; // it ends at contentEnd
    int contentEnd = 0;
    int barBegin = 0;
    int barWidth = 0; // 0: there is no room for it
};

// Into the direction of the option.
void mirror(const QStyleOptionViewItem &option, QRect &rect);
int sideOf(const QStyleOptionViewItem &option, Qt::Alignment wanted); // flags for QPainter::drawText

} // namespace mf::ui
