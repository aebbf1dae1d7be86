// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/servers/fault_proxy.h"

#include "tests/servers/request_lines.h"

#include <algorithm>
#include <deque>
#include <limits>
#include <numeric>

namespace mf {
namespace {

constexpr qint64 kAhead = qint64(1) << 18; // bytes that wait in a socket of ours
constexpr qint64 kLine = qint64(1) << 26; // bytes that are on their way where that takes time
constexpr std::chrono::milliseconds kTick { 5 };
constexpr double kBurst = 0.05; // s

} // namespace

// One direction of a connection.
struct FaultProxy::Stream {
    struct Piece {
        qint64 due; // by m_clock, ms
        QByteArray bytes;
    };
    QTcpSocket *from = nullptr;
    QTcpSocket *to = nullptr;
    qint64 cutAt = -1;
    qint64 flipAt = -1;
    qint64 stopAt = -1;
    qint64 moved = 0; // bytes passed on
    std::deque<Piece> line = {}; // on their way
    qint64 inLine = 0; // bytes
};

struct FaultProxy::Link {
    QTcpSocket *client; // the server's child
    QTcpSocket server;
    Faults faults;
    std::shared_ptr<int> left; // how often they may still be met; negative: always
    Stream up;
    Stream down;
    RequestLines requests;
    bool isEnding = false; // the server has
    bool isBroken = false; // it met its fault

    bool isOpen() const { return client->state() == QAbstractSocket::ConnectedState; }
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
    QObject::connect(&m_tick, &QTimer::timeout, &m_server, [this] { tick(); });
    m_tick.setTimerType(Qt::PreciseTimer);
    m_tick.start(kTick);
    m_clock.start();
}

FaultProxy::~FaultProxy()
{
    for (const auto &link : m_links) { // nothing is passed on any more
        link->client->disconnect();
        link->server.disconnect();
    }
}

void FaultProxy::set(const Faults &faults)
{
    m_faults = faults;
    m_left = std::make_shared<int>(faults.times);
    m_broken.clear();
}

void FaultProxy::cutAll()
{
    for (const auto &link : m_links)
        link->client->abort();
}

void FaultProxy::goOn()
{
    for (const auto &link : m_links) {
        link->up.stopAt = -1;
        link->down.stopAt = -1;
        pass(*link);
    }
}

int FaultProxy::open() const
{
    return static_cast<int>(
        std::count_if(m_links.begin(), m_links.end(), [](const auto &link) { return link->isOpen(); }));
}

qint64 FaultProxy::moved() const
{
    return std::accumulate(m_links.begin(), m_links.end(), qint64(0),
        [](qint64 sum, const auto &link) { return sum + link->up.moved + link->down.moved; });
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
        link->faults = m_faults;
        link->left = m_left;
        Link &made = *link;
        m_links.push_back(std::move(link));
        const Faults &faults = made.faults;
        made.up = { client, &made.server, faults.cutRequestAt, faults.flipRequestAt, faults.stopRequestAt };
        made.down = { &made.server, client, faults.cutAnswerAt, faults.flipAnswerAt, faults.stopAnswerAt };
        client->setReadBufferSize(kAhead);
        made.server.setReadBufferSize(kAhead);
        for (QTcpSocket *socket : { client, &made.server }) {
            QObject::connect(socket, &QTcpSocket::readyRead, &m_server, [this, &made] { pass(made); });
            QObject::connect(socket, &QTcpSocket::bytesWritten, &m_server, [this, &made] { pass(made); });
        }
        QObject::connect(&made.server, &QTcpSocket::connected, &m_server, [this, &made] { pass(made); });
        QObject::connect(client, &QTcpSocket::disconnected, &made.server, [&made] { made.server.abort(); });
        QObject::connect(&made.server, &QTcpSocket::disconnected, client, [this, &made] {
            made.isEnding = true;
            pass(made); // what came last
        });
        made.server.connectToHost(QHostAddress::LocalHost, m_target);
    }
}

