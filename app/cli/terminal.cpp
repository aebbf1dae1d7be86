// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/terminal.h"

#include <cerrno>
#include <csignal>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace mf::cli {

namespace {

// Switches the echo off, and on again even if the user interrupts.
class SilentTerminal
{
public:
    explicit SilentTerminal(bool wanted)
        : m_active(wanted && ::tcgetattr(STDIN_FILENO, &m_before) == 0)
    {
        if (!m_active)
            return;
        // Ctrl+C must not leave a silent terminal: it is held back until the echo is on again.
        sigset_t held;
        ::sigemptyset(&held);
        ::sigaddset(&held, SIGINT);
        ::sigaddset(&held, SIGTERM);
        ::sigaddset(&held, SIGTSTP);
        ::sigprocmask(SIG_BLOCK, &held, &m_signals);
        termios silent = m_before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~SilentTerminal()
    {
        if (!m_active)
            return;
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
        ::sigprocmask(SIG_SETMASK, &m_signals, nullptr);
    }
    SilentTerminal(const SilentTerminal &) = delete;
    SilentTerminal &operator=(const SilentTerminal &) = delete;

private:
    termios m_before {};
    sigset_t m_signals {};
    bool m_active;
};

} // namespace

bool isTerminal(int descriptor) { return ::isatty(descriptor) == 1; }

int terminalWidth(int descriptor)
{
    winsize size {};
    if (!isTerminal(descriptor) || ::ioctl(descriptor, TIOCGWINSZ, &size) != 0)
        return 0;
    constexpr int kUsual = 80;
    return size.ws_col > 0 ? size.ws_col : kUsual;
}

bool writeAll(int descriptor, const QByteArray &data)
{
    qsizetype done = 0;
    while (done < data.size()) {
        const auto n = ::write(descriptor, data.constData() + done, static_cast<std::size_t>(data.size() - done));
        if (n >= 0) {
            done += n;
        } else if (errno == EAGAIN) {
            pollfd room { descriptor, POLLOUT, 0 };
            ::poll(&room, 1, -1);
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

std::optional<QString> readSecretLine(const QString &prompt)
{
    constexpr qsizetype kLongest = 64 * 1024;
    const bool atTerminal = isTerminal(STDIN_FILENO);
    const SilentTerminal silent(atTerminal);
    if (atTerminal)
        writeAll(STDERR_FILENO, prompt.toUtf8());
    QByteArray line;
    bool ended = false;
    for (;;) {
        char c = 0;
        // Byte by byte: what follows the line belongs to whoever reads next.
        const auto n = ::read(STDIN_FILENO, &c, 1);
        if (n < 0 && errno == EINTR)
            continue;
        constexpr char kInterrupt = 3; // Ctrl+C, as a character while signals are off
        if (n <= 0 || c == kInterrupt) {
            ended = n <= 0 ? line.isEmpty() : true;
            break;
        }
        if (c == '\n')
            break;
        line.append(c);
        if (line.size() > kLongest) {
            ended = true;
            break;
        }
    }
    if (atTerminal)
        writeAll(STDERR_FILENO, "\n");
    if (line.endsWith('\r'))
        line.chop(1);
    const QString text = QString::fromUtf8(line);
    line.fill('\0');
    return ended ? std::nullopt : std::optional<QString>(text);
}

} // namespace mf::cli
