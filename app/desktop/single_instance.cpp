// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/single_instance.h"

#include "core/base/log.h"

#include <QCryptographicHash>
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocalSocket>
#include <QTimer>

#include <chrono>

#include <unistd.h>

namespace mf {
namespace {

constexpr int kPatience = 3'000; // ms

// The socket's name is short, as its path must be; a home reached by two ways is one.
QString nameFor(const QString &home)
{
    const QString real = QDir(home).exists() ? QDir(home).canonicalPath() : QDir::cleanPath(home);
    const QByteArray digest = QCryptographicHash::hash(real.toUtf8(), QCryptographicHash::Sha256).toHex().left(16);
    return QStringLiteral("modelfloat-%1-%2").arg(::getuid()).arg(QString::fromLatin1(digest));
}

std::optional<QStringList> pathsIn(const QByteArray &line)
{
    const QJsonDocument message = QJsonDocument::fromJson(line);
    if (!message.isArray())
        return std::nullopt;
    QStringList paths;
    for (const auto &value : message.array()) {
        if (!value.isString())
            return std::nullopt;
        paths.append(value.toString());
    }
    return paths;
}

} // namespace

SingleInstance::SingleInstance(const QString &home)
    : m_name(nameFor(home))
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &SingleInstance::serve);
}

bool SingleInstance::handOver(const QStringList &paths) const
{
    QLocalSocket socket;
    socket.connectToServer(m_name);
    if (!socket.waitForConnected(kPatience))
        return false;
    socket.write(QJsonDocument(QJsonArray::fromStringList(paths)).toJson(QJsonDocument::Compact) + '\n');
    return socket.waitForBytesWritten(kPatience) && socket.waitForReadyRead(kPatience);
}

bool SingleInstance::listen()
{
    if (m_server.listen(m_name))
        return true;
    QLocalServer::removeServer(m_name); // of one that was killed: nobody answered there
    if (m_server.listen(m_name))
        return true;
    logWarning("window", QStringLiteral("a second start cannot find this one: ") + m_server.errorString());
    return false;
}

void SingleInstance::serve()
{
    while (QLocalSocket *socket = m_server.nextPendingConnection()) {
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        QTimer::singleShot(std::chrono::milliseconds(kPatience), socket, [socket] { socket->abort(); });
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] {
            if (socket->bytesAvailable() > kLongestMessage) {
                socket->abort();
                return;
            }
            if (!socket->canReadLine())
                return;
            const auto paths = pathsIn(socket->readLine());
            if (!paths) {
                socket->abort();
                return;
            }
            socket->write("\n");
            socket->disconnectFromServer(); // when the answer is out
            emit handed(*paths);
        });
    }
}

} // namespace mf
