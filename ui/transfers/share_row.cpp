// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transfers/share_row.h"

#include "ui/common/icons.h"
#include "ui/common/widgets.h"
#include "ui/common/words.h"
#include "ui/transfers/row_columns.h"
#include "ui/transfers/share_rules.h"

#include <QPainter>

#include <algorithm>

namespace mf::ui {
namespace {

constexpr int kGap = RowColumns::kGap;
constexpr int kIcon = RowColumns::kIcon;
constexpr int kBar = 6;

struct Parts {
    QRect icon;
    QRect name;
    QRect line; // what it does
    QRect bar;
    QRect percent;
    QRect speed;
};

// isLong: what it does takes the place of the bar, too.
Parts partsOf(const QStyleOptionViewItem &option, bool isLong)
{
    const RowColumns columns(option);
    const QRect &row = columns.row;
    const int line = option.fontMetrics.lineSpacing();
    const int top = row.center().y() - line / 2;
    const int left = row.left() + kIcon + kGap;
    const int end = columns.barBegin - 2 * kGap;
    const int lineEnd = isLong ? columns.percentBegin - kGap : end;
    // What it does begins at the same place in all rows.
    const int name = std::min((end - left) / 2, option.fontMetrics.averageCharWidth() * 24);
    Parts parts;
    parts.icon = QRect(row.left(), row.center().y() - kIcon / 2, kIcon, kIcon);
    parts.name = QRect(left, top, std::max(0, name), line);
    parts.line = QRect(left + name + kGap, top, std::max(0, lineEnd - left - name - kGap), line);
    parts.bar = QRect(columns.barBegin, row.center().y() - kBar / 2, isLong ? 0 : columns.barWidth, kBar);
    parts.percent = QRect(columns.percentBegin, top, columns.contentEnd - columns.percentBegin, line);
    parts.speed = QRect(columns.figuresBegin, top, columns.figuresEnd - columns.figuresBegin, line);
    for (QRect *rect : { &parts.icon, &parts.name, &parts.line, &parts.bar, &parts.percent, &parts.speed })
        mirror(option, *rect);
    return parts;
}

} // namespace

void paintShareRow(
    QPainter &painter, const QStyleOptionViewItem &option, const TransferEntry &transfer, const ShareEntry &share)
{
    const Token colour = shareColour(transfer, share);
    const bool isTrouble = colour == Token::Warn || colour == Token::Bad;
    const QFontMetrics &metrics = option.fontMetrics;
    Parts parts = partsOf(option, false);
    if (isTrouble && metrics.horizontalAdvance(shareWords(transfer, share)) > parts.line.width())
        parts = partsOf(option, true); // the reason says more than the bar, and the percent says the same as that
    const qreal ratio = painter.device()->devicePixelRatioF();
    const auto text = [&](const QRect &rect, Token pen, Qt::Alignment side, const QString &words) {
        painter.setPen(Theme::colour(pen));
        painter.drawText(rect, sideOf(option, side), words);
    };
    painter.drawPixmap(parts.icon.topLeft(), iconPixmap(QStringLiteral("hard-drive"), colour, kIcon, ratio));
    text(parts.name, Token::Text, Qt::AlignLeft, metrics.elidedText(share.name, Qt::ElideMiddle, parts.name.width()));
    // Rather than half a number, none.
    QString line = shareLine(transfer, share);
    if (metrics.horizontalAdvance(line) > parts.line.width())
        line = shareWords(transfer, share);
    text(parts.line, isTrouble ? colour : Token::MutedText, Qt::AlignLeft,
        metrics.elidedText(line, Qt::ElideRight, parts.line.width()));
    if (const std::optional<double> part = sharePart(transfer, share)) {
        if (!parts.bar.isEmpty()) {
            painter.setLayoutDirection(option.direction); // bars grow the way one reads
            paintBar(painter, parts.bar, *part, 0, colour == Token::MutedText ? Token::Muted : colour, Token::Track);
            painter.setLayoutDirection(Qt::LayoutDirectionAuto);
        }
        text(parts.percent, Token::Text, Qt::AlignRight, sharePercent(share));
    }
    if (transfer.state == TransferEntry::State::Running && share.bytesPerSecond > 0)
        text(parts.speed, Token::Text, Qt::AlignRight, rateWords(share.bytesPerSecond));
}

int shareRowHeight(const QStyleOptionViewItem &option) { return std::max(24, option.fontMetrics.lineSpacing() + 8); }

} // namespace mf::ui
