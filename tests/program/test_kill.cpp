// SPDX-License-Identifier: GPL-3.0-or-later
// kill -9 at every crash point of every command, and at random instants: given again, the command goes on, sends
// nothing twice that is there, leaves nothing behind, and everything comes back identical (design.md, invariant 3).
#include "core/base/crash_point.h"
#include "tests/program/kill_scenarios.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QtTest>

#include <set>

using namespace mf;

class TestKill : public QObject
{
    Q_OBJECT

    std::set<QString> m_passed; // crash points that some command passed
    std::set<QString> m_commands; // that ran
    int m_turn = 0;

    // What is on the accounts after the kill is not written again.
    static void nothingIsSentTwice(const Program &program, const std::map<QString, std::pair<quint64, qint64>> &before)
    {
        const auto after = program.fragments();
        for (const auto &[path, identity] : before) {
            if (!path.contains(QStringLiteral("/.mf-")) && after.contains(path)) // temporary files are nobody's
                QVERIFY2(after.at(path) == identity, qPrintable(path + QStringLiteral(" was sent twice")));
        }
    }

    static void comesBack(const Program &program)
    {
        mustRun(program,
            { QStringLiteral("fetch"), QStringLiteral("model"), QStringLiteral("--to"), QStringLiteral("back") });
        QDir back(program.path(QStringLiteral("back")));
        QVERIFY(Program::isSameFile(program.path(QStringLiteral("m.bin")), back.filePath(QStringLiteral("m.bin"))));
        QCOMPARE(back.entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot).size(), 1);
        QVERIFY(back.removeRecursively());
    }

    // Another account in each turn.
    static void comesBackWithoutAnAccount(const Program &program, int turn)
    {
        const QDir accounts(program.path(QStringLiteral("accounts")));
        const QStringList names = accounts.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        const QString path = accounts.filePath(names.at(turn % names.size()));
        const QString elsewhere = program.path(QStringLiteral("taken away"));
        QVERIFY(QDir().rename(path, elsewhere));
        comesBack(program);
        QDir(path).removeRecursively();
        QVERIFY(QDir().rename(elsewhere, path));
    }

    // Nothing is left behind, everything is as safe as it should be. Returns how many fragments there are.
    static std::size_t allIsWell(const Program &program, const KillScenario &scenario, int turn)
    {
        if (scenario.after)
            scenario.after(program);
        for (int i = 0; i < 2; ++i) // a doom that was not acknowledged takes a second one
            mustRun(program, { QStringLiteral("collect") });
        const auto checked
            = mustRun(program, { QStringLiteral("check"), QStringLiteral("--deep") }, scenario.spare > 0 ? 0 : 4);
        const QJsonObject model = checked.json().value(u"models").toArray().at(0).toObject();
        if (model.value(u"spare").toInt(-1) != scenario.spare)
            QTest::qFail(checked.said().constData(), __FILE__, __LINE__);
        comesBack(program);
        if (scenario.spare > 0 && !QTest::currentTestFailed())
            comesBackWithoutAnAccount(program, turn);
        return program.fragments().size();
    }

    void killAndCompare(
        const Program &program, const KillScenario &scenario, const QString &point, std::size_t fragments)
    {
        program.goBack();
        const auto killed = program.run(scenario.command, point);
        QVERIFY2(killed.killed, "the crash point was not hit");
        goesOn(program, scenario, fragments);
    }

    // The command is given again after it was killed.
    void goesOn(const Program &program, const KillScenario &scenario, std::size_t fragments)
    {
        const auto before = program.fragments();
        const auto done = program.run(scenario.command);
        QVERIFY2(scenario.mayBeDone || done.exitCode == scenario.exitCode, done.said().constData());
        if (!scenario.replaces)
            nothingIsSentTwice(program, before);
        const std::size_t left = allIsWell(program, scenario, m_turn++);
        QCOMPARE(left, fragments);
    }

    // Kills it at an instant of the time that it takes, which gets shorter if it was done by then.
    static bool isKilled(const Program &program, const KillScenario &scenario, QRandomGenerator &random, int &duration)
    {
        constexpr int kTries = 20;
        for (int i = 0; i < kTries; ++i) {
            program.goBack();
            QElapsedTimer timer;
            timer.start();
            const auto run = program.run(scenario.command, QString(), random.bounded(duration));
            if (run.killed)
                return true;
            duration = std::min(duration, static_cast<int>(timer.elapsed()));
        }
        return false;
    }

