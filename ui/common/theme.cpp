// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/theme.h"

#include "ui/common/style.h"

#include <QApplication>
#include <QEvent>

namespace mf::ui {
namespace {

Theme *s_instance = nullptr;

bool isDark(const QPalette &palette)
{
    return palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness();
}

// What the platform would show without us: its own palette, or Fusion's, which is dark where the platform says so.
// Qt 6.4 has nothing better.
Scheme schemeOfPlatform()
{
    QApplication::setPalette(QPalette());
    return isDark(QApplication::palette()) ? Scheme::Dark : Scheme::Light;
}

} // namespace

Theme::Theme(Choice choice)
    : m_choice(choice)
{
    Q_ASSERT_X(!s_instance, "Theme", "there is one already");
    s_instance = this;
    QApplication::setStyle(new Style);
    apply();
    qApp->installEventFilter(this);
}

Theme::~Theme() { s_instance = nullptr; }

Theme *Theme::instance() { return s_instance; }

void Theme::choose(Choice choice)
{
    m_choice = choice;
    apply();
}

void Theme::setSystemScheme(std::optional<Scheme> scheme)
{
    if (scheme == m_systemScheme)
        return;
    m_systemScheme = scheme;
    apply();
}

QColor Theme::colour(Token token) { return colourOf(token, s_instance ? s_instance->m_scheme : Scheme::Light); }

void Theme::apply()
{
    m_isApplying = true;
    const Scheme before = m_scheme;
    switch (m_choice) {
    case Choice::System:
        m_scheme = m_systemScheme ? *m_systemScheme : schemeOfPlatform();
        break;
    case Choice::Light:
        m_scheme = Scheme::Light;
        break;
    case Choice::Dark:
        m_scheme = Scheme::Dark;
        break;
    case Choice::HighContrast:
        m_scheme = Scheme::HighContrast;
        break;
    }
    QApplication::setPalette(paletteOf(m_scheme));
    m_isApplying = false;
    if (m_scheme != before)
        emit changed();
}

bool Theme::eventFilter(QObject *watched, QEvent *event)
{
    // The platform tells its windows when it changes between light and dark.
    if (event->type() == QEvent::ThemeChange && m_choice == Choice::System && !m_isApplying)
        QMetaObject::invokeMethod(this, &Theme::apply, Qt::QueuedConnection);
    return QObject::eventFilter(watched, event);
}

} // namespace mf::ui
