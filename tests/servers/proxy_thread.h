// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/servers/fault_proxy.h"

#include <QSemaphore>
#include <QThread>

namespace mf {

// A proxy on a thread of its own, so that passing on takes no time from the event loop that is measured.
class ProxyThread final : public QThread
{
public:
    // bytesPerSecond: in each direction.
    ProxyThread(quint16 server, qint64 bytesPerSecond)
        : m_server(server)
        , m_rate(bytesPerSecond)
    {
        start();
        m_ready.acquire();
    }
    ~ProxyThread() override
    {
        quit();
        wait();
    }
    quint16 port() const { return m_port; }

private:
    void run() override
    {
        FaultProxy proxy(m_server);
        proxy.setRate(m_rate);
        m_port = proxy.port();
        m_ready.release();
        exec();
    }

    quint16 m_server;
    qint64 m_rate;
    quint16 m_port = 0;
    QSemaphore m_ready;
};

} // namespace mf
