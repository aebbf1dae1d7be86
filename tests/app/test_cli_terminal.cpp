// SPDX-License-Identifier: GPL-3.0-or-later
// The command line on a (pseudo) terminal: bar, width, Ctrl+C, a password that is not shown.
#include "app/cli/layout.h"

#include <QDeadlineTimer>
#include <QtTest>

#include <cerrno>
#include <csignal>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

// The probe on a terminal of its own; ended and collected with the object.
class OnTerminal
{
public:
    OnTerminal(unsigned short columns, std::initializer_list<const char *> words)
    {
        std::vector<char *> arguments { const_cast<char *>(MF_CLI_PROBE) };
        for (const char *word : words)
            arguments.push_back(const_cast<char *>(word));
        arguments.push_back(nullptr);
        winsize size {};
        size.ws_col = columns;
        size.ws_row = 24;
        m_process = ::forkpty(&m_terminal, nullptr, nullptr, &size);
        if (m_process == 0) {
            ::execv(MF_CLI_PROBE, arguments.data());
            ::_exit(127);
        }
    }
    ~OnTerminal()
    {
        if (m_process > 0 && !m_ended) {
            ::kill(m_process, SIGKILL);
            ::waitpid(m_process, nullptr, 0);
        }
        ::close(m_terminal);
    }
    OnTerminal(const OnTerminal &) = delete;
    OnTerminal &operator=(const OnTerminal &) = delete;

    // Reads until the text was seen, or (text empty) until the program closed the terminal.
    bool readUntil(const QByteArray &text)
    {
        const QDeadlineTimer deadline(30000);
        while (text.isEmpty() || !m_output.contains(text)) {
            pollfd ready { m_terminal, POLLIN, 0 };
            if (deadline.hasExpired() || ::poll(&ready, 1, 1000) < 0)
                return false;
            char buffer[4096];
            const auto n = ready.revents == 0 ? 0 : ::read(m_terminal, buffer, sizeof buffer);
            if (n < 0 || (n == 0 && ready.revents != 0))
                return text.isEmpty() && (n == 0 || errno == EIO); // the other end is closed
            m_output.append(buffer, n);
        }
        return true;
    }
    void type(const QByteArray &keys)
    {
        QVERIFY(::write(m_terminal, keys.constData(), size_t(keys.size())) == keys.size());
    }
    int status()
    {
        int status = 0;
        ::waitpid(m_process, &status, 0);
        m_ended = true;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    const QByteArray &output() const { return m_output; }

private:
    int m_terminal = -1;
    pid_t m_process = -1;
    bool m_ended = false;
    QByteArray m_output;
};

class TestCliTerminal : public QObject
{
    Q_OBJECT

private slots:
    void drawsABarThatFits_data()
    {
        QTest::addColumn<int>("columns");
        QTest::newRow("80") << 80;
        QTest::newRow("40") << 40;
        QTest::newRow("12") << 12;
    }
    void drawsABarThatFits()
    {
        QFETCH(int, columns);
        OnTerminal probe(static_cast<unsigned short>(columns), { "store", "short" });
        QVERIFY(probe.readUntil({}));
        QCOMPARE(probe.status(), 0);
        const QByteArray erase("\r\x1b[K");
        QVERIFY2(probe.output().endsWith(erase), "the bar is taken away at the end");
        QByteArray rest = probe.output();
        rest.replace(erase, "\n");
        const auto lines = QString::fromUtf8(rest).split(u'\n', Qt::SkipEmptyParts);
        QVERIFY2(lines.size() >= 2 && lines.size() <= 6, qPrintable(QString::number(lines.size())));
        for (const QString &line : lines) {
            QVERIFY(line.startsWith(QStringLiteral("Storing")));
            QVERIFY2(mf::cli::displayWidth(line) < columns, qPrintable(line));
        }
        QCOMPARE(lines.last().contains(QStringLiteral("of 1.00 kB")), columns == 80);
    }

    void controlCInterruptsAndLeavesACleanLine()
    {
        OnTerminal probe(80, { "store", "x" });
        QVERIFY(probe.readUntil("Storing"));
        probe.type("\x03");
        QVERIFY(probe.readUntil({}));
        QCOMPARE(probe.status(), 130);
        const qsizetype message = probe.output().lastIndexOf("modelfloat-cli: interrupted");
        QVERIFY(message > 0);
        QVERIFY(probe.output().lastIndexOf("Storing") < probe.output().lastIndexOf("\x1b[K"));
    }

    void aPasswordIsNotShown()
    {
        OnTerminal probe(80, { "kit" });
        QVERIFY(probe.readUntil("Password: "));
        probe.type("hunter2\n");
        QVERIFY(probe.readUntil({}));
        QCOMPARE(probe.status(), 0);
        QVERIFY(probe.output().contains("7 characters"));
        QVERIFY(!probe.output().contains("hunter2"));
    }

    void aPasswordCanBeTakenBack_data()
    {
        QTest::addColumn<QByteArray>("keys");
        QTest::addColumn<QByteArray>("says");
        QTest::newRow("backspace") << QByteArray("abc\x7f\n") << QByteArray("2 characters");
        QTest::newRow("backspace over an umlaut") << QByteArray("a\xc3\xa4\x7f\n") << QByteArray("1 characters");
        QTest::newRow("backspace at the beginning") << QByteArray("\x7f\x7f"
                                                                  "ab\n")
                                                    << QByteArray("2 characters");
        QTest::newRow("Ctrl+U") << QByteArray("abc\x15"
                                              "d\n")
                                << QByteArray("1 characters");
        QTest::newRow("Ctrl+D ends it") << QByteArray("abc\x04") << QByteArray("3 characters");
        QTest::newRow("Ctrl+D at once") << QByteArray("\x04") << QByteArray("none");
        QTest::newRow("Ctrl+C") << QByteArray("hun\x03") << QByteArray("none");
    }
    void aPasswordCanBeTakenBack()
    {
        QFETCH(QByteArray, keys);
        QFETCH(QByteArray, says);
        OnTerminal probe(80, { "kit" });
        QVERIFY(probe.readUntil("Password: "));
        probe.type(keys);
        QVERIFY(probe.readUntil({}));
        QVERIFY2(probe.output().contains(says), probe.output().constData());
    }

    void helpFitsTheTerminal()
    {
        OnTerminal probe(60, { "help", "fetch" });
        QVERIFY(probe.readUntil({}));
        QCOMPARE(probe.status(), 0);
        for (const QString &line : QString::fromUtf8(probe.output()).split(QStringLiteral("\r\n"))) {
            if (!line.trimmed().startsWith(QStringLiteral("modelfloat-cli")))
                QVERIFY2(mf::cli::displayWidth(line) <= 60, qPrintable(line));
        }
    }
};

QTEST_GUILESS_MAIN(TestCliTerminal)
#include "test_cli_terminal.moc"
