// SPDX-License-Identifier: GPL-3.0-or-later
// Storing beside deleting, in every order of their calls to the accounts: what is reported stored is there in the end.
//
// One computer stores a model whose bytes are in a pack already; others have removed the model that the pack came
// from, and collect. All orders of the first MF_DEPTH (1) calls are tried, then MF_ORDERS (10) by chance.
#include "core/distributor/collect.h"
#include "core/distributor/fetch.h"
#include "core/distributor/store.h"
#include "core/distributor/sync_library.h"
#include "core/distributor/trash.h"
#include "tests/simulation/world.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace mf;
using namespace mf::simulation;

namespace {

constexpr int kCollections = 3; // doom; wait; decide and delete

int numberFrom(const char *variable, int usual)
{
    return qEnvironmentVariableIsSet(variable) ? qEnvironmentVariableIntValue(variable) : usual;
}

struct Scene {
    std::vector<std::chrono::hours> lags;
    int collectors = 1;
    int storers = 1;
};

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
            if (!runTask(syncLibrary(computer->engine())))
                qFatal("no sync");
        }
    }

    Computer &storer(int i) { return *world.computers[static_cast<std::size_t>(i)]; }
    Computer &collector(int i) { return *world.computers[static_cast<std::size_t>(m_scene.storers + i)]; }

    Task<Result<StoreResult>> store(Computer &computer, QString name)
    {
        const QString path = computer.path(name + QStringLiteral(".bin"));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(content()) != content().size())
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

    // Collects as the next days would, with nothing under way.
    void comeToRest()
    {
        for (int i = 0; i < 4; ++i) {
            world.clock.advance(std::chrono::hours(100));
            for (const auto &computer : world.computers) {
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
        const auto removed = co_await removeModel(engine, name, 0, true);
        Q_UNUSED(removed)
    }
    for (int i = 0; i < kCollections; ++i) {
        const auto collected = co_await collect(engine);
        Q_UNUSED(collected)
        // The days go by for everybody: what another one wrote may be listed now, or not yet.
        stage.world.clock.advance(std::chrono::hours(7));
    }
}

Outcome play(const Scene &scene, const std::function<std::size_t(std::size_t step, const Turnstile &waiting)> &choose)
{
    Stage stage(scene);
    Turnstile turnstile;
    for (const auto &computer : stage.world.computers)
        computer->weather().turnstile = &turnstile;
    std::vector<bool> isStored(static_cast<std::size_t>(scene.storers), false);
    std::vector<Task<void>> activities;
    for (int i = 0; i < scene.storers; ++i)
        activities.push_back(storing(stage, i, isStored));
    for (int i = 0; i < scene.collectors; ++i)
        activities.push_back(deleting(stage, i));
    Outcome outcome;
    outcome.order = runInterleaved(turnstile, stage.world.clock, std::move(activities), [&](const Turnstile &waiting) {
        const std::size_t next = choose(outcome.options.size(), waiting);
        outcome.options.push_back(waiting.waiting());
        return std::min(next, waiting.waiting() - 1);
    });
    for (const auto &computer : stage.world.computers)
        computer->weather().turnstile = nullptr;
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
        const int orders = numberFrom("MF_ORDERS", 10);
        for (int seed = 1; seed <= orders; ++seed) {
            Dice dice(static_cast<quint32>(seed));
            const Outcome outcome
                = play(sceneOf(first, lag, storers, collectors), [&dice](std::size_t, const Turnstile &waiting) {
                      return static_cast<std::size_t>(dice.below(int(waiting.waiting())));
                  });
            QVERIFY2(outcome.problem.isEmpty(), qPrintable(QStringLiteral("seed %1\n%2").arg(seed).arg(told(outcome))));
        }
    }
};

QTEST_GUILESS_MAIN(TestInterleavings)
#include "test_interleavings.moc"
