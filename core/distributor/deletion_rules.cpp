// SPDX-License-Identifier: GPL-3.0-or-later
// What a deletion asks before it goes on.
#include "core/distributor/account_end.h"
#include "core/distributor/checkpoint_log.h"
#include "core/distributor/deletion.h"
#include "core/distributor/fragment_survey.h"

#include <algorithm>
#include <set>

namespace mf {

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

// Another computer may have moved further fragments of the same packs, to where this one moves its own.
Task<Result<>> Deletion::seek(DoomRecord set)
{
    if (set.fragments.empty())
        co_return Result<>();
    std::vector<PackId> packs;
    for (const FragmentKey &fragment : set.fragments)
        packs.push_back(fragment.pack);
    auto rows = co_await m_engine.registry.packRowsOf(std::move(packs));
    if (!rows)
        co_return rows.error();
    std::erase(*rows, 0);
    const auto sought = co_await m_engine.registry.seekPacks(std::move(*rows));
    if (!sought)
        co_return sought.error();
    co_return co_await surveyFragments(m_engine);
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
    const auto left = co_await areLeft(set.packs, inSessions);
    if (!left || !*left)
        co_return left;
    if (set.objects.isEmpty())
        co_return true;
    co_return co_await areUnused(set.objects, inSessions);
}

// Nothing is needed of what lies on the accounts among these.
Task<Result<bool>> Deletion::areLeft(std::vector<PackId> packs, std::vector<PackId> inSessions)
{
    const auto ids = co_await accountsNamed(m_engine, std::move(packs));
    if (!ids)
        co_return ids.error();
    for (const AccountId &id : *ids) {
        Account *account = m_engine.accounts.find(id);
        if (!account || !account->isVerified())
            co_return false; // nobody can look
        if (account->record().retired)
            continue;
        const auto looked = co_await noteFragmentsOn(m_engine, *account);
        if (!looked)
            co_return looked.error();
        const auto spared = co_await m_engine.registry.maySpareAccount(id, inSessions);
        if (!spared || !*spared)
            co_return spared;
    }
    co_return true;
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

// Whether fragments on the account that this ends are still to be deleted.
Task<Result<bool>> Deletion::hasOwnDooms(DoomRecord end)
{
    const auto dooms = co_await m_engine.registry.ownDooms();
    if (!dooms)
        co_return dooms.error();
    co_return std::any_of(dooms->begin(), dooms->end(), [&end](const Registry::OwnDoom &own) {
        return std::any_of(own.doom.fragments.begin(), own.doom.fragments.end(),
            [&end](const FragmentKey &key) { return PackId(key.account.bytes) == end.packs.front(); });
    });
}

} // namespace mf
