// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/race.h"

#include "core/distributor/collect.h"
#include "core/distributor/trash.h"
#include "tests/support/must.h"

namespace mf::simulation {
namespace {

constexpr int kCollections = 3; // doom; wait; decide and delete

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
class Race : public Stage
{
public:
    explicit Race(const Scene &scene)
        : Stage(scene.lags, scene.storers + scene.collectors)
        , m_scene(scene)
    {
        must(runTask(store(storer(0), QStringLiteral("old"))));
        world.clock.advance(std::chrono::hours(100)); // every listing shows it
        syncAll();
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

    Computer &storer(int i) { return computer(i); }
    Computer &collector(int i) { return computer(m_scene.storers + i); } // they come after the storers

    Task<Result<StoreResult>> store(Computer &computer, QString name)
    {
        return Stage::store(computer, std::move(name), Protection(1, static_cast<int>(world.places.size()) - 1));
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
    void hideRevisions()
    {
        for (int i = 0; i < m_scene.collectors; ++i)
            collector(i).weather().hidden = &revisions;
    }

private:
    Scene m_scene;
};

Task<void> storing(Race &race, int number, std::vector<bool> &isStored)
{
    auto running = race.store(race.storer(number), QStringLiteral("new%1").arg(number));
    const auto stored = co_await running;
    isStored[static_cast<std::size_t>(number)] = bool(stored);
}

Task<void> deleting(Race &race, int number)
{
    Engine &engine = race.collector(number).engine();
    const QString name = QStringLiteral("old");
    if (number == 0) {
        const auto removed = co_await removeModel(engine, name, 0, true); // or it was before
        Q_UNUSED(removed)
    }
    for (int i = 0; i < kCollections; ++i) {
        const auto collected = co_await collect(engine, race.seams());
        Q_UNUSED(collected)
        // The days go by for everybody: what another one wrote may be listed now, or not yet.
        race.world.clock.advance(std::chrono::hours(7));
    }
}

} // namespace

Outcome play(const Scene &scene, const Chooser &choose)
{
    Race race(scene);
    if (scene.crashing >= 0)
        race.storer(scene.crashing).weather().callsLeft = scene.crashAfter;
    if (scene.isPartial)
        race.hideRevisions();
    std::vector<bool> isStored(static_cast<std::size_t>(scene.storers), false);
    for (int i = 0; i < scene.storers; ++i)
        race.add(race.storer(i), [&race, &isStored, i] { return storing(race, i, isStored); });
    for (int i = 0; i < scene.collectors; ++i)
        race.add(race.collector(i), [&race, i] { return deleting(race, i); });
    race.run(choose);
    race.comeToRest();
    Outcome &outcome = race.outcome;
    for (int i = 0; i < scene.storers; ++i) {
        if (!isStored[static_cast<std::size_t>(i)])
            continue;
        for (const auto &computer : race.world.computers) {
            const QString problem = race.problemWith(*computer, QStringLiteral("new%1").arg(i));
            if (!problem.isEmpty() && outcome.problem.isEmpty())
                outcome.problem = QStringLiteral("new%1 on %2: %3").arg(i).arg(computer->name(), problem);
        }
    }
    return outcome;
}

} // namespace mf::simulation
