// SPDX-License-Identifier: GPL-3.0-or-later
// Storing beside deleting, in every order of their calls to the accounts: what is reported stored is there in the end.
//
// One computer stores a model whose bytes are in a pack already; others have removed the model that the pack came
// from, and collect. In half of the orders by chance one of them loses power on the way and does it all again. All
// orders of the first MF_DEPTH (1) calls are tried, then MF_ORDERS (10) by chance, from the MF_FIRST_ORDERth (1) on.
#include "core/distributor/collect.h"
#include "core/distributor/fetch.h"
#include "core/distributor/objects/segment.h"
#include "core/distributor/store.h"
#include "core/distributor/sync_library.h"
#include "core/distributor/trash.h"
#include "tests/simulation/world.h"

#include <QDir>
#include <QFile>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTest>

#include <cstdio>

using namespace mf;
using namespace mf::simulation;

namespace {

constexpr int kCollections = 3; // doom; wait; decide and delete

int numberFrom(const char *variable, int usual)
{
    return qEnvironmentVariableIsSet(variable) ? qEnvironmentVariableIntValue(variable) : usual;
}

// A rule that is left out, to show what it is for.
enum class Planted {
    None,
    NoWait, // a doom is carried out at once
    PartialListing, // a log that lacks a segment is evidence for a deletion
    ForeignPardon, // a pardon of one doom is taken for a pardon of the others, too
    DoomedHit, // storing takes no notice of dooms
};

struct Scene {
    std::vector<std::chrono::hours> lags;
    int collectors = 1;
    int storers = 1;
    Planted planted = Planted::None;
    bool isPartial = false; // collectors cannot list the log any more once it names what is stored
    bool areDoomsOut = false; // each collector has doomed the pack, before it could see that another did
    int crashing = -1; // the computer that loses power
    int crashAfter = 0; // calls
};

// Changes what one computer makes of the log, below its code.
void plant(const Computer &computer, const char *trigger)
{
    const QString name = QStringLiteral("plant");
    {
        QSqlDatabase db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
        db.setDatabaseName(computer.path(QStringLiteral("registry.sqlite")));
        if (!db.open() || !QSqlQuery(db).exec(QString::fromLatin1(trigger)))
            qFatal("cannot plant: %s", qPrintable(db.lastError().text()));
    }
    QSqlDatabase::removeDatabase(name);
}
// A pardon of one doom of a pack pardons all of them, in whatever order they come.
#define MF_PARDON_ALL                                                                                                  \
    " BEGIN INSERT OR IGNORE INTO doom_end(doom, kind, author) SELECT p.doom, 1, d.author FROM doom_pack p"            \
    " JOIN doom d ON d.id = p.doom WHERE EXISTS (SELECT 1 FROM doom_pack q JOIN doom_end e ON e.doom = q.doom"         \
    " WHERE q.pack = p.pack AND e.kind = 1); END"
constexpr const char *kPardonAll = "CREATE TRIGGER plant AFTER INSERT ON doom_end WHEN NEW.kind = 1" MF_PARDON_ALL;
constexpr const char *kPardonLate = "CREATE TRIGGER plant_late AFTER INSERT ON doom_pack" MF_PARDON_ALL;
#undef MF_PARDON_ALL
constexpr const char *kNoDooms
    = "CREATE TRIGGER plant AFTER INSERT ON doom_pack BEGIN DELETE FROM doom_pack WHERE doom = NEW.doom; END";

// The pack's model, stored by the first computer and known to all.
class Stage
{
public:
    explicit Stage(const Scene &scene)
        : world(1, scene.lags, scene.storers + scene.collectors)
        , m_scene(scene)
    {
        const auto stored = runTask(store(storer(0), QStringLiteral("old")));
        if (!stored)
            qFatal("%s", qPrintable(stored.error().message));
        world.clock.advance(std::chrono::hours(100)); // every listing shows it
        for (const auto &computer : world.computers) {
            computer->skipCopy();
            if (!runTask(syncLibrary(computer->engine())))
                qFatal("no sync");
        }
        if (scene.areDoomsOut)
            doomByAll();
        for (int i = 0; i < scene.storers; ++i) {
            if (scene.planted == Planted::ForeignPardon) {
                plant(storer(i), kPardonAll);
                plant(storer(i), kPardonLate);
            }
            if (scene.planted == Planted::DoomedHit)
                plant(storer(i), kNoDooms);
        }
    }

    Deletion::Seams seams() const
    {
        Deletion::Seams seams;
        seams.noWait = m_scene.planted == Planted::NoWait;
        seams.believeStale = m_scene.planted == Planted::PartialListing;
        return seams;
    }

