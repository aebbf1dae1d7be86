// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/race.h"

#include "core/distributor/collect.h"
#include "core/distributor/fetch.h"
#include "core/distributor/objects/segment.h"
#include "core/distributor/store.h"
#include "core/distributor/sync_library.h"
#include "core/distributor/trash.h"
#include "tests/simulation/world.h"
#include "tests/support/must.h"

#include <QDir>
#include <QFile>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>

namespace mf::simulation {
namespace {

constexpr int kCollections = 3; // doom; wait; decide and delete

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
        must(runTask(store(storer(0), QStringLiteral("old"))));
        world.clock.advance(std::chrono::hours(100)); // every listing shows it
        for (const auto &computer : world.computers) {
            computer->skipCopy();
            must(runTask(syncLibrary(computer->engine())));
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
        must(runTask(removeModel(collector(0).engine(), QStringLiteral("old"), 0, true)));
        world.clock.advance(std::chrono::hours(100));
        for (int i = 0; i < m_scene.collectors; ++i) {
            collector(i).skipCopy();
            must(runTask(collect(collector(i).engine())));
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

} // namespace

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

} // namespace mf::simulation
