// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/deletion.h"

#include "core/base/crash_point.h"
#include "core/base/log.h"
#include "core/distributor/checkpoint_log.h"
#include "core/distributor/library_log.h"
#include "core/distributor/objects/index_object.h"

#include <algorithm>
#include <set>

namespace mf {

void Deletion::wait(const QString &why)
{
    if (!m_freed.waiting.contains(why))
        m_freed.waiting.append(why);
}

void Deletion::count(qint64 bytes)
{
    m_freed.bytes += bytes;
    ++m_freed.fragments;
}

// S(O): every account that holds any of it.
Task<Result<std::vector<AccountId>>> Deletion::accountsOf(DoomRecord set)
{
    const auto all = accountsThatCount(m_engine);
    std::set<AccountId> accounts;
    std::vector<PackId> packs = set.packs;
    for (const FragmentKey &fragment : set.fragments) {
        packs.push_back(fragment.pack);
        accounts.insert(fragment.account);
    }
    const auto rows = co_await m_engine.registry.packRowsOf(packs);
    if (!rows)
        co_return rows.error();
    bool isUnknown = !set.objects.isEmpty(); // they lie anywhere
    for (std::size_t i = 0; i < rows->size(); ++i) {
        if ((*rows)[i] == 0) {
            isUnknown = true;
            continue;
        }
        const auto pack = co_await m_engine.registry.pack((*rows)[i]);
        if (!pack)
            co_return pack.error();
        for (const FragmentPlace &place : pack->fragments)
            accounts.insert(place.account);
    }
    std::vector<AccountId> needed;
    for (const AccountId &id : all) {
        if (isUnknown || accounts.contains(id))
            needed.push_back(id);
    }
    co_return needed;
}

std::chrono::milliseconds Deletion::waitFor(const std::vector<AccountId> &accounts) const
{
    std::chrono::milliseconds longest { 0 };
    for (const AccountId &id : accounts) {
        Account *account = m_engine.accounts.find(id);
        if (!account)
            continue;
        const Traits traits = account->provider().traits();
        if (!traits.listsImmediately)
            longest = std::max<std::chrono::milliseconds>(longest, traits.listingLag);
    }
    return 2 * longest;
}

// Step 1.
Task<Result<Evidence>> Deletion::gather()
{
    auto evidence = co_await gatherEvidence(m_engine);
    if (evidence && m_seams.believeStale) {
        evidence->accounts = accountsThatCount(m_engine);
        evidence->isComplete = true;
    }
    co_return evidence;
}

// Step 2.
Task<Result<bool>> Deletion::isUnused(DoomRecord set, std::vector<PackId> inSessions)
{
    const auto referenced = co_await m_engine.registry.areReferenced(set.packs, inSessions);
    if (!referenced)
        co_return referenced.error();
    if (*referenced)
        co_return false;
    const auto spared = co_await m_engine.registry.maySpare(set.fragments, set.id, inSessions);
    if (!spared)
        co_return spared.error();
    if (!*spared)
        co_return false;
    if (set.objects.isEmpty())
        co_return true;
    co_return co_await areUnused(set.objects, inSessions);
}

Task<Result<bool>> Deletion::areUnused(QStringList objects, std::vector<PackId> inSessions)
{
    const std::vector<QString> names(objects.begin(), objects.end());
    const auto covered = co_await m_engine.registry.areCovered(names);
    if (!covered)
        co_return covered.error();
    if (std::find(covered->begin(), covered->end(), false) == covered->end())
        co_return true;
    const auto dead = co_await deadObjects(m_engine, inSessions);
    if (!dead)
        co_return dead.error();
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (!(*covered)[i] && !dead->contains(names[i]))
            co_return false;
    }
    co_return true;
}

// Segments of the log go only where the checkpoint that tells of them was read just now. Says why not.
Task<Result<bool>> Deletion::mustStay(DoomRecord set)
{
    const std::vector<QString> names(set.objects.begin(), set.objects.end());
    const auto covered = co_await m_engine.registry.areCovered(names);
    if (!covered)
        co_return covered.error();
    if (std::find(covered->begin(), covered->end(), true) == covered->end())
        co_return false;
    const auto why = co_await whyCoveredStay(m_engine);
    if (!why)
        co_return why.error();
    if (*why)
        wait(**why);
    co_return why->has_value();
}

