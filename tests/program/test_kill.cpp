// SPDX-License-Identifier: GPL-3.0-or-later
// kill -9 at every crash point of store and fetch, and at random instants: it goes on, sends nothing twice
// that is there, and ends identical (design.md, invariant 3).
#include "core/base/crash_point.h"
#include "tests/program/program.h"
#include "tests/support/make_model.h"

#include <QRandomGenerator>
#include <QtTest>

using namespace mf;

class TestKill : public QObject
{
    Q_OBJECT

    QTemporaryDir m_models;
    QString m_model;

    static QStringList storeWords(const QString &model)
    {
        return { QStringLiteral("store"), model, QStringLiteral("--erasure"), QStringLiteral("2+1"),
            QStringLiteral("--name"), QStringLiteral("model") };
    }
    static QStringList fetchWords(const Program &program)
    {
        return { QStringLiteral("fetch"), QStringLiteral("model"), QStringLiteral("--to"),
            program.path(QStringLiteral("back")) };
    }
    QString fetched(const Program &program) const
    {
        return program.path(QStringLiteral("back/")) + QFileInfo(m_model).fileName();
    }

    // Stores to the end; what was there before must not be written again.
    void finishStore(const Program &program)
    {
        const auto before = program.fragments();
        const auto stored = program.run(storeWords(m_model));
        QVERIFY2(stored.exitCode == 0, stored.said().constData());
        const auto after = program.fragments();
        for (const auto &[path, identity] : before) {
            if (!path.contains(QStringLiteral("/.mf-")) && after.contains(path)) // temporary files are nobody's
                QVERIFY2(after.at(path) == identity, qPrintable(path + QStringLiteral(" was sent twice")));
        }
    }
    void fetchAndCompare(const Program &program)
    {
        const auto got = program.run(fetchWords(program));
        QVERIFY2(got.exitCode == 0, got.said().constData());
        QVERIFY(Program::isSameFile(m_model, fetched(program)));
        const QDir back(program.path(QStringLiteral("back")));
        QCOMPARE(back.entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot).size(), 1);
    }

private slots:
    void initTestCase()
    {
        m_model = m_models.filePath(QStringLiteral("model.safetensors"));
        ModelRecipe recipe;
        recipe.format = ModelRecipe::Format::Safetensors;
        recipe.dtype = QStringLiteral("BF16");
        recipe.size = 100 << 20; // three packs
        QVERIFY(makeModel(recipe, m_model));
    }

    void atEveryCrashPoint_data()
    {
        QTest::addColumn<QString>("point");
        for (const CrashPoint point : allCrashPoints()) {
            QTest::newRow(qPrintable(crashPointName(point))) << crashPointName(point);
            if (crashPointName(point).contains(QStringLiteral("fragment"))
                || crashPointName(point).startsWith(QStringLiteral("folder")))
                QTest::newRow(qPrintable(crashPointName(point) + QStringLiteral(", later")))
                    << QString(crashPointName(point) + QStringLiteral(":9"));
        }
    }
    void atEveryCrashPoint()
    {
        QFETCH(const QString, point);
        const Program program;
        const bool ofFetch = point.startsWith(QStringLiteral("fetch"));
        if (!ofFetch) {
            const auto killed = program.run(storeWords(m_model), point);
            QVERIFY2(killed.killed, "the crash point was not hit");
        }
        finishStore(program);
        if (ofFetch) {
            const auto killed = program.run(fetchWords(program), point);
            QVERIFY2(killed.killed, "the crash point was not hit");
        }
        fetchAndCompare(program);
    }

    void atRandomInstants()
    {
        QRandomGenerator random(QRandomGenerator::securelySeeded());
        const Program program;
        const int given = qEnvironmentVariableIntValue("MF_KILLS");
        const int kills = given > 0 ? given : 20;
        for (int i = 0; i < kills; ++i) {
            const auto before = program.fragments();
            const int after = static_cast<int>(random.bounded(100, 2'500));
            const auto run = program.run(storeWords(m_model), QString(), after);
            QVERIFY2(run.killed || run.exitCode == 0, run.said().constData());
            for (const auto &[path, identity] : program.fragments()) {
                const auto known = before.find(path);
                QVERIFY2(known == before.end() || known->second == identity, qPrintable(path));
            }
        }
        finishStore(program);
        for (int i = 0; i < kills; ++i) {
            const auto run = program.run(fetchWords(program), QString(), static_cast<int>(random.bounded(100, 2'000)));
            QVERIFY2(run.killed || run.exitCode == 0, run.said().constData());
        }
        fetchAndCompare(program);
    }
};

QTEST_GUILESS_MAIN(TestKill)
#include "test_kill.moc"
