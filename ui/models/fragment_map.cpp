// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/fragment_map.h"

#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/common/words.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyle>
#include <QToolTip>

#include <algorithm>

namespace mf::ui {
namespace {

constexpr int kGap = 12; // between labels and cells

// A plain widget has no role that a screen reader could tell.
QAccessibleInterface *graphicOf(const QString &className, QObject *object)
{
    const bool isOurs = className == QLatin1String(StripWidget::staticMetaObject.className())
        || className == QLatin1String(FragmentMap::staticMetaObject.className());
    auto *widget = isOurs ? qobject_cast<QWidget *>(object) : nullptr;
    return widget ? new QAccessibleWidget(widget, QAccessible::Graphic) : nullptr;
}

void installGraphics()
{
    static bool isInstalled = false;
    if (!std::exchange(isInstalled, true))
        QAccessible::installFactory(graphicOf);
}

} // namespace

StripWidget::StripWidget(QWidget *parent)
    : QWidget(parent)
{
    installGraphics();
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void StripWidget::setEntry(const ModelEntry &model)
{
    m_model = model;
    const auto whole = std::count_if(
        model.strip.begin(), model.strip.end(), [&model](qint8 spare) { return spare >= model.protection.m; });
    const QString words = model.strip.empty()
        ? stateLook(model).label
        : tr("%1 of %2 parts have all their spares").arg(whole).arg(model.strip.size());
    setAccessibleName(tr("Protection of the parts of this model"));
    setAccessibleDescription(words);
    setToolTip(words);
    update();
}

void StripWidget::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintStrip(painter, rect(), m_model.strip, m_model.protection.m, m_model.percent);
}

FragmentMap::FragmentMap(QWidget *parent)
    : QWidget(parent)
{
    installGraphics();
    setFocusPolicy(Qt::TabFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Which account holds which part"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void FragmentMap::setRows(Rows rows)
{
    m_rows = std::move(rows);
    if (m_cursor.y() >= static_cast<int>(m_rows.size()) || m_cursor.x() >= columns())
        m_cursor = QPoint(-1, -1);
    QStringList lines;
    for (const ModelDetails::MapRow &row : m_rows) {
        using Cell = ModelDetails::MapRow::Cell;
        const auto bad = std::count_if(row.cells.begin(), row.cells.end(),
            [](Cell cell) { return cell == Cell::Missing || cell == Cell::Damaged; });
        QString line = bad == 0
            ? tr("%1: nothing is missing").arg(row.account)
            : tr("%1: something is missing in %2 of %3 parts").arg(row.account).arg(bad).arg(row.cells.size());
        if (row.isAway)
            line += tr(", cannot be reached now");
        lines.append(line);
    }
    if (!lines.isEmpty())
        lines.append(tr("Enter shows what would become of the models without an account"));
    setAccessibleDescription(lines.join(QStringLiteral(". ")));
    updateGeometry();
    update();
}

void FragmentMap::setLost(const QString &account)
{
    if (account == m_lost)
        return;
    m_lost = account;
    update();
}

int FragmentMap::columns() const
{
    std::size_t most = 0;
    for (const ModelDetails::MapRow &row : m_rows)
        most = std::max(most, row.cells.size());
    return static_cast<int>(most);
}

int FragmentMap::rowHeight() const { return fontMetrics().height() + 6; }

int FragmentMap::labelWidth() const
{
    int widest = 0;
    for (const ModelDetails::MapRow &row : m_rows)
        widest = std::max(widest, fontMetrics().horizontalAdvance(row.account) + 2);
    return std::min(widest, width() * 2 / 5);
}

QSize FragmentMap::sizeHint() const { return QSize(260, std::max(1, static_cast<int>(m_rows.size())) * rowHeight()); }

QSize FragmentMap::minimumSizeHint() const { return QSize(140, sizeHint().height()); }

QRect FragmentMap::barOf(int row) const
{
    const int label = labelWidth() + kGap;
    const QRect bar(label, row * rowHeight() + 4, std::max(1, width() - label), rowHeight() - 8);
    return QStyle::visualRect(layoutDirection(), rect(), bar);
}

QRect FragmentMap::cellOf(int row, int column) const
{
    const QRect bar = barOf(row);
    const int count = std::max(1, columns());
    const int from = bar.width() * column / count;
    const int to = bar.width() * (column + 1) / count;
    const QRect cell(bar.left() + from, bar.top(), std::max(1, to - from), bar.height());
    return QStyle::visualRect(layoutDirection(), bar, cell);
}

QRect FragmentMap::labelOf(int row) const
{
    return QStyle::visualRect(layoutDirection(), rect(), QRect(0, row * rowHeight(), labelWidth(), rowHeight()));
}

ModelDetails::MapRow::Cell FragmentMap::cellAt(int row, int column) const
{
    using Cell = ModelDetails::MapRow::Cell;
    const ModelDetails::MapRow &shown = m_rows[static_cast<std::size_t>(row)];
    if (static_cast<std::size_t>(column) >= shown.cells.size())
        return Cell::None;
    const Cell cell = shown.cells[static_cast<std::size_t>(column)];
    return cell != Cell::None && shown.account == m_lost ? Cell::Missing : cell;
}

void FragmentMap::paintLabel(QPainter &painter, int row) const
{
    const ModelDetails::MapRow &shown = m_rows[static_cast<std::size_t>(row)];
    const bool isLost = shown.account == m_lost;
    QFont face = font();
    face.setStrikeOut(isLost);
    face.setUnderline(row == m_pointed && !isLost);
    painter.setFont(face);
    painter.setPen(Theme::colour(isLost ? Token::Bad : row == m_pointed ? Token::Accent : Token::MutedText));
    painter.drawText(labelOf(row),
        static_cast<int>(QStyle::visualAlignment(layoutDirection(), Qt::AlignLeft) | Qt::AlignVCenter),
        fontMetrics().elidedText(shown.account, Qt::ElideMiddle, labelOf(row).width()));
}

void FragmentMap::paintRow(QPainter &painter, int row) const
{
    using Cell = ModelDetails::MapRow::Cell;
    const ModelDetails::MapRow &shown = m_rows[static_cast<std::size_t>(row)];
    paintLabel(painter, row);
    painter.fillRect(barOf(row), Theme::colour(Token::Track));
    const bool isSpaced = barOf(row).width() >= 3 * columns();
    for (int column = 0; column < static_cast<int>(shown.cells.size()); ++column) {
        const Cell cell = cellAt(row, column);
        if (cell == Cell::None)
            continue;
        QRect box = cellOf(row, column);
        if (isSpaced)
            box.adjust(0, 0, -1, 0);
        if (cell == Cell::There) {
            // What cannot be reached now is there as far as is known: paler, by a pattern and not by colour alone.
            const QColor colour = Theme::colour(shown.isAway ? Token::Muted : Token::Accent);
            painter.fillRect(box, shown.isAway ? QBrush(colour, Qt::Dense4Pattern) : QBrush(colour));
            continue;
        }
        box.setWidth(std::max(2, box.width()));
        painter.setPen(Theme::colour(Token::Bad));
        painter.drawRect(box.adjusted(0, 0, -1, -1));
        painter.drawLine(box.bottomLeft(), box.topRight());
        if (cell == Cell::Damaged)
            painter.drawLine(box.topLeft(), box.bottomRight());
    }
}

void FragmentMap::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    for (int row = 0; row < static_cast<int>(m_rows.size()); ++row)
        paintRow(painter, row);
    if (hasFocus() && m_cursor.x() >= 0) {
        painter.setPen(QPen(Theme::colour(Token::Text), 2));
        painter.drawRect(cellOf(m_cursor.y(), m_cursor.x()).adjusted(-1, -2, 1, 2));
    }
}

QString FragmentMap::cellWords(int row, int column) const
{
    using Cell = ModelDetails::MapRow::Cell;
    if (row < 0 || row >= static_cast<int>(m_rows.size()) || column < 0 || column >= columns())
        return {};
    const ModelDetails::MapRow &shown = m_rows[static_cast<std::size_t>(row)];
    const Cell cell = cellAt(row, column);
    QString words;
    switch (cell) {
    case Cell::None:
        words = tr("nothing was put there");
        break;
    case Cell::There:
        words = shown.isAway ? tr("there, as far as is known: the account cannot be reached now") : tr("all there");
        break;
    case Cell::Missing:
        words = shown.account == m_lost ? tr("would be gone") : tr("something is missing");
        break;
    case Cell::Damaged:
        words = tr("something is damaged");
        break;
    }
    return tr("Part %1 of %2 on %3: %4").arg(column + 1).arg(columns()).arg(shown.account, words);
}

void FragmentMap::say()
{
    const QRect cell = cellOf(m_cursor.y(), m_cursor.x());
    const QString words = cellWords(m_cursor.y(), m_cursor.x());
    setToolTip(words);
    QToolTip::showText(mapToGlobal(cell.bottomLeft()), words, this);
    QAccessibleEvent event(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&event);
    update();
}

void FragmentMap::keyPressEvent(QKeyEvent *event)
{
    QPoint to = m_cursor;
    const int forward = layoutDirection() == Qt::RightToLeft ? -1 : 1;
    switch (event->key()) {
    case Qt::Key_Left:
        to.rx() -= forward;
        break;
    case Qt::Key_Right:
        to.rx() += forward;
        break;
    case Qt::Key_Up:
        to.ry() -= 1;
        break;
    case Qt::Key_Down:
        to.ry() += 1;
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (m_cursor.y() >= 0)
            emit chosen(m_rows[static_cast<std::size_t>(m_cursor.y())].account);
        return;
    default:
        QWidget::keyPressEvent(event);
        return;
    }
    if (m_rows.empty() || columns() == 0)
        return;
    m_cursor = QPoint(std::clamp(to.x(), 0, columns() - 1), std::clamp(to.y(), 0, static_cast<int>(m_rows.size()) - 1));
    say();
}

int FragmentMap::labelAt(const QPoint &at) const
{
    for (int row = 0; row < static_cast<int>(m_rows.size()); ++row)
        if (labelOf(row).contains(at))
            return row;
    return -1;
}

void FragmentMap::point(int row)
{
    if (row == m_pointed)
        return;
    m_pointed = row;
    setCursor(row < 0 ? Qt::ArrowCursor : Qt::PointingHandCursor);
    update();
}

void FragmentMap::mousePressEvent(QMouseEvent *event)
{
    const int row = labelAt(event->pos());
    if (event->button() == Qt::LeftButton && row >= 0)
        emit chosen(m_rows[static_cast<std::size_t>(row)].account);
    else
        QWidget::mousePressEvent(event);
}

void FragmentMap::mouseMoveEvent(QMouseEvent *event)
{
    point(labelAt(event->pos()));
    QWidget::mouseMoveEvent(event);
}

void FragmentMap::leaveEvent(QEvent *event)
{
    point(-1);
    QWidget::leaveEvent(event);
}

void FragmentMap::focusInEvent(QFocusEvent *event)
{
    if (m_cursor.x() < 0 && columns() > 0)
        m_cursor = QPoint(0, 0);
    QWidget::focusInEvent(event);
    update();
}

void FragmentMap::focusOutEvent(QFocusEvent *event)
{
    QWidget::focusOutEvent(event);
    update();
}

bool FragmentMap::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    if (const int row = labelAt(help->pos()); row >= 0) {
        const QString &account = m_rows[static_cast<std::size_t>(row)].account;
        QToolTip::showText(help->globalPos(),
            account == m_lost ? tr("Show the models as they are")
                              : tr("Show what would become of the models without %1").arg(account),
            this);
        return true;
    }
    for (int row = 0; row < static_cast<int>(m_rows.size()); ++row)
        for (int column = 0; column < columns(); ++column)
            if (cellOf(row, column).contains(help->pos()))
                QToolTip::showText(help->globalPos(), cellWords(row, column), this);
    return true;
}

} // namespace mf::ui
