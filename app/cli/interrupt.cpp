// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/interrupt.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace mf::cli {

namespace {

constexpr std::array<int, 3> kSignals = { SIGINT, SIGTERM, SIGHUP };

// A signal handler reaches nothing but what is global.
volatile std::sig_atomic_t g_pipe = -1;

void handle(int number)
{
    const int saved = errno;
    const auto byte = static_cast<unsigned char>(number);
    // The pipe is empty: the handler runs once, SA_RESETHAND.
    [[maybe_unused]] const auto n = ::write(g_pipe, &byte, 1);
    errno = saved;
}

} // namespace

struct Interrupt::Handlers {
    std::array<int, 2> pipe { -1, -1 };
    std::array<struct sigaction, kSignals.size()> before {};
};

Interrupt::Interrupt(std::function<void(int)> onSignal)
    : m_handlers(std::make_unique<Handlers>())
    , m_onSignal(std::move(onSignal))
{
    if (::pipe2(m_handlers->pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return; // without it a signal ends the process at once: also resumable, only less polite
    g_pipe = m_handlers->pipe[1];
    m_notifier = std::make_unique<QSocketNotifier>(m_handlers->pipe[0], QSocketNotifier::Read);
    QObject::connect(m_notifier.get(), &QSocketNotifier::activated, m_notifier.get(), [this] {
        unsigned char byte = 0;
        if (::read(m_handlers->pipe[0], &byte, 1) == 1)
            m_onSignal(byte);
    });
    struct sigaction action {};
    action.sa_handler = handle;
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
    ::sigemptyset(&action.sa_mask);
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
        ::sigaction(kSignals[i], nullptr, &m_handlers->before[i]);
        // Ignored by whoever started us (nohup): stays so.
        if (m_handlers->before[i].sa_handler != SIG_IGN)
            ::sigaction(kSignals[i], &action, nullptr);
    }
}

Interrupt::~Interrupt()
{
    if (!m_notifier)
        return;
    for (std::size_t i = 0; i < kSignals.size(); ++i)
        ::sigaction(kSignals[i], &m_handlers->before[i], nullptr);
    m_notifier.reset();
    g_pipe = -1;
    for (const int end : m_handlers->pipe)
        ::close(end);
}

} // namespace mf::cli
