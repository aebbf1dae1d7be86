// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/private_bus.h"

#include <QDBusConnection>
#include <QProcess>
#include <QProcessEnvironment>
#include <QTemporaryDir>

#include <memory>
#include <optional>

// A session bus and a real gnome-keyring-daemon of their own, in a temporary folder; nothing of the
// user's session is touched. All processes end with the object.
class PrivateKeyring
{
public:
    PrivateKeyring();
    ~PrivateKeyring();

    // Empty, or what is not installed.
    static QString whatIsMissing();

    bool startBus();
    // With a password: the login keyring is made or unlocked. Without: as after a headless sign-in.
    bool startDaemon(std::optional<QByteArray> password);
    void stopDaemon();
    qint64 daemonId() const { return m_daemon ? m_daemon->processId() : 0; }

    bool lock(); // the default collection, as a locked screen does
    int entries(); // items in the default collection; -1: not to be had
    QProcessEnvironment environment() const { return m_environment; }
    QString folder() const { return m_folder.path(); }

private:
    QTemporaryDir m_folder;
    QProcessEnvironment m_environment;
    PrivateBus m_bus;
    std::unique_ptr<QProcess> m_daemon;
    std::optional<QDBusConnection> m_connection;
};