private slots:
    void atEveryCrashPoint_data()
    {
        QTest::addColumn<KillScenario>("scenario");
        for (const KillScenario &scenario : killScenarios())
            QTest::newRow(qPrintable(scenario.name)) << scenario;
    }
    void atEveryCrashPoint()
    {
        QFETCH(const KillScenario, scenario);
        Program program;
        scenario.prepare(program);
        QVERIFY(!QTest::currentTestFailed());
        program.keep();
        Program::Run unhurt;
        const auto passes = program.pointsPassed(scenario.command, unhurt);
        QVERIFY2(unhurt.exitCode == scenario.exitCode, unhurt.said().constData());
        const std::size_t fragments = allIsWell(program, scenario, m_turn++);
        QVERIFY(!passes.empty() && !QTest::currentTestFailed());
        for (const auto &[point, times] : passes) {
            m_passed.insert(point);
            for (const int pass : times > 1 ? std::vector<int> { 1, times } : std::vector<int> { 1 }) {
                const QString at = point + u':' + QString::number(pass);
                killAndCompare(program, scenario, at, fragments);
                if (QTest::currentTestFailed()) {
                    qWarning("killed at %s", qPrintable(at));
                    return;
                }
            }
        }
        m_commands.insert(scenario.name);
    }

    void noCrashPointIsForgotten()
    {
        if (m_commands.size() < killScenarios().size())
            QSKIP("not all commands ran");
        for (const CrashPoint point : allCrashPoints())
            QVERIFY2(m_passed.contains(crashPointName(point)), qPrintable(crashPointName(point)));
    }

    // As many kills as asked for, MF_KILLS of each command (3), each of work that is there to be done.
    void atRandomInstants_data()
    {
        QTest::addColumn<KillScenario>("scenario");
        const QStringList names { QStringLiteral("store"), QStringLiteral("store a change"), QStringLiteral("fetch"),
            QStringLiteral("repair"), QStringLiteral("protect"), QStringLiteral("move"), QStringLiteral("collect"),
            QStringLiteral("recover") };
        qsizetype added = 0;
        for (const KillScenario &scenario : killScenarios()) {
            if (!names.contains(scenario.name))
                continue;
            QTest::newRow(qPrintable(scenario.name)) << scenario;
            ++added;
        }
        QCOMPARE(added, names.size());
    }
    void atRandomInstants()
    {
        QFETCH(const KillScenario, scenario);
        QRandomGenerator random(QRandomGenerator::securelySeeded());
        const int given = qEnvironmentVariableIntValue("MF_KILLS");
        const int wanted = given > 0 ? given : 3;
        Program program;
        scenario.prepare(program);
        QVERIFY(!QTest::currentTestFailed());
        program.keep();
        QElapsedTimer timer;
        timer.start();
        const auto unhurt = program.run(scenario.command);
        int duration = static_cast<int>(timer.elapsed()) + 1;
        QVERIFY2(unhurt.exitCode == scenario.exitCode, unhurt.said().constData());
        const std::size_t fragments = allIsWell(program, scenario, m_turn++);
        for (int kills = 0; kills < wanted; ++kills) {
            QVERIFY2(isKilled(program, scenario, random, duration), "it was always done before the kill");
            goesOn(program, scenario, fragments);
            if (QTest::currentTestFailed()) {
                qWarning("at kill %d", kills + 1);
                return;
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestKill)
#include "test_kill.moc"