    Computer &storer(int i) { return *world.computers[static_cast<std::size_t>(i)]; }
    Computer &collector(int i) { return storer(m_scene.storers + i); } // they come after the storers

    Task<Result<StoreResult>> store(Computer &computer, QString name)
    {
        const QString path = computer.path(name + QStringLiteral(".bin"));
        QFile file(path);
        if (!file.exists() // else this goes on with what a crash broke off
            && (!file.open(QIODevice::WriteOnly) || file.write(content()) != content().size()))
            qFatal("cannot write");
        file.close();
        StoreRequest request;
        request.paths.push_back(QFile::encodeName(path));
        request.name = name;
        request.protection = Protection(1, static_cast<int>(world.places.size()) - 1);
        Store store(computer.engine(), std::move(request), nullptr);
        auto running = store.run();
        co_return co_await running;
    }

    static QByteArray content() { return QByteArray(5000, 'x').append("the same in both models"); }

    // Is the model whole for this computer?
    QString problemWith(Computer &computer, const QString &name)
    {
        computer.skipCopy();
        const auto synced = runTask(syncLibrary(computer.engine()));
        if (!synced)
            return synced.error().message;
        FetchRequest request;
        request.model = name;
        const QString to = computer.path(QStringLiteral("back"));
        request.to = QFile::encodeName(to);
        Fetch fetch(computer.engine(), std::move(request), nullptr);
        const auto fetched = runTask(fetch.run());
        if (!fetched)
            return fetched.error().message;
        QFile file(to + u'/' + name + QStringLiteral(".bin"));
        const bool isSame = file.open(QIODevice::ReadOnly) && file.readAll() == content();
        QDir(to).removeRecursively();
        return isSame ? QString() : QStringLiteral("other bytes");
    }

    void doomByAll()
    {
        if (!runTask(removeModel(collector(0).engine(), QStringLiteral("old"), 0, true)))
            qFatal("not removed");
        world.clock.advance(std::chrono::hours(100));
        for (int i = 0; i < m_scene.collectors; ++i) {
            collector(i).skipCopy();
            if (!runTask(collect(collector(i).engine())))
                qFatal("not collected");
            if (i + 1 < m_scene.collectors)
                world.clock.advance(std::chrono::hours(5)); // less than the lag
        }
    }

    // From now on collectors cannot list to the end what names what is stored.
    void hideRevisions(QSet<QString> &hidden)
    {
        const KeyRing ring(world.library, KeyRing::masterOf(world.recovery, world.library));
        for (int i = 0; i < m_scene.storers; ++i) {
            storer(i).weather().watch = [ring, &hidden](const BlobName &name, const QByteArray &bytes) {
                const auto segment = name.value.startsWith(QStringLiteral("log/"))
                    ? openSegment(ring, name, viewOf(bytes))
                    : Result<Segment>(Segment());
                if (!segment)
                    qFatal("a segment that cannot be opened");
                const bool namesIt = std::any_of(segment->events.begin(), segment->events.end(),
                    [](const Cbor &event) { return event.value("k", "") == "revision"; });
                if (namesIt)
                    hidden.insert(name.value);
            };
        }
        for (int i = 0; i < m_scene.collectors; ++i)
            collector(i).weather().hidden = &hidden;
    }

    // Collects as the next days would, with nothing under way.
    void comeToRest()
    {
        for (int i = 0; i < 4; ++i) {
            world.clock.advance(std::chrono::hours(100));
            for (const auto &computer : world.computers) {
                computer->skipCopy();
                const auto collected = runTask(collect(computer->engine()));
                Q_UNUSED(collected)
            }
        }
    }

