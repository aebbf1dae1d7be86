// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/store/found_delegate.h"

#include "ui/common/theme.h"
#include "ui/store/found_table.h"

#include <QApplication>
#include <QPainter>

namespace mf::ui {
namespace {

constexpr int kMargin = 4;
constexpr int kBesideCheck = 8;

} // namespace

void FoundDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    cell.text.clear();
    const QStyle *style = cell.widget ? cell.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);

    QRect room = option.rect.adjusted(kMargin, kMargin, -kMargin, -kMargin);
    if (cell.features & QStyleOptionViewItem::HasCheckIndicator) {
        const QRect check = style->subElementRect(QStyle::SE_ItemViewItemCheckIndicator, &cell, cell.widget);
        if (cell.direction == Qt::RightToLeft)
            room.setRight(check.left() - kBesideCheck);
        else
            room.setLeft(check.right() + kBesideCheck);
    }
    painter->save();
    QFont bold = option.font;
    bold.setWeight(QFont::DemiBold);
    const QFontMetrics large(bold);
    const QFontMetrics small(option.font);
    const QRect first(
        room.left(), room.center().y() - (large.height() + small.height()) / 2, room.width(), large.height());
    const QRect second(room.left(), first.bottom() + 1, room.width(), small.height());
    const auto start = static_cast<int>(QStyle::visualAlignment(cell.direction, Qt::AlignLeft) | Qt::AlignVCenter);
    const bool canChoose = index.flags().testFlag(Qt::ItemIsUserCheckable);
    painter->setFont(bold);
    painter->setPen(Theme::colour(canChoose ? Token::Text : Token::MutedText));
    painter->drawText(
        first, start, large.elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideMiddle, first.width()));
    painter->setFont(option.font);
    painter->setPen(Theme::colour(static_cast<Token>(index.data(FoundTable::DetailTokenRole).toInt())));
    painter->drawText(
        second, start, small.elidedText(index.data(FoundTable::DetailRole).toString(), Qt::ElideRight, second.width()));
    painter->restore();
}

QSize FoundDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const QSize plain = QStyledItemDelegate::sizeHint(option, index);
    QFont bold = option.font;
    bold.setWeight(QFont::DemiBold);
    const int lines = QFontMetrics(bold).height() + QFontMetrics(option.font).height();
    return QSize(plain.width(), qMax(plain.height(), lines + 2 * kMargin + kMargin));
}

} // namespace mf::ui
