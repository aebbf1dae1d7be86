// SPDX-License-Identifier: GPL-3.0-or-later
// Help and the man page say all that the table says, and the examples in them work.
#include "app/cli/help.h"
#include "app/cli/layout.h"
#include "app/cli/man_page.h"
#include "app/cli/parse.h"

#include <QProcess>
#include <QStandardPaths>
#include <QtTest>

using namespace mf;
using namespace mf::cli;

class TestCliHelp : public QObject
{
    Q_OBJECT

    static std::vector<KindHelp> kinds()
    {
        KindHelp folder;
        folder.id = QStringLiteral("folder");
        folder.title = QStringLiteral("Folder");
        KindHelp::Setting path;
        path.key = QStringLiteral("path");
        path.help = QStringLiteral("the folder's path");
        path.required = true;
        folder.settings = { path };
        return { folder };
    }
    // As a shell splits it: quotes, and nothing from a redirection on.
    static QStringList shellWords(const QString &line)
    {
        QStringList words = QProcess::splitCommand(QString(line).replace(u'\'', u'"'));
        const qsizetype redirection = words.indexOf(QStringLiteral(">"));
        return words.mid(0, redirection);
    }

private slots:
    void everyExampleIsAccepted()
    {
        for (const CommandSpec &command : commandTable()) {
            QVERIFY2(command.hidden || !command.examples.empty(), command.name);
            for (const ExampleSpec &example : command.examples) {
                const auto parsed = parseArguments(shellWords(text(example.line)));
                QVERIFY2(bool(parsed), parsed ? "" : qPrintable(parsed.error().message));
                QCOMPARE(text(parsed->command->name), text(command.name));
            }
        }
    }

    void helpSaysAllThatTheTableSays_data()
    {
        QTest::addColumn<int>("width");
        QTest::newRow("a usual terminal") << 80;
        QTest::newRow("a narrow one") << 40;
        QTest::newRow("a wide one") << 100;
    }
    void helpSaysAllThatTheTableSays()
    {
        QFETCH(int, width);
        for (const CommandSpec &command : commandTable()) {
            const QString help = helpCommand(command, kinds(), width);
            for (const OptionSpec &option : command.options)
                QVERIFY2(help.contains(QStringLiteral("  --") + text(option.name)), option.name);
            for (const ArgumentSpec &argument : command.arguments)
                QVERIFY2(help.contains(QStringLiteral("  ") + text(argument.name)), argument.name);
            QVERIFY(help.startsWith(QStringLiteral("Usage: modelfloat-cli ") + text(command.name)));
            QVERIFY(help.endsWith(u'\n'));
            for (const QString &line : help.split(u'\n')) {
                // An example, an option or a word may be longer than a narrow terminal; prose is not.
                if (width >= 80 && !line.trimmed().startsWith(text(kProgram)))
                    QVERIFY2(displayWidth(line) <= width, qPrintable(line));
                QVERIFY2(!line.endsWith(u' '), qPrintable(line));
            }
        }
    }

    void theOverviewListsWhatIsNotHidden()
    {
        const QString help = helpOverview(80);
        for (const CommandSpec &command : commandTable())
            QCOMPARE(help.contains(QStringLiteral("\n  ") + text(command.name) + u' '), !command.hidden);
        for (const OptionSpec &option : globalOptions())
            QVERIFY2(help.contains(QStringLiteral("--") + text(option.name)), option.name);
        for (const Explained &code : exitCodes())
            QVERIFY2(help.contains(text(code.what)), code.word);
        QVERIFY(help.contains(QStringLiteral("MODELFLOAT_PASSPHRASE")));
    }

    void helpForWords()
    {
        QCOMPARE(helpFor({}, kinds(), 80), helpOverview(80));
        QVERIFY(helpFor({ QStringLiteral("account") }, kinds(), 80).contains(QStringLiteral("account add")));
        QVERIFY(helpFor({ QStringLiteral("account"), QStringLiteral("add") }, kinds(), 80)
                .contains(QStringLiteral("path=…  the folder's path (required)")));
        QVERIFY(helpFor({ QStringLiteral("nothing") }, kinds(), 80).isEmpty());
        QVERIFY(!helpFor({ QStringLiteral("list") }, kinds(), 80).contains(QStringLiteral("Arguments:")));
    }

    void synopses_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QString>("synopsis");
        QTest::newRow("store") << QStringLiteral(
            "store") << QStringLiteral("PATH… [--name N] [--lose 0|1|2 | --copies N | --erasure K+M] [--accounts A,B] [--no-verify-encode]");
        QTest::newRow("account add") << QStringLiteral("account add")
                                     << QStringLiteral("KIND NAME [--set K=V]… [--secret-stdin]");
        QTest::newRow("account set") << QStringLiteral("account set") << QStringLiteral("NAME K=V…");
        QTest::newRow("fetch") << QStringLiteral("fetch")
                               << QStringLiteral("NAME [--file GLOB]… [--to DIR] [--revision R] [--overwrite]");
        QTest::newRow("cat") << QStringLiteral("cat") << QStringLiteral("NAME FILE [--range A-B | --tensor T]");
        QTest::newRow("tag") << QStringLiteral("tag") << QStringLiteral("NAME [+TAG]… [-TAG]…");
        QTest::newRow("limits") << QStringLiteral("limits") << QStringLiteral("[K=V]…");
        QTest::newRow("demo") << QStringLiteral("demo") << QStringLiteral("[FILE]");
        QTest::newRow("list") << QStringLiteral("list") << QStringLiteral("[--search TEXT]");
    }
    void synopses()
    {
        QFETCH(QString, command);
        QFETCH(QString, synopsis);
        QCOMPARE(synopsisOf(*findCommand(command)), synopsis);
    }

    void theManPageHasNoFaults()
    {
        const QString page = manPage(kinds());
        for (const CommandSpec &command : commandTable()) {
            const QString heading = QStringLiteral(".SS ") + text(command.name) + u'\n';
            QCOMPARE(page.contains(heading), !command.hidden && !text(command.name).contains(u'-'));
        }
        const QString groff = QStandardPaths::findExecutable(QStringLiteral("groff"));
        if (groff.isEmpty()) {
            if (qgetenv("CI") == "true")
                QFAIL("groff is not installed");
            QSKIP("groff is not installed: the man page is not formatted");
        }
        QProcess process;
        process.start(groff,
            { QStringLiteral("-man"), QStringLiteral("-ww"), QStringLiteral("-K"), QStringLiteral("utf8"),
                QStringLiteral("-T"), QStringLiteral("utf8") });
        process.write(page.toUtf8());
        process.closeWriteChannel();
        QVERIFY(process.waitForFinished(30000));
        QCOMPARE(process.exitCode(), 0);
        QCOMPARE(QString::fromUtf8(process.readAllStandardError()), QString());
        // Without the overstriking that makes letters bold.
        static const QRegularExpression overstruck(QStringLiteral(".\\x08"));
        const QString formatted = QString::fromUtf8(process.readAllStandardOutput()).remove(overstruck).simplified();
        for (const char *part :
            { "--secret-store keychain|file", "fetch TinyLlama --file config.json --file '*.safetensors'",
                "--cid-version=1", "~/modelfloat-kit.txt", "path=", "130" })
            QVERIFY2(formatted.contains(QString::fromUtf8(part)), part);
    }

    void versionNamesTheProgram()
    {
        QVERIFY(versionText().startsWith(QStringLiteral("modelfloat-cli ")));
        QVERIFY(versionText().contains(text(qVersion())));
    }
};

QTEST_GUILESS_MAIN(TestCliHelp)
#include "test_cli_help.moc"
