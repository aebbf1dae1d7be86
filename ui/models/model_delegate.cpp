// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/model_delegate.h"

#include "ui/common/icons.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"
#include "ui/common/words.h"

#include <QApplication>
#include <QFontMetrics>
#include <QPainter>

namespace mf::ui {
namespace {

constexpr int kMargin = 8; // left and right of a cell
constexpr int kIcon = 16;
constexpr int kGap = 6;
constexpr int kStrip = 9;

// Isolated after it was shortened: the mark of what was left out stands at the end of the text, whichever way that
// runs.
void drawLine(
    QPainter *painter, const QRect &rect, const QFont &font, const QColor &colour, int alignment, const QString &text)
{
    painter->setFont(font);
    painter->setPen(colour);
    painter->drawText(rect, alignment | Qt::TextSingleLine,
        isolated(QFontMetrics(font).elidedText(text, Qt::ElideRight, rect.width())));
}

} // namespace

ModelDelegate::ModelDelegate(const ModelTree &tree, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_tree(tree)
{
    measure(QFont());
}

void ModelDelegate::measure(const QFont &font)
{
    m_font = font;
    m_strong = font;
    m_strong.setWeight(QFont::DemiBold);
    m_line = QFontMetrics(font).height();
    m_rowHeight = 2 * m_line + 16;
    m_groupHeight = m_line + 14;
}

int ModelDelegate::widthOf(ModelColumn column, const QString &text) const
{
    const int icon = column == ModelColumn::Protection ? kIcon + kGap : 0;
    return QFontMetrics(m_font).horizontalAdvance(text) + icon + 2 * kMargin + 2;
}

QSize ModelDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const
{
    return QSize(0, m_tree.isGroup(index) ? m_groupHeight : m_rowHeight);
}

void ModelDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    const QStyle *style = option.widget ? option.widget->style() : QApplication::style();
    style->drawPrimitive(QStyle::PE_PanelItemViewItem, &option, painter, option.widget);
    const ModelEntry *model = m_tree.entry(index);
    const auto column = static_cast<ModelColumn>(index.column());
    const QRect cell = option.rect.adjusted(kMargin, 0, -kMargin, 0);
    if (!model) {
        drawLine(painter, option.rect.adjusted(4, 0, -4, 0), m_strong, Theme::colour(Token::MutedText),
            static_cast<int>(Qt::AlignVCenter | QStyle::visualAlignment(option.direction, Qt::AlignLeft)),
            index.data().toString());
    } else if (column == ModelColumn::Name) {
        paintName(painter, option, *model);
    } else if (column == ModelColumn::Protection) {
        paintProtection(painter, option, *model);
    } else {
        const Qt::Alignment side = isNumeric(column) ? Qt::AlignRight : Qt::AlignLeft;
        const bool isSecondary = column != ModelColumn::Size && column != ModelColumn::Quantization;
        drawLine(painter, cell, m_font, Theme::colour(isSecondary ? Token::MutedText : Token::Text),
            static_cast<int>(Qt::AlignVCenter | QStyle::visualAlignment(option.direction, side)),
            index.data().toString());
    }
    painter->restore();
}

void ModelDelegate::paintName(QPainter *painter, const QStyleOptionViewItem &option, const ModelEntry &model) const
{
    const auto side = static_cast<int>(QStyle::visualAlignment(option.direction, Qt::AlignLeft) | Qt::AlignVCenter);
    const int top = option.rect.top() + (option.rect.height() - 2 * m_line) / 2;
    QRect line(option.rect.left() + 4, top, option.rect.width() - 4 - kMargin, m_line);
    line = QStyle::visualRect(option.direction, option.rect, line);
    drawLine(painter, line, m_strong, Theme::colour(Token::Text), side, model.name);
    line.translate(0, m_line);
    const QDateTime now = static_cast<const ModelList *>(m_tree.sourceModel())->now();
    drawLine(painter, line, m_font, Theme::colour(Token::MutedText), side, secondLine(model, m_showsAge, now));
}

void ModelDelegate::paintProtection(
    QPainter *painter, const QStyleOptionViewItem &option, const ModelEntry &model) const
{
    const StateLook look = stateLook(model, static_cast<const ModelList *>(m_tree.sourceModel())->now());
    const QRect cell = option.rect.adjusted(kMargin, 0, -kMargin, 0);
    const int lines = std::max(m_line, kIcon) + 4 + kStrip;
    const int top = option.rect.top() + (option.rect.height() - lines) / 2;
    const int first = std::max(m_line, kIcon);

    QRect icon(cell.left(), top + (first - kIcon) / 2, kIcon, kIcon);
    icon = QStyle::visualRect(option.direction, cell, icon);
    painter->drawPixmap(icon, iconPixmap(look.icon, look.colour, kIcon, painter->device()->devicePixelRatioF()));

    QRect text(cell.left() + kIcon + kGap, top, cell.width() - kIcon - kGap, first);
    text = QStyle::visualRect(option.direction, cell, text);
    const auto side = static_cast<int>(QStyle::visualAlignment(option.direction, Qt::AlignLeft) | Qt::AlignVCenter);
    drawLine(painter, text, m_font, Theme::colour(look.colour), side, look.label);

    const QRect strip(cell.left(), top + first + 4, cell.width(), kStrip);
    paintStrip(*painter, strip, model.strip, model.protection.m, model.percent);
}

} // namespace mf::ui
