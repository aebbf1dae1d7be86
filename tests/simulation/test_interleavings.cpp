// SPDX-License-Identifier: GPL-3.0-or-later
// Storing beside deleting, in every order of their calls to the accounts: what is reported stored is there in the end.
//
// One computer stores a model whose bytes are in a pack already; others have removed the model that the pack came
// from, and collect. Or they give up accounts at the same time, and move what lies there. All orders are tried in which
// a computer takes the turn from another one at most MF_DEPTH (1) times, before or after a write of that one; reads are
// not parted (Turns in orders.h). Then MF_ORDERS (10) by chance, from the MF_FIRST_ORDERth (1) on: in half of them one
// computer loses power on the way and does it all again.
#include "tests/simulation/last_words.h"
#include "tests/simulation/moves.h"
#include "tests/simulation/orders.h"
#include "tests/simulation/race.h"

#include <QTest>

using namespace mf;
using namespace mf::simulation;

namespace {

int numberFrom(const char *variable, int usual)
{
    return qEnvironmentVariableIsSet(variable) ? qEnvironmentVariableIntValue(variable) : usual;
}

} // namespace

class TestInterleavings : public QObject
{
    Q_OBJECT

    // QVERIFY2 asks for its text also when all is well, and cuts what is long.
    static QString told(const Outcome &outcome)
    {
        if (!outcome.problem.isEmpty())
            qWarning("%s", qPrintable(outcome.order.join(u'\n')));
        return outcome.problem;
    }

    // All orders of so few turns, till something is lost; the last one's outcome.
    template <typename Any> static Outcome playTurns(const Any &scene, int most)
    {
        Turns turns(most);
        for (int played = 1;; ++played) {
            const LastWords words(QStringLiteral("order %1 of MF_DEPTH=%2").arg(played).arg(most));
            Outcome outcome = play(scene, [&turns](const Turnstile &waiting) { return turns.choose(waiting); });
            if (!outcome.problem.isEmpty() || !turns.next()) {
                qInfo("%d orders", played);
                return outcome;
            }
        }
    }

    template <typename Any> static void playAll(const Any &scene)
    {
        const Outcome outcome = playTurns(scene, numberFrom("MF_DEPTH", 1));
        QVERIFY2(outcome.problem.isEmpty(), qPrintable(told(outcome)));
    }

    template <typename Any> static Outcome playByChance(Any scene, int computers, int seed)
    {
        Dice dice(static_cast<quint32>(seed));
        Favourites favourites(seed);
        const LastWords words(QStringLiteral("seed %1").arg(seed));
        const auto choose = [&dice, &favourites, seed](const Turnstile &waiting) {
            return seed % 2 == 0 ? favourites.choose(waiting)
                                 : static_cast<std::size_t>(dice.below(int(waiting.waiting())));
        };
        constexpr int kCalls = 60; // about as many as each computer makes
        if (seed % 4 >= 2) {
            scene.crashing = dice.below(computers);
            scene.crashAfter = dice.below(kCalls);
        }
        return play(scene, choose);
    }

    template <typename Any> static void playMany(const Any &scene, int computers)
    {
        int crashes = 0;
        const int firstOrder = numberFrom("MF_FIRST_ORDER", 1);
        const int orders = numberFrom("MF_ORDERS", 10);
        for (int seed = firstOrder; seed < firstOrder + orders; ++seed) {
            const Outcome outcome = playByChance(scene, computers, seed);
            crashes += outcome.crashes;
            QVERIFY2(outcome.problem.isEmpty(), qPrintable(QStringLiteral("seed %1: %2").arg(seed).arg(told(outcome))));
        }
        qInfo("%d crashes", crashes);
        QVERIFY(crashes > 0 || orders < 10);
    }

    // The first order in which something is lost without a rule: with it nothing may be.
    template <typename Any> static void findPlanted(const Any &broken, const Any &whole)
    {
        const auto played = [](const Any &scene, int seed) {
            Favourites favourites(seed);
            const LastWords words(QStringLiteral("seed %1").arg(seed));
            return play(scene, [&favourites](const Turnstile &waiting) { return favourites.choose(waiting); });
        };
        constexpr int kMost = 2'000;
        int found = 1;
        while (found <= kMost && played(broken, found).problem.isEmpty())
            ++found;
        QVERIFY2(found <= kMost, "nothing was lost");
        qInfo("lost in order %d", found);
        const Outcome outcome = played(whole, found);
        QVERIFY2(outcome.problem.isEmpty(), qPrintable(QStringLiteral("lost with the rule, too: ") + told(outcome)));
    }

