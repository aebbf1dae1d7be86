// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/style_parts.h"

#include "ui/common/icons.h"

#include <QPainter>
#include <QStyle>
#include <QWidget>

#include <algorithm>

namespace mf::ui::parts {
namespace {

constexpr double kRadius = 4;

QRectF outlined(const QRect &rect, double width)
{
    const double inset = width / 2;
    return QRectF(rect).adjusted(inset, inset, -inset, -inset);
}

} // namespace

QColor mix(const QColor &from, const QColor &to, double share)
{
    const auto part = [share](int a, int b) { return static_cast<int>(a + (b - a) * share + 0.5); };
    return QColor(part(from.red(), to.red()), part(from.green(), to.green()), part(from.blue(), to.blue()));
}

int lineWidth()
{
    const Theme *theme = Theme::instance();
    return theme && theme->scheme() == Scheme::HighContrast ? 2 : 1;
}

bool isPrimary(const QWidget *widget) { return widget && widget->property("primary").toBool(); }
bool isLink(const QWidget *widget) { return widget && widget->property("link").toBool(); }

void drawSymbol(QPainter *painter, const QRect &rect, const char *iconName, Token colour, int size)
{
    const int side = std::min({ size > 0 ? size : markSize(), rect.width(), rect.height() });
    if (side <= 0)
        return;
    const QPixmap picture
        = iconPixmap(QString::fromLatin1(iconName), colour, side, painter->device()->devicePixelRatio());
    painter->drawPixmap(rect.left() + (rect.width() - side) / 2, rect.top() + (rect.height() - side) / 2, picture);
}

void drawRing(QPainter *painter, const QRect &rect, const QColor &colour)
{
    constexpr double kWidth = 2;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(colour, kWidth));
    painter->setBrush(Qt::NoBrush);
    painter->drawRoundedRect(outlined(rect, kWidth), kRadius - 1, kRadius - 1);
    painter->restore();
}

void drawButton(QPainter *painter, const QStyleOption &option, const QWidget *widget, bool isFlat, bool isDefault)
{
    const bool isEnabled = option.state.testFlag(QStyle::State_Enabled);
    const bool isDown = option.state.testFlag(QStyle::State_Sunken) || option.state.testFlag(QStyle::State_On);
    const bool isUnder = isEnabled && option.state.testFlag(QStyle::State_MouseOver);
    if (isLink(widget) || (isFlat && !isDown && !isUnder))
        return;
    // Out of the palette, because that of a toast is the other way round.
    QColor ground = option.palette.color(QPalette::Button);
    QColor text = option.palette.color(QPalette::ButtonText);
    QColor line = isFlat ? QColor(Qt::transparent) : mix(ground, text, isEnabled ? 0.55 : 0.25);
    if (isPrimary(widget)) {
        ground = isEnabled ? Theme::colour(Token::Accent) : Theme::colour(Token::Track);
        text = Theme::colour(Token::AccentText);
        line = Qt::transparent;
    } else if (isDefault && isEnabled) {
        line = option.palette.color(QPalette::Link);
    }
    if (isDown)
        ground = mix(ground, text, 0.16);
    else if (isUnder)
        ground = mix(ground, text, 0.08);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const int width = lineWidth();
    painter->setPen(line.alpha() == 0 ? QPen(Qt::NoPen) : QPen(line, width));
    painter->setBrush(ground);
    painter->drawRoundedRect(line.alpha() == 0 ? QRectF(option.rect) : outlined(option.rect, width), kRadius, kRadius);
    painter->restore();
}

