// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/theme.h"

#include <array>

namespace mf::ui {
namespace {

// Contrast was computed on every ground that a colour is used on, the selected row and the messages included.
struct Row {
    Token token;
    QRgb light;
    QRgb dark;
    QRgb highContrast;
};
constexpr std::array<Row, kTokens> kRows { {
    { Token::Window, 0xf4f5f7, 0x16191e, 0x000000 },
    { Token::Surface, 0xffffff, 0x1d2127, 0x000000 },
    { Token::Text, 0x1c2127, 0xe8ecf1, 0xffffff },
    { Token::MutedText, 0x565f6b, 0xa0aab6, 0xe4e4e4 },
    { Token::Border, 0xd3d8de, 0x363d47, 0xffffff },
    { Token::Outline, 0x7a8491, 0x7c8794, 0xffffff },
    { Token::Hover, 0xedf0f4, 0x262c35, 0x2b2b2b },
    { Token::Accent, 0x2f55d4, 0x8faaff, 0xffe14d },
    { Token::AccentText, 0xffffff, 0x10131a, 0x000000 },
    { Token::Selection, 0xdce5fb, 0x2b3a66, 0x00356c },
    { Token::Track, 0xe3e7ec, 0x323943, 0x3a3a3a },
    { Token::Ok, 0x15692e, 0x4cc163, 0x6dff8b },
    { Token::Warn, 0x7d5200, 0xe0a82e, 0xffd84d },
    { Token::Risk, 0xa34100, 0xff9a4d, 0xffb980 },
    { Token::Bad, 0xb91c27, 0xff8c85, 0xffb9b4 },
    { Token::Info, 0x0a59b3, 0x6cb2ff, 0xa3d3ff },
    { Token::Muted, 0x565f6b, 0xa0aab6, 0xe4e4e4 },
    { Token::WarnGround, 0xfff4d6, 0x33270a, 0x000000 },
    { Token::BadGround, 0xfde8e8, 0x3a1a1b, 0x000000 },
    { Token::InfoGround, 0xe4f0fd, 0x13294a, 0x000000 },
} };

constexpr bool areInOrder()
{
    for (std::size_t i = 0; i < kRows.size(); ++i) {
        if (kRows[i].token != static_cast<Token>(i))
            return false;
    }
    return true;
}
static_assert(areInOrder());

} // namespace

QColor colourOf(Token token, Scheme scheme)
{
    const Row &row = kRows[static_cast<std::size_t>(token)];
    switch (scheme) {
    case Scheme::Dark:
        return QColor(row.dark);
    case Scheme::HighContrast:
        return QColor(row.highContrast);
    case Scheme::Light:
        break;
    }
    return QColor(row.light);
}

QPalette paletteOf(Scheme scheme)
{
    const auto colour = [scheme](Token token) { return colourOf(token, scheme); };
    QPalette palette;
    const struct {
        QPalette::ColorRole role;
        Token token;
        Token disabled;
    } roles[] = {
        { QPalette::Window, Token::Window, Token::Window },
        { QPalette::WindowText, Token::Text, Token::Muted },
        { QPalette::Base, Token::Surface, Token::Window },
        { QPalette::AlternateBase, Token::Window, Token::Window },
        { QPalette::Text, Token::Text, Token::Muted },
        { QPalette::Button, Token::Surface, Token::Window },
        { QPalette::ButtonText, Token::Text, Token::Muted },
        { QPalette::BrightText, Token::AccentText, Token::AccentText },
        { QPalette::Highlight, Token::Selection, Token::Track },
        { QPalette::HighlightedText, Token::Text, Token::Muted },
        { QPalette::Link, Token::Accent, Token::Muted },
        { QPalette::LinkVisited, Token::Accent, Token::Muted },
        { QPalette::ToolTipBase, Token::Surface, Token::Surface },
        { QPalette::ToolTipText, Token::Text, Token::Text },
        { QPalette::PlaceholderText, Token::MutedText, Token::Muted },
        { QPalette::Light, Token::Surface, Token::Surface },
        { QPalette::Midlight, Token::Hover, Token::Hover },
        { QPalette::Mid, Token::Border, Token::Border },
        { QPalette::Dark, Token::Outline, Token::Border },
        { QPalette::Shadow, Token::Outline, Token::Border },
    };
    for (const auto &entry : roles) {
        for (const auto group : { QPalette::Active, QPalette::Inactive })
            palette.setColor(group, entry.role, colour(entry.token));
        palette.setColor(QPalette::Disabled, entry.role, colour(entry.disabled));
    }
    return palette;
}

} // namespace mf::ui
