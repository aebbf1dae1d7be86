// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/layout.h"
#include "core/base/path_text.h"

#include <QtTest>

using namespace mf;
using namespace mf::cli;

class TestCliLayout : public QObject
{
    Q_OBJECT

private slots:
    void nothingPrintedControlsTheTerminal_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("printed");
        QTest::newRow("usual") << QStringLiteral("Qwen2.5-3B") << QStringLiteral("Qwen2.5-3B");
        QTest::newRow("other scripts") << QStringLiteral("模型 ä é") << QStringLiteral("模型 ä é");
        QTest::newRow("an emoji") << QStringLiteral("🦙") << QStringLiteral("🦙");
        QTest::newRow("a line break") << QStringLiteral("a\nb\r\t") << QStringLiteral("a\\nb\\r\\t");
        QTest::newRow("a colour") << QStringLiteral("\x1b[31mred") << QStringLiteral("\\x1b[31mred");
        QTest::newRow("an eight-bit control") << QString(QChar(0x9b)) << QStringLiteral("\\x9b");
        QTest::newRow("text turned round") << QStringLiteral("a\u202egpj.exe") << QStringLiteral("a\\u202egpj.exe");
        QTest::newRow("a line separator") << QString(QChar(0x2028)) << QStringLiteral("\\u2028");
        QTest::newRow("half a character") << QString(QChar(0xd83e)) << QStringLiteral("\ufffd");
        QTest::newRow("a name that is not UTF-8") << textOfPath("a\xff\xe4"
                                                                "b")
                                                  << QStringLiteral("a\\xff\\xe4b");
    }
    void nothingPrintedControlsTheTerminal()
    {
        QFETCH(QString, text);
        QFETCH(QString, printed);
        const QString result = printable(text);
        // What Qt makes of half a character is its own business, as long as it is harmless.
        if (printed != QStringLiteral("\ufffd"))
            QCOMPARE(result, printed);
        for (const QChar c : result)
            QVERIFY(c.category() != QChar::Other_Control);
    }

    void countsCells_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("cells");
        QTest::newRow("nothing") << QString() << 0;
        QTest::newRow("ASCII") << QStringLiteral("abc") << 3;
        QTest::newRow("an umlaut") << QStringLiteral("ä") << 1;
        QTest::newRow("an umlaut of two marks") << QStringLiteral("a\u0308") << 1;
        QTest::newRow("Chinese") << QStringLiteral("模型") << 4;
        QTest::newRow("Korean") << QStringLiteral("한") << 2;
        QTest::newRow("an emoji") << QStringLiteral("🦙") << 2;
        QTest::newRow("an ellipsis") << QStringLiteral("…") << 1;
    }
    void countsCells()
    {
        QFETCH(QString, text);
        QFETCH(int, cells);
        QCOMPARE(displayWidth(text), cells);
    }

    void elides_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("width");
        QTest::addColumn<QString>("result");
        QTest::newRow("fits") << QStringLiteral("abc") << 3 << QStringLiteral("abc");
        QTest::newRow("too long") << QStringLiteral("abcd") << 3 << QStringLiteral("ab…");
        QTest::newRow("wide characters are not halved") << QStringLiteral("模型模型") << 6 << QStringLiteral("模型…");
        QTest::newRow("one cell") << QStringLiteral("abcd") << 1 << QStringLiteral("…");
        QTest::newRow("no cell") << QStringLiteral("abcd") << 0 << QString();
    }
    void elides()
    {
        QFETCH(QString, text);
        QFETCH(int, width);
        QFETCH(QString, result);
        QCOMPARE(elided(text, width), result);
        QVERIFY(displayWidth(elided(text, width)) <= width);
    }

    void wraps()
    {
        QCOMPARE(
            wrapped(QStringLiteral("aa bb cc"), 5), QStringList({ QStringLiteral("aa bb"), QStringLiteral("cc") }));
        QCOMPARE(
            wrapped(QStringLiteral("aa bb"), 6, 2), QStringList({ QStringLiteral("  aa"), QStringLiteral("  bb") }));
        QCOMPARE(wrapped(QStringLiteral("toolongaword b"), 4),
            QStringList({ QStringLiteral("toolongaword"), QStringLiteral("b") }));
        QCOMPARE(wrapped(QString(), 4), QStringList());
        QCOMPARE(twoColumns(QStringLiteral("--x"), QStringLiteral("aa bb"), 4, 11),
            QStringList({ QStringLiteral("  --x   aa"), QStringLiteral("        bb") }));
        QCOMPARE(twoColumns(QStringLiteral("--long"), QStringLiteral("aa"), 4, 20),
            QStringList({ QStringLiteral("  --long"), QStringLiteral("        aa") }));
        QCOMPARE(twoColumns(QStringLiteral("--x"), QString(), 4, 20), QStringList { QStringLiteral("  --x") });
    }

    void alignsColumns()
    {
        using Align = TextTable::Align;
        TextTable table({ TextTable::Column(QStringLiteral("NAME"), Align::Left, true),
            TextTable::Column(QStringLiteral("SIZE"), Align::Right), TextTable::Column(QStringLiteral("X")) });
        QVERIFY(table.isEmpty());
        table.addRow({ QStringLiteral("a model of a long name"), QStringLiteral("4.68 GB"), QStringLiteral("y") });
        table.addRow({ QStringLiteral("模型\n"), QStringLiteral("1 B"), QString() });
        QCOMPARE(table.toText(),
            QStringLiteral("NAME                       SIZE  X\n"
                           "a model of a long name  4.68 GB  y\n"
                           "模型\\n                      1 B\n"));
        // Names give way, numbers never.
        QCOMPARE(table.toText(22),
            QStringLiteral("NAME           SIZE  X\n"
                           "a model o…  4.68 GB  y\n"
                           "模型\\n          1 B\n"));
        QVERIFY(table.toText(5).contains(QStringLiteral("4.68 GB")));
    }
};

QTEST_GUILESS_MAIN(TestCliLayout)
#include "test_cli_layout.moc"
