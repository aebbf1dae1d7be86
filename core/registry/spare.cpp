// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/spare.h"

#include "core/registry/domains.h"
#include "core/registry/liveness.h"
#include "core/registry/log_segments.h"
#include "core/registry/packs.h"

#include <limits>

namespace mf {

namespace {

struct Place {
    int index = 0;
    int domain = 0;
    AccountId account;
    bool isGoing = false; // it is doomed, or another computer is giving the account up
};

// The smallest number of different fragments that the loss of `count` domains, from the `first` on, leaves.
int worstLeft(const std::vector<Place> &places, const std::vector<int> &domains, std::size_t first, int count)
{
    if (count == 0) {
        QSet<int> indices;
        for (const Place &place : places)
            indices.insert(place.index);
        return static_cast<int>(indices.size());
    }
    int least = std::numeric_limits<int>::max();
    for (std::size_t i = first; i + static_cast<std::size_t>(count) <= domains.size(); ++i) {
        std::vector<Place> rest = places;
        std::erase_if(rest, [&](const Place &place) { return place.domain == domains[i]; });
        least = std::min(least, worstLeft(rest, domains, i + 1, count - 1));
    }
    return least;
}

struct Spare {
    int count = 0; // at least
    bool isExact = true;
};

Spare spareOf(const std::vector<Place> &places, int k)
{
    PackSpare survives;
    QSet<int> indices;
    std::vector<int> domains;
    for (const Place &place : places) {
        survives.add(place.index, place.domain);
        indices.insert(place.index);
        if (std::ranges::find(domains, place.domain) == domains.end())
            domains.push_back(place.domain);
    }
    Spare spare { survives.spare(k) };
    if (spare.count < 0 || indices.size() == static_cast<qsizetype>(places.size()))
        return spare;
    // Of twins that counted the first one; which of them is left matters. Of more domains there are too many sets.
    constexpr std::size_t kMostDomains = 16;
    spare.isExact = domains.size() <= kMostDomains;
    while (spare.isExact && spare.count < static_cast<int>(domains.size())
        && worstLeft(places, domains, 0, spare.count + 1) >= k)
        ++spare.count;
    return spare;
}

// Whether what is left keeps what was asked, or else as much as there was before.
bool isKept(const std::vector<Place> &rest, const std::vector<Place> &before, int k, int asked)
{
    const int left = spareOf(rest, k).count;
    const Spare was = spareOf(before, k);
    return left >= 0 && left >= (was.isExact ? std::min(asked, was.count) : asked);
}

bool names(std::span<const FragmentKey> fragments, const PackId &pack, const Place &place)
{
    return std::ranges::any_of(fragments, [&](const FragmentKey &key) {
        return key.pack == pack && key.index == place.index && key.account == place.account;
    });
}

// The fragments of single dooms that are open, without those of one doom.
Result<std::vector<FragmentKey>> openDooms(Connection &db, const PackId &pack, const DoomId &without)
{
    std::vector<FragmentKey> keys;
    Statement query = db.prepare("SELECT f.n, f.account FROM doom_fragment f JOIN doom d ON d.id = f.doom"
                                 " WHERE f.pack = ? AND d.id <> ? AND NOT EXISTS (SELECT 1 FROM doom_end e"
                                 " WHERE e.doom = d.id AND (e.kind = 2 OR e.author = d.author))");
    query.bind(pack, without);
    while (query.next())
        keys.emplace_back(pack, query.small(0), query.id<AccountId>(1));
    if (query.failed())
        return query.error();
    return keys;
}

// Where a pack's fragments lie.
Result<std::vector<Place>> placesOf(
    Connection &db, AccountDomains &domains, PackRow row, const PackId &pack, const DoomId &without)
{
    const auto loaded = domains.load();
    if (!loaded)
        return loaded.error();
    const auto doomed = openDooms(db, pack, without);
    if (!doomed)
        return doomed.error();
    std::vector<Place> places;
    Statement query = db.prepare("SELECT n, account FROM fragment WHERE pack = ? AND state = 1 ORDER BY n, account");
    query.bind(row);
    while (query.next()) {
        const auto *account = domains.find(query.number(1));
        if (!account || (account->lost && !account->leaving))
            continue;
        Place place;
        place.index = query.small(0);
        place.domain = account->domain;
        place.account = account->id;
        place.isGoing = account->leaving;
        place.isGoing = place.isGoing || names(*doomed, pack, place);
        places.push_back(place);
    }
    if (query.failed())
        return query.error();
    return places;
}

// How many domains the revisions on a pack want to lose; nothing if the log names one that this computer has not taken
// in yet, or may want more than it knows of.
Result<std::optional<int>> lossesAsked(Connection &db, PackRow row, const PackId &pack)
{
    {
        Statement unknown = db.prepare("SELECT l.revision FROM logged_pack l WHERE l.pack = ? AND NOT EXISTS (SELECT 1"
                                       " FROM revision r WHERE r.uid = l.revision)");
        unknown.bind(pack);
        std::vector<RevisionId> revisions;
        while (unknown.next())
            revisions.push_back(unknown.id<RevisionId>(0));
        if (unknown.failed())
            return unknown.error();
        for (const RevisionId &revision : revisions) {
            const auto ended = hasEnded(db, revision);
            if (!ended)
                return ended.error();
            if (!*ended)
                return std::optional<int>();
        }
    }
    int most = 0;
    // The log's newest manifest of it, which may promise more, is not the one that was taken in.
    Statement query = db.prepare(
        "SELECT r.uid, r.m, EXISTS (SELECT 1 FROM revision_event e WHERE e.revision = r.uid AND e.manifest <> "
        "r.manifest"
        " AND NOT EXISTS (SELECT 1 FROM revision_event n WHERE n.revision = e.revision AND (n.lamport, n.segment) >"
        " (e.lamport, e.segment))) FROM relied d JOIN revision r ON r.id = d.revision WHERE d.pack = ? ORDER BY r.id");
    query.bind(row);
    struct Asking {
        RevisionId revision;
        int losses = 0;
        bool isBehind = false;
    };
    std::vector<Asking> all;
    while (query.next()) {
        Asking one;
        one.revision = query.id<RevisionId>(0);
        one.losses = query.small(1);
        one.isBehind = query.small(2) != 0;
        all.push_back(one);
    }
    if (query.failed())
        return query.error();
    for (const Asking &one : all) {
        const auto ended = hasEnded(db, one.revision);
        if (!ended)
            return ended.error();
        if (*ended)
            continue;
        if (one.isBehind)
            return std::optional<int>();
        most = std::max(most, one.losses);
    }
    return std::optional<int>(most);
}

std::vector<Place> staying(std::vector<Place> places)
{
    std::erase_if(places, [](const Place &place) { return place.isGoing; });
    return places;
}

struct Known {
    PackRow row = 0;
    int k = 0;
};

Result<Known> knownPack(Connection &db, const PackId &pack)
{
    Known known;
    Statement query = db.prepare("SELECT id, k FROM pack WHERE uid = ?");
    query.bind(pack);
    if (query.next()) {
        known.row = query.number(0);
        known.k = query.small(1);
    }
    if (query.failed())
        return query.error();
    return known;
}

// Takes away from `places` what is above `losses`, one after the other: twins first, then the highest index.
std::vector<Place> takeSurplus(std::vector<Place> places, int k, int losses)
{
    std::vector<Place> taken;
    for (;;) {
        std::optional<std::size_t> best;
        bool isTwin = false;
        for (std::size_t i = places.size(); i-- > 0;) {
            std::vector<Place> rest = places;
            rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
            if (spareOf(rest, k).count < losses)
                continue;
            const bool twin = std::ranges::any_of(rest, [&](const Place &p) { return p.index == places[i].index; });
            if (!best || (twin && !isTwin)) {
                best = i;
                isTwin = twin;
            }
        }
        if (!best)
            return taken;
        taken.push_back(places[*best]);
        places.erase(places.begin() + static_cast<std::ptrdiff_t>(*best));
    }
}

} // namespace

Result<bool> maySpare(
    Connection &db, std::span<const FragmentKey> fragments, const DoomId &mine, std::span<const PackId> also)
{
    const auto referenced = referencedPacks(db, also);
    if (!referenced)
        return referenced.error();
    AccountDomains domains(db, {});
    QSet<PackId> packs;
    for (const FragmentKey &key : fragments)
        packs.insert(key.pack);
    for (const PackId &pack : packs) {
        const auto known = knownPack(db, pack);
        if (!known)
            return known.error();
        if (known->row == 0) { // nobody here knows it: a leftover, unless something refers to it
            if (referenced->contains(pack))
                return false;
            continue;
        }
        if (!referenced->contains(pack))
            continue;
        const auto doomed = isDoomed(db, pack);
        if (!doomed)
            return doomed.error();
        if (*doomed)
            return false;
        const auto asked = lossesAsked(db, known->row, pack);
        if (!asked)
            return asked.error();
        if (!*asked)
            return false;
        const auto places = placesOf(db, domains, known->row, pack, mine);
        if (!places)
            return places.error();
        std::vector<Place> rest = *places;
        std::erase_if(rest, [&](const Place &place) { return place.isGoing || names(fragments, pack, place); });
        // Where another computer moves what it has doomed is not known yet: it is not taken for lost.
        if (!isKept(rest, *places, known->k, **asked))
            return false;
    }
    return true;
}

Result<bool> maySpareAccount(Connection &db, const AccountId &account, std::span<const PackId> also)
{
    const auto logged = referencedPacks(db, {});
    if (!logged)
        return logged.error();
    for (const PackId &pack : *logged) {
        const auto known = knownPack(db, pack);
        if (!known)
            return known.error();
        if (known->row == 0)
            return false; // it may lie there
    }
    const auto referenced = referencedPacks(db, also);
    if (!referenced)
        return referenced.error();
    std::vector<PackId> packs;
    {
        Statement query = db.prepare("SELECT DISTINCT p.uid FROM fragment f JOIN account a ON a.id = f.account"
                                     " JOIN pack p ON p.id = f.pack WHERE a.uid = ? AND f.state = 1");
        query.bind(account);
        while (query.next())
            packs.push_back(query.id<PackId>(0));
        if (query.failed())
            return query.error();
    }
    AccountDomains domains(db, {});
    for (const PackId &pack : packs) {
        if (!referenced->contains(pack))
            continue;
        const auto known = knownPack(db, pack);
        if (!known)
            return known.error();
        const auto doomed = isDoomed(db, pack);
        if (!doomed)
            return doomed.error();
        if (*doomed)
            return false; // a pardon may be on its way
        const auto asked = lossesAsked(db, known->row, pack);
        if (!asked)
            return asked.error();
        if (!*asked)
            return false;
        const auto places = placesOf(db, domains, known->row, pack, DoomId());
        if (!places)
            return places.error();
        std::vector<Place> rest = staying(*places);
        std::erase_if(rest, [&account](const Place &place) { return place.account == account; });
        if (!isKept(rest, *places, known->k, **asked))
            return false;
    }
    return true;
}

Result<std::vector<FragmentKey>> surplusFragments(Connection &db, std::span<const PackId> also)
{
    const auto referenced = referencedPacks(db, also);
    if (!referenced)
        return referenced.error();
    std::vector<std::pair<Known, PackId>> packs;
    {
        Statement query = db.prepare("SELECT id, k, uid FROM pack WHERE state = 1 ORDER BY id");
        while (query.next()) {
            Known known;
            known.row = query.number(0);
            known.k = query.small(1);
            packs.emplace_back(known, query.id<PackId>(2));
        }
        if (query.failed())
            return query.error();
    }
    AccountDomains domains(db, {});
    std::vector<FragmentKey> surplus;
    for (const auto &[known, pack] : packs) {
        const auto doomed = isDoomed(db, pack);
        if (!doomed)
            return doomed.error();
        if (*doomed || !referenced->contains(pack))
            continue;
        const auto asked = lossesAsked(db, known.row, pack);
        if (!asked)
            return asked.error();
        Statement relied = db.prepare("SELECT 1 FROM relied WHERE pack = ? LIMIT 1");
        relied.bind(known.row);
        const bool isRelied = relied.next();
        if (relied.failed())
            return relied.error();
        // What only a store under way refers to may get any policy yet.
        if (!*asked || !isRelied || std::ranges::find(also, pack) != also.end())
            continue;
        const auto places = placesOf(db, domains, known.row, pack, DoomId());
        if (!places)
            return places.error();
        for (const Place &place : takeSurplus(staying(*places), known.k, **asked))
            surplus.emplace_back(pack, place.index, place.account);
    }
    return surplus;
}

Result<bool> areWeakened(Connection &db, std::span<const PackRow> packs, int losses)
{
    AccountDomains domains(db, {});
    Statement query = db.prepare(
        "SELECT uid, k FROM pack WHERE id = ? AND (EXISTS (SELECT 1 FROM doom_fragment d WHERE d.pack = pack.uid)"
        " OR EXISTS (SELECT 1 FROM fragment f JOIN account a ON a.id = f.account JOIN doom_pack d ON d.pack = a.uid"
        " WHERE f.pack = pack.id))");
    for (const PackRow row : packs) {
        query.bind(row);
        const bool found = query.next();
        const PackId pack = found ? query.id<PackId>(0) : PackId();
        const int k = found ? query.small(1) : 0;
        if (query.failed())
            return query.error();
        if (!found)
            continue;
        const auto places = placesOf(db, domains, row, pack, DoomId());
        if (!places)
            return places.error();
        if (spareOf(staying(*places), k).count < losses)
            return true;
    }
    return false;
}

} // namespace mf
