// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transfers/speed_graph.h"

#include "ui/common/theme.h"
#include "ui/common/words.h"

#include <QPainter>
#include <QPainterPath>
#include <QStyle>

#include <algorithm>

namespace mf::ui {
namespace {

constexpr int kMargin = 8;

QString spanWords(int seconds)
{
    return seconds <= 60 ? SpeedGraph::tr("1 minute") : SpeedGraph::tr("%1 minutes").arg(seconds / 60);
}

} // namespace

SpeedGraph::SpeedGraph(const RateHistory &history, QWidget *parent)
    : QWidget(parent)
    , m_history(history)
{
    setObjectName(QStringLiteral("transfers.graph"));
    setAccessibleName(tr("Speed graph"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    describe();
}

void SpeedGraph::setSpan(int seconds)
{
    m_span = std::clamp(seconds, 1, RateHistory::kMost);
    describe();
    update();
}

void SpeedGraph::advance()
{
    if (!isVisible())
        return;
    describe();
    update();
}

QSize SpeedGraph::sizeHint() const { return { 400, fontMetrics().lineSpacing() * 7 }; }

QSize SpeedGraph::minimumSizeHint() const { return { 160, fontMetrics().lineSpacing() * 5 }; }

void SpeedGraph::describe()
{
    const Rates now = m_history.at(0);
    const Rates mean = m_history.average(m_span);
    setAccessibleDescription(tr("Upload %1, average %2 over %3; download %4, average %5")
            .arg(rateWords(now.up), rateWords(mean.up), spanWords(m_span), rateWords(now.down), rateWords(mean.down)));
    setToolTip(accessibleDescription());
}

// At most one point for every two pixels, each the mean of its seconds.
QPolygonF SpeedGraph::line(const QRect &plot, double top, bool isUp) const
{
    QPolygonF points;
    const int known = std::min(m_span, m_history.size());
    const int step = std::max(1, m_span * 2 / std::max(1, plot.width()));
    const bool isMirrored = layoutDirection() == Qt::RightToLeft;
    for (int first = 0; first < known; first += step) {
        const int last = std::min(first + step, known);
        double sum = 0;
        for (int i = first; i < last; ++i) {
            const Rates rates = m_history.at(i);
            sum += isUp ? rates.up : rates.down;
        }
        const double way = plot.width() * static_cast<double>(first) / std::max(1, m_span - 1);
        const double x = isMirrored ? plot.left() + way : plot.right() - way;
        points.append({ x, plot.bottom() - plot.height() * std::min(1.0, sum / (last - first) / top) });
    }
    return points;
}

void SpeedGraph::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Theme::colour(Token::Border));
    painter.setBrush(Theme::colour(Token::Surface));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);

    const int text = fontMetrics().lineSpacing();
    const QRect plot = rect().adjusted(kMargin, kMargin + text, -kMargin, -kMargin - text);
    const double top = niceTop(m_history.highest(m_span));
    for (int i = 0; i <= 2; ++i) {
        const double y = plot.top() + plot.height() * i / 2.0;
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y));
    }

    const QPolygonF up = line(plot, top, true);
    const QPolygonF down = line(plot, top, false);
    if (up.size() > 1) {
        QPainterPath area;
        area.addPolygon(up);
        area.lineTo(up.last().x(), plot.bottom());
        area.lineTo(up.first().x(), plot.bottom());
        QColor fill = Theme::colour(Token::Info);
        fill.setAlphaF(0.15F);
        painter.fillPath(area, fill);
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(Theme::colour(Token::Info), 2));
    painter.drawPolyline(up);
    painter.setPen(QPen(Theme::colour(Token::Ok), 2, Qt::DashLine));
    painter.drawPolyline(down);

    painter.setPen(Theme::colour(Token::MutedText));
    const QRect above(kMargin, kMargin / 2, width() - 2 * kMargin, text);
    const QRect below(kMargin, height() - kMargin / 2 - text, width() - 2 * kMargin, text);
    const auto side = [this](Qt::Alignment wanted) {
        return QStyle::visualAlignment(layoutDirection(), wanted) | Qt::AlignAbsolute;
    };
    painter.setLayoutDirection(Qt::LayoutDirectionAuto);
    painter.drawText(above, static_cast<int>(side(Qt::AlignLeft)), rateWords(top));
    painter.drawText(below, static_cast<int>(side(Qt::AlignLeft)), tr("%1 ago").arg(spanWords(m_span)));
    painter.drawText(below, static_cast<int>(side(Qt::AlignRight)), tr("now"));
}

} // namespace mf::ui
