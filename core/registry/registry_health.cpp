// SPDX-License-Identifier: GPL-3.0-or-later
// Each method: one hop to the worker, one transaction there.
#include "core/registry/health.h"
#include "core/registry/registry_hop.h"

namespace mf {

Task<Result<std::vector<ExpectedFragment>>> Registry::expectedFragments(
    AccountId account, RevisionRow revision, PackRow after, int limit)
{
    return read([account, revision, after, limit](
                    Store &s) { return mf::expectedFragments(s.db(), account, revision, after, limit); });
}

Task<Result<>> Registry::noteFragments(std::vector<FragmentFinding> findings, QDateTime when)
{
    return write(
        [findings = std::move(findings), when](Store &s) { return mf::noteFragments(s.db(), findings, when); });
}

Task<Result<std::vector<PackRow>>> Registry::packsByProof(RevisionRow revision)
{
    return read([revision](Store &s) { return mf::packsByProof(s.db(), revision); });
}

Task<Result<>> Registry::notePackVerified(PackRow pack, QDateTime when)
{
    return write([pack, when](Store &s) { return mf::notePackVerified(s.db(), pack, when); });
}

Task<Result<RevisionHealth>> Registry::health(RevisionRow revision, std::vector<AccountId> without)
{
    return read([revision, without = std::move(without)](Store &s) -> Result<RevisionHealth> {
        const auto one = healthOf(s.db(), std::span(&revision, 1), without);
        if (!one)
            return one.error();
        return one->front();
    });
}

Task<Result<std::vector<RevisionHealth>>> Registry::healths(
    std::vector<RevisionRow> revisions, std::vector<AccountId> without)
{
    return read([revisions = std::move(revisions), without = std::move(without)](
                    Store &s) { return healthOf(s.db(), revisions, without); });
}

Task<Result<std::vector<PackNeed>>> Registry::packsInNeed(
    RevisionRow revision, std::vector<AccountId> without, int raiseTo)
{
    return read([revision, without = std::move(without), raiseTo](
                    Store &s) { return mf::packsInNeed(s.db(), revision, without, raiseTo); });
}

Task<Result<int>> Registry::lossesPromised(PackRow pack)
{
    return read([pack](Store &s) { return mf::lossesPromised(s.db(), pack); });
}

Task<Result<>> Registry::planFragment(PackRow pack, int index, AccountId account)
{
    return write([pack, index, account](Store &s) { return mf::planFragment(s.db(), pack, index, account); });
}

Task<Result<>> Registry::placeFragment(PackRow pack, int index, AccountId account, QDateTime when)
{
    return write(
        [pack, index, account, when](Store &s) { return mf::placeFragment(s.db(), pack, index, account, when); });
}

Task<Result<>> Registry::dropPlanned(PackRow pack, int index, AccountId account)
{
    return write([pack, index, account](Store &s) { return mf::dropPlanned(s.db(), pack, index, account); });
}

} // namespace mf
