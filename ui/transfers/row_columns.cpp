// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transfers/row_columns.h"

#include "ui/common/words.h"
#include "ui/transfers/transfer_buttons.h"
#include "ui/transfers/transfer_rules.h"

#include <QTreeView>

#include <algorithm>

namespace mf::ui {
namespace {

constexpr int kLeastBar = 40;
constexpr int kWidestBar = 220;

// Wide enough for whatever may stand in the column of speed and time left, so that the columns of all rows agree.
int figuresWidth(const QFontMetrics &metrics)
{
    int width = std::max(metrics.horizontalAdvance(timeLeftWords(TimeLeft(TimeLeft::Form::Hours, 1, 10))),
        metrics.horizontalAdvance(timeLeftWords(TimeLeft(TimeLeft::Form::UnderAMinute))));
    QStringList buttons = remedyTexts();
    buttons << buttonText(RowButton::Retry, {}) << buttonText(RowButton::OpenFolder, {});
    for (const QString &text : std::as_const(buttons))
        width = std::max(width, metrics.horizontalAdvance(text) + 2 * RowColumns::kGap);
    return width + 4;
}

} // namespace

RowColumns::RowColumns(const QStyleOptionViewItem &option)
{
    const QFontMetrics &metrics = option.fontMetrics;
    row = option.rect.adjusted(kGap, 0, -kGap, 0);
    square = std::max(24, metrics.lineSpacing() + 6);
    figuresEnd = row.right() + 1 - 2 * square - kGap;
    figuresBegin = figuresEnd - figuresWidth(metrics);
    contentEnd = figuresBegin - kGap;
    percentBegin = contentEnd - metrics.horizontalAdvance(QStringLiteral("100 %"));
    // Of the whole line, with what it is indented by.
    const auto *tree = qobject_cast<const QTreeView *>(option.widget);
    const int whole = tree ? tree->viewport()->width() : option.rect.width();
    const int left = 2 * kGap + kIcon + (tree ? 2 * tree->indentation() : 0);
    // The bar gives way to the name before the name does to it: the percent says the same.
    const int name = metrics.averageCharWidth() * 24;
    const int room = whole - (option.rect.right() + 1 - percentBegin) - left - 3 * kGap - name;
    barWidth = std::clamp(std::min(whole / 5, room), 0, kWidestBar);
    if (barWidth < kLeastBar)
        barWidth = 0;
    barBegin = percentBegin - kGap - barWidth;
}

void mirror(const QStyleOptionViewItem &option, QRect &rect)
{
    rect = QStyle::visualRect(option.direction, option.rect, rect);
}

int sideOf(const QStyleOptionViewItem &option, Qt::Alignment wanted)
{
    const Qt::Alignment side = QStyle::visualAlignment(option.direction, wanted | Qt::AlignVCenter);
    // What keeps its direction in a window that is read from right to left may stand in a font that is a little taller.
    return static_cast<int>(side | Qt::AlignAbsolute) | Qt::TextDontClip;
}

} // namespace mf::ui