void drawButtonLabel(QPainter *painter, const QStyleOptionButton &option, const QWidget *widget)
{
    constexpr int kGap = 6;
    const int arrow = markSize();
    const bool isEnabled = option.state.testFlag(QStyle::State_Enabled);
    QRect room = option.rect;
    if (option.features.testFlag(QStyleOptionButton::HasMenu))
        room.adjust(0, 0, -arrow, 0);
    const QSize icon = option.icon.isNull() ? QSize(0, 0) : option.iconSize;
    const int gap = icon.isEmpty() || option.text.isEmpty() ? 0 : kGap;
    const int textWidth
        = option.text.isEmpty() ? 0 : option.fontMetrics.size(Qt::TextShowMnemonic, option.text).width() + 1;
    const int width = std::min(room.width(), icon.width() + gap + textWidth);
    const int left = room.left() + (room.width() - width) / 2;
    const auto placed = [&](const QRect &rect) { return QStyle::visualRect(option.direction, option.rect, rect); };
    if (!icon.isEmpty()) {
        const QRect place(QPoint(left, room.top() + (room.height() - icon.height()) / 2), icon);
        option.icon.paint(painter, placed(place), Qt::AlignCenter, isEnabled ? QIcon::Normal : QIcon::Disabled);
    }
    QColor colour = option.palette.color(QPalette::ButtonText);
    if (isEnabled && isPrimary(widget))
        colour = Theme::colour(Token::AccentText);
    if (isEnabled && isLink(widget))
        colour = option.palette.color(QPalette::Link);
    QFont font = painter->font();
    painter->save();
    font.setUnderline(isLink(widget) && isEnabled && option.state.testFlag(QStyle::State_MouseOver));
    painter->setFont(font);
    painter->setPen(colour);
    const QStyle *style = widget ? widget->style() : nullptr;
    const bool showsMnemonic = style && style->styleHint(QStyle::SH_UnderlineShortcut, &option, widget);
    const QRect place(left + icon.width() + gap, room.top(), width - icon.width() - gap, room.height());
    painter->drawText(placed(place),
        int(Qt::AlignCenter) | int(showsMnemonic ? Qt::TextShowMnemonic : Qt::TextHideMnemonic)
            | int(Qt::TextSingleLine),
        option.text);
    painter->restore();
}

void drawField(QPainter *painter, const QStyleOption &option)
{
    const bool isEnabled = option.state.testFlag(QStyle::State_Enabled);
    const bool hasFocus = isEnabled && option.state.testFlag(QStyle::State_HasFocus);
    const double width = hasFocus ? 2 : lineWidth();
    const Token line = hasFocus ? Token::Accent : isEnabled ? Token::Outline : Token::Border;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(Theme::colour(line), width));
    painter->setBrush(option.palette.base());
    painter->drawRoundedRect(outlined(option.rect, width), kRadius, kRadius);
    painter->restore();
}

void drawIndicator(QPainter *painter, const QStyleOption &option, bool isRound)
{
    const bool isEnabled = option.state.testFlag(QStyle::State_Enabled);
    const bool isPartly = option.state.testFlag(QStyle::State_NoChange);
    const bool isOn = option.state.testFlag(QStyle::State_On) || isPartly;
    QColor line = Theme::colour(isEnabled ? Token::Outline : Token::Border);
    QColor ground = option.palette.color(QPalette::Base);
    if (isOn)
        line = ground = Theme::colour(isEnabled ? Token::Accent : Token::Muted);
    if (isEnabled && option.state.testFlag(QStyle::State_MouseOver))
        line = Theme::colour(Token::Accent);
    const int side = std::min(option.rect.width(), option.rect.height());
    QRect box(0, 0, side, side);
    box.moveCenter(option.rect.center());
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(line, lineWidth()));
    painter->setBrush(ground);
    const double radius = isRound ? side / 2.0 : 3;
    painter->drawRoundedRect(outlined(box, lineWidth()), radius, radius);
    if (isOn && isRound) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(Theme::colour(Token::AccentText));
        const double dot = side / 2.0 - 2;
        const QPointF middle = QRectF(box).center();
        painter->drawEllipse(middle, dot / 2, dot / 2);
    } else if (isOn) {
        drawSymbol(painter, box, isPartly ? "minus" : "check", Token::AccentText, side - 2);
    }
    painter->restore();
}

void drawRow(QPainter *painter, const QStyleOption &option)
{
    if (option.state.testFlag(QStyle::State_Selected))
        painter->fillRect(option.rect, option.palette.highlight());
    else if (option.state.testFlag(QStyle::State_MouseOver) && option.state.testFlag(QStyle::State_Enabled))
        painter->fillRect(option.rect, Theme::colour(Token::Hover));
}

