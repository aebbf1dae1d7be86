// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>

// A D-Bus daemon of a test's own: the user's session is not touched, and nothing starts by itself on it. It ends with
// the object.
class PrivateBus
{
public:
    // Its socket, configuration and messages lie in `folder`.
    explicit PrivateBus(QString folder);
    ~PrivateBus();

    static bool isInstalled();

    QString address() const; // known before it runs
    bool start(); // true: it listens

private:
    QString m_folder;
    QProcess m_daemon;
};
