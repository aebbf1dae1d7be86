// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/parse.h"

#include <QtTest>

using namespace mf;
using namespace mf::cli;

class TestCliParse : public QObject
{
    Q_OBJECT

    // "store|a,b|lose=1;json"
    static QString dump(const ParsedArguments &parsed)
    {
        QStringList options;
        for (auto option = parsed.options.begin(); option != parsed.options.end(); ++option) {
            for (const QString &value : option.value())
                options << (value.isEmpty() ? option.key() : QString(option.key() + u'=' + value));
        }
        const QString command = parsed.command ? text(parsed.command->name) : QString();
        return command + u'|' + parsed.arguments.join(u',') + u'|' + options.join(u';');
    }
    // Words with one space between; "␣" is a space within a word, "∅" an empty word.
    static QStringList split(const QString &line)
    {
        QStringList words = line.split(u' ', Qt::SkipEmptyParts);
        for (QString &word : words) {
            word.replace(u'␣', u' ');
            word.remove(u'∅');
        }
        return words;
    }

private slots:
    void accepts_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("parsed");
        const auto row = [](const char *name, const char *line, const char *parsed) {
            QTest::newRow(name) << QString::fromUtf8(line) << QString::fromUtf8(parsed);
        };
        row("a command alone", "list", "list||");
        row("two words", "account list", "account list||");
        row("a global option before the command", "--json list", "list||json");
        row("a global option after it", "list --json", "list||json");
        row("between the words of a command", "account --json list", "account list||json");
        row("an option's value after a space", "store a --lose 1", "store|a|lose=1");
        row("an option's value after =", "store a --lose=1", "store|a|lose=1");
        row("a value with = in it", "account add folder x --set path=/a=b", "account add|folder,x|set=path=/a=b");
        row("the same with two =", "account add folder x --set=path=/a", "account add|folder,x|set=path=/a");
        row("an option that repeats", "fetch m --file *.gguf --file b", "fetch|m|file=*.gguf;file=b");
        row("several paths", "store a b c", "store|a,b,c|");
        row("options among arguments", "store a --copies 2 b", "store|a,b|copies=2");
        row("-- ends the options", "store -- --lose", "store|--lose|");
        row("-- before the command", "-- list", "list||");
        row("a minus alone is an argument", "store -", "store|-|");
        row("a value that begins with a minus", "list --search -x", "list||search=-x");
        row("a path with spaces", "store a␣b", "store|a b|");
        row("tags", "tag m +a -b", "tag|m,+a,-b|");
        row("tags and a global option", "tag m -b --json", "tag|m,-b|json");
        row("a tag like an option", "tag m -h", "tag|m,-h|");
        row("no tags", "tag m", "tag|m|");
        row("limits", "limits up=2MB down=none", "limits|up=2MB,down=none|");
        row("a range", "cat m f --range 0-9", "cat|m,f|range=0-9");
        row("help of everything", "--help", "||help");
        row("-h", "-h", "||help");
        row("help without what is required", "store --help", "store||help");
        row("help for a group", "account --help", "||help");
        row("version", "--version", "||version");
        row("help for two words", "help account add", "help|account,add|");
        row("all global options", "--home /h --quiet --log-level debug --secret-store file list",
            "list||home=/h;log-level=debug;quiet;secret-store=file");
        row("a flag twice", "list --json --json", "list||json");
        row("a hidden command", "man-page", "man-page||");
        row("the largest code", "store a --erasure 254+1", "store|a|erasure=254+1");
    }
    void accepts()
    {
        QFETCH(QString, line);
        QFETCH(QString, parsed);
        const auto result = parseArguments(split(line));
        QVERIFY2(bool(result), result ? "" : qPrintable(result.error().message));
        QCOMPARE(dump(*result), parsed);
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const char *line, const char *id, const char *says) {
            QTest::newRow(name) << QString::fromUtf8(line) << QString::fromLatin1(id) << QString::fromUtf8(says);
        };
        row("nothing", "", "MF-USAGE-COMMAND", "no command");
        row("only options", "--json", "MF-USAGE-COMMAND", "no command");
        row("a mistyped command", "sotre a", "MF-USAGE-COMMAND", "did you mean “store”?");
        row("a shortened command", "est a", "MF-USAGE-COMMAND", "did you mean “estimate”?");
        row("a command in capitals", "LIST", "MF-USAGE-COMMAND", "did you mean “list”?");
        row("nothing like a command", "frobnicate", "MF-USAGE-COMMAND", "no command “frobnicate”; see");
        row("half a command", "account", "MF-USAGE-COMMAND", "add, list, test, set");
        row("a mistyped second word", "account lst", "MF-USAGE-COMMAND", "did you mean “account list”?");
        row("a mistyped option", "store a --loose 1", "MF-USAGE-OPTION", "did you mean “--lose”?");
        row("a mistyped global option", "list --jsno", "MF-USAGE-OPTION", "did you mean “--json”?");
        row("an option of another command", "list --lose 1", "MF-USAGE-OPTION", "no option “--lose” of list");
        row("an option before its command", "--lose 1 store a", "MF-USAGE-OPTION", "comes after the command");
        row("a short option", "list -x", "MF-USAGE-OPTION", "no option “-x”");
        row("no value", "store a --name", "MF-USAGE-VALUE", "--name needs a value");
        row("a value for a flag", "list --json=yes", "MF-USAGE-OPTION", "--json takes no value");
        row("an option twice", "store a --name x --name y", "MF-USAGE-OPTION", "more than once");
        row("two ways to protect", "store a --lose 1 --copies 2", "MF-USAGE-OPTION",
            "--lose and --copies exclude each other");
        row("all three", "estimate a --lose 1 --copies 2 --erasure 2+1", "MF-USAGE-OPTION", "exclude");
        row("range and tensor", "cat m f --range 0-1 --tensor t", "MF-USAGE-OPTION", "exclude");
        row("no path", "store", "MF-USAGE-ARGUMENT", "store needs PATH");
        row("an empty path", "store ∅", "MF-USAGE-VALUE", "empty");
        row("an empty search", "list --search ∅", "MF-USAGE-VALUE", "empty");
        row("one argument of two", "account add folder", "MF-USAGE-ARGUMENT", "needs NAME");
        row("one argument too many", "show a b", "MF-USAGE-ARGUMENT", "does not take “b”");
        row("an argument for list", "list qwen", "MF-USAGE-ARGUMENT", "does not take “qwen”");
        row("too much loss", "store a --lose 3", "MF-USAGE-VALUE", "one of 0, 1, 2");
        row("no copies", "store a --copies 0", "MF-USAGE-VALUE", "1 to 255");
        row("too many copies", "store a --copies 256", "MF-USAGE-VALUE", "1 to 255");
        row("copies in words", "store a --copies two", "MF-USAGE-VALUE", "1 to 255");
        row("a code without pieces", "store a --erasure 0+2", "MF-USAGE-VALUE", "K+M");
        row("a code of one number", "store a --erasure 3", "MF-USAGE-VALUE", "K+M");
        row("a code that is too wide", "store a --erasure 200+56", "MF-USAGE-VALUE", "255");
        row("a range backwards", "cat m f --range 9-0", "MF-USAGE-VALUE", "range");
        row("an account twice", "store a --accounts x,x", "MF-USAGE-VALUE", "different");
        row("a setting without a value sign", "account add folder x --set path", "MF-USAGE-VALUE", "key=value");
        row("a setting of no key", "limits =1", "MF-USAGE-VALUE", "key=value");
        row("a tag without a sign", "tag m x", "MF-USAGE-VALUE", "+WORD");
        row("a sign without a tag", "tag m +", "MF-USAGE-VALUE", "+WORD");
        row("an unknown level", "--log-level loud list", "MF-USAGE-VALUE", "debug, info");
        row("an unknown secret store", "--secret-store plain list", "MF-USAGE-VALUE", "keychain, file");
        row("an unknown shell", "completions tcsh", "MF-USAGE-VALUE", "bash, zsh, fish");
        row("a revision of zero", "fetch m --revision 0", "MF-USAGE-VALUE", "number");
        row("a negative revision", "fetch m --revision -1", "MF-USAGE-VALUE", "number");
    }
    void refuses()
    {
        QFETCH(QString, line);
        QFETCH(QString, id);
        QFETCH(QString, says);
        const auto result = parseArguments(split(line));
        QVERIFY2(!result, "it was accepted");
        QCOMPARE(result.error().id, id);
        QCOMPARE(result.error().kind, Error::Kind::Invalid);
        QVERIFY2(result.error().message.contains(says), qPrintable(result.error().message));
    }

    void knowsWhoAskedForJson()
    {
        QVERIFY(asksForJson({ QStringLiteral("lst"), QStringLiteral("--json") }));
        QVERIFY(!asksForJson({ QStringLiteral("store"), QStringLiteral("--"), QStringLiteral("--json") }));
        QVERIFY(!asksForJson({}));
    }

    void everyLineOfTheTableIsSound()
    {
        QStringList names;
        for (const CommandSpec &command : commandTable()) {
            const QString name = text(command.name);
            QVERIFY2(!names.contains(name), command.name);
            names << name;
            QVERIFY2(text(command.summary).endsWith(u'.'), command.name);
            bool optional = false;
            for (std::size_t i = 0; i < command.arguments.size(); ++i) {
                QVERIFY2(!command.arguments[i].repeats || i + 1 == command.arguments.size(), command.name);
                QVERIFY2(!optional || !command.arguments[i].required, command.name);
                optional = optional || !command.arguments[i].required;
            }
            QStringList options;
            for (const OptionSpec &option : globalOptions())
                options << text(option.name);
            for (const OptionSpec &option : command.options) {
                QVERIFY2(!options.contains(text(option.name)), option.name);
                options << text(option.name);
                QVERIFY2((option.value == Value::None) == text(option.valueName).isEmpty(), option.name);
                QVERIFY2(!text(option.help).isEmpty() && !text(option.help).endsWith(u'.'), option.name);
            }
            for (const char *name2 : command.exclusive)
                QVERIFY2(options.contains(text(name2)), name2);
        }
    }
};

QTEST_GUILESS_MAIN(TestCliParse)
#include "test_cli_parse.moc"
