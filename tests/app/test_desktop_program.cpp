// SPDX-License-Identifier: GPL-3.0-or-later
// The desktop program as processes: one for each library, and how it ends.
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <memory>

namespace {

constexpr int kLong = 60'000; // ms: never reached unless something is broken

class Home
{
public:
    std::unique_ptr<QProcess> start(const QStringList &words) const
    {
        auto program = std::make_unique<QProcess>();
        program->start(QStringLiteral(MF_DESKTOP),
            QStringList {
                QStringLiteral("--home"), m_folder.path(), QStringLiteral("--secret-store"), QStringLiteral("file") }
                + words);
        return program;
    }
    // Of a start that is expected to end by itself; -1: it does not.
    int exitCode(const QStringList &words, QByteArray *said = nullptr) const
    {
        const auto program = start(words);
        if (!program->waitForFinished(kLong) || program->exitStatus() != QProcess::NormalExit)
            return -1;
        if (said)
            *said = program->readAllStandardError();
        return program->exitCode();
    }
    bool takesOver() const { return exitCode({ QStringLiteral("/m/x.gguf") }) == 0; }
    // The first one, once its event loop runs: then it writes what it remembers of its window.
    std::unique_ptr<QProcess> startFirst(const QStringList &words = {}) const
    {
        auto program = start(words);
        const QString memory = m_folder.filePath(QStringLiteral("window.ini"));
        const bool isThere = QTest::qWaitFor([&] { return QFile::exists(memory); }, kLong);
        return isThere && program->state() == QProcess::Running ? std::move(program) : nullptr;
    }

private:
    QTemporaryDir m_folder;
};

} // namespace

class TestDesktopProgram : public QObject
{
    Q_OBJECT

private slots:
    void endsWhenItIsToldTo_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("SIGTERM") << SIGTERM;
        QTest::newRow("SIGINT") << SIGINT;
        QTest::newRow("SIGHUP") << SIGHUP;
    }
    void endsWhenItIsToldTo()
    {
        QFETCH(const int, signal);
        const Home home;
        const auto first = home.startFirst();
        QVERIFY(first);
        ::kill(static_cast<pid_t>(first->processId()), signal);
        QVERIFY(first->waitForFinished(kLong));
        QCOMPARE(first->exitStatus(), QProcess::NormalExit);
        QCOMPARE(first->exitCode(), 0);
    }

    void aSecondOneWithoutAnAnswerSaysSoAndEnds()
    {
        const Home home;
        const auto first = home.startFirst();
        QVERIFY(first);
        const auto number = static_cast<pid_t>(first->processId());
        ::kill(number, SIGSTOP);
        QByteArray said;
        const int code = home.exitCode({ QStringLiteral("/m/y.gguf") }, &said);
        ::kill(number, SIGCONT);
        QCOMPARE(code, 1);
        QVERIFY2(said.contains("is running already, but does not answer"), said.constData());
        QVERIFY(home.takesOver());
        first->terminate();
        QVERIFY(first->waitForFinished(kLong));
    }

    void inTheBackground()
    {
        const Home home;
        const auto first = home.startFirst({ QStringLiteral("--background") });
        QVERIFY(first);
        first->terminate();
        QVERIFY(first->waitForFinished(kLong));
        QCOMPARE(first->exitCode(), 0);
    }
};

QTEST_GUILESS_MAIN(TestDesktopProgram)
#include "test_desktop_program.moc"
