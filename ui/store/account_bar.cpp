// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/store/account_bar.h"

#include "ui/common/widgets.h"
#include "ui/store/plan_table.h"

#include <QApplication>
#include <QPainter>

namespace mf::ui {
namespace {

constexpr int kGap = 8;
constexpr int kBarHeight = 8;
constexpr int kBarLetters = 11; // its width

int barWidth(const QStyleOptionViewItem &option) { return option.fontMetrics.averageCharWidth() * kBarLetters; }

} // namespace

void AccountBar::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const QString note = cell.text;
    cell.text.clear();
    const QStyle *style = cell.widget ? cell.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);

    const QRect room = option.rect.adjusted(kGap, 0, -kGap, 0);
    QRect bar(room.left(), room.center().y() - kBarHeight / 2, qMin(barWidth(option), room.width()), kBarHeight);
    bar = QStyle::visualRect(cell.direction, room, bar);
    const double used = index.data(PlanTable::UsedRole).toDouble();
    const double takes = index.data(PlanTable::TakesRole).toDouble();
    if (used >= 0) {
        const bool isTight = static_cast<Token>(index.data(PlanTable::TokenRole).toInt()) == Token::Warn;
        painter->save();
        paintBar(*painter, bar, used, takes, Token::Muted, isTight ? Token::Warn : Token::Accent);
        painter->restore();
    }
    if (note.isEmpty())
        return;
    QRect text(
        room.left() + barWidth(option) + kGap, room.top(), room.width() - barWidth(option) - kGap, room.height());
    text = QStyle::visualRect(cell.direction, room, text);
    painter->save();
    painter->setPen(Theme::colour(static_cast<Token>(index.data(PlanTable::TokenRole).toInt())));
    painter->drawText(text, static_cast<int>(QStyle::visualAlignment(cell.direction, Qt::AlignLeft) | Qt::AlignVCenter),
        cell.fontMetrics.elidedText(note, Qt::ElideRight, text.width()));
    painter->restore();
}

QSize AccountBar::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QString note = index.data(Qt::DisplayRole).toString();
    const int words = note.isEmpty() ? 0 : kGap + option.fontMetrics.horizontalAdvance(note);
    return QSize(barWidth(option) + words + 2 * kGap + 2, option.fontMetrics.height() + kGap);
}

} // namespace mf::ui
