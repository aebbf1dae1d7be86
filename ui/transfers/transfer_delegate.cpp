// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transfers/transfer_delegate.h"

#include "ui/common/icons.h"
#include "ui/common/widgets.h"
#include "ui/common/words.h"
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

constexpr int kGap = 8;
constexpr int kIcon = 16;

QString buttonIcon(RowButton button)
{
    switch (button) {
    case RowButton::Pause:
        return QStringLiteral("pause");
    case RowButton::Resume:
        return QStringLiteral("play");
    case RowButton::Cancel:
        return QStringLiteral("x");
    case RowButton::None:
    case RowButton::Retry:
    case RowButton::OpenFolder:
    case RowButton::Remedy:
        break;
    }
    return QString();
}

// Wide enough for whatever may stand in the column of speed and time left, so that the columns of all rows agree.
int figuresWidth(const QFontMetrics &metrics)
{
    int width = std::max(metrics.horizontalAdvance(timeLeftWords(TimeLeft(TimeLeft::Form::Hours, 1, 10))),
        metrics.horizontalAdvance(timeLeftWords(TimeLeft(TimeLeft::Form::UnderAMinute))));
    QStringList buttons = remedyTexts();
    buttons << buttonText(RowButton::Retry, {}) << buttonText(RowButton::OpenFolder, {});
    for (const QString &text : std::as_const(buttons))
        width = std::max(width, metrics.horizontalAdvance(text) + 2 * kGap);
    return width + 4;
}

QFont boldOf(QFont font)
{
    font.setWeight(QFont::DemiBold);
    return font;
}

} // namespace

QString buttonText(RowButton button, const TransferEntry &transfer)
{
    switch (button) {
    case RowButton::Pause:
        return TransferDelegate::tr("Pause");
    case RowButton::Resume:
        return TransferDelegate::tr("Resume");
    case RowButton::Cancel:
        return asksBeforeCancel(transfer) ? TransferDelegate::tr("Cancel…") : TransferDelegate::tr("Cancel");
    case RowButton::Retry:
        return TransferDelegate::tr("Retry");
    case RowButton::OpenFolder:
        return TransferDelegate::tr("Open Folder");
    case RowButton::Remedy:
        if (const std::optional<WaitRemedy> remedy = remedyOf(transfer))
            return remedy->text;
        break;
    case RowButton::None:
        break;
    }
    return QString();
}

QString buttonAction(RowButton button)
{
    switch (button) {
    case RowButton::Pause:
        return QStringLiteral("transfer.pause");
    case RowButton::Resume:
        return QStringLiteral("transfer.resume");
    case RowButton::Cancel:
        return QStringLiteral("transfer.cancel");
    case RowButton::Retry:
        return QStringLiteral("transfer.retry");
    case RowButton::OpenFolder:
        return QStringLiteral("transfer.openFolder");
    case RowButton::None:
    case RowButton::Remedy:
        break;
    }
    return QString();
}

QString buttonSpoken(RowButton button, const TransferEntry &transfer)
{
    QString text = buttonText(button, transfer);
    text.remove(u'…');
    const QString name = transfer.name.isEmpty() ? transferTitle(transfer) : transfer.name;
    return TransferDelegate::tr("%1 %2", "Pause, name of a model").arg(text, name);
}

