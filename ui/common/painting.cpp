// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/widgets.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace mf::ui {
namespace {

// How a run of packs looks: the less may be lost, the lower it is, so that it can be told without colours.
struct Column {
    Token colour;
    double height; // of 1
};

Column columnOf(int spare, int promised)
{
    if (spare < 0)
        return { Token::Bad, 1 };
    if (promised <= 0)
        return { Token::Muted, 1 };
    if (spare == 0)
        return { Token::Risk, 1.0 / 3 };
    if (spare < promised)
        return { Token::Warn, 2.0 / 3 };
    return { Token::Ok, 1 };
}

// The cells from `from` to `to` of `count` equal ones that fill the rect, mirrored where the text is.
QRectF cellsOf(const QPainter &painter, const QRectF &rect, double from, double to, double count)
{
    const double left = std::round(rect.width() * from / count);
    const double right = std::round(rect.width() * to / count);
    if (painter.layoutDirection() == Qt::RightToLeft)
        return QRectF(rect.right() - right, rect.top(), right - left, rect.height());
    return QRectF(rect.left() + left, rect.top(), right - left, rect.height());
}

void paintHatch(QPainter &painter, const QRectF &rect, const QColor &colour)
{
    painter.save();
    painter.setClipRect(rect, Qt::IntersectClip);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour, 1));
    constexpr double kStep = 5;
    for (double x = rect.left() - rect.height(); x < rect.right(); x += kStep)
        painter.drawLine(QPointF(x, rect.bottom()), QPointF(x + rect.height(), rect.top()));
    painter.restore();
}

// Crossed out: that it is bad shows in its pattern, too.
void paintBad(QPainter &painter, const QRectF &rect)
{
    const QColor colour = Theme::colour(Token::Bad);
    painter.fillRect(rect, colour);
    if (rect.width() < 4)
        return;
    painter.save();
    painter.setClipRect(rect, Qt::IntersectClip);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(Theme::colour(Token::Surface), 1));
    painter.drawLine(rect.bottomLeft(), rect.topRight());
    painter.restore();
}

void paintCells(QPainter &painter, const QRect &rect, const std::vector<qint8> &strip, int promised)
{
    // As many columns as there is room for; each shows the worst of what it stands for.
    constexpr int kNarrowest = 2;
    constexpr int kWithGap = 4;
    constexpr int kTall = 14;
    const bool hasGaps = rect.height() >= kTall;
    const auto cells = static_cast<int>(strip.size());
    const int columns = std::clamp(rect.width() / (hasGaps ? kWithGap : kNarrowest), 1, cells);
    std::vector<std::pair<QRectF, int>> bad; // drawn last and never narrower than 2
    for (int i = 0; i < columns; ++i) {
        const auto first = strip.begin() + i * cells / columns;
        const auto last = strip.begin() + std::max((i + 1) * cells / columns, i * cells / columns + 1);
        const int spare = *std::min_element(first, last);
        QRectF cell = cellsOf(painter, rect, i, i + 1, columns);
        if (hasGaps)
            cell.setWidth(cell.width() - 1);
        const Column look = columnOf(spare, promised);
        if (look.colour == Token::Bad) {
            cell.setWidth(std::max<double>(cell.width(), kNarrowest));
            bad.emplace_back(cell, spare);
            continue;
        }
        cell.setTop(cell.bottom() - std::max(1.0, std::round(cell.height() * look.height)));
        painter.fillRect(cell, Theme::colour(look.colour));
    }
    for (const auto &[cell, spare] : bad)
        paintBad(painter, cell);
}

} // namespace

void paintStrip(QPainter &painter, const QRect &rect, const std::vector<qint8> &strip, int promised, int percent)
{
    if (rect.isEmpty())
        return;
    painter.save();
    painter.fillRect(rect, Theme::colour(Token::Track));
    if (percent >= 0) {
        constexpr int kAll = 100;
        const int done = std::min(percent, kAll);
        painter.fillRect(cellsOf(painter, rect, 0, done, kAll), Theme::colour(Token::Ok));
        const QRectF rest = cellsOf(painter, rect, done, kAll, kAll);
        painter.fillRect(rest, Theme::colour(Token::Surface));
        paintHatch(painter, rest, Theme::colour(Token::Info));
    } else if (strip.empty()) {
        painter.fillRect(rect, Theme::colour(Token::Surface));
        painter.setPen(QPen(Theme::colour(Token::Muted), 1, Qt::DashLine));
        painter.drawRect(rect.adjusted(0, 0, -1, -1));
    } else {
        paintCells(painter, rect, strip, promised);
    }
    painter.restore();
}

void paintBar(QPainter &painter, const QRect &rect, double value, double second, Token colour, Token secondColour)
{
    if (rect.isEmpty())
        return;
    const auto share = [](double part) { return std::isfinite(part) ? std::clamp(part, 0.0, 1.0) : 0.0; };
    const double first = share(value);
    const double both = std::min(1.0, first + share(second));
    // What is there at all is seen.
    const double least = 2.0 / rect.width();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QPainterPath shape;
    const double radius = std::min(4.0, rect.height() / 2.0);
    shape.addRoundedRect(rect, radius, radius);
    painter.setClipPath(shape, Qt::IntersectClip);
    painter.fillRect(rect, Theme::colour(Token::Track));
    if (both > first)
        painter.fillRect(cellsOf(painter, rect, 0, std::max(both, least), 1), Theme::colour(secondColour));
    if (first > 0)
        painter.fillRect(cellsOf(painter, rect, 0, std::max(first, least), 1), Theme::colour(colour));
    painter.restore();
}

} // namespace mf::ui
