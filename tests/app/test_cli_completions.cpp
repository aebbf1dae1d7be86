// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/completions.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QtTest>

using namespace mf::cli;

class TestCliCompletions : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    static std::vector<KindHelp> kinds()
    {
        KindHelp folder;
        folder.id = QStringLiteral("folder");
        KindHelp s3;
        s3.id = QStringLiteral("s3");
        return { folder, s3 };
    }
    QString write(const QString &name, const QString &script)
    {
        QFile file(m_folder.filePath(name));
        if (file.open(QIODevice::WriteOnly))
            file.write(script.toUtf8());
        return file.fileName();
    }
    static QByteArray run(const QString &program, const QStringList &arguments, const QString &folder = {})
    {
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        if (!folder.isEmpty())
            process.setWorkingDirectory(folder);
        process.start(program, arguments);
        if (!process.waitForFinished(30000) || process.exitStatus() != QProcess::NormalExit)
            return "did not run";
        const QByteArray output = process.readAll();
        return process.exitCode() == 0 ? output : QByteArray("failed: " + output);
    }

private slots:
    void theShellAcceptsTheScript_data()
    {
        QTest::addColumn<QString>("shell");
        QTest::newRow("bash") << QStringLiteral("bash");
        QTest::newRow("zsh") << QStringLiteral("zsh");
        QTest::newRow("fish") << QStringLiteral("fish");
    }
    void theShellAcceptsTheScript()
    {
        QFETCH(QString, shell);
        const QString script = completionsFor(shell, kinds());
        QVERIFY(script.contains(text(kProgram)));
        for (const CommandSpec &command : commandTable()) {
            const QString word = text(command.name).section(u' ', -1);
            QVERIFY2(command.hidden || script.contains(word), command.name);
            for (const OptionSpec &option : command.options)
                QVERIFY2(script.contains(text(option.name)), option.name);
        }
        if (QStandardPaths::findExecutable(shell).isEmpty()) {
            if (qgetenv("CI") == "true")
                QFAIL(qPrintable(shell + QStringLiteral(" is not installed")));
            QSKIP(qPrintable(shell + QStringLiteral(" is not installed: its completions are not checked")));
        }
        QCOMPARE(run(shell, { QStringLiteral("-n"), write(shell, script) }), QByteArray());
    }

    void otherShellsHaveNone() { QVERIFY(completionsFor(QStringLiteral("tcsh"), kinds()).isEmpty()); }

    void bashOffers_data()
    {
        QTest::addColumn<QString>("line"); // the last word is the one that is completed
        QTest::addColumn<QString>("offers");
        QTest::newRow("commands") << QStringLiteral("st") << QStringLiteral("store");
        QTest::newRow("a command after a global option")
            << QStringLiteral("--json li") << QStringLiteral("limits list");
        QTest::newRow("a command after a global option's value")
            << QStringLiteral("--home x sh") << QStringLiteral("show");
        QTest::newRow("second words") << QStringLiteral("account ") << QStringLiteral("add list lost remove set signin test");
        QTest::newRow("kinds") << QStringLiteral("account add f") << QStringLiteral("folder");
        QTest::newRow("options of a command") << QStringLiteral("store --l") << QStringLiteral("--log-level --lose");
        QTest::newRow("choices of an option") << QStringLiteral("store --lose ") << QStringLiteral("0 1 2");
        QTest::newRow("choices of a global option")
            << QStringLiteral("list --secret-store ") << QStringLiteral("file keychain");
        QTest::newRow("no other command's options") << QStringLiteral("list --er") << QString();
        QTest::newRow("files") << QStringLiteral("store mod") << QStringLiteral("model.gguf models");
        QTest::newRow("folders") << QStringLiteral("fetch m --to mod") << QStringLiteral("models");
        QTest::newRow("shells") << QStringLiteral("completions ") << QStringLiteral("bash fish zsh");
        QTest::newRow("commands to be explained") << QStringLiteral("help fe") << QStringLiteral("fetch");
        QTest::newRow("nothing for a free text") << QStringLiteral("store --name ") << QString();
        QTest::newRow("nothing hidden") << QStringLiteral("man") << QString();
    }
    void bashOffers()
    {
        QFETCH(QString, line);
        QFETCH(QString, offers);
        const QString bash = QStandardPaths::findExecutable(QStringLiteral("bash"));
        if (bash.isEmpty())
            QSKIP("bash is not installed");
        const QString work = m_folder.filePath(QStringLiteral("work"));
        QVERIFY(QDir().mkpath(work + QStringLiteral("/models")));
        QFile model(work + QStringLiteral("/model.gguf"));
        QVERIFY(model.open(QIODevice::WriteOnly));
        const QString script = write(QStringLiteral("bash"), completionsFor(QStringLiteral("bash"), kinds()));
        QStringList words { text(kProgram) };
        words += line.split(u' ');
        for (QString &word : words)
            word = u'\'' + word + u'\'';
        // compopt works only within a completion: here it is switched off.
        const QString program
            = QStringLiteral("compopt() { :; }\n. '%1'\nCOMP_WORDS=(%2)\nCOMP_CWORD=%3\n_modelfloat_cli\n"
                             "printf '%s\\n' \"${COMPREPLY[@]}\" | LC_ALL=C sort | tr '\\n' ' '\n")
                  .arg(script, words.join(u' '))
                  .arg(words.size() - 1);
        const QByteArray output = run(bash, { QStringLiteral("--norc"), QStringLiteral("-c"), program }, work);
        QCOMPARE(QString::fromUtf8(output).trimmed(), offers);
    }

    void fishOffers_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("offers");
        QTest::newRow("commands") << QStringLiteral("st") << QStringLiteral("store");
        QTest::newRow("a command after a global option's value")
            << QStringLiteral("--home x sh") << QStringLiteral("show");
        QTest::newRow("second words") << QStringLiteral("account ") << QStringLiteral("add list lost remove set signin test");
        QTest::newRow("kinds") << QStringLiteral("account add f") << QStringLiteral("folder");
        QTest::newRow("options of a command") << QStringLiteral("store --l") << QStringLiteral("--log-level --lose");
        QTest::newRow("choices of an option") << QStringLiteral("store --lose ") << QStringLiteral("0 1 2");
        QTest::newRow("no other command's options") << QStringLiteral("list --er") << QString();
        QTest::newRow("shells") << QStringLiteral("completions ") << QStringLiteral("bash fish zsh");
    }
    void fishOffers()
    {
        QFETCH(QString, line);
        QFETCH(QString, offers);
        const QString fish = QStandardPaths::findExecutable(QStringLiteral("fish"));
        if (fish.isEmpty())
            QSKIP("fish is not installed");
        qputenv("HOME", m_folder.path().toLocal8Bit());
        const QString script = write(QStringLiteral("fish"), completionsFor(QStringLiteral("fish"), kinds()));
        const QString program = QStringLiteral("source '%1'; complete -C'%2 %3'").arg(script, text(kProgram), line);
        QStringList words;
        for (const QByteArray &found :
            run(fish, { QStringLiteral("--no-config"), QStringLiteral("-c"), program }).split('\n'))
            words << QString::fromUtf8(found).section(u'\t', 0, 0);
        words.removeAll(QString());
        QCOMPARE(words.join(u' '), offers);
    }
};

QTEST_GUILESS_MAIN(TestCliCompletions)
#include "test_cli_completions.moc"
