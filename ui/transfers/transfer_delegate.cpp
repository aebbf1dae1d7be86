// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transfers/transfer_delegate.h"

#include "ui/common/icons.h"
#include "ui/common/widgets.h"
#include "ui/common/words.h"
#include "ui/transfers/row_columns.h"
#include "ui/transfers/share_row.h"
#include "ui/transfers/transfer_model.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace mf::ui {
namespace {

using Stage = TransferEntry::State;

constexpr int kGap = RowColumns::kGap;
constexpr int kIcon = RowColumns::kIcon;

QFont boldOf(QFont font)
{
    font.setWeight(QFont::DemiBold);
    return font;
}

} // namespace

TransferDelegate::TransferDelegate(Clock &clock, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_clock(clock)
{
}

TransferDelegate::Layout TransferDelegate::layoutOf(
    const QStyleOptionViewItem &option, const TransferEntry &transfer) const
{
    const QFontMetrics &metrics = option.fontMetrics;
    const RowColumns columns(option);
    const QRect &row = columns.row;
    const int line = metrics.lineSpacing();
    const int top = row.center().y() - line - 1;
    const int second = row.center().y() + 1;
    const int square = columns.square;
    Layout layout;

    // From the right: two squares for icons, then the figures.
    int right = row.right() + 1;
    std::vector<RowButton> icons;
    if (canCancel(transfer)) {
        icons.push_back(RowButton::Cancel);
        icons.push_back(canResume(transfer) ? RowButton::Resume : RowButton::Pause);
    }
    for (const RowButton button : icons) {
        layout.buttons.push_back(
            { button, QRect(right - square, row.center().y() - square / 2, square, square), true });
        right -= square;
    }
    RowButton wide = RowButton::None;
    if (canRetry(transfer))
        wide = RowButton::Retry;
    else if (canOpenFolder(transfer))
        wide = RowButton::OpenFolder;
    else if (remedyOf(transfer))
        wide = RowButton::Remedy;
    if (wide != RowButton::None) {
        // Without icons it may stand at the edge.
        const int edge = icons.empty() ? row.right() + 1 : columns.figuresEnd;
        const int width = metrics.horizontalAdvance(buttonText(wide, transfer)) + 2 * kGap;
        layout.buttons.push_back({ wide, QRect(edge - width, row.center().y() - square / 2, width, square), false });
    } else {
        const int figures = columns.figuresEnd - columns.figuresBegin;
        layout.speed = QRect(columns.figuresBegin, top, figures, line);
        layout.left = QRect(columns.figuresBegin, second, figures, line);
    }

    layout.icon = QRect(row.left(), top + (line - kIcon) / 2, kIcon, kIcon);
    int left = row.left() + kIcon + kGap;
    layout.line = QRect(left, second, std::max(0, columns.contentEnd - left), line);
    if (!isEnded(transfer) && transfer.priority != TransferPriority::Normal) {
        layout.priority = QRect(left, top + (line - kIcon) / 2, kIcon, kIcon);
        left += kIcon + kGap / 2;
    }
    int titleEnd = columns.contentEnd;
    const bool isMeasured = !isEnded(transfer) || transfer.state == Stage::Failed;
    if (isMeasured) {
        layout.percent = QRect(columns.percentBegin, top, columns.contentEnd - columns.percentBegin, line);
        layout.bar = QRect(columns.barBegin, top + (line - 8) / 2, columns.barWidth, 8);
        titleEnd = columns.barBegin - 2 * kGap;
    }
    layout.title = QRect(left, top, std::max(0, titleEnd - left), line);

    for (QRect *rect : { &layout.icon, &layout.priority, &layout.title, &layout.bar, &layout.percent, &layout.line,
             &layout.speed, &layout.left })
        mirror(option, *rect);
    for (Button &button : layout.buttons)
        mirror(option, button.rect);
    return layout;
}

RowButton TransferDelegate::buttonAt(
    const QStyleOptionViewItem &option, const QModelIndex &index, const QPoint &at) const
{
    const auto *transfer = index.data(TransferModel::EntryRole).value<const TransferEntry *>();
    if (!transfer)
        return RowButton::None;
    for (const Button &button : layoutOf(option, *transfer).buttons) {
        if (button.rect.contains(at))
            return button.what;
    }
    return RowButton::None;
}

void TransferDelegate::paint(QPainter *painter, const QStyleOptionViewItem &plain, const QModelIndex &index) const
{
    QStyleOptionViewItem option = plain;
    initStyleOption(&option, index);
    // The style paints the row (ground, hover, focus); the text is ours.
    option.text.clear();
    const QWidget *widget = option.widget;
    QStyle *style = widget ? widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &option, painter, widget);

    painter->save();
    painter->setLayoutDirection(Qt::LayoutDirectionAuto); // names keep their direction in any window
    if (const auto *transfer = index.data(TransferModel::EntryRole).value<const TransferEntry *>()) {
        paintTransfer(painter, option, *transfer);
    } else {
        const auto *parent = index.parent().data(TransferModel::EntryRole).value<const TransferEntry *>();
        const auto *share = index.data(TransferModel::ShareRole).value<const ShareEntry *>();
        if (parent && share)
            paintShareRow(*painter, option, *parent, *share);
    }
    painter->restore();
}

