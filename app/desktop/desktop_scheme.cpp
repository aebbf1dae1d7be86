// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/desktop_scheme.h"

#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusServiceWatcher>

#include <utility>

namespace mf {
namespace {

const QString kService = QStringLiteral("org.freedesktop.portal.Desktop");
const QString kPath = QStringLiteral("/org/freedesktop/portal/desktop");
const QString kSettings = QStringLiteral("org.freedesktop.portal.Settings");
const QString kSpace = QStringLiteral("org.freedesktop.appearance");
const QString kColours = QStringLiteral("color-scheme");
const QString kContrast = QStringLiteral("contrast");

constexpr uint kDark = 1;
constexpr uint kLight = 2;
constexpr uint kHigher = 1;

} // namespace

DesktopScheme::DesktopScheme(QDBusConnection bus)
    : m_bus(std::move(bus))
{
    if (!m_bus.isConnected())
        return;
    m_bus.connect(kService, kPath, kSettings, QStringLiteral("SettingChanged"), this,
        SLOT(takeChange(QString, QString, QDBusVariant)));
    // A portal that starts later, or anew, is asked then.
    auto *watcher = new QDBusServiceWatcher(kService, m_bus, QDBusServiceWatcher::WatchForRegistration, this);
    connect(watcher, &QDBusServiceWatcher::serviceRegistered, this, [this] { ask(); });
    ask();
}

std::optional<ui::Scheme> DesktopScheme::scheme() const
{
    if (m_contrast == kHigher)
        return ui::Scheme::HighContrast;
    if (m_colours == kDark)
        return ui::Scheme::Dark;
    if (m_colours == kLight)
        return ui::Scheme::Light;
    return std::nullopt;
}

void DesktopScheme::ask()
{
    ask(kColours);
    ask(kContrast);
}

void DesktopScheme::ask(const QString &key)
{
    // Read rather than ReadOne, which portals of Debian 12's age do not have.
    QDBusMessage call = QDBusMessage::createMethodCall(kService, kPath, kSettings, QStringLiteral("Read"));
    call << kSpace << key;
    auto *watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(call), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, key, watcher] {
        watcher->deleteLater();
        const QDBusPendingReply<QDBusVariant> reply = *watcher;
        if (reply.isValid())
            take(key, reply.value().variant());
    });
}

void DesktopScheme::takeChange(const QString &space, const QString &key, const QDBusVariant &value)
{
    if (space == kSpace)
        take(key, value.variant());
}

void DesktopScheme::take(const QString &key, const QVariant &value)
{
    // Read wraps its answer in two variants.
    const QVariant bare
        = value.metaType() == QMetaType::fromType<QDBusVariant>() ? value.value<QDBusVariant>().variant() : value;
    if (bare.metaType() != QMetaType::fromType<uint>())
        return;
    if (key == kColours)
        setTo(bare.toUInt(), m_contrast);
    else if (key == kContrast)
        setTo(m_colours, bare.toUInt());
}

void DesktopScheme::setTo(uint colours, uint contrast)
{
    const std::optional<ui::Scheme> before = scheme();
    m_colours = colours;
    m_contrast = contrast;
    if (scheme() != before)
        emit changed(scheme());
}

} // namespace mf