void drawHeaderSection(QPainter *painter, const QStyleOptionHeader &option)
{
    const bool isUnder = option.state.testFlag(QStyle::State_MouseOver) && option.state.testFlag(QStyle::State_Enabled);
    const QRect &rect = option.rect;
    painter->fillRect(rect, isUnder ? Theme::colour(Token::Hover) : option.palette.color(QPalette::Base));
    const QColor line = Theme::colour(Token::Border);
    painter->fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), line);
    // The positions are those on the screen, from the left.
    const auto end = option.direction == Qt::RightToLeft ? QStyleOptionHeader::Beginning : QStyleOptionHeader::End;
    const bool isLast = option.position == end || option.position == QStyleOptionHeader::OnlyOneSection;
    if (option.orientation == Qt::Horizontal && !isLast) {
        constexpr int kGap = 5;
        const int x = option.direction == Qt::RightToLeft ? rect.left() : rect.right();
        painter->fillRect(QRect(x, rect.top() + kGap, 1, rect.height() - 2 * kGap), line);
    }
}

void drawTab(QPainter *painter, const QStyleOptionTab &option)
{
    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    const QRect &rect = option.rect;
    if (!isSelected && option.state.testFlag(QStyle::State_MouseOver) && option.state.testFlag(QStyle::State_Enabled))
        painter->fillRect(rect, Theme::colour(Token::Hover));
    constexpr int kUnderline = 2;
    const QRect under(rect.left(), rect.bottom() - kUnderline + 1, rect.width(), kUnderline);
    if (isSelected)
        painter->fillRect(under, Theme::colour(Token::Accent));
}

void drawSlider(QPainter *painter, const QStyleOptionSlider &option, const QRect &groove, const QRect &handle)
{
    const bool isAcross = option.orientation == Qt::Horizontal;
    const bool isEnabled = option.state.testFlag(QStyle::State_Enabled);
    constexpr int kThick = 4;
    constexpr int kKnob = 16;
    const QPoint knob = handle.center();
    QRect line = groove;
    QRect filled = groove;
    if (isAcross) {
        line = QRect(groove.left(), knob.y() - kThick / 2 + 1, groove.width(), kThick);
        filled = line;
        // Upside down: the least value is on the right.
        if (option.upsideDown)
            filled.setLeft(knob.x());
        else
            filled.setRight(knob.x());
    } else {
        line = QRect(knob.x() - kThick / 2 + 1, groove.top(), kThick, groove.height());
        filled = line;
        if (option.upsideDown)
            filled.setTop(knob.y());
        else
            filled.setBottom(knob.y());
    }
    const QColor mark = Theme::colour(isEnabled ? Token::Accent : Token::Muted);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(Theme::colour(Token::Track));
    painter->drawRoundedRect(line, kThick / 2, kThick / 2);
    painter->setBrush(mark);
    painter->drawRoundedRect(filled, kThick / 2, kThick / 2);
    painter->setPen(QPen(mark, 2));
    painter->setBrush(option.palette.base());
    const double radius = std::min({ kKnob, handle.width(), handle.height() }) / 2.0 - 1;
    painter->drawEllipse(QRectF(handle).center(), radius, radius);
    if (isEnabled && option.state.testFlag(QStyle::State_HasFocus))
        drawRing(painter, option.rect, option.palette.color(QPalette::Link));
    painter->restore();
}

void drawScrollBar(QPainter *painter, const QStyleOptionSlider &option, const QRect &handle)
{
    painter->fillRect(option.rect, option.palette.base());
    if (option.minimum >= option.maximum)
        return;
    const bool isHeld = option.state.testFlag(QStyle::State_Sunken) || option.state.testFlag(QStyle::State_MouseOver);
    constexpr int kInset = 2;
    const QRect shape = handle.adjusted(kInset, kInset, -kInset, -kInset);
    const double radius = std::min(shape.width(), shape.height()) / 2.0;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(Theme::colour(isHeld ? Token::MutedText : Token::Outline));
    painter->drawRoundedRect(shape, radius, radius);
    painter->restore();
}

} // namespace mf::ui::parts