void TransferDelegate::paintTransfer(
    QPainter *painter, const QStyleOptionViewItem &option, const TransferEntry &transfer) const
{
    const Layout layout = layoutOf(option, transfer);
    const Token colour = transferColour(transfer);
    const qreal ratio = painter->device()->devicePixelRatioF();
    painter->drawPixmap(layout.icon.topLeft(), iconPixmap(transferIcon(transfer), colour, kIcon, ratio));
    if (!layout.priority.isEmpty()) {
        const bool isHigh = transfer.priority == TransferPriority::High;
        painter->drawPixmap(layout.priority.topLeft(),
            iconPixmap(priorityIcon(transfer.priority), isHigh ? Token::Info : Token::MutedText, kIcon, ratio));
    }

    painter->setFont(boldOf(option.font));
    painter->setPen(Theme::colour(Token::Text));
    const QFontMetrics bold(painter->font());
    painter->drawText(layout.title, sideOf(option, Qt::AlignLeft),
        bold.elidedText(transferTitle(transfer), Qt::ElideMiddle, layout.title.width()));

    painter->setFont(option.font);
    const bool isPlain = transfer.state == Stage::Running || colour == Token::MutedText;
    painter->setPen(Theme::colour(isPlain ? Token::MutedText : colour));
    // Rather than half a number, none: what comes last are sizes and ages.
    QString line = transferLine(transfer, m_clock.now());
    const qsizetype last = line.lastIndexOf(QStringLiteral(" · "));
    if (last > 0 && option.fontMetrics.horizontalAdvance(line) > layout.line.width())
        line.truncate(last);
    painter->drawText(layout.line, sideOf(option, Qt::AlignLeft),
        option.fontMetrics.elidedText(line, Qt::ElideRight, layout.line.width()));

    if (!layout.percent.isEmpty()) {
        const Progress &progress = transfer.progress;
        const double part
            = progress.total > 0 ? static_cast<double>(progress.bytes) / static_cast<double>(progress.total) : 0;
        const bool isMoving = transfer.state == Stage::Running || transfer.state == Stage::Failed;
        if (!layout.bar.isEmpty()) {
            painter->setLayoutDirection(option.direction); // bars grow the way one reads
            paintBar(*painter, layout.bar, part, 0, isMoving ? colour : Token::Muted, Token::Track);
            painter->setLayoutDirection(Qt::LayoutDirectionAuto);
        }
        painter->setPen(Theme::colour(Token::Text));
        painter->drawText(layout.percent, sideOf(option, Qt::AlignRight), percentWords(progress));
    }
    if (!layout.speed.isEmpty() && transfer.state == Stage::Running) {
        painter->setPen(Theme::colour(Token::Text));
        if (transfer.bytesPerSecond > 0)
            painter->drawText(layout.speed, sideOf(option, Qt::AlignRight), rateWords(transfer.bytesPerSecond));
        painter->setPen(Theme::colour(Token::MutedText));
        painter->drawText(layout.left, sideOf(option, Qt::AlignRight), timeLeftWords(transfer.left));
    }
    for (const Button &button : layout.buttons)
        paintButton(painter, option, button, transfer);
}

void TransferDelegate::paintButton(
    QPainter *painter, const QStyleOptionViewItem &option, const Button &button, const TransferEntry &transfer) const
{
    const QWidget *widget = option.widget;
    const auto *view = qobject_cast<const QAbstractItemView *>(widget);
    const bool isHovered = view && (option.state & QStyle::State_MouseOver)
        && button.rect.contains(view->viewport()->mapFromGlobal(QCursor::pos()));
    const qreal ratio = painter->device()->devicePixelRatioF();
    if (button.isIcon) {
        if (isHovered) {
            painter->setPen(Theme::colour(Token::Border));
            painter->setBrush(Theme::colour(Token::Track));
            painter->drawRoundedRect(button.rect.adjusted(1, 1, -1, -1), 4, 4);
        }
        QRect place(0, 0, kIcon, kIcon);
        place.moveCenter(button.rect.center());
        painter->drawPixmap(place.topLeft(), iconPixmap(buttonIcon(button.what), Token::Text, kIcon, ratio));
        return;
    }
    QStyleOptionButton look;
    look.rect = button.rect;
    look.direction = option.direction;
    look.palette = option.palette;
    look.fontMetrics = option.fontMetrics;
    look.text = buttonText(button.what, transfer);
    look.state = QStyle::State_Enabled | QStyle::State_Raised;
    if (isHovered)
        look.state |= QStyle::State_MouseOver;
    (widget ? widget->style() : QApplication::style())->drawControl(QStyle::CE_PushButton, &look, painter, nullptr);
}

QSize TransferDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    if (index.parent().isValid())
        return { 320, shareRowHeight(option) };
    return { 320, 2 * option.fontMetrics.lineSpacing() + 16 };
}

bool TransferDelegate::helpEvent(
    QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option, const QModelIndex &index)
{
    if (event->type() == QEvent::ToolTip && index.isValid()) {
        const RowButton button = buttonAt(option, index, event->pos());
        if (button != RowButton::None) {
            const auto *transfer = index.data(TransferModel::EntryRole).value<const TransferEntry *>();
            QToolTip::showText(event->globalPos(), buttonSpoken(button, *transfer), view);
            return true;
        }
    }
    return QStyledItemDelegate::helpEvent(event, view, option, index);
}

} // namespace mf::ui