Task<Result<>> Deletion::doom(std::vector<DoomRecord> sets)
{
    if (sets.empty())
        co_return Result<>();
    const auto evidence = co_await gather();
    if (!evidence)
        co_return evidence.error();
    const QString why = evidence->why.join(QStringLiteral("; "));
    if (!evidence->isComplete) {
        wait(QStringLiteral("nothing can be deleted now: ") + why);
        co_return Result<>();
    }
    const auto inSessions = co_await packsOfOpenSessions(m_engine);
    if (!inSessions) {
        wait(QStringLiteral("nothing can be deleted now: ") + inSessions.error().message);
        co_return Result<>();
    }
    std::vector<DoomRecord> ready;
    for (DoomRecord &set : sets) {
        set.id = randomId<DoomId>();
        const auto accounts = co_await accountsOf(set);
        if (!accounts)
            co_return accounts.error();
        if (!evidence->covers(*accounts)) {
            wait(QStringLiteral("some of it waits: ") + why);
            continue;
        }
        const auto stays = co_await mustStay(set);
        if (!stays)
            co_return stays.error();
        if (*stays)
            continue;
        const auto unused = co_await isUnused(set, *inSessions);
        if (!unused)
            co_return unused.error();
        if (*unused)
            ready.push_back(std::move(set));
    }
    co_return co_await put(std::move(ready));
}

// Step 3.
Task<Result<>> Deletion::put(std::vector<DoomRecord> sets)
{
    if (sets.empty())
        co_return Result<>();
    Cbor events = Cbor::array();
    for (const DoomRecord &set : sets)
        events.push_back(events::doom(set));
    LibraryLog log(m_engine);
    const auto logged = co_await log.append(std::move(events));
    if (!logged) {
        wait(QStringLiteral("nothing can be deleted now: ") + logged.error().message);
        co_return Result<>();
    }
    crashPoint(CrashPoint::DoomLogged);
    const auto noted = co_await noteTime(m_engine); // the wait begins now, not when the clocks were last looked at
    if (!noted)
        co_return noted.error();
    for (const DoomRecord &set : sets) {
        const auto accounts = co_await accountsOf(set);
        if (!accounts)
            co_return accounts.error();
        const bool haveIt = std::all_of(accounts->begin(), accounts->end(), [&logged](const AccountId &id) {
            return std::find(logged->acknowledged.begin(), logged->acknowledged.end(), id)
                != logged->acknowledged.end();
        });
        if (!haveIt) {
            wait(QStringLiteral("some of it waits: an account that holds part of it did not take a note in the log"));
            continue;
        }
        const auto acknowledged = co_await m_engine.registry.noteDoomAcknowledged(set.id);
        if (!acknowledged)
            co_return acknowledged.error();
    }
    crashPoint(CrashPoint::DoomAcknowledged);
    co_return Result<>();
}

Task<Result<>> Deletion::goOn()
{
    const auto looked = co_await noteTime(m_engine);
    if (!looked)
        co_return looked.error();
    const auto before = co_await m_engine.registry.ownDooms();
    if (!before)
        co_return before.error();
    if (before->empty())
        co_return Result<>();
    auto evidence = co_await gather();
    if (!evidence)
        co_return evidence.error();
    const auto sessions = co_await packsOfOpenSessions(m_engine);
    if (!sessions) {
        evidence->isComplete = false;
        evidence->why.append(sessions.error().message);
    }
    const std::vector<PackId> inSessions = sessions ? *sessions : std::vector<PackId>();
    // Read after the evidence: what it brought (an end by another hand) counts.
    const auto dooms = co_await m_engine.registry.ownDooms();
    if (!dooms)
        co_return dooms.error();
    for (const Registry::OwnDoom &own : *dooms) {
        const auto settled = co_await settle(own, *evidence, inSessions);
        if (!settled)
            co_return settled.error();
    }
    co_return co_await m_engine.registry.dropGone();
}

