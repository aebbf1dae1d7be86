// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/servers/forward_proxy.h"

#include <QUrl>

#include <algorithm>

namespace mf {
namespace {

constexpr char kSocks = 5;

qsizetype headEnd(const QByteArray &bytes)
{
    const qsizetype end = bytes.indexOf("\r\n\r\n");
    return end < 0 ? -1 : end + 4;
}

qsizetype bodyOf(const QByteArray &head)
{
    const QByteArray name = "\r\ncontent-length:";
    const qsizetype at = head.toLower().indexOf(name);
    return at < 0 ? 0 : head.sliced(at + name.size()).split('\r').first().trimmed().toLongLong();
}

} // namespace

ForwardProxy::ForwardProxy()
{
    if (!m_server.listen(QHostAddress::LocalHost))
        qFatal("no free port");
    QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] { accept(); });
}

ForwardProxy::~ForwardProxy()
{
    for (const auto &link : m_links) { // nothing is passed on any more
        link->client->disconnect();
        link->server.disconnect();
    }
}

QString ForwardProxy::address(const QString &scheme) const
{
    return QStringLiteral("%1://127.0.0.1:%2").arg(scheme).arg(m_server.serverPort());
}

void ForwardProxy::accept()
{
    while (QTcpSocket *client = m_server.nextPendingConnection()) {
        m_links.push_back(std::make_unique<Link>());
        Link &link = *m_links.back();
        link.client = client;
        QObject::connect(client, &QTcpSocket::readyRead, &m_server, [this, &link] { read(link); });
        QObject::connect(client, &QTcpSocket::disconnected, &link.server, [&link] { link.server.abort(); });
        QObject::connect(&link.server, &QTcpSocket::connected, client, [&link] { link.client->write(link.welcome); });
        QObject::connect(
            &link.server, &QTcpSocket::readyRead, client, [&link] { link.client->write(link.server.readAll()); });
        QObject::connect(
            &link.server, &QTcpSocket::disconnected, client, [&link] { link.client->disconnectFromHost(); });
        QObject::connect(
            &link.server, &QTcpSocket::errorOccurred, client, [&link] { link.client->disconnectFromHost(); });
    }
}

void ForwardProxy::connectTo(Link &link, quint16 port, const QByteArray &welcome)
{
    link.welcome = welcome;
    link.server.connectToHost(QHostAddress::LocalHost, port);
}

void ForwardProxy::read(Link &link)
{
    const QByteArray bytes = link.client->readAll();
    m_seen += bytes;
    link.in += bytes;
    while (!link.in.isEmpty()) {
        bool isUnderstood = true;
        switch (link.way) {
        case Way::Unknown:
            isUnderstood = greet(link);
            break;
        case Way::Socks:
            isUnderstood = openSocks(link);
            break;
        case Way::Tunnel:
            link.server.write(link.in);
            link.in.clear();
            break;
        case Way::Whole:
            isUnderstood = passWhole(link);
            break;
        }
        if (!isUnderstood)
            return;
    }
}

bool ForwardProxy::greet(Link &link)
{
    if (!link.in.startsWith(kSocks)) {
        if (link.in.startsWith("CONNECT "))
            return openTunnel(link);
        link.way = Way::Whole;
        return true;
    }
    const qsizetype methods = link.in.size() < 2 ? 0 : link.in[1];
    if (link.in.size() < 2 + methods)
        return false;
    link.in.remove(0, 2 + methods);
    link.client->write(QByteArray::fromHex("0500")); // without a password
    link.way = Way::Socks;
    return true;
}

// RFC 1928 section 4.
bool ForwardProxy::openSocks(Link &link)
{
    if (link.in.size() < 5)
        return false;
    constexpr char ipv4 = 1;
    const bool isAddress = link.in[3] == ipv4; // else a name
    const qsizetype size = isAddress ? 4 : link.in[4];
    const qsizetype at = isAddress ? 4 : 5;
    if (link.in.size() < at + size + 2)
        return false;
    const QByteArray to = link.in.sliced(at, size);
    const auto octet = [](char c) { return QByteArray::number(static_cast<unsigned char>(c)); };
    const QByteArray host
        = isAddress ? octet(to[0]) + '.' + octet(to[1]) + '.' + octet(to[2]) + '.' + octet(to[3]) : to;
    const quint16 port = link.in.sliced(at + size, 2).toHex().toUShort(nullptr, 16);
    m_asked.append("SOCKS " + host + ':' + QByteArray::number(port));
    link.in.remove(0, at + size + 2);
    link.way = Way::Tunnel;
    connectTo(link, port, QByteArray::fromHex("05000001000000000000"));
    return true;
}

bool ForwardProxy::openTunnel(Link &link)
{
    const qsizetype end = headEnd(link.in);
    if (end < 0)
        return false;
    const QByteArray target = link.in.split(' ').value(1);
    m_asked.append("CONNECT " + target);
    link.in.remove(0, end);
    link.way = Way::Tunnel;
    connectTo(link, target.sliced(target.lastIndexOf(':') + 1).toUShort(), "HTTP/1.1 200 Connected\r\n\r\n");
    return true;
}

// The server gets requests as if it had been asked itself (RFC 9112 section 3.2).
bool ForwardProxy::passWhole(Link &link)
{
    if (link.body > 0) {
        const QByteArray part = link.in.first(std::min(link.body, link.in.size()));
        link.server.write(part);
        link.in.remove(0, part.size());
        link.body -= part.size();
        return true;
    }
    const qsizetype end = headEnd(link.in);
    if (end < 0)
        return false;
    const QByteArray head = link.in.first(end);
    link.in.remove(0, end);
    link.body = bodyOf(head);
    const QByteArray method = head.split(' ').value(0);
    const QByteArray target = head.split(' ').value(1);
    m_asked.append(method + ' ' + target);
    if (link.server.state() == QAbstractSocket::UnconnectedState)
        connectTo(link, static_cast<quint16>(QUrl::fromEncoded(target).port(80)), {});
    const qsizetype path = target.indexOf('/', target.indexOf("://") + 3);
    link.server.write(method + ' ' + target.sliced(path) + head.sliced(method.size() + 1 + target.size()));
    return true;
}

} // namespace mf
