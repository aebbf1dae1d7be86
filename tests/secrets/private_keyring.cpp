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

} // namespace

PrivateKeyring::PrivateKeyring()
    : m_environment(QProcessEnvironment::systemEnvironment())
    , m_bus(m_folder.path())
{
    for (const char *part : { "home", "data", "runtime" })
        QDir(m_folder.path()).mkdir(QString::fromLatin1(part));
    const QString runtime = m_folder.filePath(QStringLiteral("runtime"));
    QFile::setPermissions(runtime, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    m_environment.insert(QStringLiteral("HOME"), m_folder.filePath(QStringLiteral("home")));
    m_environment.insert(QStringLiteral("XDG_DATA_HOME"), m_folder.filePath(QStringLiteral("data")));
    m_environment.insert(QStringLiteral("XDG_RUNTIME_DIR"), runtime);
    m_environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"), m_bus.address());
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
}

QString PrivateKeyring::whatIsMissing()
{
    if (!PrivateBus::isInstalled())
        return QStringLiteral("dbus-daemon");
    const QString keyring = QStringLiteral("gnome-keyring-daemon");
    return QStandardPaths::findExecutable(keyring).isEmpty() ? keyring : QString();
}

bool PrivateKeyring::startBus()
{
    if (!m_bus.start())
        return false;
    m_connection = QDBusConnection::connectToBus(m_bus.address(), kConnection);
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

void PrivateKeyring::stopDaemon()
{
    if (!m_daemon)
        return;
    m_daemon->terminate();
    if (!m_daemon->waitForFinished(5000)) {
        m_daemon->kill();
        m_daemon->waitForFinished(5000);
    }
    m_daemon.reset();
}

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
