// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

#include <chrono>
#include <memory>
#include <vector>

namespace mf {

// What goes wrong between a client and a server. Bytes count from the beginning of each connection.
struct Faults {
    qint64 cutRequestAt = -1; // the connection ends when the client has sent so many bytes
    qint64 cutAnswerAt = -1; // … the server
    qint64 flipRequestAt = -1; // this byte of the client's arrives as another one
    qint64 flipAnswerAt = -1; // … the server's
    bool ofEachAnswer = false; // flipAnswerAt counts from the beginning of each answer
    qint64 stopRequestAt = -1; // nothing is taken from the client any more when it has sent so many
    qint64 stopAnswerAt = -1; // … from the server
    QByteArray answersInstead; // to the next request, whatever it is, when it came; then the connection ends
    int times = -1; // how many connections meet it; -1: all
};

// Stands in front of any server on loopback, and is one itself. Passes bytes on, no faster and no sooner than it is
// told to, and breaks what it is told to break. Lives on the event loop's thread.
class FaultProxy
{
public:
    explicit FaultProxy(quint16 server);
    ~FaultProxy();

    quint16 port() const { return m_server.serverPort(); }
    void set(const Faults &faults); // for connections made from now on; forgets what was broken
    // Ends all connections: whoever was connected connects again, and meets what was set.
    void cutAll();
    void goOn(); // what was stopped
    // The requests that met a fault since it was set, oldest first: "PUT /account/f/00/1"; "TLS" where it cannot know.
    const QList<QByteArray> &broken() const { return m_broken; }
    // Bytes a second in each direction, all connections together; 0: as fast as it goes.
    void setRate(qint64 bytesPerSecond);
    // How long each byte is on its way, in each direction. Any number of them may be.
    void setLatency(std::chrono::milliseconds latency) { m_latency = latency; }
    qint64 moved() const; // bytes passed on in both directions, ever
    int made() const { return m_made; } // connections, ever
    int open() const; // of them, at this moment

private:
    struct Stream;
    struct Link;
    // What may be passed on in one direction: a token bucket that holds a twentieth of a second.
    struct Bucket {
        double tokens = 0;
        qint64 take(qint64 wanted);
    };
    void accept();
    void tick();
    void pass(Link &link);
    void answerInstead(Link &link);
    void take(Stream &stream);
    bool give(Link &link, Stream &stream, Bucket &bucket);
    static bool isDue(const Link &link);
    void meet(Link &link);

    QTcpServer m_server;
    quint16 m_target;
    Faults m_faults;
    std::shared_ptr<int> m_left = std::make_shared<int>(-1); // of m_faults.times
    QList<QByteArray> m_broken;
    qint64 m_rate = 0;
    std::chrono::milliseconds m_latency { 0 };
    Bucket m_up;
    Bucket m_down;
    QElapsedTimer m_clock;
    QTimer m_tick;
    int m_made = 0;
    std::vector<std::unique_ptr<Link>> m_links;
};

} // namespace mf
