// SPDX-License-Identifier: GPL-3.0-or-later
// The log below home: it is written, and tells neither secrets nor, unless asked, what the models are called.
#include "tests/program/program.h"

#include <QtTest>

using namespace mf;

class TestLogFile : public QObject
{
    Q_OBJECT

    static QByteArray logOf(const Program &program)
    {
        QFile file(program.path(QStringLiteral("home/logs/modelfloat.log")));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private slots:
    void tellsWhatWasDone()
    {
        Program program;
        const QString model = program.path(QStringLiteral("Private-Name-7B.bin"));
        QFile file(model);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(QByteArray(100'000, 'x')) == 100'000);
        file.close();
        QCOMPARE(
            program.run({ QStringLiteral("store"), model, QStringLiteral("--lose"), QStringLiteral("1") }).exitCode, 0);
        QCOMPARE(program.run({ QStringLiteral("show"), QStringLiteral("Private-Nam-7B") }).exitCode, 3);
        const QByteArray log = logOf(program);
        QVERIFY2(log.contains("cli: store ended with status 0"), log.constData());
        QVERIFY2(log.contains("MF-MODEL-UNKNOWN"), log.constData());
        QVERIFY2(!log.contains("Private-N"), log.constData());
        QVERIFY(!log.contains("test\n") && !log.contains("passphrase"));

        QFile kit(program.path(QStringLiteral("kit")));
        QVERIFY(kit.open(QIODevice::ReadOnly));
        for (const QByteArray &line : kit.readAll().split('\n')) // four words in a row are no accident
            QVERIFY2(line.size() < 20 || !log.contains(line.trimmed()), line.constData());
    }

    void levels()
    {
        Program program;
        const qsizetype before = logOf(program).size();
        program.run({ QStringLiteral("--log-level"), QStringLiteral("off"), QStringLiteral("list") });
        QCOMPARE(logOf(program).size(), before);
        program.run({ QStringLiteral("--log-level"), QStringLiteral("debug"), QStringLiteral("show"),
            QStringLiteral("Nobody-Has-This") });
        QVERIFY(logOf(program).contains("Nobody-Has-This"));
    }
};

QTEST_GUILESS_MAIN(TestLogFile)
#include "test_log_file.moc"
