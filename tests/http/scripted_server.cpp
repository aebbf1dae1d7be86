// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/http/scripted_server.h"

#include <memory>

namespace mf {

ScriptedServer::ScriptedServer(Answer answer, std::unique_ptr<QTcpServer> server)
    : m_answer(std::move(answer))
    , m_server(server ? std::move(server) : std::make_unique<QTcpServer>())
{
    if (!m_server->listen(QHostAddress::LocalHost))
        qFatal("no free port: %s", qPrintable(m_server->errorString()));
    QObject::connect(m_server.get(), &QTcpServer::pendingConnectionAvailable, m_server.get(), [this] { accept(); });
}

ScriptedServer::~ScriptedServer() = default;

QUrl ScriptedServer::url(const QString &path, const QString &scheme) const
{
    return QUrl(QStringLiteral("%1://127.0.0.1:%2%3").arg(scheme).arg(m_server->serverPort()).arg(path));
}

void ScriptedServer::accept()
{
    while (QTcpSocket *socket = m_server->nextPendingConnection()) {
        ++m_connections;
        ++m_open;
        socket->setReadBufferSize(m_isReading ? 0 : 1);
        const auto buffer = std::make_shared<QByteArray>();
        QObject::connect(socket, &QTcpSocket::readyRead, m_server.get(), [this, socket, buffer] {
            if (m_isReading)
                read(*socket, *buffer);
        });
        QObject::connect(socket, &QTcpSocket::disconnected, m_server.get(), [this, socket] {
            --m_open;
            socket->deleteLater();
        });
        if (m_isReading && socket->bytesAvailable() > 0)
            read(*socket, *buffer);
    }
}

void ScriptedServer::read(QTcpSocket &socket, QByteArray &buffer)
{
    buffer += socket.readAll();
    for (;;) {
        const qsizetype end = buffer.indexOf("\r\n\r\n");
        if (end < 0)
            return;
        QList<QByteArray> lines = buffer.first(end).split('\n');
        Request request;
        const QList<QByteArray> first = lines.takeFirst().trimmed().split(' ');
        request.method = first.value(0);
        request.target = first.value(1);
        for (const QByteArray &line : lines) {
            const qsizetype colon = line.indexOf(':');
            request.headers.insert(line.first(colon).toLower(), line.sliced(colon + 1).trimmed());
        }
        const qsizetype length = request.headers.value("content-length").toLongLong();
        if (buffer.size() < end + 4 + length)
            return;
        request.body = buffer.sliced(end + 4, length);
        buffer.remove(0, end + 4 + length);
        m_requests.push_back(request);
        m_answer(socket, request);
    }
}

QByteArray ScriptedServer::answer(int status, const QByteArray &body, const QByteArray &headers)
{
    return "HTTP/1.1 " + QByteArray::number(status) + " Whatever\r\nContent-Length: " + QByteArray::number(body.size())
        + "\r\n" + headers + "\r\n" + body;
}

} // namespace mf
