// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What was being tried, said also when the program ends by a signal: a seed that nobody knows is of no use.

#include <QString>
#include <QTest>

#include <algorithm>
#include <array>
#include <csignal>
#include <unistd.h>

namespace mf::simulation {

// While it lives, these words and the row of data are the first that a fatal signal writes to stderr: of a crash, or of
// qFatal and the watchdog, which abort. One at a time.
class LastWords
{
public:
    explicit LastWords(const QString &words)
    {
        const char *const row = QTest::currentDataTag();
        const QByteArray text = words.toUtf8() + (row ? QByteArray(", ") + row : QByteArray());
        static const bool isListening = listen();
        Q_UNUSED(isListening)
        s_length = std::min(static_cast<std::size_t>(text.size()), s_text.size() - 1);
        std::copy_n(text.begin(), s_length, s_text.begin());
        s_text[s_length++] = '\n';
    }
    ~LastWords() { s_length = 0; }
    Q_DISABLE_COPY_MOVE(LastWords)

private:
    static constexpr std::array<int, 6> kSignals { SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTERM };

    static bool listen()
    {
        for (std::size_t i = 0; i < kSignals.size(); ++i) {
            struct sigaction action {};
            action.sa_handler = say;
            action.sa_flags = SA_ONSTACK; // Qt Test's, should the usual one have overflowed
            ::sigaction(kSignals[i], &action, &s_before[i]);
        }
        return true;
    }
    // Only what a handler may call.
    static void say(int signal)
    {
        const ssize_t written = ::write(STDERR_FILENO, s_text.data(), s_length);
        Q_UNUSED(written)
        for (std::size_t i = 0; i < kSignals.size(); ++i) {
            if (kSignals[i] == signal)
                ::sigaction(signal, &s_before[i], nullptr); // Qt Test's, which says where
        }
        ::raise(signal);
    }

    static inline std::array<char, 200> s_text;
    static inline std::size_t s_length = 0;
    static inline std::array<struct sigaction, kSignals.size()> s_before;
};

} // namespace mf::simulation
