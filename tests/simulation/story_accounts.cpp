// SPDX-License-Identifier: GPL-3.0-or-later
// What happens to accounts and computers.
#include "tests/simulation/story.h"

#include "core/distributor/evacuate.h"
#include "core/distributor/sync_library.h"
#include "tests/simulation/perform.h"
#include "tests/support/must.h"

#include <algorithm>

namespace mf::simulation {
namespace {

constexpr std::size_t kMostPlaces = 9; // with those that are gone

} // namespace

void Story::recoverComputer()
{
    Computer &computer = m_world.anyComputer();
    computer.loseRegistry();
    if (!m_makesCopies)
        computer.skipCopy();
    chooseWeather(computer);
    auto recovered = computer.run(recoverLibrary(computer.engine()));
    tell(QStringLiteral("%1 lost its registry and recovers: %2").arg(computer.name(), wordOf(recovered)));
    if (!recovered || !*recovered) {
        recovered = computer.run(recoverLibrary(computer.engine()));
        tell(QStringLiteral("%1 recovers once more: %2").arg(computer.name(), wordOf(recovered)));
    }
    if (!recovered || !*recovered)
        broken(QStringLiteral("%1 cannot recover").arg(computer.name()));
}

Place *Story::placeThat(bool isAway)
{
    for (const auto &place : m_world.places) {
        if (!place->isDestroyed && place->isAway == isAway)
            return place.get();
    }
    return nullptr;
}

Place &Story::anyPlaceThere()
{
    std::vector<Place *> there;
    for (const auto &place : m_world.places) {
        if (!place->isDestroyed && !place->isAway)
            there.push_back(place.get());
    }
    return *there[static_cast<std::size_t>(m_world.dice.below(int(there.size())))];
}

void Story::newAccount()
{
    const Place &fresh = m_world.addPlace();
    const Computer *const first = &m_world.anyComputer();
    for (const auto &computer : m_world.computers) {
        if (m_sharesAccounts || computer.get() == first || m_world.dice.oneIn(2))
            computer->addAccount(fresh.record);
        else
            tell(QStringLiteral("%1 does not get %2").arg(computer->name(), fresh.record.name));
    }
}

void Story::addWhatLacks(Computer &computer)
{
    for (const AccountRecord &record : computer.lacks())
        computer.addAccount(record);
}

Computer &Story::anyThatLacksNothing()
{
    std::vector<Computer *> whole;
    for (const auto &each : m_world.computers) {
        if (each->lacks().empty())
            whole.push_back(each.get());
    }
    if (!whole.empty())
        return *whole[static_cast<std::size_t>(m_world.dice.below(int(whole.size())))];
    Computer &computer = m_world.anyComputer();
    tell(computer.name() + QStringLiteral(" gets what it lacks"));
    addWhatLacks(computer);
    return computer;
}

void Story::accountIsAdded()
{
    Computer &computer = m_world.anyComputer();
    if (!computer.lacks().empty()) {
        tell(computer.name() + QStringLiteral(" gets what it lacks"));
        addWhatLacks(computer);
    } else if (m_world.places.size() < kMostPlaces) {
        tell(QStringLiteral("one more account"));
        newAccount();
    }
}

void Story::accountIsGivenUp()
{
    Place &place = anyPlaceThere();
    Computer &computer = m_world.anyComputer();
    chooseWeather(computer);
    const auto removed = computer.run(removeAccount(computer.engine(), place.record.id, false, nullptr));
    tell(QStringLiteral("%1 gives %2 up: %3").arg(computer.name(), place.record.name, wordOf(removed)));
    const auto records = must(runTask(computer.engine().registry.accounts()));
    const bool isRetired = std::any_of(records.begin(), records.end(),
        [&place](const AccountRecord &record) { return record.id == place.record.id && record.retired; });
    if (!isRetired)
        return;
    place.isDestroyed = true; // whatever lies there
    place.storage->setGone(true);
    tell(place.record.name + QStringLiteral(" is retired; a new account takes its place"));
    newAccount();
}

void Story::accountGoesAway()
{
    if (!m_isWhole || placeThat(true))
        return; // one at a time: every model survives the loss of one
    Place *const place = &anyPlaceThere();
    place->isAway = true;
    place->storage->setGone(true);
    m_isWhole = false;
    tell(place->record.name + QStringLiteral(" is away"));
}

void Story::accountComesBack()
{
    Place *const place = placeThat(true);
    if (!place)
        return;
    place->isAway = false;
    place->storage->setGone(false);
    tell(place->record.name + QStringLiteral(" is back"));
}

void Story::accountDies()
{
    Place *const place = placeThat(true); // one that is away does not come back
    if (!place)
        return;
    place->isDestroyed = true;
    place->isAway = false;
    tell(place->record.name + QStringLiteral(" is lost for good; a new account takes its place"));
    newAccount();
    Computer &first = *m_world.computers.front();
    const auto retired = first.run(removeAccount(first.engine(), place->record.id, true, nullptr));
    tell(QStringLiteral("retired: ") + wordOf(retired));
}

void Story::accountFills()
{
    Place *const place = &anyPlaceThere();
    const bool isFull = m_world.dice.oneIn(2);
    place->storage->setCapacity(isFull ? place->storage->used() + 1000 : -1);
    tell(place->record.name + (isFull ? QStringLiteral(" is full") : QStringLiteral(" has room")));
}

} // namespace mf::simulation