    static void addScenes()
    {
        QTest::addColumn<int>("first"); // how late the accounts list, in hours
        QTest::addColumn<int>("lag");
        QTest::addColumn<int>("storers");
        QTest::addColumn<int>("collectors");
        QTest::newRow("listing at once, one collector") << 0 << 0 << 1 << 1;
        QTest::newRow("one lists late, one collector") << 0 << 6 << 1 << 1;
        QTest::newRow("both list late, one collector") << 6 << 6 << 1 << 1;
        QTest::newRow("both list late, two collectors") << 6 << 6 << 1 << 2;
        QTest::newRow("one lists late, two storers, two collectors") << 0 << 6 << 2 << 2;
    }
    static Scene sceneOf(int first, int lag, int storers, int collectors)
    {
        Scene scene;
        scene.lags = { std::chrono::hours(first), std::chrono::hours(lag) };
        scene.storers = storers;
        scene.collectors = collectors;
        return scene;
    }

    static void addMoves()
    {
        using Plot = MoveScene::Plot;
        QTest::addColumn<int>("plot");
        QTest::addColumn<int>("lag"); // how late half of the accounts list, in hours
        const auto row = [](const char *name, Plot plot, int lag) { QTest::newRow(name) << int(plot) << lag; };
        row("two copies", Plot::TwoCopies, 0);
        row("two copies, half lists late", Plot::TwoCopies, 6);
        row("two fragments", Plot::TwoFragments, 0);
        row("two fragments, half lists late", Plot::TwoFragments, 6);
        row("into what goes", Plot::IntoWhatGoes, 0);
        row("into what goes, half lists late", Plot::IntoWhatGoes, 6);
        row("beside storing", Plot::BesideStoring, 0);
        row("beside storing, half lists late", Plot::BesideStoring, 6);
    }
    static MoveScene moveScene(int plot, int lag)
    {
        MoveScene scene;
        scene.plot = static_cast<MoveScene::Plot>(plot);
        scene.lag = std::chrono::hours(lag);
        return scene;
    }

private slots:
    void everyOrderOfFewTurns_data() { addScenes(); }
    void everyOrderOfFewTurns()
    {
        QFETCH(int, first);
        QFETCH(int, lag);
        QFETCH(int, storers);
        QFETCH(int, collectors);
        playAll(sceneOf(first, lag, storers, collectors));
    }

    // Else all of them would prove little: one turn is enough to lose something without these rules.
    void oneTurnFindsPlantedBugs()
    {
        Scene doomedHit = sceneOf(0, 0, 1, 1);
        doomedHit.planted = Planted::DoomedHit;
        QVERIFY(!playTurns(doomedHit, 1).problem.isEmpty());
        MoveScene doomedCounts;
        doomedCounts.doomedCounts = true;
        QVERIFY(!playTurns(doomedCounts, 1).problem.isEmpty());
    }

    // Those by chance in which something was lost once. The calls of an order change with the code: where one does not
    // go through any more what it was found for, another seed that does takes its place.
    void ordersThatFailedOnce_data()
    {
        QTest::addColumn<int>("seed");
        QTest::newRow("power goes while a revision is withdrawn, then the doom is pardoned") << 1771;
    }
    void ordersThatFailedOnce()
    {
        QFETCH(int, seed);
        const Outcome outcome = playByChance(sceneOf(0, 6, 1, 1), 2, seed);
        QVERIFY2(outcome.problem.isEmpty(), qPrintable(told(outcome)));
        // The storer's "trash" takes its revision back. It has reached one account of two when the power goes.
        const QString trash = QStringLiteral("computer0 trash");
        const auto crash = outcome.said.indexOf(QStringLiteral("computer0 loses power"));
        QVERIFY(crash > 0);
        QCOMPARE(outcome.said.first(crash).count(trash), 1);
        const auto pardon = outcome.said.indexOf(QStringLiteral("computer1 pardon"), crash);
        QVERIFY(pardon > crash);
        QVERIFY(outcome.said.indexOf(trash, pardon) > pardon);
    }

