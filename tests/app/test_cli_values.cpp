// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/account_words.h"
#include "app/cli/parse.h"
#include "app/cli/values.h"

#include <QtTest>

#include <limits>

using namespace mf;
using namespace mf::cli;

Q_DECLARE_METATYPE(std::optional<mf::Protection>)
Q_DECLARE_METATYPE(std::optional<mf::cli::ByteRange>)

class TestCliValues : public QObject
{
    Q_OBJECT

private slots:
    void erasure_data()
    {
        QTest::addColumn<QString>("word");
        QTest::addColumn<std::optional<Protection>>("protection");
        const auto none = std::optional<Protection>();
        QTest::newRow("usual") << QStringLiteral("2+1") << std::optional(Protection(2, 1));
        QTest::newRow("no spare") << QStringLiteral("3+0") << std::optional(Protection(3, 0));
        QTest::newRow("the widest") << QStringLiteral("1+254") << std::optional(Protection(1, 254));
        QTest::newRow("wider") << QStringLiteral("1+255") << none;
        QTest::newRow("no pieces") << QStringLiteral("0+1") << none;
        QTest::newRow("a space") << QStringLiteral("2 +1") << none;
        QTest::newRow("a sign") << QStringLiteral("+2+1") << none;
        QTest::newRow("three numbers") << QStringLiteral("2+1+1") << none;
        QTest::newRow("a huge number") << QStringLiteral("99999999999999999999+1") << none;
        QTest::newRow("nothing") << QString() << none;
        QTest::newRow("Arabic digits") << QStringLiteral("٢+١") << none;
    }
    void erasure()
    {
        QFETCH(QString, word);
        QFETCH(std::optional<Protection>, protection);
        QCOMPARE(erasureFrom(word), protection);
    }

    void protection_data()
    {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<std::optional<Protection>>("protection");
        const QStringList store { QStringLiteral("store"), QStringLiteral("a") };
        QTest::newRow("none given") << store << std::optional<Protection>();
        QTest::newRow("lose: k is left open")
            << store + QStringList { QStringLiteral("--lose=2") } << std::optional(Protection(0, 2));
        QTest::newRow("lose none") << store + QStringList { QStringLiteral("--lose=0") }
                                   << std::optional(Protection(0, 0));
        QTest::newRow("copies") << store + QStringList { QStringLiteral("--copies=3") }
                                << std::optional(Protection(1, 2));
        QTest::newRow("one copy") << store + QStringList { QStringLiteral("--copies=1") }
                                  << std::optional(Protection(1, 0));
        QTest::newRow("erasure") << store + QStringList { QStringLiteral("--erasure=4+2") }
                                 << std::optional(Protection(4, 2));
    }
    void protection()
    {
        QFETCH(QStringList, words);
        QFETCH(std::optional<Protection>, protection);
        const auto parsed = parseArguments(words);
        QVERIFY(bool(parsed));
        QCOMPARE(protectionFrom(*parsed), protection);
    }

    void range_data()
    {
        QTest::addColumn<QString>("word");
        QTest::addColumn<std::optional<ByteRange>>("range");
        const auto none = std::optional<ByteRange>();
        QTest::newRow("both ends are in it") << QStringLiteral("10-19") << std::optional(ByteRange { 10, 10 });
        QTest::newRow("one byte") << QStringLiteral("5-5") << std::optional(ByteRange { 5, 1 });
        QTest::newRow("to the end") << QStringLiteral("7-") << std::optional(ByteRange { 7, -1 });
        QTest::newRow("the largest") << QStringLiteral("1-9223372036854775807")
                                     << std::optional(ByteRange { 1, std::numeric_limits<qint64>::max() });
        QTest::newRow("a length that overflows") << QStringLiteral("0-9223372036854775807") << none;
        QTest::newRow("a number that overflows") << QStringLiteral("0-9223372036854775808") << none;
        QTest::newRow("backwards") << QStringLiteral("9-8") << none;
        QTest::newRow("from the end") << QStringLiteral("-5") << none;
        QTest::newRow("one number") << QStringLiteral("5") << none;
        QTest::newRow("a minus alone") << QStringLiteral("-") << none;
        QTest::newRow("words") << QStringLiteral("a-b") << none;
    }
    void range()
    {
        QFETCH(QString, word);
        QFETCH(std::optional<ByteRange>, range);
        QCOMPARE(rangeFrom(word), range);
    }

    void settings()
    {
        QCOMPARE(settingFrom(QStringLiteral("path=/a=b")), std::pair(QStringLiteral("path"), QStringLiteral("/a=b")));
        QCOMPARE(settingFrom(QStringLiteral("pin-url=")), std::pair(QStringLiteral("pin-url"), QString()));
        for (const char *bad : { "path", "=x", "Path=/a", "a b=c", "9a=b", "" })
            QVERIFY2(!settingFrom(QString::fromLatin1(bad)), bad);
    }

