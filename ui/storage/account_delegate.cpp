// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/storage/account_delegate.h"

#include "ui/common/icons.h"
#include "ui/common/widgets.h"
#include "ui/common/words.h"
#include "ui/storage/account_space.h"
#include "ui/storage/accounts_model.h"

#include <QApplication>
#include <QLineEdit>
#include <QPainter>

#include <algorithm>

namespace mf::ui {
namespace {

constexpr int kMargin = 8; // left and right of what a cell shows
constexpr int kGap = 6;
constexpr int kLeastIcon = 16;
constexpr int kBar = 9;
constexpr int kLeastBarInLetters = 18;

int iconSize(const QFontMetrics &metrics) { return std::max(kLeastIcon, metrics.height() - 1); }

QString secondLine(const QModelIndex &index) { return index.data(AccountsModel::SecondLineRole).toString(); }

// One line; what does not fit is elided in its middle, as paths want it.
void line(QPainter &painter, const QRect &rect, Qt::LayoutDirection direction, const QString &text)
{
    const QString fitting = painter.fontMetrics().elidedText(text, Qt::ElideMiddle, rect.width());
    const Qt::Alignment side = QStyle::visualAlignment(direction, Qt::AlignLeft);
    painter.drawText(rect, static_cast<int>(side | Qt::AlignVCenter | Qt::TextSingleLine), fitting);
}

QFont strong(QFont font)
{
    font.setWeight(QFont::DemiBold);
    return font;
}

} // namespace

void AccountDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const QStyle *style = cell.widget ? cell.widget->style() : QApplication::style();
    style->drawPrimitive(QStyle::PE_PanelItemViewItem, &cell, painter, cell.widget);
    const auto *account = index.data(AccountsModel::EntryRole).value<const AccountEntry *>();
    if (!account)
        return;

    painter->save();
    painter->setClipRect(cell.rect);
    painter->setRenderHint(QPainter::Antialiasing, false);
    const QRect rect = cell.rect.adjusted(kMargin, 0, -kMargin, 0);
    const int high = cell.fontMetrics.height();
    const int top = rect.center().y() - high + 1;
    QRect upper(rect.left(), top, rect.width(), high);
    QRect lower(rect.left(), top + high, rect.width(), high);
    painter->setFont(cell.font);
    painter->setPen(Theme::colour(Token::Text));
    switch (index.column()) {
    case AccountsModel::Name:
        painter->setFont(strong(cell.font));
        line(*painter, upper, cell.direction, cell.text);
        break;
    case AccountsModel::Health: {
        const StateLook look = healthLook(*account);
        const int size = iconSize(cell.fontMetrics);
        const QRect place = QStyle::visualRect(
            cell.direction, upper, QRect(upper.left(), upper.top() + (high - size) / 2, size, size));
        painter->drawPixmap(place, iconPixmap(look.icon, look.colour, size, painter->device()->devicePixelRatioF()));
        const QRect words = QStyle::visualRect(cell.direction, upper, upper.adjusted(size + kGap, 0, 0, 0));
        painter->setPen(Theme::colour(look.colour));
        line(*painter, words, cell.direction, look.label);
        lower = QStyle::visualRect(cell.direction, lower, lower.adjusted(size + kGap, 0, 0, 0));
        break;
    }
    case AccountsModel::Space:
        paintSpace(*painter, rect, cell, cell.text, *account);
        break;
    default:
        painter->drawText(rect,
            static_cast<int>(QStyle::visualAlignment(cell.direction, Qt::AlignRight) | Qt::AlignVCenter), cell.text);
        break;
    }
    const QString second = secondLine(index);
    if (!second.isEmpty()) {
        painter->setFont(cell.font);
        painter->setPen(Theme::colour(Token::MutedText));
        line(*painter, lower, cell.direction, second);
    }
    painter->restore();
}

void AccountDelegate::paintSpace(QPainter &painter, const QRect &rect, const QStyleOptionViewItem &option,
    const QString &words, const AccountEntry &account) const
{
    const int high = option.fontMetrics.height();
    const int all = high + 4 + kBar;
    const int top = rect.center().y() - all / 2 + 1;
    line(painter, QRect(rect.left(), top, rect.width(), high), option.direction, words);
    const AccountSpace space = spaceOf(account);
    if (!space.isKnown)
        return;
    const bool isTight
        = account.health == AccountEntry::Health::Full || account.health == AccountEntry::Health::AlmostFull;
    const QRect bar(rect.left(), top + high + 4, rect.width(), kBar);
    paintBar(painter, bar, space.oursPart(), space.othersPart(), isTight ? Token::Warn : Token::Accent, Token::Muted);
}

QSize AccountDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const QFontMetrics metrics(cell.font);
    int wide = metrics.horizontalAdvance(cell.text);
    if (index.column() == AccountsModel::Name)
        wide = QFontMetrics(strong(cell.font)).horizontalAdvance(cell.text);
    if (index.column() == AccountsModel::Health)
        wide = std::max(wide, metrics.horizontalAdvance(secondLine(index))) + iconSize(metrics) + kGap;
    if (index.column() == AccountsModel::Space)
        wide = std::max(wide, metrics.averageCharWidth() * kLeastBarInLetters);
    return { wide + 2 * kMargin + 2, 2 * metrics.height() + 16 };
}

QWidget *AccountDelegate::createEditor(
    QWidget *parent, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QWidget *editor = QStyledItemDelegate::createEditor(parent, option, index);
    if (editor) {
        editor->setObjectName(QStringLiteral("storage.nameEditor"));
        editor->setAccessibleName(tr("Name of the account"));
    }
    return editor;
}

void AccountDelegate::updateEditorGeometry(
    QWidget *editor, const QStyleOptionViewItem &option, const QModelIndex &) const
{
    QRect rect = option.rect;
    rect.setHeight(std::min(rect.height(), editor->sizeHint().height()));
    rect.moveTop(option.rect.center().y() - rect.height() / 2);
    editor->setGeometry(rect);
}

} // namespace mf::ui