    // Two movers leave two twins of one fragment on two accounts: any account may vanish all the same.
    void moversThatFailedOnce_data()
    {
        QTest::addColumn<int>("seed");
        QTest::addColumn<std::vector<int>>("copies"); // of each fragment
        QTest::newRow("twins of the first fragment are left") << 5608 << std::vector<int> { 2, 0 };
        QTest::newRow("twins of the second fragment are left") << 7434 << std::vector<int> { 0, 2 };
    }
    void moversThatFailedOnce()
    {
        QFETCH(int, seed);
        QFETCH(std::vector<int>, copies);
        const Outcome outcome = playByChance(moveScene(int(MoveScene::Plot::TwoFragments), 6), 2, seed);
        QVERIFY2(outcome.problem.isEmpty(), qPrintable(told(outcome)));
        QCOMPARE(outcome.copies, copies);
    }

    void ordersByChance_data() { addScenes(); }
    void ordersByChance()
    {
        QFETCH(int, first);
        QFETCH(int, lag);
        QFETCH(int, storers);
        QFETCH(int, collectors);
        playMany(sceneOf(first, lag, storers, collectors), storers + collectors);
    }

    // The same orders find what each rule is for: without it a model that was reported stored is lost. With it none is.
    void plantedBugs_data()
    {
        QTest::addColumn<int>("planted");
        QTest::addColumn<int>("lag");
        QTest::addColumn<int>("collectors");
        const auto row = [](const char *name, Planted planted, int lag, int collectors) {
            QTest::newRow(name) << int(planted) << lag << collectors;
        };
        row("a doom that is carried out at once", Planted::NoWait, 6, 1);
        row("a deletion on a partial listing", Planted::PartialListing, 0, 1);
        row("a hit on a doomed pack", Planted::DoomedHit, 0, 1);
    }
    void plantedBugs()
    {
        QFETCH(int, planted);
        QFETCH(int, lag);
        QFETCH(int, collectors);
        Scene scene = sceneOf(lag, lag, 1, collectors);
        const auto bug = static_cast<Planted>(planted);
        scene.isPartial = bug == Planted::PartialListing;
        Scene broken = scene;
        broken.planted = bug;
        findPlanted(broken, scene);
    }

    // Two have doomed the same pack. One decides; then a store's manifest comes, and the other pardons his doom. That
    // says nothing of the first one's.
    void aPardonByAnother()
    {
        Scene scene = sceneOf(6, 6, 1, 2);
        scene.areDoomsOut = true;
        const QString storer = QStringLiteral("computer0");
        const QString first = QStringLiteral("computer1");
        const QString second = QStringLiteral("computer2");
        const auto played = [&](Planted planted) {
            scene.planted = planted;
            Script script({ { storer, QStringLiteral("put log") }, { first, QStringLiteral("remove f") },
                { storer, QStringLiteral("list log") }, { second, QString() }, { storer, QString() } });
            return play(scene, [&script](const Turnstile &waiting) { return script.choose(waiting); });
        };
        QVERIFY(!played(Planted::ForeignPardon).problem.isEmpty());
        const Outcome outcome = played(Planted::None);
        QVERIFY2(outcome.problem.isEmpty(), qPrintable(told(outcome)));
    }

    void everyOrderOfFewTurnsOfMovers_data() { addMoves(); }
    void everyOrderOfFewTurnsOfMovers()
    {
        QFETCH(int, plot);
        QFETCH(int, lag);
        playAll(moveScene(plot, lag));
    }

    void moversByChance_data() { addMoves(); }
    void moversByChance()
    {
        QFETCH(int, plot);
        QFETCH(int, lag);
        const MoveScene scene = moveScene(plot, lag);
        playMany(scene, computersIn(scene.plot));
    }

    // Each of two computers gives up one of two copies, and relies on the one that the other gives up.
    void aDoomedCopyCountsAsAbsent()
    {
        MoveScene broken;
        broken.doomedCounts = true;
        findPlanted(broken, MoveScene());
    }
};

QTEST_GUILESS_MAIN(TestInterleavings)
#include "test_interleavings.moc"
