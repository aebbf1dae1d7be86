// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/theme.h"

#include <QDBusConnection>
#include <QDBusVariant>

#include <optional>

class QDBusMessage;

namespace mf {

// What the desktop prefers, light, dark or high contrast, as its settings portal says it, from now on. Nothing here
// waits for the portal; without a bus or a portal there is no answer, and the platform's palette decides (Theme).
// Source: XDG Desktop Portal, org.freedesktop.portal.Settings, namespace org.freedesktop.appearance: "color-scheme"
// (0 no preference, 1 dark, 2 light) and "contrast" (0 no preference, 1 higher).
class DesktopScheme final : public QObject
{
    Q_OBJECT
public:
    explicit DesktopScheme(QDBusConnection bus = QDBusConnection::sessionBus());

    std::optional<ui::Scheme> scheme() const; // nothing: the desktop has not said

signals:
    void changed(std::optional<mf::ui::Scheme> scheme);

private:
    // Q_SLOT: D-Bus calls it by name.
    Q_SLOT void takeChange(const QString &space, const QString &key, const QDBusVariant &value);
    void ask();
    void ask(const QString &key);
    void take(const QString &key, const QVariant &value);
    void setTo(uint colours, uint contrast);

    QDBusConnection m_bus;
    uint m_colours = 0; // as the portal numbers them
    uint m_contrast = 0;
};

} // namespace mf
