// SPDX-License-Identifier: GPL-3.0-or-later
// The command line in a process of its own: exit status, streams, signals.
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <sys/types.h>

class TestCliRun : public QObject
{
    Q_OBJECT

    struct Ended {
        int status = -1;
        QByteArray out;
        QByteArray err;
    };
    static Ended finish(QProcess &process)
    {
        Ended ended;
        if (!process.waitForFinished(30000)) {
            process.kill();
            process.waitForFinished();
            return ended;
        }
        ended.status = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2;
        ended.out = process.readAllStandardOutput();
        ended.err = process.readAllStandardError();
        return ended;
    }
    static Ended run(const QStringList &words, const QByteArray &input = {})
    {
        QProcess process;
        process.start(QStringLiteral(MF_CLI_PROBE), words);
        process.write(input);
        process.closeWriteChannel();
        return finish(process);
    }

private slots:
    void exitStatus_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("out"); // begins with
        QTest::addColumn<QByteArray>("err"); // begins with
        const auto words = [](const char *line) { return QString::fromUtf8(line).split(u' ', Qt::SkipEmptyParts); };
        QTest::newRow("a result") << words("list --home /h") << 0 << QByteArray("one model\n")
                                  << QByteArray("a remark\n");
        QTest::newRow("quiet") << words("list --quiet") << 0 << QByteArray() << QByteArray();
        QTest::newRow("JSON") << words("list --json --home /h/./x") << 0 << QByteArray("{\"home\":\"/h/x\"}\n")
                              << QByteArray();
        QTest::newRow("help") << words("--help") << 0 << QByteArray("Usage: modelfloat-cli [GLOBAL") << QByteArray();
        QTest::newRow("help of a command")
            << words("store --help") << 0 << QByteArray("Usage: modelfloat-cli store PATH") << QByteArray();
        QTest::newRow("help by command") << words("help account add") << 0
                                         << QByteArray("Usage: modelfloat-cli account add") << QByteArray();
        QTest::newRow("help of nothing") << words("help stroe") << 2 << QByteArray()
                                         << QByteArray(
                                                "modelfloat-cli: there is no command “stroe”; did you mean “store”?");
        QTest::newRow("version") << words("--version") << 0 << QByteArray("modelfloat-cli ") << QByteArray();
        QTest::newRow("completions") << words("completions bash") << 0 << QByteArray("# bash completion")
                                     << QByteArray();
        QTest::newRow("the man page") << words("man-page") << 0 << QByteArray(".TH MODELFLOAT") << QByteArray();
        QTest::newRow("usage") << words("list --jsn") << 2 << QByteArray()
                               << QByteArray("modelfloat-cli: there is no option “--jsn” of list");
        QTest::newRow("no command at all")
            << QStringList() << 2 << QByteArray() << QByteArray("modelfloat-cli: no command");
        QTest::newRow("a command that this program does not have")
            << words("tag m") << 2 << QByteArray() << QByteArray("modelfloat-cli: tag is not part");
        QTest::newRow("a failure") << words("fetch m") << 1 << QByteArray()
                                   << QByteArray("modelfloat-cli: it is too\\nmuch for now");
    }
    void exitStatus()
    {
        QFETCH(QStringList, words);
        QFETCH(int, status);
        QFETCH(QByteArray, out);
        QFETCH(QByteArray, err);
        const Ended ended = run(words);
        QCOMPARE(ended.status, status);
        QVERIFY2(out.isEmpty() ? ended.out.isEmpty() : ended.out.startsWith(out), ended.out.constData());
        QVERIFY2(err.isEmpty() ? ended.err.isEmpty() : ended.err.startsWith(err), ended.err.constData());
    }

    void errorsAreObjectsWithJson()
    {
        for (const QStringList &words :
            { QStringList { QStringLiteral("fetch"), QStringLiteral("m"), QStringLiteral("--json") },
                QStringList { QStringLiteral("ftch"), QStringLiteral("--json") } }) {
            const Ended ended = run(words);
            const QJsonObject error = QJsonDocument::fromJson(ended.out).object().value(u"error").toObject();
            QVERIFY2(error.value(u"id").toString().startsWith(QStringLiteral("MF-")), ended.out.constData());
            QCOMPARE(ended.err.count('\n'), 1);
            const QByteArray id = '[' + error.value(u"id").toString().toUtf8() + ']';
            QVERIFY(ended.err.trimmed().endsWith(id));
        }
    }

    void aSignalCancelsAndSaysSo_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("Ctrl+C") << SIGINT;
        QTest::newRow("kill") << SIGTERM;
        QTest::newRow("the terminal is closed") << SIGHUP;
    }
    void aSignalCancelsAndSaysSo()
    {
        QFETCH(int, signal);
        QProcess process;
        process.start(
            QStringLiteral(MF_CLI_PROBE), { QStringLiteral("store"), QStringLiteral("x"), QStringLiteral("--json") });
        QVERIFY(process.waitForStarted());
        process.setReadChannel(QProcess::StandardError);
        QVERIFY(process.waitForReadyRead(30000)); // it runs
        QCOMPARE(::kill(static_cast<pid_t>(process.processId()), signal), 0);
        const Ended ended = finish(process);
        QCOMPARE(ended.status, 130);
        QByteArrayList lines = ended.err.trimmed().split('\n');
        QCOMPARE(lines.takeLast(),
            QByteArray("modelfloat-cli: interrupted; the same command goes on where it was [MF-INTERRUPTED]"));
        // The task's frame was destroyed: what it held was given back.
        QCOMPARE(lines.count("cancelled"), 1);
        lines.removeAll("cancelled");
        for (const QByteArray &line : lines)
            QVERIFY2(QJsonDocument::fromJson(line).object().contains(u"progress"), line.constData());
        const QJsonObject error = QJsonDocument::fromJson(ended.out).object().value(u"error").toObject();
        QCOMPARE(error.value(u"kind").toString(), QStringLiteral("cancelled"));
    }

    void progressIsSilentWithoutATerminal()
    {
        const Ended ended = run({ QStringLiteral("store"), QStringLiteral("short") });
        QCOMPARE(ended.status, 0);
        QCOMPARE(ended.out + ended.err, QByteArray());
    }

    void aReaderThatGoesAwayIsNoCrash()
    {
        const QTemporaryDir folder;
        QProcess process;
        const QString status = folder.filePath(QStringLiteral("status"));
        const QString line = QStringLiteral("{ '%1' cat m f; echo $? > '%2'; } | head -c 10 > /dev/null")
                                 .arg(QStringLiteral(MF_CLI_PROBE), status);
        process.start(QStringLiteral("sh"), { QStringLiteral("-c"), line });
        const Ended ended = finish(process);
        QCOMPARE(ended.status, 0);
        QFile file(status);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll().trimmed(), QByteArray("130"));
        QVERIFY(ended.err.contains("MF-OUTPUT-CLOSED"));
    }

    void secretsComeFromStandardInput_data()
    {
        QTest::addColumn<QByteArray>("input");
        QTest::addColumn<QByteArray>("out");
        QTest::newRow("a line") << QByteArray("hunter2\n") << QByteArray("7 characters\n");
        QTest::newRow("no line break") << QByteArray("hunter2") << QByteArray("7 characters\n");
        QTest::newRow("of Windows") << QByteArray("hunter2\r\n") << QByteArray("7 characters\n");
        QTest::newRow("only the first line") << QByteArray("abc\ndef\n") << QByteArray("3 characters\n");
        QTest::newRow("spaces belong to it") << QByteArray(" a b \n") << QByteArray("5 characters\n");
        QTest::newRow("an empty line") << QByteArray("\n") << QByteArray("0 characters\n");
        QTest::newRow("nothing") << QByteArray() << QByteArray("none\n");
        QTest::newRow("far too much") << QByteArray(70000, 'x') << QByteArray("none\n");
    }
    void secretsComeFromStandardInput()
    {
        QFETCH(QByteArray, input);
        QFETCH(QByteArray, out);
        const Ended ended = run({ QStringLiteral("kit") }, input);
        QCOMPARE(ended.out, out);
        QCOMPARE(ended.err, QByteArray());
    }
};

QTEST_GUILESS_MAIN(TestCliRun)
#include "test_cli_run.moc"
