// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/heal.h"

#include "core/base/log.h"
#include "core/distributor/library_log.h"
#include "core/distributor/ready_accounts.h"
#include "core/distributor/repair.h"
#include "core/distributor/take_in.h"

namespace mf {
namespace {

Task<Result<PacksRepaired>> heal(Engine &engine, std::shared_ptr<Shares> shares, std::vector<Damage> damages)
{
    QStringList warnings;
    const auto ready = co_await readyAccounts(engine, warnings);
    if (!ready)
        co_return ready.error();
    const auto read = co_await readLog(engine);
    if (!read)
        co_return read.error();
    const auto known = co_await refuseNewerObjects(engine);
    if (!known)
        co_return known.error();
    std::vector<PackId> ids;
    ids.reserve(damages.size());
    for (const Damage &damage : damages)
        ids.push_back(damage.pack);
    const auto rows = co_await engine.registry.packRowsOf(std::move(ids));
    if (!rows)
        co_return rows.error();
    std::vector<FragmentFinding> findings;
    std::vector<PackNeed> needs;
    for (std::size_t i = 0; i < damages.size(); ++i) {
        const Damage &damage = damages[i];
        Account *account = engine.accounts.find(damage.accountId);
        if ((*rows)[i] == 0 || !account)
            continue;
        const auto there = co_await account->verify(engine.ring); // now, not a while ago
        if (!there)
            continue;
        const FragmentState state = damage.isMissing ? FragmentState::Missing : FragmentState::Damaged;
        findings.emplace_back((*rows)[i], damage.fragment, damage.accountId, state);
        PackNeed need;
        need.pack = (*rows)[i];
        const auto losses = co_await engine.registry.lossesPromised(need.pack);
        if (!losses)
            co_return losses.error();
        need.losses = *losses;
        const bool isKnown = std::any_of(
            needs.begin(), needs.end(), [&need](const PackNeed &other) { return other.pack == need.pack; });
        if (*losses >= 0 && !isKnown)
            needs.push_back(need);
    }
    const QDateTime now = engine.clock.now();
    const auto noted = co_await engine.registry.noteFragments(std::move(findings), now);
    if (!noted)
        co_return noted.error();
    const PackDone nothing;
    co_return co_await repairPacks(engine, std::move(shares), std::move(needs), nothing);
}

} // namespace

Task<HealResult> healDamages(Engine &engine, std::shared_ptr<Shares> shares, std::vector<Damage> damages)
{
    HealResult result;
    if (damages.empty())
        co_return result;
    const std::size_t count = damages.size();
    const auto healed = co_await heal(engine, std::move(shares), std::move(damages));
    if (!healed) {
        result.problem = healed.error().message;
        logWarning("heal", result.problem);
        co_return result;
    }
    result.rebuilt = static_cast<int>(healed->rebuilt);
    if (static_cast<std::size_t>(healed->rebuilt) < count)
        result.problem = healed->warnings.isEmpty() ? QStringLiteral("`repair` says what is left to do")
                                                    : healed->warnings.join(QStringLiteral("; "));
    co_return result;
}

} // namespace mf
