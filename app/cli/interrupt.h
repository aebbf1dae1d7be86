// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QSocketNotifier>

#include <functional>
#include <memory>

namespace mf::cli {

// Turns the first Ctrl+C (SIGINT), SIGTERM or SIGHUP into a call on the event loop; a second one ends the
// process as usual. One object at a time; what was set before is set again when it is destroyed.
class Interrupt
{
public:
    explicit Interrupt(std::function<void(int signalNumber)> onSignal);
    ~Interrupt();
    Interrupt(const Interrupt &) = delete;
    Interrupt &operator=(const Interrupt &) = delete;

private:
    struct Handlers;
    std::unique_ptr<Handlers> m_handlers;
    std::unique_ptr<QSocketNotifier> m_notifier;
    std::function<void(int)> m_onSignal;
};

} // namespace mf::cli