// One doom of ours, with what was read after it was acknowledged (or in an earlier run).
Task<Result<>> Deletion::settle(Registry::OwnDoom own, Evidence evidence, std::vector<PackId> inSessions)
{
    if (own.isDecided)
        co_return co_await carryOut(own.doom);
    const auto accounts = co_await accountsOf(own.doom);
    if (!accounts)
        co_return accounts.error();
    if (!evidence.isComplete || !evidence.covers(*accounts)) {
        wait(QStringLiteral("some of it waits: ") + evidence.why.join(QStringLiteral("; ")));
        co_return Result<>();
    }
    const auto stays = co_await mustStay(own.doom);
    if (!stays)
        co_return stays.error();
    if (*stays)
        co_return Result<>();
    const auto left = m_seams.noWait ? std::chrono::milliseconds(0) : waitFor(*accounts) - own.waited;
    const bool mayDecide = own.isAcknowledged && left.count() <= 0;
    const auto unused = co_await isUnused(own.doom, inSessions);
    if (!unused)
        co_return unused.error();
    LibraryLog log(m_engine);
    if (!*unused) {
        Cbor events = Cbor::array();
        events.push_back(events::pardon(own.doom.id));
        const auto logged = co_await log.append(std::move(events));
        if (!logged)
            wait(logged.error().message); // it stays doomed, and is pardoned next time
        co_return Result<>();
    }
    if (!own.isAcknowledged) { // a crash, or an account that did not take it: once more, under the same id
        const std::vector<DoomRecord> again(1, own.doom);
        const auto done = co_await put(again);
        if (done)
            wait(QStringLiteral("some of it waits until all accounts know of it; collect again"));
        co_return done;
    }
    if (!mayDecide) {
        const auto hours = std::chrono::ceil<std::chrono::hours>(left).count();
        wait(QStringLiteral("some of it waits for %1 h more, until every account lists what was written").arg(hours));
        co_return Result<>();
    }
    const auto decided = co_await m_engine.registry.noteDecided(own.doom.id);
    if (!decided)
        co_return decided.error();
    crashPoint(CrashPoint::DeletionDecided);
    co_return co_await carryOut(own.doom);
}

Task<Result<>> Deletion::carryOut(DoomRecord set)
{
    const auto removed = co_await removeBlobs(set);
    if (!removed)
        co_return removed.error();
    if (!*removed)
        co_return Result<>();
    crashPoint(CrashPoint::DeletionRemoved);
    Cbor events = Cbor::array();
    events.push_back(events::gone(set.id));
    LibraryLog log(m_engine);
    const auto logged = co_await log.append(std::move(events));
    if (!logged) {
        wait(logged.error().message);
        co_return Result<>();
    }
    crashPoint(CrashPoint::DeletionGone);
    co_return Result<>();
}

Task<std::optional<QString>> Deletion::erase(AccountId id, BlobName name)
{
    Account *account = m_engine.accounts.find(id);
    if (!account || account->record().retired)
        co_return std::nullopt; // what lies there does not count any more
    QString why = QStringLiteral("%1 cannot be reached").arg(account->name());
    if (account->isVerified()) {
        const auto removed = co_await account->provider().remove(name);
        if (removed) {
            crashPoint(CrashPoint::DeletionBlobRemoved);
            co_return std::nullopt;
        }
        why = account->name() + QStringLiteral(": ") + removed.error().message;
    }
    logWarning("delete", why);
    co_return QString(QStringLiteral("some of it is not deleted yet: ") + why);
}

// False: some are still there.
Task<Result<bool>> Deletion::removeBlobs(DoomRecord set)
{
    bool all = true;
    const auto rows = co_await m_engine.registry.packRowsOf(set.packs);
    if (!rows)
        co_return rows.error();
    for (const PackRow row : *rows) {
        if (row == 0)
            continue;
        const auto pack = co_await m_engine.registry.pack(row);
        if (!pack)
            co_return pack.error();
        for (const FragmentPlace &place : pack->fragments) {
            const BlobName name = fragmentName(m_engine.ring, pack->id, place.index);
            const auto why = co_await erase(place.account, name);
            if (why) {
                wait(*why);
                all = false;
            } else {
                count(fragmentSize(pack->shape.dataLength));
            }
        }
    }
    for (const FragmentKey &fragment : set.fragments) {
        const BlobName name = fragmentName(m_engine.ring, fragment.pack, fragment.index);
        Account *account = m_engine.accounts.find(fragment.account);
        qint64 bytes = 0;
        if (account && account->isVerified()) {
            const auto listed = co_await listAll(account->provider(), name.value);
            bytes = listed && !listed->empty() ? listed->front().size : 0;
        }
        const auto why = co_await erase(fragment.account, name);
        if (why) {
            wait(*why);
            all = false;
        } else if (bytes > 0) {
            count(bytes);
        }
    }
    for (const QString &object : set.objects) {
        for (const AccountId &id : accountsThatCount(m_engine)) {
            const auto why = co_await erase(id, BlobName(object));
            if (why) {
                wait(*why);
                all = false;
            }
        }
    }
    co_return all;
}

} // namespace mf
