// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTcpServer>
#include <QTcpSocket>

#include <memory>
#include <vector>

namespace mf {

// A forward proxy on loopback: HTTP, by CONNECT and by whole addresses, and SOCKS 5. It takes every name for
// loopback's. Lives on the event loop's thread.
class ForwardProxy
{
public:
    ForwardProxy();
    ~ForwardProxy();

    QString address(const QString &scheme) const; // "socks5://127.0.0.1:1080"
    // What it was asked for, oldest first: "CONNECT 127.0.0.1:443", "PUT http://127.0.0.1:80/a", "SOCKS 127.0.0.1:443".
    const QList<QByteArray> &asked() const { return m_asked; }
    const QByteArray &seen() const { return m_seen; } // all that clients sent

private:
    enum class Way { Unknown, Socks, Tunnel, Whole };
    struct Link {
        QTcpSocket *client; // the server's child
        QTcpSocket server;
        Way way = Way::Unknown;
        QByteArray in; // that is not understood yet
        QByteArray welcome; // for the client, when the server is there
        qsizetype body = 0; // bytes of a request that are still to come
    };
    void accept();
    void read(Link &link);
    bool greet(Link &link); // each true: it understood something
    bool openSocks(Link &link);
    bool openTunnel(Link &link);
    bool passWhole(Link &link);
    void connectTo(Link &link, quint16 port, const QByteArray &welcome);

    QTcpServer m_server;
    QList<QByteArray> m_asked;
    QByteArray m_seen;
    std::vector<std::unique_ptr<Link>> m_links;
};

} // namespace mf
