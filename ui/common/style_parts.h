// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What Style draws, a shape at a time. For style.cpp alone.

#include "ui/common/theme.h"

#include <QStyleOption>

class QPainter;

namespace mf::ui::parts {

QColor mix(const QColor &from, const QColor &to, double share); // share of `to`
int lineWidth(); // of frames: 2 with high contrast
bool isPrimary(const QWidget *widget);
bool isLink(const QWidget *widget);

void drawSymbol(
    QPainter *painter, const QRect &rect, const char *iconName, Token colour, int size = 0); // 0: markSize()
void drawRing(QPainter *painter, const QRect &rect, const QColor &colour);
// The ground and outline of a button, also of a combo box.
void drawButton(QPainter *painter, const QStyleOption &option, const QWidget *widget, bool isFlat, bool isDefault);
void drawButtonLabel(QPainter *painter, const QStyleOptionButton &option, const QWidget *widget);
void drawField(QPainter *painter, const QStyleOption &option); // a line to type in
void drawIndicator(QPainter *painter, const QStyleOption &option, bool isRound);
void drawRow(QPainter *painter, const QStyleOption &option);
void drawHeaderSection(QPainter *painter, const QStyleOptionHeader &option);
void drawTab(QPainter *painter, const QStyleOptionTab &option);
void drawSlider(QPainter *painter, const QStyleOptionSlider &option, const QRect &groove, const QRect &handle);
void drawScrollBar(QPainter *painter, const QStyleOptionSlider &option, const QRect &handle);

} // namespace mf::ui::parts
