// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/moves.h"

#include "core/distributor/collect.h"
#include "core/distributor/evacuate.h"
#include "core/distributor/sync_library.h"
#include "core/distributor/trash.h"
#include "tests/support/must.h"

#include <algorithm>

namespace mf::simulation {
namespace {

using Plot = MoveScene::Plot;

constexpr int kTries = 3; // doom; wait; decide, delete and retire
const QString kOld = QStringLiteral("old");
const QString kNew = QStringLiteral("new");

// What other computers have doomed in pieces counts as there.
constexpr const char *kDoomedCounts
    = "CREATE TRIGGER plant AFTER INSERT ON doom_fragment WHEN (SELECT author FROM doom WHERE id = NEW.doom)"
      " <> (SELECT value FROM meta WHERE key = 'computer') BEGIN DELETE FROM doom_fragment WHERE doom = NEW.doom; END";

int losses(Plot plot) { return plot == Plot::TwoFragments ? 1 : 0; }

std::vector<std::chrono::hours> lagsOf(const MoveScene &scene)
{
    const int accounts = 3 + losses(scene.plot);
    std::vector<std::chrono::hours> lags(static_cast<std::size_t>(accounts));
    for (std::size_t i = 0; i < lags.size(); i += 2)
        lags[i] = scene.lag;
    return lags;
}

class Moves : public Stage
{
public:
    explicit Moves(const MoveScene &scene)
        : Stage(lagsOf(scene), computersIn(scene.plot), World::Order::Mirrored)
        , m_protection(1, losses(scene.plot))
    {
        must(runTask(store(computer(0), kOld, m_protection)));
        if (scene.plot == Plot::TwoCopies)
            copyAll();
        world.clock.advance(std::chrono::hours(100)); // every listing shows it
        syncAll();
        if (scene.doomedCounts) {
            for (const auto &each : world.computers)
                plant(*each, kDoomedCounts);
        }
    }

    AccountId account(int i) const { return world.places[static_cast<std::size_t>(i)]->record.id; }

    Task<void> moveAway(int number, int from)
    {
        for (int i = 0; i < kTries; ++i) {
            const auto removed = co_await removeAccount(computer(number).engine(), account(from), false, nullptr);
            if (removed && removed->isRetired)
                co_return;
            world.clock.advance(std::chrono::hours(7)); // for everybody
        }
    }

    Task<void> removeAndCollect(int number)
    {
        Engine &engine = computer(number).engine();
        const auto removed = co_await removeModel(engine, kOld, 0, true); // or it was before
        Q_UNUSED(removed)
        isRemoved = true;
        for (int i = 0; i < kTries; ++i) {
            const auto collected = co_await collect(engine);
            Q_UNUSED(collected)
            world.clock.advance(std::chrono::hours(7));
        }
    }

    Task<void> storeNew(int number)
    {
        const auto stored = co_await store(computer(number), kNew, m_protection);
        isStored = bool(stored);
    }

    void look()
    {
        Computer &fresh = world.addComputer();
        must(runTask(recoverLibrary(fresh.engine())));
        if (!isRemoved)
            countCopies(fresh.engine());
        for (const QString &name : { kOld, kNew }) {
            if (name == kOld ? isRemoved : !isStored)
                continue;
            for (const auto &each : world.computers) {
                QString problem = problemWith(*each, name);
                if (problem.isEmpty())
                    problem = weaknessOf(*each, name);
                if (!problem.isEmpty() && outcome.problem.isEmpty())
                    outcome.problem = QStringLiteral("%1 on %2: %3").arg(name, each->name(), problem);
            }
        }
    }

    bool isRemoved = false;
    bool isStored = false;

private:
    // The first account's fragments on the second one, too: a move that its computer has not ended, known to all.
    void copyAll()
    {
        syncAll();
        for (const QString &name : world.places[0]->storage->names()) {
            if (name.startsWith(QStringLiteral("f/")))
                must(runTask(
                    world.places[1]->storage->put(BlobName(name), world.places[0]->storage->bytes(BlobName(name)))));
        }
        for (const auto &each : world.computers) {
            Registry &registry = each->engine().registry;
            for (const PackRow row : must(runTask(registry.packsOn(account(0))))) {
                for (const FragmentPlace &place : must(runTask(registry.pack(row))).fragments)
                    must(runTask(registry.addFragment(row, place.index, account(1))));
            }
        }
    }

    void countCopies(Engine &engine)
    {
        const auto revision = must(runTask(engine.registry.revision(kOld, 0)));
        for (const PackRow row : must(runTask(engine.registry.packsRelied(revision.row)))) {
            const PackRecord pack = must(runTask(engine.registry.pack(row)));
            for (int i = 0; i < pack.shape.fragments; ++i) {
                const BlobName name = fragmentName(engine.ring, pack.id, i);
                outcome.copies.push_back(int(std::count_if(world.places.begin(), world.places.end(),
                    [&name](const auto &place) { return place->storage->contains(name); })));
            }
        }
    }

    // As it is, and without each account where that is promised. Asked one by one: of twins the engine's count of spare
    // takes only the first, and two movers may leave two twins on two accounts, which keep the promise as well.
    QString weaknessOf(Computer &each, const QString &name)
    {
        const auto revision = must(runTask(each.engine().registry.revision(name, 0)));
        std::vector<std::vector<AccountId>> losses(1);
        for (const auto &place : world.places) {
            if (m_protection.m > 0)
                losses.push_back({ place->record.id });
        }
        for (const std::vector<AccountId> &lost : losses) {
            const auto spare = must(runTask(each.engine().registry.spare(revision.row, lost)));
            if (spare && *spare < 0)
                return lost.empty() ? QStringLiteral("it is lost") : QStringLiteral("it depends on one account");
        }
        return {};
    }

    Protection m_protection;
};

} // namespace

int computersIn(Plot plot) { return plot == Plot::BesideStoring ? 3 : 2; }

Outcome play(const MoveScene &scene, const Chooser &choose)
{
    Moves moves(scene);
    if (scene.crashing >= 0)
        moves.computer(scene.crashing).weather().callsLeft = scene.crashAfter;
    moves.add(moves.computer(0), [&moves] { return moves.moveAway(0, 0); });
    if (scene.plot == Plot::BesideStoring) {
        moves.add(moves.computer(1), [&moves] { return moves.removeAndCollect(1); });
        moves.add(moves.computer(2), [&moves] { return moves.storeNew(2); });
    } else {
        moves.add(moves.computer(1), [&moves] { return moves.moveAway(1, 1); });
    }
    moves.run(choose);
    moves.comeToRest();
    moves.look();
    return std::move(moves.outcome);
}

} // namespace mf::simulation