    void tags()
    {
        const QStringList tags { QStringLiteral("b"), QStringLiteral("a") };
        QCOMPARE(changedTags(tags, { QStringLiteral("+c"), QStringLiteral("-b"), QStringLiteral("+c") }),
            QStringList({ QStringLiteral("a"), QStringLiteral("c") }));
        QCOMPARE(changedTags(tags, { QStringLiteral("-z"), QStringLiteral("+-z") }),
            QStringList({ QStringLiteral("-z"), QStringLiteral("a"), QStringLiteral("b") }));
        QCOMPARE(changedTags({}, { QStringLiteral("+x"), QStringLiteral("-x") }), QStringList());
    }

    void commonSettings()
    {
        AccountRecord account;
        const auto set = [&](const char *key, const char *value) {
            const auto result = setCommonSetting(account, QString::fromLatin1(key), QString::fromLatin1(value));
            return result && *result;
        };
        QVERIFY(set("domain", " attic "));
        QVERIFY(set("up", "2MB"));
        QVERIFY(set("down", "500kB/s"));
        QVERIFY(set("connections", "8"));
        QVERIFY(set("capacity", "1.5TB"));
        QCOMPARE(account.domain, QStringLiteral("attic"));
        QCOMPARE(account.upLimit, qint64(2'000'000));
        QCOMPARE(account.downLimit, qint64(500'000));
        QCOMPARE(account.connections, 8);
        QCOMPARE(account.capacity, qint64(1'500'000'000'000));
        QVERIFY(set("up", "none") && set("connections", "none") && set("capacity", "none"));
        QCOMPARE(account.upLimit + account.connections + account.capacity, qint64(0));
        const auto other = setCommonSetting(account, QStringLiteral("path"), QStringLiteral("/x"));
        QVERIFY2(other && !*other, "the kind's own settings are left to it");
        QVERIFY(account.settings.isEmpty());
    }

    void commonSettingsThatAreRefused_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("value");
        QTest::newRow("no domain") << QStringLiteral("domain") << QStringLiteral(" ");
        QTest::newRow("a domain with a line break") << QStringLiteral("domain") << QStringLiteral("a\nb");
        QTest::newRow("no rate") << QStringLiteral("up") << QStringLiteral("fast");
        QTest::newRow("an empty rate") << QStringLiteral("down") << QString();
        QTest::newRow("no number") << QStringLiteral("connections") << QStringLiteral("many");
        QTest::newRow("no connection") << QStringLiteral("connections") << QStringLiteral("0");
        QTest::newRow("too many connections") << QStringLiteral("connections") << QStringLiteral("65");
        QTest::newRow("no size") << QStringLiteral("capacity") << QStringLiteral("lots");
    }
    void commonSettingsThatAreRefused()
    {
        QFETCH(QString, key);
        QFETCH(QString, value);
        AccountRecord account;
        account.domain = QStringLiteral("before");
        const auto result = setCommonSetting(account, key, value);
        QVERIFY(!result);
        QCOMPARE(result.error().id, QStringLiteral("MF-USAGE-VALUE"));
        QCOMPARE(account.domain, QStringLiteral("before"));
    }

    void accountNames()
    {
        for (const char *good : { "a", "MEGA (anna)", "Koofr/WebDAV", "\xc3\xa4" })
            QVERIFY2(bool(checkAccountName(QString::fromUtf8(good))), good);
        for (const char *bad : { "", " a", "a ", "a,b", "a\nb", "-a", "\x1b[31m" })
            QVERIFY2(!checkAccountName(QString::fromUtf8(bad)), bad);
        QVERIFY(!checkAccountName(QString(61, u'a')));
    }

    void kindsForHelp()
    {
        FormField path;
        path.key = QStringLiteral("path");
        path.help = QStringLiteral("the folder");
        path.required = true;
        FormField password;
        password.key = QStringLiteral("password");
        password.type = FormField::Type::Secret;
        ProviderKind kind;
        kind.id = QStringLiteral("folder");
        kind.title = QStringLiteral("Folder");
        kind.fields = { path, password };
        const auto help = kindHelpOf({ kind });
        QCOMPARE(help.size(), std::size_t(1));
        QCOMPARE(help[0].id, QStringLiteral("folder"));
        QCOMPARE(help[0].settings.size(), std::size_t(1));
        QCOMPARE(help[0].settings[0].key, QStringLiteral("path"));
        QVERIFY(help[0].settings[0].required);
    }
};

QTEST_GUILESS_MAIN(TestCliValues)
#include "test_cli_values.moc"
