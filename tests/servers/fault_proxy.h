// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

#include <memory>
#include <vector>

namespace mf {

// What goes wrong between a client and a server. Bytes count from the beginning of each connection.
struct Faults {
    qint64 cutRequestAt = -1; // the connection ends when the client has sent so many bytes
    qint64 cutAnswerAt = -1; // … the server
    qint64 flipAnswerAt = -1; // this byte of the server's arrives as another one
    bool stopsReading = false; // nothing is taken from the client any more
    QByteArray answersInstead; // to the next request, whatever it is; then the connection ends
    int connections = -1; // how many of them this happens to, from now on; -1: all
};

// Stands in front of any server on loopback, and is one itself. Passes bytes on, no faster and no sooner than it is
// told to, and breaks what it is told to break. Lives on the event loop's thread.
class FaultProxy
{
public:
    explicit FaultProxy(quint16 server);
    ~FaultProxy();

    quint16 port() const { return m_server.serverPort(); }
    void set(const Faults &faults) { m_faults = faults; } // for connections made from now on
    // Bytes a second in each direction, all connections together; 0: as fast as it goes.
    void setRate(qint64 bytesPerSecond);
    int made() const { return m_made; } // connections, ever
    int open() const; // of them, at this moment

private:
    struct Link;
    // What may be passed on in one direction: a token bucket that holds a twentieth of a second.
    struct Bucket {
        double tokens = 0;
        qint64 take(qint64 wanted);
    };
    void accept();
    void fill();
    void pass(Link &link);
    bool move(Link &link, QTcpSocket &from, QTcpSocket &to, Bucket &bucket, qint64 &moved, qint64 cutAt, qint64 flipAt);

    QTcpServer m_server;
    quint16 m_target;
    Faults m_faults;
    qint64 m_rate = 0;
    Bucket m_up;
    Bucket m_down;
    QTimer m_tick;
    int m_made = 0;
    std::vector<std::unique_ptr<Link>> m_links;
};

} // namespace mf