TransferDelegate::TransferDelegate(Clock &clock, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_clock(clock)
{
}

TransferDelegate::Layout TransferDelegate::layoutOf(
    const QStyleOptionViewItem &option, const TransferEntry &transfer) const
{
    const QFontMetrics &metrics = option.fontMetrics;
    const QRect row = option.rect.adjusted(kGap, 0, -kGap, 0);
    const int line = metrics.lineSpacing();
    const int top = row.center().y() - line - 1;
    const int second = row.center().y() + 1;
    const int square = std::max(24, line + 6);
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
    right = row.right() + 1 - 2 * square - kGap;
    const int figures = figuresWidth(metrics);
    RowButton wide = RowButton::None;
    if (canRetry(transfer))
        wide = RowButton::Retry;
    else if (canOpenFolder(transfer))
        wide = RowButton::OpenFolder;
    else if (remedyOf(transfer))
        wide = RowButton::Remedy;
    if (wide != RowButton::None) {
        // Without icons it may stand at the edge.
        const int edge = icons.empty() ? row.right() + 1 : right;
        const int width = metrics.horizontalAdvance(buttonText(wide, transfer)) + 2 * kGap;
        layout.buttons.push_back({ wide, QRect(edge - width, row.center().y() - square / 2, width, square), false });
    } else {
        layout.speed = QRect(right - figures, top, figures, line);
        layout.left = QRect(right - figures, second, figures, line);
    }
    right -= figures + kGap;

    layout.icon = QRect(row.left(), top + (line - kIcon) / 2, kIcon, kIcon);
    const int left = row.left() + kIcon + kGap;
    layout.line = QRect(left, second, std::max(0, right - left), line);
    int titleEnd = right;
    const bool isMeasured = !isEnded(transfer) || transfer.state == Stage::Failed;
    if (isMeasured) {
        const int percent = metrics.horizontalAdvance(QStringLiteral("100 %"));
        // The bar gives way to the name before the name does to it: the percent says the same.
        const int name = metrics.averageCharWidth() * 24;
        const int room = right - percent - 3 * kGap - left - name;
        int bar = std::clamp(std::min(row.width() / 5, room), 0, 220);
        if (bar < 40)
            bar = 0;
        layout.percent = QRect(right - percent, top, percent, line);
        layout.bar = QRect(layout.percent.left() - kGap - bar, top + (line - 8) / 2, bar, 8);
        titleEnd = layout.bar.left() - 2 * kGap;
    }
    layout.title = QRect(left, top, std::max(0, titleEnd - left), line);

    const auto mirror = [&option](QRect &rect) { rect = QStyle::visualRect(option.direction, option.rect, rect); };
    for (QRect *rect :
        { &layout.icon, &layout.title, &layout.bar, &layout.percent, &layout.line, &layout.speed, &layout.left })
        mirror(*rect);
    for (Button &button : layout.buttons)
        mirror(button.rect);
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
    const auto *transfer = index.data(TransferModel::EntryRole).value<const TransferEntry *>();
    if (!transfer)
        return;
    // The style paints the row (ground, hover, focus); the text is ours.
    option.text.clear();
    const QWidget *widget = option.widget;
    QStyle *style = widget ? widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &option, painter, widget);

    const Layout layout = layoutOf(option, *transfer);
    const Token colour = transferColour(*transfer);
    const qreal ratio = painter->device()->devicePixelRatioF();
    const auto side = [&option](Qt::Alignment wanted) {
        return static_cast<int>(
            QStyle::visualAlignment(option.direction, wanted | Qt::AlignVCenter) | Qt::AlignAbsolute);
    };
    painter->save();
    painter->setLayoutDirection(Qt::LayoutDirectionAuto); // names keep their direction in any window
    painter->drawPixmap(layout.icon.topLeft(), iconPixmap(transferIcon(*transfer), colour, kIcon, ratio));

    painter->setFont(boldOf(option.font));
    painter->setPen(Theme::colour(Token::Text));
    const QFontMetrics bold(painter->font());
    painter->drawText(layout.title, side(Qt::AlignLeft),
        bold.elidedText(transferTitle(*transfer), Qt::ElideMiddle, layout.title.width()));

    painter->setFont(option.font);
    const bool isPlain = transfer->state == Stage::Running || colour == Token::MutedText;
    painter->setPen(Theme::colour(isPlain ? Token::MutedText : colour));
    // Rather than half a number, none: what comes last are sizes and ages.
    QString line = transferLine(*transfer, m_clock.now());
    const qsizetype last = line.lastIndexOf(QStringLiteral(" · "));
    if (last > 0 && option.fontMetrics.horizontalAdvance(line) > layout.line.width())
        line.truncate(last);
    painter->drawText(
        layout.line, side(Qt::AlignLeft), option.fontMetrics.elidedText(line, Qt::ElideRight, layout.line.width()));

    if (!layout.percent.isEmpty()) {
        const Progress &progress = transfer->progress;
        const double part
            = progress.total > 0 ? static_cast<double>(progress.bytes) / static_cast<double>(progress.total) : 0;
        const bool isMoving = transfer->state == Stage::Running || transfer->state == Stage::Failed;
        if (!layout.bar.isEmpty()) {
            painter->setLayoutDirection(option.direction); // bars grow the way one reads
            paintBar(*painter, layout.bar, part, 0, isMoving ? colour : Token::Muted, Token::Track);
            painter->setLayoutDirection(Qt::LayoutDirectionAuto);
        }
        painter->setPen(Theme::colour(Token::Text));
        painter->drawText(layout.percent, side(Qt::AlignRight), percentWords(progress));
    }
    if (!layout.speed.isEmpty() && transfer->state == Stage::Running) {
        painter->setPen(Theme::colour(Token::Text));
        if (transfer->bytesPerSecond > 0)
            painter->drawText(layout.speed, side(Qt::AlignRight), rateWords(transfer->bytesPerSecond));
        painter->setPen(Theme::colour(Token::MutedText));
        painter->drawText(layout.left, side(Qt::AlignRight), timeLeftWords(transfer->left));
    }
    for (const Button &button : layout.buttons)
        paintButton(painter, option, button, *transfer);
    painter->restore();
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

QSize TransferDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
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
