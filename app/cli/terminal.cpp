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
        // Not line by line either: a Ctrl+C that is a character would wait for the end of the line.
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG | ICANON);
        silent.c_cc[VMIN] = 1;
        silent.c_cc[VTIME] = 0;
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

// Without the terminal's own editing there is only what people do to a password: take it back.
enum Key : char { kInterrupt = 3, kEndOfInput = 4, kBackspace = 8, kEraseLine = 21, kDelete = 127 };

void dropLastCharacter(QByteArray &line)
{
    const auto isContinuation = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; };
    while (!line.isEmpty() && isContinuation(line.back()))
        line.chop(1);
    line.chop(1);
}

// Byte by byte: what follows the line belongs to whoever reads next.
std::optional<QByteArray> readLine(qsizetype longest, bool withKeys)
{
    QByteArray line;
    while (line.size() <= longest) {
        char c = 0;
        const auto n = ::read(STDIN_FILENO, &c, 1);
        if (n < 0 && errno == EINTR)
            continue;
        const bool ends = n <= 0 || (withKeys && c == kEndOfInput);
        if (ends && line.isEmpty())
            return std::nullopt;
        if (ends || c == '\n' || (withKeys && c == '\r'))
            return line;
        if (withKeys && c == kInterrupt)
            return std::nullopt;
        if (withKeys && (c == kBackspace || c == kDelete))
            dropLastCharacter(line);
        else if (withKeys && c == kEraseLine)
            line.clear();
        else
            line.append(c);
    }
    return std::nullopt;
}

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
    constexpr qsizetype kLongest = qsizetype(64) << 10;
    const bool atTerminal = isTerminal(STDIN_FILENO);
    std::optional<QByteArray> line;
    {
        const SilentTerminal silent(atTerminal);
        if (atTerminal)
            writeAll(STDERR_FILENO, prompt.toUtf8());
        line = readLine(kLongest, atTerminal);
        if (atTerminal)
            writeAll(STDERR_FILENO, "\n");
    }
    if (!line)
        return std::nullopt;
    if (line->endsWith('\r'))
        line->chop(1);
    const QString text = QString::fromUtf8(*line);
    line->fill('\0');
    return text;
}

} // namespace mf::cli
