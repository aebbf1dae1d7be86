// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/storage/state_label.h"

#include "ui/common/icons.h"

#include <QHBoxLayout>
#include <QPainter>

#include <algorithm>

namespace mf::ui {

constexpr int kLeastIcon = 16;

QLabel *quietLabel(const QString &text)
{
    auto *label = new QLabel(text);
    label->setWordWrap(true);
    label->setForegroundRole(QPalette::PlaceholderText); // the muted one
    return label;
}

QLabel *sectionLabel(const QString &text)
{
    auto *label = new QLabel(text);
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() + 1);
    font.setWeight(QFont::DemiBold);
    label->setFont(font);
    label->setTextFormat(Qt::PlainText);
    return label;
}

QLabel *pageTitle(const QString &text)
{
    constexpr double kLarger = 5; // points
    auto *label = new QLabel(text);
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() + kLarger);
    font.setWeight(QFont::DemiBold);
    label->setFont(font);
    label->setWordWrap(true);
    return label;
}

Mark::Mark(QWidget *parent)
    : QWidget(parent)
{
    const int size = std::max(kLeastIcon, fontMetrics().height() - 1); // it grows with the words beside it
    setFixedSize(size, size);
}

void Mark::tell(const QString &iconName, Token colour)
{
    m_iconName = iconName;
    m_colour = colour;
    update();
}

void Mark::paintEvent(QPaintEvent *)
{
    if (m_iconName.isEmpty())
        return;
    QPainter painter(this);
    painter.drawPixmap(rect(), iconPixmap(m_iconName, m_colour, width(), devicePixelRatioF()));
}

StateLabel::StateLabel(QWidget *parent, bool wraps)
    : QWidget(parent)
    , m_icon(new Mark)
    , m_text(new QLabel)
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(wraps);
    if (wraps)
        m_text->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    row->addWidget(m_icon, 0, wraps ? Qt::AlignTop : Qt::AlignVCenter);
    row->addWidget(m_text, wraps ? 1 : 0);
    if (!wraps)
        row->addStretch();
    if (Theme *theme = Theme::instance())
        connect(theme, &Theme::changed, this, &StateLabel::colourWords);
}

void StateLabel::tell(const QString &iconName, Token colour, const QString &text)
{
    m_colour = colour;
    m_icon->tell(iconName, colour);
    m_text->setText(text);
    colourWords();
}

void StateLabel::colourWords()
{
    QPalette colours = m_text->palette();
    colours.setColor(QPalette::WindowText, Theme::colour(m_colour));
    m_text->setPalette(colours);
}

Swatch::Swatch(Token colour, QWidget *parent)
    : QWidget(parent)
    , m_colour(colour)
{
    setFixedSize(sizeHint());
}

void Swatch::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), Theme::colour(m_colour));
}

} // namespace mf::ui
