// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/theme.h"

#include <QLabel>
#include <QWidget>

namespace mf::ui {

// A line of text in the muted colour of the palette; it wraps.
QLabel *quietLabel(const QString &text = {});
// A line in the size of a section's title.
QLabel *sectionLabel(const QString &text = {});
// The title of a page of a dialog.
QLabel *pageTitle(const QString &text = {});

// A picture that says nothing which words beside it do not say: assistive technology need not know of it.
class Mark final : public QWidget
{
    Q_OBJECT
public:
    explicit Mark(QWidget *parent = nullptr);
    void tell(const QString &iconName, Token colour);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_iconName;
    Token m_colour = Token::Text;
};

// An icon and words in the colour of a state. Follows the theme. The words wrap if asked for.
class StateLabel final : public QWidget
{
    Q_OBJECT
public:
    explicit StateLabel(QWidget *parent = nullptr, bool wraps = false);
    void tell(const QString &iconName, Token colour, const QString &text);
    QString text() const { return m_text->text(); }

private:
    void colourWords();
    Token m_colour = Token::Text;
    Mark *m_icon;
    QLabel *m_text;
};

// A small square of a colour, for legends.
class Swatch final : public QWidget
{
    Q_OBJECT
public:
    explicit Swatch(Token colour, QWidget *parent = nullptr);
    QSize sizeHint() const override { return { 10, 10 }; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Token m_colour;
};

} // namespace mf::ui