    World world;

private:
    Scene m_scene;
};

struct Outcome {
    QStringList order;
    QString problem;
    std::vector<std::size_t> options; // how many calls could have been next, at each step
    int crashes = 0;
};

Task<void> storing(Stage &stage, int number, std::vector<bool> &isStored)
{
    auto running = stage.store(stage.storer(number), QStringLiteral("new%1").arg(number));
    const auto stored = co_await running;
    isStored[static_cast<std::size_t>(number)] = bool(stored);
}

Task<void> deleting(Stage &stage, int number)
{
    Engine &engine = stage.collector(number).engine();
    const QString name = QStringLiteral("old");
    if (number == 0) {
        const auto removed = co_await removeModel(engine, name, 0, true); // or it was before
        Q_UNUSED(removed)
    }
    for (int i = 0; i < kCollections; ++i) {
        const auto collected = co_await collect(engine, stage.seams());
        Q_UNUSED(collected)
        // The days go by for everybody: what another one wrote may be listed now, or not yet.
        stage.world.clock.advance(std::chrono::hours(7));
    }
}

// An activity of a computer; when the power goes it begins again.
Task<void> throughCrashes(Computer &computer, Turnstile &turnstile, int &crashes, std::function<Task<void>()> activity)
{
    struct Body {
        static Task<void> run(Task<void> task, Event &over)
        {
            co_await task;
            over.set();
        }
    };
    for (;;) {
        computer.weather().turnstile = &turnstile;
        bool hadPower = true;
        {
            Event over;
            computer.weather().powerLost = [&over] { over.set(); };
            TaskScope scope;
            scope.start(Body::run(activity(), over));
            co_await over;
            hadPower = computer.weather().hasPower;
            computer.weather().powerLost = nullptr;
        }
        if (hadPower)
            co_return;
        ++crashes;
        computer.restart();
    }
}

Outcome play(const Scene &scene, const std::function<std::size_t(std::size_t step, const Turnstile &waiting)> &choose)
{
    Stage stage(scene);
    Turnstile turnstile;
    if (scene.crashing >= 0)
        stage.storer(scene.crashing).weather().callsLeft = scene.crashAfter;
    QSet<QString> hidden;
    if (scene.isPartial)
        stage.hideRevisions(hidden);
    Outcome outcome;
    std::vector<bool> isStored(static_cast<std::size_t>(scene.storers), false);
    std::vector<Task<void>> activities;
    activities.reserve(stage.world.computers.size());
    for (int i = 0; i < scene.storers; ++i)
        activities.push_back(throughCrashes(stage.storer(i), turnstile, outcome.crashes,
            [&stage, &isStored, i] { return storing(stage, i, isStored); }));
    for (int i = 0; i < scene.collectors; ++i)
        activities.push_back(
            throughCrashes(stage.collector(i), turnstile, outcome.crashes, [&stage, i] { return deleting(stage, i); }));
    outcome.order = runInterleaved(turnstile, stage.world.clock, std::move(activities), [&](const Turnstile &waiting) {
        const std::size_t next = choose(outcome.options.size(), waiting);
        outcome.options.push_back(waiting.waiting());
        return std::min(next, waiting.waiting() - 1);
    });
    for (const auto &computer : stage.world.computers)
        computer->weather() = Weather();
    stage.comeToRest();
    for (int i = 0; i < scene.storers; ++i) {
        if (!isStored[static_cast<std::size_t>(i)])
            continue;
        for (const auto &computer : stage.world.computers) {
            const QString problem = stage.problemWith(*computer, QStringLiteral("new%1").arg(i));
            if (!problem.isEmpty() && outcome.problem.isEmpty())
                outcome.problem = QStringLiteral("new%1 on %2: %3").arg(i).arg(computer->name(), problem);
        }
    }
    return outcome;
}

// Now one computer is the quickest for a while, now another: orders in which one does much while the others stand
// still, where evenly drawn ones hardly ever get.
class Favourites
{
public:
    explicit Favourites(int seed)
        : m_dice(static_cast<quint32>(seed))
    {
    }
    std::size_t choose(const Turnstile &waiting)
    {
        constexpr int kStay = 25; // calls, on average
        const int count = int(waiting.waiting());
        if (m_favourite.isEmpty() || m_dice.oneIn(kStay))
            m_favourite = whose(waiting, m_dice.below(count));
        for (int i = 0; i < count; ++i) {
            if (whose(waiting, i) == m_favourite)
                return static_cast<std::size_t>(i);
        }
        m_favourite = whose(waiting, m_dice.below(count)); // it is done
        return choose(waiting);
    }

private:
    static QString whose(const Turnstile &waiting, int i)
    {
        return waiting.what(static_cast<std::size_t>(i)).section(u' ', 0, 0);
    }
    Dice m_dice;
    QString m_favourite;
};

// One computer until its next call is this one, then another.
struct Step {
    QString computer;
    QString until; // empty: to its end
};
class Script
{
public:
    explicit Script(std::vector<Step> steps)
        : m_steps(std::move(steps))
    {
    }
    std::size_t choose(const Turnstile &waiting)
    {
        while (m_at < m_steps.size()) {
            const Step &step = m_steps[m_at];
            for (std::size_t i = 0; i < waiting.waiting(); ++i) {
                const QString &what = waiting.what(i);
                if (what.startsWith(step.computer + u' ') && (step.until.isEmpty() || !what.endsWith(step.until)))
                    return i;
            }
            ++m_at;
        }
        return 0;
    }

private:
    std::vector<Step> m_steps;
    std::size_t m_at = 0;
};

} // namespace

