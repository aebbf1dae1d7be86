// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/placement.h"

#include "core/packing/chunker.h"

#include <algorithm>
#include <map>
#include <set>

namespace mf {
namespace {

constexpr int kLargestAutomaticK = 8;
constexpr qint64 kSmallestFragment = qint64(1) << 20; // below, an account counts as full

bool hasRoom(const PlacementAccount &account, qint64 bytes) { return !account.room || *account.room >= bytes; }

int domainsOf(const std::vector<PlacementAccount> &accounts, qint64 roomFor)
{
    std::set<QString> domains;
    for (const auto &account : accounts) {
        if (hasRoom(account, roomFor))
            domains.insert(account.domain);
    }
    return static_cast<int>(domains.size());
}

// Most room first; among unknown or equal room, least used by this run: so they take turns.
bool better(const PlacementAccount *a, const PlacementAccount *b)
{
    if (a->room.has_value() != b->room.has_value())
        return !a->room.has_value();
    if (a->placed != b->placed && (!a->room || !b->room || std::min(*a->room, *b->room) > 64 * kSmallestFragment))
        return a->placed < b->placed;
    if (a->room && b->room && *a->room != *b->room)
        return *a->room > *b->room;
    return a->name < b->name;
}

// Without redundancy a model lies on as few accounts as possible: fewer places to lose it with.
bool fewest(const PlacementAccount *a, const PlacementAccount *b)
{
    if ((a->placed > 0) != (b->placed > 0))
        return a->placed > 0;
    if (a->room.has_value() != b->room.has_value())
        return !a->room.has_value();
    if (a->room && b->room && *a->room != *b->room)
        return *a->room > *b->room;
    return a->name < b->name;
}

// Sorts accounts that have it soonest first, and among them as `better` does.
void sortBySpeed(std::vector<PlacementAccount *> &accounts)
{
    qint64 roomiest = 0;
    qint64 latest = 0;
    const auto seconds = [](const PlacementAccount *account) {
        return std::chrono::duration_cast<std::chrono::seconds>(account->delay).count();
    };
    for (const PlacementAccount *account : accounts) {
        roomiest = std::max(roomiest, account->room.value_or(0));
        latest = std::max(latest, qint64(seconds(account)));
    }
    const auto rank = [&](const PlacementAccount *account) {
        const bool isScarce = account->room && *account->room < roomiest / 2;
        return isScarce ? latest : qint64(seconds(account));
    };
    std::sort(accounts.begin(), accounts.end(), [&rank](const PlacementAccount *a, const PlacementAccount *b) {
        return rank(a) != rank(b) ? rank(a) < rank(b) : better(a, b);
    });
}

Error noRoom(qint64 bytes)
{
    return Error(Error::Kind::Quota, QStringLiteral("MF-PLACE-ROOM"),
        QStringLiteral("there is not enough room on the accounts: no place for another %1 MB; free some space, "
                       "add storage, or lower the protection")
            .arg(bytes / 1'000'000))
        .offering(Error::Action::AddStorage)
        .offering(Error::Action::FreeSpace);
}

} // namespace

Result<Protection> resolveProtection(const std::vector<PlacementAccount> &accounts, Protection asked)
{
    const int needed = std::max(asked.k, 1) + asked.m;
    const int domains = domainsOf(accounts, 0);
    if (accounts.empty() || domains < needed) {
        const int missing = needed - domains;
        return Error(Error::Kind::Invalid, QStringLiteral("MF-PLACE-DOMAINS"),
            QStringLiteral("this protection needs accounts in %1 failure domains, and there are %2: add %3 more, or "
                           "set domain=NAME on accounts that really fail apart")
                .arg(needed)
                .arg(domains)
                .arg(missing))
            .with(QStringLiteral("missing"), QString::number(missing))
            .offering(Error::Action::AddStorage)
            .offering(Error::Action::LowerProtection);
    }
    if (asked.k > 0)
        return asked;
    if (asked.m == 0)
        return Protection(1, 0);
    const int withRoom = domainsOf(accounts, kSmallestFragment);
    return Protection(std::clamp(withRoom - asked.m, 1, kLargestAutomaticK), asked.m);
}

Protection defaultProtection(const std::vector<PlacementAccount> &accounts)
{
    const int domains = domainsOf(accounts, 0);
    return Protection(0, domains >= 5 ? 2 : domains >= 2 ? 1 : 0);
}

Result<PackPlacement> placePack(std::vector<PlacementAccount> &accounts, Protection resolved, qint64 payload)
{
    PackPlacement placement;
    placement.shape = payload > 0 ? shapeFor(payload, resolved.k, resolved.m) : fullShape(resolved.k, resolved.m);
    const qint64 bytes = fragmentSize(placement.shape.dataLength);

    std::vector<PlacementAccount *> candidates;
    for (auto &account : accounts) {
        if (hasRoom(account, bytes))
            candidates.push_back(&account);
    }
    if (resolved.m == 0 && resolved.k == 1)
        std::sort(candidates.begin(), candidates.end(), fewest);
    else
        sortBySpeed(candidates);

    if (std::ssize(candidates) < placement.shape.fragments)
        return noRoom(bytes);
    std::map<QString, int> domains; // how many fragments each gets
    std::vector<PlacementAccount *> chosen;
    // One for each domain; without enough of them that have room, better two in one than none, and evenly.
    for (int most = 1; std::ssize(chosen) < placement.shape.fragments; ++most) {
        for (auto *candidate : candidates) {
            if (std::ssize(chosen) == placement.shape.fragments)
                break;
            int &there = domains[candidate->domain];
            if (there >= most || std::find(chosen.begin(), chosen.end(), candidate) != chosen.end())
                continue;
            if (++there > 1)
                placement.sharedDomains.append(candidate->domain);
            chosen.push_back(candidate);
        }
    }
    for (auto *account : chosen) {
        placement.accounts.push_back(account->id);
        account->placed += bytes;
        if (account->room)
            *account->room -= bytes;
    }
    return placement;
}

std::optional<AccountId> placeElsewhere(
    const std::vector<PlacementAccount> &accounts, const std::vector<AccountId> &taken, qint64 bytes)
{
    std::set<QString> domains;
    const auto isTaken
        = [&taken](const PlacementAccount &a) { return std::find(taken.begin(), taken.end(), a.id) != taken.end(); };
    for (const auto &account : accounts) {
        if (isTaken(account))
            domains.insert(account.domain);
    }
    const PlacementAccount *best = nullptr;
    for (const auto &account : accounts) {
        if (!isTaken(account) && hasRoom(account, bytes) && !domains.contains(account.domain)
            && (!best || better(&account, best)))
            best = &account;
    }
    return best ? std::optional<AccountId>(best->id) : std::nullopt;
}

Result<TrialPlacement> trialPlacement(std::vector<PlacementAccount> accounts, Protection asked, qint64 payload)
{
    const auto resolved = resolveProtection(accounts, asked);
    if (!resolved)
        return resolved.error();
    TrialPlacement trial;
    trial.protection = *resolved;
    while (trial.fits < payload) {
        // No chunk lies in two packs: of each the last half of a chunk stays empty, on average.
        const qint64 full = fullShape(resolved->k, resolved->m).capacity() - Chunker::kTarget / 2;
        const qint64 next = std::min(full, payload - trial.fits);
        const auto placed = placePack(accounts, *resolved, next < full ? next : 0);
        if (!placed)
            break;
        trial.fits += next;
    }
    for (const auto &account : accounts)
        trial.perAccount.push_back(account.placed);
    return trial;
}

} // namespace mf
