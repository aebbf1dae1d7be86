// SPDX-License-Identifier: GPL-3.0-or-later
// The registry's methods for trash, deletion and collecting.
#include "core/registry/age.h"
#include "core/registry/deletions.h"
#include "core/registry/liveness.h"
#include "core/registry/registry_hop.h"
#include "core/registry/spare.h"
#include "core/registry/trash.h"

namespace mf {

Task<Result<std::vector<Registry::TrashedRevision>>> Registry::trashed()
{
    return read([](Store &s) { return trashedRevisions(s.db()); });
}

Task<Result<std::vector<RevisionRecord>>> Registry::oldRevisions(int kept)
{
    return read([kept](Store &s) { return mf::oldRevisions(s.db(), kept); });
}

Task<Result<Registry::Age>> Registry::noteTime(QDateTime now, std::chrono::milliseconds elapsed, QByteArray boot)
{
    return write([now = std::move(now), elapsed, boot = std::move(boot)](
                     Store &s) { return mf::noteTime(s.db(), now, elapsed, boot); });
}

Task<Result<bool>> Registry::isLogged(RevisionId revision)
{
    return read([revision](Store &s) { return mf::isLogged(s.db(), revision); });
}

Task<Result<bool>> Registry::lacksAncestors()
{
    return read([](Store &s) { return mf::lacksAncestors(s.db()); });
}

Task<Result<std::vector<ObjectHash>>> Registry::openSessionIndexes()
{
    return read([](Store &s) { return mf::openSessionIndexes(s.db()); });
}

Task<Result<std::vector<Registry::DeadPack>>> Registry::deadPacks(std::vector<PackId> also)
{
    return read([also = std::move(also)](Store &s) { return mf::deadPacks(s.db(), also); });
}

Task<Result<bool>> Registry::areReferenced(std::vector<PackId> packs, std::vector<PackId> also)
{
    return read([packs = std::move(packs), also = std::move(also)](Store &s) -> Result<bool> {
        const auto referenced = referencedPacks(s.db(), also);
        if (!referenced)
            return referenced.error();
        return std::ranges::any_of(packs, [&](const PackId &pack) { return referenced->contains(pack); });
    });
}

Task<Result<std::vector<Registry::DeadPack>>> Registry::takeLeftovers()
{
    return write([](Store &s) { return mf::takeLeftovers(s.db()); });
}

Task<Result<bool>> Registry::maySpare(std::vector<FragmentKey> fragments, DoomId mine, std::vector<PackId> also)
{
    return read([fragments = std::move(fragments), mine, also = std::move(also)](
                    Store &s) { return mf::maySpare(s.db(), fragments, mine, also); });
}

Task<Result<bool>> Registry::maySpareAccount(AccountId account, std::vector<PackId> also)
{
    return read([account, also = std::move(also)](Store &s) { return mf::maySpareAccount(s.db(), account, also); });
}

Task<Result<std::vector<FragmentKey>>> Registry::surplusFragments(std::vector<PackId> also)
{
    return read([also = std::move(also)](Store &s) { return mf::surplusFragments(s.db(), also); });
}

Task<Result<bool>> Registry::areWeakened(std::vector<PackRow> packs, int losses)
{
    return read([packs = std::move(packs), losses](Store &s) { return mf::areWeakened(s.db(), packs, losses); });
}

Task<Result<std::vector<Registry::OwnDoom>>> Registry::ownDooms()
{
    return read([](Store &s) { return mf::ownDooms(s.db()); });
}

Task<Result<>> Registry::noteDoomAcknowledged(DoomId doom)
{
    return write([doom](Store &s) { return mf::noteDoomAcknowledged(s.db(), doom); });
}

Task<Result<>> Registry::noteDecided(DoomId doom)
{
    return write([doom](Store &s) { return mf::noteDecided(s.db(), doom); });
}

Task<Result<Registry::DeadObjects>> Registry::deadObjects()
{
    return read([](Store &s) { return mf::deadObjects(s.db()); });
}

Task<Result<int>> Registry::adoptFragments(AccountId account, std::vector<PackIndex> found)
{
    return write([account, found = std::move(found)](Store &s) { return mf::adoptFragments(s.db(), account, found); });
}

Task<Result<std::vector<bool>>> Registry::doomedObjects(QStringList names)
{
    return read([names = std::move(names)](Store &s) { return mf::doomedObjects(s.db(), names); });
}

Task<Result<>> Registry::dropGone()
{
    return write([](Store &s) { return mf::dropGone(s.db(), s.chunks()); });
}

Task<Result<>> Registry::dropPack(PackRow pack)
{
    return write([pack](Store &s) { return mf::dropPack(s.db(), s.chunks(), pack); });
}

Task<Result<>> Registry::addFragment(PackRow pack, int index, AccountId account)
{
    return write([pack, index, account](Store &s) { return mf::addFragment(s.db(), pack, index, account); });
}

Task<Result<std::vector<PackRow>>> Registry::packsOn(AccountId account)
{
    return read([account](Store &s) { return mf::packsOn(s.db(), account); });
}

Task<Result<std::vector<Registry::KnownPack>>> Registry::knownPacks()
{
    return read([](Store &s) { return mf::knownPacks(s.db()); });
}

Task<Result<std::vector<Registry::Stray>>> Registry::noteStrays(AccountId account, std::vector<Stray> found)
{
    return write([account, found = std::move(found)](Store &s) { return mf::noteStrays(s.db(), account, found); });
}

} // namespace mf