class TestInterleavings : public QObject
{
    Q_OBJECT

    static QString told(const Outcome &outcome)
    {
        return outcome.order.join(u'\n') + QStringLiteral("\n=> ") + outcome.problem;
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

private slots:
    void everyOrderOfTheFirstCalls_data() { addScenes(); }
    void everyOrderOfTheFirstCalls()
    {
        QFETCH(int, first);
        QFETCH(int, lag);
        QFETCH(int, storers);
        QFETCH(int, collectors);
        const auto depth = static_cast<std::size_t>(numberFrom("MF_DEPTH", 1));
        std::vector<std::size_t> path; // what was chosen at the first steps
        int played = 0;
        for (;;) {
            const Outcome outcome = play(sceneOf(first, lag, storers, collectors),
                [&path](std::size_t step, const Turnstile &) { return step < path.size() ? path[step] : 0; });
            ++played;
            QVERIFY2(outcome.problem.isEmpty(), qPrintable(told(outcome)));
            path.resize(std::min(depth, outcome.options.size()), 0);
            while (!path.empty() && path.back() + 1 >= outcome.options[path.size() - 1])
                path.pop_back();
            if (path.empty())
                break;
            ++path.back();
        }
        qInfo("%d orders", played);
    }

    void ordersByChance_data() { addScenes(); }
    void ordersByChance()
    {
        QFETCH(int, first);
        QFETCH(int, lag);
        QFETCH(int, storers);
        QFETCH(int, collectors);
        int crashes = 0;
        const int firstOrder = numberFrom("MF_FIRST_ORDER", 1);
        const int orders = numberFrom("MF_ORDERS", 10);
        for (int seed = firstOrder; seed < firstOrder + orders; ++seed) {
            Dice dice(static_cast<quint32>(seed));
            Favourites favourites(seed);
            const auto choose = [&dice, &favourites, seed](std::size_t, const Turnstile &waiting) {
                return seed % 2 == 0 ? favourites.choose(waiting)
                                     : static_cast<std::size_t>(dice.below(int(waiting.waiting())));
            };
            Scene scene = sceneOf(first, lag, storers, collectors);
            constexpr int kCalls = 60; // about as many as each computer makes
            if (seed % 4 >= 2) {
                scene.crashing = dice.below(storers + collectors);
                scene.crashAfter = dice.below(kCalls);
            }
            const Outcome outcome = play(scene, choose);
            crashes += outcome.crashes;
            QVERIFY2(outcome.problem.isEmpty(), qPrintable(QStringLiteral("seed %1\n%2").arg(seed).arg(told(outcome))));
        }
        qInfo("%d crashes", crashes);
        QVERIFY(crashes > 0 || orders < 10);
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
        const auto problemOf = [&scene](int seed) {
            Favourites favourites(seed);
            const Outcome outcome = play(
                scene, [&favourites](std::size_t, const Turnstile &waiting) { return favourites.choose(waiting); });
            return outcome.problem.isEmpty() ? QString() : told(outcome);
        };
        constexpr int kMost = 2'000;
        scene.planted = bug;
        int found = 1;
        while (found <= kMost && problemOf(found).isEmpty())
            ++found;
        QVERIFY2(found <= kMost, "nothing was lost");
        qInfo("lost in order %d", found);
        scene.planted = Planted::None;
        const QString problem = problemOf(found);
        if (!problem.isEmpty()) // a failure's own text is cut short
            std::fputs(qPrintable(problem + u'\n'), stderr);
        QVERIFY2(problem.isEmpty(), "lost with the rule, too");
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
        const auto problemOf = [&](Planted planted) {
            scene.planted = planted;
            Script script({ { storer, QStringLiteral("put log") }, { first, QStringLiteral("remove f") },
                { storer, QStringLiteral("list log") }, { second, QString() }, { storer, QString() } });
            const Outcome outcome
                = play(scene, [&script](std::size_t, const Turnstile &waiting) { return script.choose(waiting); });
            return outcome.problem.isEmpty() ? QString() : told(outcome);
        };
        QVERIFY(!problemOf(Planted::ForeignPardon).isEmpty());
        const QString problem = problemOf(Planted::None);
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
    }
};

QTEST_GUILESS_MAIN(TestInterleavings)
#include "test_interleavings.moc"
