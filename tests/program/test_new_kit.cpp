// SPDX-License-Identifier: GPL-3.0-or-later
// A new recovery kit with the real program, on two computers; and the old one ended.
#include "tests/program/program.h"

#include <QtTest>

using namespace mf;

namespace {

QStringList words(const char *line) { return QString::fromLatin1(line).split(u' '); }

QString errorId(const Program::Run &run)
{
    return run.json().value(QStringLiteral("error")).toObject().value(QStringLiteral("id")).toString();
}

QString write(const Program &program, const QString &name, char byte)
{
    QFile file(program.path(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(QByteArray(2'500'000, byte) + byte) < 1)
        qFatal("cannot write");
    return file.fileName();
}

} // namespace

class TestNewKit : public QObject
{
    Q_OBJECT

    static void open(Program &program, const QString &home, const QString &kit)
    {
        program.useHome(home);
        const auto opened = program.run(words("init --from-kit") << program.path(kit));
        QVERIFY2(opened.exitCode == 0, opened.said().constData());
    }
    static void addAll(const Program &program)
    {
        for (const char *name : { "a", "b", "c" }) {
            const auto added = program.addAccount(QString::fromLatin1(name));
            QVERIFY2(added.exitCode == 0, added.said().constData());
        }
    }
    static void comesBack(const Program &program, const QString &name, const QString &to)
    {
        const auto run = program.run({ QStringLiteral("fetch"), name, QStringLiteral("--to"), program.path(to) });
        QVERIFY2(run.exitCode == 0, run.said().constData());
        QVERIFY(Program::isSameFile(program.path(name), program.path(to + u'/' + name)));
    }

private slots:
    void aNewKitForEverybody()
    {
        Program program;
        const QString home = QStringLiteral("home");
        const QString second = QStringLiteral("second");
        QCOMPARE(program.run(words("store --lose 1") << write(program, QStringLiteral("m"), 'm')).exitCode, 0);
        open(program, second, QStringLiteral("kit"));
        addAll(program);
        QCOMPARE(program.run(words("recover")).exitCode, 0);

        program.useHome(home);
        const auto taken = program.run(words("kit --new --out") << program.path(QStringLiteral("kit")));
        QCOMPARE(errorId(taken), QStringLiteral("MF-KIT-EXISTS"));
        const QString away = program.accountPath(QStringLiteral("c"));
        QVERIFY(QDir().rename(away, away + QStringLiteral("-away")));
        const auto unreached = program.run(words("kit --new"));
        QCOMPARE(errorId(unreached), QStringLiteral("MF-KIT-ACCOUNTS"));
        QVERIFY(QDir().rename(away + QStringLiteral("-away"), away));
        const auto made = program.run(words("kit --new --out") << program.path(QStringLiteral("kit2")));
        QVERIFY2(made.exitCode == 0, made.said().constData());
        QCOMPARE(made.json().value(u"kit").toString(), program.path(QStringLiteral("kit2")));
        QCOMPARE(made.json().value(u"epoch").toString().size(), 16);
        QVERIFY(!Program::isSameFile(program.path(QStringLiteral("kit")), program.path(QStringLiteral("kit2"))));
        QCOMPARE(program.run(words("kit --out") << program.path(QStringLiteral("kit2 again"))).exitCode, 0);
        QVERIFY(Program::isSameFile(program.path(QStringLiteral("kit2")), program.path(QStringLiteral("kit2 again"))));
        QCOMPARE(program.run(words("store --lose 1") << write(program, QStringLiteral("n"), 'n')).exitCode, 0);

        program.useHome(second); // has not got it yet
        const QString x = write(program, QStringLiteral("x"), 'x');
        QCOMPARE(errorId(program.run(words("store --lose 1") << x)), QStringLiteral("MF-KEYS-NEWER"));
        comesBack(program, QStringLiteral("m"), QStringLiteral("there"));
        const auto wrong = program.run(words("init --from-kit") << program.path(QStringLiteral("no such file")));
        QCOMPARE(errorId(wrong), QStringLiteral("MF-KIT-FILE"));
        open(program, second, QStringLiteral("kit2"));
        QCOMPARE(program.run(words("store --lose 1") << x).exitCode, 0);
        comesBack(program, QStringLiteral("n"), QStringLiteral("there"));
        QCOMPARE(program.run(words("kit --out") << program.path(QStringLiteral("kit2 there"))).exitCode, 0);
        QVERIFY(Program::isSameFile(program.path(QStringLiteral("kit2")), program.path(QStringLiteral("kit2 there"))));

        program.useHome(home);
        const auto rekeyed = program.run(words("rekey"));
        QVERIFY2(rekeyed.exitCode == 0, rekeyed.said().constData());
        QCOMPARE(rekeyed.json().value(u"models").toInt(), 1);
        QVERIFY(rekeyed.json().value(u"packs").toInt() >= 1);
        QVERIFY(rekeyed.json().value(u"uploadedBytes").toInt() > 0);
        QCOMPARE(program.run(words("collect")).exitCode, 0);
        comesBack(program, QStringLiteral("m"), QStringLiteral("here"));

        // The old one is of no use any more.
        open(program, QStringLiteral("third"), QStringLiteral("kit"));
        QCOMPARE(errorId(program.addAccount(QStringLiteral("a"))), QStringLiteral("MF-KEYS-NEWER"));
    }
};

QTEST_GUILESS_MAIN(TestNewKit)
#include "test_new_kit.moc"
