// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/single_instance.h"

#include "core/base/log.h"

#include <QCryptographicHash>
#include <QDeadlineTimer>
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocalSocket>
#include <QLockFile>
#include <QTimer>

#include <unistd.h>

namespace mf {
namespace {

constexpr std::chrono::milliseconds kSlowest { 3'000 }; // for a message that has begun
constexpr std::chrono::milliseconds kToListen { 1'000 }; // until another start listens, or does not

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

enum class Told { Nobody, Taken, Busy, TooLong, Closed };

int left(const QDeadlineTimer &deadline) { return static_cast<int>(deadline.remainingTime()); }

Told tell(const QString &name, const QByteArray &message, const QDeadlineTimer &deadline)
{
    using Error = QLocalSocket::LocalSocketError;
    QLocalSocket socket;
    socket.connectToServer(name);
    if (!socket.waitForConnected(left(deadline))) {
        const Error error = socket.error();
        const bool isNobody = error == Error::ServerNotFoundError || error == Error::ConnectionRefusedError
            || error == Error::SocketAccessError; // another user's: nobody of ours
        return isNobody ? Told::Nobody : Told::Busy;
    }
    if (message.size() > SingleInstance::kLongestMessage)
        return Told::TooLong;
    socket.write(message);
    bool isGoing = true;
    while (isGoing && socket.bytesToWrite() > 0)
        isGoing = socket.waitForBytesWritten(left(deadline));
    if (socket.bytesAvailable() > 0 || (isGoing && socket.waitForReadyRead(left(deadline))))
        return Told::Taken;
    return socket.state() == QLocalSocket::UnconnectedState ? Told::Closed : Told::Busy;
}

} // namespace

SingleInstance::SingleInstance(const QString &home, std::chrono::milliseconds patience)
    : m_name(nameFor(home))
    , m_patience(patience)
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &SingleInstance::serve);
}

SingleInstance::Answer SingleInstance::start(const QStringList &paths)
{
    const Answer answer = handOver(paths);
    if (answer != Answer::Nobody)
        return answer;
    // Without it two that start at the same time both find nobody.
    QLockFile lock(QDir::temp().filePath(m_name + QStringLiteral(".lock")));
    lock.tryLock(static_cast<int>(kToListen.count()));
    const Answer again = handOver(paths);
    if (again == Answer::Nobody)
        listen();
    return again;
}

SingleInstance::Answer SingleInstance::handOver(const QStringList &paths) const
{
    const QByteArray message = QJsonDocument(QJsonArray::fromStringList(paths)).toJson(QJsonDocument::Compact) + '\n';
    const QDeadlineTimer deadline(m_patience);
    Told told = tell(m_name, message, deadline);
    if (told == Told::Closed) // as by one that has just ended: then nobody is there any more
        told = tell(m_name, message, deadline);
    switch (told) {
    case Told::Nobody:
        return Answer::Nobody;
    case Told::Taken:
        return Answer::Taken;
    case Told::TooLong:
        return Answer::TooLong;
    case Told::Busy:
    case Told::Closed:
        break;
    }
    return Answer::Busy;
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
        QTimer::singleShot(kSlowest, socket, [socket] { socket->abort(); });
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