void FaultProxy::tick()
{
    if (m_rate == 0 && m_latency.count() == 0)
        return;
    const double rate = static_cast<double>(m_rate);
    for (Bucket *bucket : { &m_up, &m_down })
        bucket->tokens = std::min(rate * kBurst, bucket->tokens + rate * std::chrono::duration<double>(kTick).count());
    for (const auto &link : m_links)
        pass(*link);
}

bool FaultProxy::isDue(const Link &link) { return link.isBroken || *link.left != 0; }

// The request that is on its way met the fault.
void FaultProxy::meet(Link &link)
{
    if (link.isBroken)
        return;
    link.isBroken = true;
    --*link.left;
    m_broken.append(link.requests.line());
}

void FaultProxy::take(Stream &stream)
{
    const qint64 most = m_latency.count() > 0 ? kLine : kAhead;
    while (stream.from->bytesAvailable() > 0 && stream.inLine < most) {
        stream.line.push_back({ m_clock.elapsed() + m_latency.count(), stream.from->read(kAhead) });
        stream.inLine += stream.line.back().bytes.size();
    }
}

// False: the connection was cut.
bool FaultProxy::give(Link &link, Stream &stream, Bucket &bucket)
{
    constexpr qint64 never = std::numeric_limits<qint64>::max();
    const auto when = [&link](qint64 at) { return at >= 0 && isDue(link) ? at : never; };
    while (!stream.line.empty() && stream.line.front().due <= m_clock.elapsed() && stream.to->bytesToWrite() < kAhead) {
        QByteArray &first = stream.line.front().bytes;
        const qint64 cutAt = when(stream.cutAt);
        const qint64 stopAt = when(stream.stopAt);
        const qint64 flipAt = when(stream.flipAt);
        const qint64 wanted = std::min({ qint64(first.size()), cutAt - stream.moved, stopAt - stream.moved });
        const qint64 allowed = m_rate > 0 ? bucket.take(wanted) : wanted;
        if (wanted > 0 && allowed == 0)
            return true; // later
        QByteArray bytes = first.first(allowed);
        first.remove(0, allowed);
        stream.inLine -= allowed;
        if (first.isEmpty())
            stream.line.pop_front();
        const int before = link.requests.count();
        if (&stream == &link.up)
            link.requests.add(bytes);
        if (link.faults.ofEachAnswer && link.requests.count() > before)
            link.down.flipAt = link.down.moved + link.faults.flipAnswerAt;
        if (flipAt >= stream.moved && flipAt < stream.moved + bytes.size()) {
            char &byte = bytes[flipAt - stream.moved];
            byte = static_cast<char>(byte ^ 1);
            meet(link);
        }
        stream.moved += bytes.size();
        stream.to->write(bytes);
        if (stream.moved >= stopAt) {
            meet(link);
            return true;
        }
        if (stream.moved >= cutAt) {
            meet(link);
            stream.to->flush();
            link.client->disconnectFromHost();
            link.server.abort();
            return false;
        }
    }
    return true;
}

void FaultProxy::answerInstead(Link &link)
{
    link.requests.add(link.client->readAll());
    if (link.isBroken || !link.requests.isWhole())
        return;
    meet(link);
    link.client->write(link.faults.answersInstead);
    link.client->disconnectFromHost();
}

void FaultProxy::pass(Link &link)
{
    if (!link.isOpen())
        return;
    if (!link.faults.answersInstead.isEmpty() && isDue(link)) {
        answerInstead(link);
        return;
    }
    take(link.up);
    if (link.server.state() == QAbstractSocket::ConnectedState && !give(link, link.up, m_up))
        return;
    take(link.down);
    if (!give(link, link.down, m_down))
        return;
    if (link.isEnding && link.down.line.empty() && link.server.bytesAvailable() == 0)
        link.client->disconnectFromHost();
}

} // namespace mf
