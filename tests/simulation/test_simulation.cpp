// SPDX-License-Identifier: GPL-3.0-or-later
// Sixty simulated days with everything going wrong, once for each seed: MF_SEEDS of them (60; tests/soak.sh: 10,000)
// from MF_FIRST_SEED (1) on. A seed that breaks a promise is printed with what had happened.
#include "tests/simulation/last_words.h"
#include "tests/simulation/story.h"

#include <QTest>

#include <cstdio>

using namespace mf;

class TestSimulation : public QObject
{
    Q_OBJECT
private slots:
    // Else a seed that breaks a promise would be of no use.
    void aSeedTellsOneStory()
    {
        constexpr quint32 kSeed = 3667; // did not, when engines looked at the real clock
        const simulation::LastWords words(QStringLiteral("seed %1").arg(kSeed));
        const auto diary = [] {
            simulation::Story story(kSeed);
            story.run(60);
            return story.diary();
        };
        QCOMPARE(diary(), diary());
    }

    void sixtyDays()
    {
        const int first
            = qEnvironmentVariableIsSet("MF_FIRST_SEED") ? qEnvironmentVariableIntValue("MF_FIRST_SEED") : 1;
        const int seeds = qEnvironmentVariableIsSet("MF_SEEDS") ? qEnvironmentVariableIntValue("MF_SEEDS") : 60;
        QStringList brokenSeeds;
        for (int seed = first; seed < first + seeds; ++seed) {
            const simulation::LastWords words(QStringLiteral("seed %1").arg(seed));
            simulation::Story story(static_cast<quint32>(seed));
            const QString broken = story.run(60);
            if (broken.isEmpty())
                continue;
            brokenSeeds.append(QString::number(seed));
            const QString text
                = QStringLiteral("seed %1\n%2\n").arg(seed).arg(broken); // a failure's own text is cut short
            std::fputs(qPrintable(text), stderr);
        }
        QVERIFY2(brokenSeeds.isEmpty(), qPrintable(QStringLiteral("seeds ") + brokenSeeds.join(u' ')));
    }
};

QTEST_GUILESS_MAIN(TestSimulation)
#include "test_simulation.moc"
