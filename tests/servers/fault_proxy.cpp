// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/servers/fault_proxy.h"

#include <algorithm>
#include <chrono>

namespace mf {
namespace {

constexpr qint64 kAhead = qint64(1) << 18; // bytes that wait in a socket of ours
constexpr std::chrono::milliseconds kTick { 5 };
constexpr double kBurst = 0.05; // s

} // namespace

struct FaultProxy::Link {
    QTcpSocket *client; // the server's child
    QTcpSocket server;
    Faults faults;
    qint64 up = 0; // bytes passed on
    qint64 down = 0;
};

qint64 FaultProxy::Bucket::take(qint64 wanted)
{
    const qint64 given = std::min(wanted, static_cast<qint64>(tokens));
    tokens -= static_cast<double>(given);
    return given;
}

FaultProxy::FaultProxy(quint16 server)
    : m_target(server)
{
    if (!m_server.listen(QHostAddress::LocalHost))
        qFatal("no free port");
    QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] { accept(); });
    QObject::connect(&m_tick, &QTimer::timeout, &m_server, [this] { fill(); });
    m_tick.setTimerType(Qt::PreciseTimer);
    m_tick.start(kTick);
}

FaultProxy::~FaultProxy()
{
    for (const auto &link : m_links) { // nothing is passed on any more
        link->client->disconnect();
        link->server.disconnect();
    }
}

int FaultProxy::open() const
{
    return static_cast<int>(std::count_if(m_links.begin(), m_links.end(),
        [](const auto &link) { return link->client->state() == QAbstractSocket::ConnectedState; }));
}

void FaultProxy::setRate(qint64 bytesPerSecond)
{
    m_rate = bytesPerSecond;
    for (const auto &link : m_links) // what waited for tokens
        pass(*link);
}

void FaultProxy::accept()
{
    while (QTcpSocket *client = m_server.nextPendingConnection()) {
        ++m_made;
        auto link = std::make_unique<Link>();
        link->client = client;
        if (m_faults.connections != 0)
            link->faults = m_faults;
        if (m_faults.connections > 0)
            --m_faults.connections;
        Link &made = *link;
        m_links.push_back(std::move(link));
        client->setReadBufferSize(kAhead);
        made.server.setReadBufferSize(kAhead);
        for (QTcpSocket *socket : { client, &made.server }) {
            QObject::connect(socket, &QTcpSocket::readyRead, &m_server, [this, &made] { pass(made); });
            QObject::connect(socket, &QTcpSocket::bytesWritten, &m_server, [this, &made] { pass(made); });
        }
        QObject::connect(&made.server, &QTcpSocket::connected, &m_server, [this, &made] { pass(made); });
        QObject::connect(client, &QTcpSocket::disconnected, &made.server, [&made] { made.server.abort(); });
        QObject::connect(&made.server, &QTcpSocket::disconnected, client, [this, &made] {
            pass(made); // what came last
            made.client->disconnectFromHost();
        });
        made.server.connectToHost(QHostAddress::LocalHost, m_target);
    }
}

void FaultProxy::fill()
{
    if (m_rate == 0)
        return;
    const double rate = static_cast<double>(m_rate);
    for (Bucket *bucket : { &m_up, &m_down })
        bucket->tokens = std::min(rate * kBurst, bucket->tokens + rate * std::chrono::duration<double>(kTick).count());
    for (const auto &link : m_links)
        pass(*link);
}

// False: the connection was cut.
bool FaultProxy::move(
    Link &link, QTcpSocket &from, QTcpSocket &to, Bucket &bucket, qint64 &moved, qint64 cutAt, qint64 flipAt)
{
    while (from.bytesAvailable() > 0 && to.bytesToWrite() < kAhead) {
        qint64 wanted = std::min(from.bytesAvailable(), kAhead);
        if (cutAt >= 0)
            wanted = std::min(wanted, cutAt - moved);
        const qint64 allowed = m_rate > 0 ? bucket.take(wanted) : wanted;
        if (wanted > 0 && allowed == 0)
            return true; // later
        QByteArray bytes = from.read(allowed);
        if (flipAt >= moved && flipAt < moved + bytes.size())
            bytes[flipAt - moved] = static_cast<char>(bytes[flipAt - moved] ^ 1);
        moved += bytes.size();
        to.write(bytes);
        if (cutAt >= 0 && moved >= cutAt) {
            to.flush();
            link.client->disconnectFromHost();
            link.server.abort();
            return false;
        }
    }
    return true;
}

void FaultProxy::pass(Link &link)
{
    const Faults &faults = link.faults;
    if (faults.stopsReading || link.client->state() != QAbstractSocket::ConnectedState)
        return;
    if (!faults.answersInstead.isEmpty()) {
        if (link.client->peek(kAhead).contains("\r\n\r\n")) {
            link.client->write(faults.answersInstead);
            link.faults.stopsReading = true;
            link.client->disconnectFromHost();
        }
        return;
    }
    if (link.server.state() == QAbstractSocket::ConnectedState
        && !move(link, *link.client, link.server, m_up, link.up, faults.cutRequestAt, -1))
        return;
    move(link, link.server, *link.client, m_down, link.down, faults.cutAnswerAt, faults.flipAnswerAt);
}

} // namespace mf
