// SPDX-License-Identifier: GPL-3.0-or-later
// check, repair and protect through the real program: words, JSON and exit codes of the command line's contract.
#include "tests/program/program.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QRandomGenerator>
#include <QtTest>

using namespace mf;

class TestHealth : public QObject
{
    Q_OBJECT

    std::unique_ptr<Program> m_program; // of wrongRequests: they change nothing

    static QString store(const Program &program, const QString &protection, const QString &name = QStringLiteral("m"))
    {
        const QString path = program.path(name + QStringLiteral(".bin"));
        QFile file(path);
        QByteArray bytes(3'000'000, Qt::Uninitialized);
        QRandomGenerator random(name.front().unicode());
        random.fillRange(reinterpret_cast<quint32 *>(bytes.data()), bytes.size() / 4);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write");
        file.close();
        const auto stored = program.run(
            { QStringLiteral("store"), path, QStringLiteral("--erasure"), protection, QStringLiteral("--name"), name });
        if (stored.exitCode != 0)
            qFatal("%s", stored.said().constData());
        return path;
    }
    static void loseFragments(const Program &program, const QString &account)
    {
        for (const auto &[path, identity] : program.fragments()) {
            if (path.startsWith(program.accountPath(account) + u'/'))
                QVERIFY(QFile::remove(path));
        }
    }
    static QJsonObject model(const Program::Run &run) { return run.json().value(u"models").toArray().at(0).toObject(); }

private slots:
    void aModelLosesAnAccountAndGetsBackWhatItLost()
    {
        const Program program;
        const QString path = store(program, QStringLiteral("2+1"));
        auto run = program.run({ QStringLiteral("check") });
        QVERIFY2(run.exitCode == 0, run.said().constData());
        QCOMPARE(model(run).value(u"name").toString(), QStringLiteral("m"));
        QCOMPARE(model(run).value(u"state").toString(), QStringLiteral("safe"));
        QCOMPARE(model(run).value(u"spare").toInt(), 1);

        loseFragments(program, QStringLiteral("a"));
        run = program.run({ QStringLiteral("check"), QStringLiteral("m") });
        QCOMPARE(run.exitCode, 4);
        QCOMPARE(model(run).value(u"state").toString(), QStringLiteral("at-risk"));
        QCOMPARE(model(run).value(u"spare").toInt(), 0);
        QCOMPARE(model(run).value(u"missing").toInt(), 1);
        QCOMPARE(model(run).value(u"damaged").toInt(), 0);
        run = program.run({ QStringLiteral("list") });
        QCOMPARE(model(run).value(u"state").toString(), QStringLiteral("at-risk"));

        run = program.run({ QStringLiteral("repair") });
        QVERIFY2(run.exitCode == 0, run.said().constData());
        QCOMPARE(model(run).value(u"rebuilt").toInt(), 1);
        QCOMPARE(model(run).value(u"state").toString(), QStringLiteral("safe"));
        run = program.run({ QStringLiteral("check"), QStringLiteral("--deep") });
        QVERIFY2(run.exitCode == 0, run.said().constData());
        QCOMPARE(run.json().value(u"packsRead").toInt(), 1);
        loseFragments(program, QStringLiteral("b"));
        run = program.run({ QStringLiteral("fetch"), QStringLiteral("m"), QStringLiteral("--to"),
            program.path(QStringLiteral("back")) });
        QVERIFY2(run.exitCode == 0, run.said().constData());
        QVERIFY(Program::isSameFile(path, program.path(QStringLiteral("back/m.bin"))));
    }

