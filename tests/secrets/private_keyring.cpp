// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/secrets/private_keyring.h"

#include <QDBusConnectionInterface>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusReply>
#include <QDBusVariant>
#include <QDir>
#include <QFile>
#include <QStandardPaths>
#include <QtTest>

namespace {

const QString kService = QStringLiteral("org.freedesktop.secrets");
const QString kConnection = QStringLiteral("private keyring");

// No servicedir: nothing starts by itself on this bus.
const char *const kBusConfiguration
    = R"(<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=%1</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
)";

void end(std::unique_ptr<QProcess> &process)
{
    if (process) {
        process->terminate();
        if (!process->waitForFinished(5000)) {
            process->kill();
            process->waitForFinished(5000);
        }
        process.reset();
    }
}

} // namespace

PrivateKeyring::PrivateKeyring()
    : m_environment(QProcessEnvironment::systemEnvironment())
{
    for (const char *part : { "home", "data", "runtime" })
        QDir(m_folder.path()).mkdir(QString::fromLatin1(part));
    const QString runtime = m_folder.filePath(QStringLiteral("runtime"));
    QFile::setPermissions(runtime, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    m_environment.insert(QStringLiteral("HOME"), m_folder.filePath(QStringLiteral("home")));
    m_environment.insert(QStringLiteral("XDG_DATA_HOME"), m_folder.filePath(QStringLiteral("data")));
    m_environment.insert(QStringLiteral("XDG_RUNTIME_DIR"), runtime);
    m_environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"),
        QStringLiteral("unix:path=") + m_folder.filePath(QStringLiteral("bus")));
    // QtKeychain chooses its backend by the desktop; a display would offer a prompt to a person.
    for (const char *name : { "DISPLAY", "WAYLAND_DISPLAY", "XDG_CURRENT_DESKTOP", "DESKTOP_SESSION",
             "KDE_FULL_SESSION", "GNOME_KEYRING_CONTROL" }) {
        m_environment.remove(QString::fromLatin1(name));
    }
}

PrivateKeyring::~PrivateKeyring()
{
    stopDaemon();
    if (m_connection) {
        m_connection.reset();
        QDBusConnection::disconnectFromBus(kConnection);
    }
    end(m_bus);
}

QString PrivateKeyring::whatIsMissing()
{
    for (const char *program : { "dbus-daemon", "gnome-keyring-daemon" }) {
        if (QStandardPaths::findExecutable(QString::fromLatin1(program)).isEmpty())
            return QString::fromLatin1(program);
    }
    return {};
}

bool PrivateKeyring::startBus()
{
    const QString configuration = m_folder.filePath(QStringLiteral("bus.conf"));
    QFile file(configuration);
    const QString socket = m_folder.filePath(QStringLiteral("bus"));
    if (!file.open(QIODevice::WriteOnly))
        return false;
    file.write(QString::fromLatin1(kBusConfiguration).arg(socket).toUtf8());
    file.close();
    m_bus = std::make_unique<QProcess>();
    m_bus->setProcessEnvironment(m_environment);
    m_bus->setStandardErrorFile(m_folder.filePath(QStringLiteral("bus.log")));
    m_bus->start(QStringLiteral("dbus-daemon"),
        { QStringLiteral("--config-file=") + configuration, QStringLiteral("--nofork"), QStringLiteral("--nopidfile"),
            QStringLiteral("--print-address") });
    // The address is printed when the bus listens.
    if (!m_bus->waitForReadyRead(10000))
        return false;
    m_connection
        = QDBusConnection::connectToBus(m_environment.value(QStringLiteral("DBUS_SESSION_BUS_ADDRESS")), kConnection);
    return m_connection->isConnected();
}

bool PrivateKeyring::startDaemon(std::optional<QByteArray> password)
{
    QStringList arguments = { QStringLiteral("--foreground"), QStringLiteral("--components=secrets"),
        QStringLiteral("--control-directory=") + m_folder.filePath(QStringLiteral("control")) };
    if (password)
        arguments << QStringLiteral("--unlock");
    m_daemon = std::make_unique<QProcess>();
    m_daemon->setProcessEnvironment(m_environment);
    m_daemon->setStandardOutputFile(QProcess::nullDevice());
    m_daemon->setStandardErrorFile(m_folder.filePath(QStringLiteral("daemon.log")));
    m_daemon->start(QStringLiteral("gnome-keyring-daemon"), arguments);
    if (!m_daemon->waitForStarted(10000))
        return false;
    if (password)
        m_daemon->write(*password);
    m_daemon->closeWriteChannel();
    return QTest::qWaitFor(
        [this] {
            const QDBusReply<bool> there = m_connection->interface()->isServiceRegistered(kService);
            return there.isValid() && there.value();
        },
        10000);
}

void PrivateKeyring::stopDaemon() { end(m_daemon); }

bool PrivateKeyring::lock()
{
    QDBusMessage call = QDBusMessage::createMethodCall(kService, QStringLiteral("/org/freedesktop/secrets"),
        QStringLiteral("org.freedesktop.Secret.Service"), QStringLiteral("Lock"));
    const QList<QDBusObjectPath> collections
        = { QDBusObjectPath(QStringLiteral("/org/freedesktop/secrets/collection/login")) };
    call << QVariant::fromValue(collections);
    return m_connection->call(call).type() == QDBusMessage::ReplyMessage;
}

int PrivateKeyring::entries()
{
    QDBusMessage call
        = QDBusMessage::createMethodCall(kService, QStringLiteral("/org/freedesktop/secrets/collection/login"),
            QStringLiteral("org.freedesktop.DBus.Properties"), QStringLiteral("Get"));
    call << QStringLiteral("org.freedesktop.Secret.Collection") << QStringLiteral("Items");
    const QDBusReply<QDBusVariant> reply = m_connection->call(call);
    if (!reply.isValid())
        return -1;
    const auto items = qdbus_cast<QList<QDBusObjectPath>>(reply.value().variant());
    return static_cast<int>(items.size());
}
