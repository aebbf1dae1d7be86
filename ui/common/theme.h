// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QObject>
#include <QPalette>

#include <optional>

namespace mf::ui {

// What a colour is for. Each has one value in each scheme; a test recomputes that text on its ground has a contrast of
// at least 4.5 : 1, marks and frames one of 3 : 1.
enum class Token {
    Window, // behind everything
    Surface, // lists, fields, cards
    Text,
    MutedText, // second lines, captions
    Border, // between parts that are clear without it
    Outline, // of what can be used: buttons, fields, check boxes
    Hover, // ground of a row or a button under the pointer
    Accent, // the primary button, the current page, focus
    AccentText, // on Accent
    Selection, // ground of selected rows; text on it is Text
    Track, // the empty part of bars
    Ok, // text and marks of the states (ux.md 0.2)
    Warn,
    Risk,
    Bad,
    Info,
    Muted,
    WarnGround, // of inline messages
    BadGround,
    InfoGround,
};
constexpr int kTokens = static_cast<int>(Token::InfoGround) + 1;

enum class Scheme { Light, Dark, HighContrast };

QColor colourOf(Token token, Scheme scheme);
QPalette paletteOf(Scheme scheme);

// The look of the application: Fusion with our palette, the proxy style and a scheme that follows the system or not.
class Theme final : public QObject
{
    Q_OBJECT
public:
    enum class Choice { System, Light, Dark, HighContrast };

    // Takes the application's style and palette over. One at a time; instance() is it.
    explicit Theme(Choice choice = Choice::System);
    ~Theme() override;
    static Theme *instance();

    void choose(Choice choice);
    Scheme scheme() const { return m_scheme; }
    // What the desktop prefers, for Choice::System; nothing: it does not say, and the platform's palette decides.
    void setSystemScheme(std::optional<Scheme> scheme);

    // In the scheme of the instance; Light without one.
    static QColor colour(Token token);

signals:
    void changed();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void apply();
    Choice m_choice;
    std::optional<Scheme> m_systemScheme;
    bool m_isApplying = false;
    Scheme m_scheme = Scheme::Light;
};

} // namespace mf::ui