    // Each run reads what was not read for longest: in two runs of a half all is read.
    void samplesGoRound()
    {
        const Program program;
        store(program, QStringLiteral("2+1"));
        store(program, QStringLiteral("2+1"), QStringLiteral("n"));
        for (const auto &[path, identity] : program.fragments()) {
            if (path.startsWith(program.accountPath(QStringLiteral("a")) + u'/'))
                QVERIFY(Program::flipByte(path, QFileInfo(path).size() / 2));
        }
        auto run = program.run({ QStringLiteral("check") });
        QCOMPARE(run.exitCode, 0); // they are there, and of the right size
        for (int half = 1; half <= 2; ++half) {
            run = program.run({ QStringLiteral("check"), QStringLiteral("--sample"), QStringLiteral("50") });
            QCOMPARE(run.json().value(u"packsRead").toInt(), 1);
            QCOMPARE(run.exitCode, 4);
            int damaged = 0;
            for (const auto &one : run.json().value(u"models").toArray())
                damaged += one.toObject().value(u"damaged").toInt();
            QCOMPARE(damaged, half);
        }
        run = program.run({ QStringLiteral("repair") });
        QVERIFY2(run.exitCode == 0, run.said().constData());
        QCOMPARE(program.run({ QStringLiteral("check"), QStringLiteral("--deep") }).exitCode, 0);
    }

    void syncRepairsAsSet()
    {
        const Program program;
        store(program, QStringLiteral("2+1"));
        loseFragments(program, QStringLiteral("a"));
        const QStringList sync { QStringLiteral("sync") };
        const QStringList limits { QStringLiteral("limits") };
        QCOMPARE(program.run({ QStringLiteral("check") }).exitCode, 4);
        QCOMPARE(program.run(limits).json().value(u"repair").toString(), QStringLiteral("ask"));
        auto run = program.run(sync);
        QVERIFY2(run.exitCode == 0, run.said().constData());
        QCOMPARE(run.json().value(u"below").toInt(), 1);
        QCOMPARE(run.json().value(u"rebuilt").toInt(), 0);
        QCOMPARE(program.run({ QStringLiteral("check") }).exitCode, 4); // it only said so

        QCOMPARE(program.run(limits + QStringList { QStringLiteral("repair=often") }).exitCode, 2);
        run = program.run(limits + QStringList { QStringLiteral("repair=always") });
        QCOMPARE(run.json().value(u"repair").toString(), QStringLiteral("always"));
        run = program.run(sync);
        QVERIFY2(run.exitCode == 0, run.said().constData());
        QCOMPARE(run.json().value(u"below").toInt(), 0);
        QCOMPARE(run.json().value(u"rebuilt").toInt(), 1);
        QCOMPARE(program.run({ QStringLiteral("check"), QStringLiteral("--deep") }).exitCode, 0);
        QCOMPARE(program.run(sync).json().value(u"rebuilt").toInt(), 0);

        run = program.run(
            { QStringLiteral("account"), QStringLiteral("remove"), QStringLiteral("c"), QStringLiteral("--force") });
        QVERIFY2(run.exitCode == 0, run.said().constData());
        run = program.run(sync); // two places are too few
        QVERIFY2(run.exitCode == 4, run.said().constData());
        QCOMPARE(run.json().value(u"below").toInt(), 1);
    }

    void tooMuchIsLost()
    {
        const Program program;
        store(program, QStringLiteral("2+1"));
        loseFragments(program, QStringLiteral("a"));
        loseFragments(program, QStringLiteral("c"));
        for (const char *command : { "check", "repair" }) {
            const auto run = program.run({ QString::fromLatin1(command) });
            QCOMPARE(run.exitCode, 5);
            QCOMPARE(model(run).value(u"state").toString(), QStringLiteral("unreadable"));
        }
    }

    void anAccountThatIsAwayIsNoLoss()
    {
        const Program program;
        store(program, QStringLiteral("2+1"));
        QVERIFY(QDir().rename(program.accountPath(QStringLiteral("b")), program.path(QStringLiteral("unplugged"))));
        const auto run = program.run({ QStringLiteral("check"), QStringLiteral("--deep") });
        QVERIFY2(run.exitCode == 0, run.said().constData());
        const QJsonArray warnings = run.json().value(u"warnings").toArray();
        QVERIFY(!warnings.isEmpty() && warnings.at(0).toString().contains(QStringLiteral("account b")));
    }

