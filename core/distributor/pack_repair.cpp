// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/pack_repair.h"

#include "core/base/crash_point.h"
#include "core/base/log.h"
#include "core/packing/pack_layout.h"
#include "core/registry/pack_spare.h"

#include <algorithm>
#include <set>

namespace mf {

struct PackRepairer::Job {
    PackNeed need;
    PackRecord pack;
    Outcome outcome;
    std::map<std::pair<int, AccountId>, FragmentRead> reads;
    DataRows rows; // the right ones; none: not known
    QString why; // they are not
    std::set<std::pair<int, AccountId>> proven; // fragments that were read and are right
    std::set<AccountId> refused; // accounts that took no fragment of this pack

    int spare = 0;
    std::set<int> good; // indices of which one counts as there
    std::set<AccountId> holders; // accounts that hold some fragment, good or not
    std::map<QString, int> domains; // how many of the good ones each has
    std::map<QString, int> numbers; // of domains, for PackSpare
};

PackRepairer::PackRepairer(
    Engine &engine, Shares &shares, std::vector<AccountId> lost, std::vector<PlacementAccount> places)
    : m_engine(engine)
    , m_shares(shares)
    , m_lost(std::move(lost))
    , m_places(std::move(places))
{
}

bool PackRepairer::isLost(const AccountId &account) const
{
    return std::find(m_lost.begin(), m_lost.end(), account) != m_lost.end();
}

bool PackRepairer::isUsable(const AccountId &account) const
{
    const Account *open = m_engine.accounts.find(account);
    return open && open->isVerified() && !open->record().retired;
}

QString PackRepairer::domainOf(const AccountId &account) const
{
    const Account *open = m_engine.accounts.find(account);
    return open ? open->record().failureDomain() : account.toHex();
}

// How the pack stands by what the registry knows now.
Task<Result<>> PackRepairer::reload(Job &job)
{
    auto pack = co_await m_engine.registry.pack(job.need.pack);
    if (!pack)
        co_return pack.error();
    job.pack = std::move(*pack);
    job.good.clear();
    job.holders.clear();
    job.domains.clear();
    PackSpare survives;
    for (const FragmentPlace &place : job.pack.fragments) {
        if (isLost(place.account))
            continue;
        if (place.state == FragmentState::There || place.state == FragmentState::Damaged)
            job.holders.insert(place.account);
        if (place.state != FragmentState::There)
            continue;
        const QString domain = domainOf(place.account);
        const auto number = job.numbers.emplace(domain, static_cast<int>(job.numbers.size())).first->second;
        survives.add(place.index, number);
        job.good.insert(place.index);
        ++job.domains[domain];
    }
    job.spare = survives.spare(job.pack.shape.k);
    co_return Result<>();
}

Task<Result<>> PackRepairer::readMore(Job &job, std::vector<FragmentPlace> places)
{
    co_await m_shares.admit(fragmentSize(job.pack.shape.dataLength) * std::ssize(places));
    auto reads = co_await readFragments(m_engine, m_shares, job.pack.id, std::move(places));
    for (FragmentRead &read : reads)
        job.reads[std::pair(read.place.index, read.place.account)] = std::move(read);
    std::vector<FragmentRead> all;
    all.reserve(job.reads.size());
    for (const auto &[key, read] : job.reads)
        all.push_back(read);
    auto judge = [ring = m_engine.ring, pack = job.pack, all] { return judgePack(ring, pack, all); };
    PackVerdict verdict = co_await onPool(m_engine.cpu, judge);
    if (!verdict.restored.newer.empty())
        co_return newerFragment();
    job.rows = std::move(verdict.restored.rows);
    job.why = verdict.restored.why;
    job.proven.clear();
    for (const FragmentFinding &finding : verdict.findings) {
        if (finding.state == FragmentState::There)
            job.proven.emplace(finding.index, finding.account);
    }
    // That nothing fits together may be the fault of what was not read yet: only a whole pack is evidence.
    if (!verdict.restored.isWhole)
        std::erase_if(verdict.findings, [](const auto &f) { return f.state != FragmentState::Missing; });
    const QDateTime now = m_engine.clock.now();
    co_return co_await m_engine.registry.noteFragments(std::move(verdict.findings), now);
}

// The right bytes of the pack: from k fragments, the quickest first; from all that there is if those do not verify.
Task<Result<>> PackRepairer::read(Job &job)
{
    std::vector<FragmentPlace> good;
    std::vector<FragmentPlace> others;
    for (const FragmentPlace &place : job.pack.fragments) {
        if (!isUsable(place.account) || place.state == FragmentState::Planned)
            continue;
        const bool isFirst
            = std::none_of(good.begin(), good.end(), [&](const FragmentPlace &p) { return p.index == place.index; });
        (place.state == FragmentState::There && isFirst ? good : others).push_back(place);
    }
    const qint64 size = fragmentSize(job.pack.shape.dataLength);
    const auto cost = [this, size, k = job.pack.shape.k](const FragmentPlace &place) {
        const double expected = m_engine.accounts.find(place.account)->speed().expected(size).count();
        return place.index < k ? expected / 2 : expected; // a data fragment needs no decoding
    };
    std::sort(good.begin(), good.end(), [&cost](const FragmentPlace &a, const FragmentPlace &b) {
        return std::pair(cost(a), a.index) < std::pair(cost(b), b.index);
    });
    const auto k = static_cast<std::size_t>(job.pack.shape.k);
    if (good.size() >= k) {
        std::vector<FragmentPlace> first(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(k));
        const auto read = co_await readMore(job, std::move(first));
        if (!read)
            co_return read.error();
    }
    if (job.rows.isEmpty()) {
        for (const FragmentPlace &place : good) {
            if (!job.reads.contains(std::pair(place.index, place.account)))
                others.push_back(place);
        }
        const auto read = co_await readMore(job, std::move(others));
        if (!read)
            co_return read.error();
    }
    job.reads.clear(); // their bytes, too
    co_return Result<>();
}

// Has the right bytes on the account; tells how many were sent for it. A refusal is in `why`.
Task<Result<PackRepairer::Sent>> PackRepairer::send(Account *account, BlobName name, QByteArray blob, bool inPlace)
{
    Sent sent;
    if (inPlace) {
        const auto now = co_await m_shares.get(*account, name, Range());
        if (now && isNewerFragment(openFragmentHeader(m_engine.ring, viewOf(*now))))
            co_return newerFragment();
        if (now && *now == blob)
            co_return sent; // it was damaged on its way only
        if (!now && answerOf(now.error()) == FragmentAnswer::Away)
            sent.why = now.error();
    }
    if (inPlace && !sent.why) { // a blob of the same size would be kept as it is
        const auto removed = co_await account->provider().remove(name);
        if (!removed)
            sent.why = removed.error();
        crashPoint(CrashPoint::RepairDamagedRemoved);
    }
    if (!sent.why) {
        const auto put = co_await m_shares.put(*account, name, blob);
        if (put)
            sent.bytes = blob.size();
        else
            sent.why = put.error();
    }
    if (!sent.why) { // an account that lost or spoilt one before is asked what it has now
        const Range part(0, inPlace ? -1 : kFragmentHeaderSize);
        const auto back = co_await m_shares.get(*account, name, part);
        if (!back)
            sent.why = back.error();
        else if (*back != blob.left(part.length < 0 ? blob.size() : part.length))
            sent.why = Error(Error::Kind::Corrupt, QStringLiteral("MF-BLOB-READBACK"),
                QStringLiteral("it reported the fragment stored and holds other bytes"));
    }
    co_return sent;
}

// Puts the right bytes of a fragment on an account; false: it was not taken.
Task<Result<bool>> PackRepairer::put(Job &job, int index, AccountId to, bool inPlace)
{
    Account *account = m_engine.accounts.find(to);
    const BlobName name = fragmentName(m_engine.ring, job.pack.id, index);
    auto make = [ring = m_engine.ring, pack = job.pack, rows = job.rows, index] {
        return fragmentOf(ring, pack, rows, index);
    };
    const QByteArray blob = co_await onPool(m_engine.cpu, make);
    if (!inPlace) {
        const auto planned = co_await m_engine.registry.planFragment(job.pack.row, index, to);
        if (!planned)
            co_return planned.error();
        crashPoint(CrashPoint::RepairFragmentPlanned);
    }
    co_await m_shares.admit(blob.size());
    const auto sent = co_await send(account, name, blob, inPlace);
    if (!sent)
        co_return sent.error();
    const QDateTime now = m_engine.clock.now();
    if (sent->why) {
        job.refused.insert(to);
        job.outcome.warnings.append(
            QStringLiteral("%1 takes no fragment: %2").arg(account->name(), sent->why->message));
        logWarning("repair", job.outcome.warnings.back());
        if (!inPlace) {
            const auto dropped = co_await m_engine.registry.dropPlanned(job.pack.row, index, to);
            if (!dropped)
                co_return dropped.error();
        }
        co_return false;
    }
    crashPoint(CrashPoint::RepairFragmentPut);
    if (!inPlace)
        account->take(blob.size());
    const auto placed = co_await m_engine.registry.placeFragment(job.pack.row, index, to, now);
    if (!placed)
        co_return placed.error();
    crashPoint(CrashPoint::RepairFragmentNoted);
    for (PlacementAccount &place : m_places) {
        if (place.id == to) {
            place.placed += blob.size();
            if (place.room && !inPlace)
                place.room = std::max<qint64>(0, *place.room - blob.size());
        }
    }
    job.proven.emplace(index, to);
    job.outcome.uploaded += sent->bytes;
    ++job.outcome.rebuilt;
    co_return true;
}

// Only while k others that were read and are right make up for it.
Task<Result<>> PackRepairer::replaceDamaged(Job &job)
{
    const std::vector<FragmentPlace> places = job.pack.fragments;
    for (const FragmentPlace &place : places) {
        if (place.state != FragmentState::Damaged || !isUsable(place.account) || job.refused.contains(place.account))
            continue;
        std::set<int> others;
        for (const auto &[index, account] : job.proven) {
            if (index != place.index || account != place.account)
                others.insert(index);
        }
        if (std::ssize(others) < job.pack.shape.k)
            continue;
        const auto done = co_await put(job, place.index, place.account, true);
        if (!done)
            co_return done.error();
    }
    co_return co_await reload(job);
}

// Where no domain has more than `most` of them then.
std::optional<AccountId> PackRepairer::choose(const Job &job, int index, int most) const
{
    const qint64 bytes = fragmentSize(job.pack.shape.dataLength);
    std::vector<PlacementAccount> fresh;
    std::vector<PlacementAccount> known; // that had a fragment of this pack and lost it: the second choice
    for (const PlacementAccount &account : m_places) {
        const auto there = job.domains.find(domainOf(account.id));
        if (job.holders.contains(account.id) || job.refused.contains(account.id)
            || (there != job.domains.end() && there->second >= most))
            continue;
        bool isKnown = false;
        for (const FragmentPlace &place : job.pack.fragments) {
            if (place.account != account.id)
                continue;
            if (place.state == FragmentState::Planned && place.index == index)
                return account.id; // begun and interrupted
            isKnown = isKnown || place.state == FragmentState::Missing;
        }
        (isKnown ? known : fresh).push_back(account);
    }
    const auto best = placeElsewhere(fresh, {}, bytes);
    return best ? best : placeElsewhere(known, {}, bytes);
}

Task<Result<>> PackRepairer::addFragments(Job &job)
{
    int most = 1; // fragments in one domain
    while (job.spare < job.need.losses) {
        // What a repair began is finished first, then the lowest that is missing; a further one if none is.
        int index = 0;
        while (index < kMostFragments && job.good.contains(index))
            ++index;
        for (const FragmentPlace &place : job.pack.fragments) {
            if (place.state == FragmentState::Planned && !job.good.contains(place.index) && isUsable(place.account)
                && !job.refused.contains(place.account)) {
                index = place.index;
                break;
            }
        }
        const bool isEnough = static_cast<int>(job.good.size()) >= job.pack.shape.k + job.need.losses;
        if (index >= kMostFragments || (most > 1 && isEnough))
            break;
        const auto to = choose(job, index, most);
        if (!to && most < std::ssize(m_places)) {
            ++most; // better two in one domain than none, but never more for it than was asked for
            continue;
        }
        if (!to)
            break;
        const auto done = co_await put(job, index, *to, false);
        if (!done)
            co_return done.error();
        if (*done && most > 1)
            job.outcome.warnings.append(
                QStringLiteral("more than one fragment of a pack had to go to %1, because no other place had room")
                    .arg(domainOf(*to)));
        const auto now = co_await reload(job);
        if (!now)
            co_return now.error();
    }
    job.outcome.domainsMissing = std::max(0, job.need.losses - std::max(0, job.spare));
    co_return Result<>();
}

Task<Result<PackRepairer::Outcome>> PackRepairer::repair(PackNeed need)
{
    Job job;
    job.need = need;
    const auto loaded = co_await reload(job);
    if (!loaded)
        co_return loaded.error();
    // All fragments at most, all data rows rebuilt, and one fragment that is on its way.
    const int most = static_cast<int>(job.pack.fragments.size()) + 1;
    const auto lease = co_await m_engine.buffers.acquire(restoreBytes(job.pack.shape, most, job.pack.shape.k));
    Q_UNUSED(lease)
    const auto reading = co_await read(job);
    if (!reading)
        co_return reading.error();
    const auto known = co_await reload(job);
    if (!known)
        co_return known.error();
    if (job.rows.isEmpty()) {
        job.outcome.isUnreadable = true;
        job.outcome.warnings.append(
            QStringLiteral("a pack cannot be put together, and was left as it is: %1").arg(job.why));
        co_return job.outcome;
    }
    const auto replaced = co_await replaceDamaged(job);
    if (!replaced)
        co_return replaced.error();
    const auto added = co_await addFragments(job);
    if (!added)
        co_return added.error();
    const auto rest = co_await replaceDamaged(job); // what could not be missed before
    if (!rest)
        co_return rest.error();
    if (std::any_of(job.pack.fragments.begin(), job.pack.fragments.end(), [this](const FragmentPlace &place) {
            return place.state == FragmentState::Damaged && isUsable(place.account);
        }))
        job.outcome.warnings.append(
            QStringLiteral("a damaged fragment of a pack stays where it is until another account can hold it"));
    co_return job.outcome;
}

} // namespace mf