    void repairWithTooFewDomainsExitsWithFour()
    {
        const Program program;
        store(program, QStringLiteral("2+1"));
        loseFragments(program, QStringLiteral("a"));
        // Nothing can be written there: it holds a place, but none for a fragment.
        const QDir fragments(program.accountPath(QStringLiteral("a")) + QStringLiteral("/f"));
        QVERIFY(QDir(fragments).removeRecursively());
        QFile wall(fragments.path());
        QVERIFY(wall.open(QIODevice::WriteOnly));
        wall.close();
        const auto run = program.run({ QStringLiteral("repair"), QStringLiteral("m") });
        QCOMPARE(run.exitCode, 4);
        QCOMPARE(run.json().value(u"domainsMissing").toInt(), 1);
    }

    void protectChangesThePromise()
    {
        const Program program;
        store(program, QStringLiteral("2+0"));
        auto run = program.run(
            { QStringLiteral("protect"), QStringLiteral("m"), QStringLiteral("--lose"), QStringLiteral("1") });
        QVERIFY2(run.exitCode == 0, run.said().constData());
        QCOMPARE(run.json().value(u"model").toString(), QStringLiteral("m"));
        QCOMPARE(run.json().value(u"protection").toString(), QStringLiteral("2+1"));
        QVERIFY(run.json().value(u"uploadedBytes").toInt() > 1'500'000);
        run = program.run({ QStringLiteral("list") });
        QCOMPARE(model(run).value(u"protection").toString(), QStringLiteral("2+1"));
        QCOMPARE(model(run).value(u"state").toString(), QStringLiteral("safe"));
    }

    void wrongRequests_data()
    {
        QTest::addColumn<QString>("words");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("id");
        QTest::newRow("an unknown model") << QStringLiteral("check nope") << 3 << QStringLiteral("MF-MODEL-UNKNOWN");
        QTest::newRow("repair an unknown model")
            << QStringLiteral("repair nope") << 3 << QStringLiteral("MF-MODEL-UNKNOWN");
        QTest::newRow("a share above all")
            << QStringLiteral("check --sample 101") << 2 << QStringLiteral("MF-USAGE-VALUE");
        QTest::newRow("a share and all") << QStringLiteral("check --sample 5 --deep") << 2
                                         << QStringLiteral("MF-USAGE-OPTION");
        QTest::newRow("no protection named") << QStringLiteral("protect m") << 2 << QStringLiteral("MF-USAGE-OPTION");
        QTest::newRow("other pieces") << QStringLiteral("protect m --erasure 3+1") << 7
                                      << QStringLiteral("MF-PLACE-DOMAINS");
        QTest::newRow("too few domains") << QStringLiteral("protect m --lose 2") << 7
                                         << QStringLiteral("MF-PLACE-DOMAINS");
    }
    void wrongRequests()
    {
        QFETCH(const QString, words);
        QFETCH(const int, code);
        QFETCH(const QString, id);
        if (!m_program) {
            m_program = std::make_unique<Program>();
            store(*m_program, QStringLiteral("2+1"));
        }
        const auto run = m_program->run(words.split(u' '));
        QCOMPARE(run.exitCode, code);
        QCOMPARE(run.json().value(u"error").toObject().value(u"id").toString(), id);
    }

    void theTourHolds()
    {
        const Program program; // the demo leaves it alone
        const auto run = program.run({ QStringLiteral("demo"), store(program, QStringLiteral("2+1")) });
        QVERIFY2(run.exitCode == 0, run.said().constData());
        QVERIFY(run.out.contains("Repaired"));
    }
};

QTEST_GUILESS_MAIN(TestHealth)
#include "test_health.moc"
