// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/repair.h"

#include "core/base/all_of.h"
#include "core/distributor/fragment_survey.h"
#include "core/distributor/move_out.h"
#include "core/distributor/publish.h"
#include "core/distributor/ready_accounts.h"
#include "core/distributor/take_in.h"

#include <algorithm>

namespace mf {
namespace {

constexpr std::size_t kPacksAtOnce = 2;

Task<Result<>> repairOne(PackRepairer &repairer, PackNeed need, PacksRepaired &all, PackDone done)
{
    const auto outcome = co_await repairer.repair(need);
    if (!outcome)
        co_return outcome.error();
    all.add(*outcome);
    if (done)
        done(need, *outcome);
    co_return Result<>();
}

} // namespace

bool syncRepairs(const QMap<QString, QString> &settings)
{
    return settings.value(QString::fromLatin1(kSyncRepairs)) == QStringLiteral("always");
}

void PacksRepaired::add(const PackRepairer::Outcome &outcome)
{
    rebuilt += outcome.rebuilt;
    uploaded += outcome.uploaded;
    domainsMissing = std::max(domainsMissing, outcome.domainsMissing);
    unreadable += outcome.isUnreadable ? 1 : 0;
    for (const QString &warning : outcome.warnings) {
        if (!warnings.contains(warning))
            warnings.append(warning);
    }
}

Task<Result<PacksRepaired>> repairPacks(
    Engine &engine, std::shared_ptr<Shares> shares, std::vector<PackNeed> needs, PackDone done)
{
    PacksRepaired all;
    const auto lost = co_await lostAccounts(engine);
    if (!lost)
        co_return lost.error();
    std::vector<AccountId> anyAccount;
    PackRepairer repairer(engine, *shares, *lost, placementAccounts(engine.accounts, anyAccount));
    int losses = 0;
    for (const PackNeed &need : needs)
        losses = std::max(losses, need.losses);
    const auto repair = [&](std::size_t i) { return repairOne(repairer, needs[i], all, done); };
    const auto repaired = co_await eachOf(needs.size(), kPacksAtOnce, repair);
    if (!repaired)
        co_return repaired.error();
    // A pack that grew is written into an index again, so that whoever recovers looks for all of its fragments.
    for (bool more = all.rebuilt > 0; more;) {
        const auto written = co_await writeIndexObject(engine, losses + 1);
        if (!written)
            co_return written.error();
        more = written->has_value();
        if (more)
            all.indexes.push_back(**written);
    }
    if (!all.indexes.empty()) {
        const SessionId session = randomId<SessionId>();
        Cbor events = Cbor::array();
        events.push_back(events::sessionOpened(session));
        events.push_back(events::sessionAdvanced(session, all.indexes));
        events.push_back(events::sessionEnded(session));
        LibraryLog log(engine);
        const auto logged = co_await log.append(std::move(events));
        if (!logged)
            co_return logged.error();
    }
    co_return all;
}

Repair::Repair(Engine &engine, RepairRequest request, ProgressSink progress)
    : m_engine(engine)
    , m_request(std::move(request))
    , m_progress(std::move(progress))
{
    m_now.shares = m_shares;
}

void Repair::report(Progress::Phase phase)
{
    m_now.phase = phase;
    m_now.network = m_shares->bytes();
    if (phase == Progress::Phase::Done)
        m_now.bytes = m_now.total;
    if (m_progress)
        m_progress(m_now);
}

Task<Result<RepairResult>> Repair::run()
{
    report(Progress::Phase::Preparing);
    auto revisions = co_await revisionsToCheck(m_engine, m_request.model);
    if (!revisions)
        co_return revisions.error();
    if (!m_request.model.isEmpty())
        m_revision = revisions->front().row;
    const auto ready = co_await readyAccounts(m_engine, m_result.warnings);
    if (!ready)
        co_return ready.error();
    // Others may have doomed packs: those are not repaired.
    const auto read = co_await readLog(m_engine);
    if (!read)
        co_return read.error();
    const auto known = co_await refuseNewerObjects(m_engine);
    if (!known)
        co_return known.error();
    const auto movedOut = co_await moveOutHeld(m_engine);
    if (!movedOut)
        co_return movedOut.error();
    m_result.warnings += movedOut->warnings;
    if (movedOut->models > 0) {
        revisions = co_await revisionsToCheck(m_engine, m_request.model);
        if (!revisions)
            co_return revisions.error();
    }
    const LookProgress looked = [this](qint64, qint64) { report(Progress::Phase::Preparing); };
    const auto look = co_await lookAtAccounts(m_engine, m_revision, looked);
    if (!look)
        co_return look.error();
    m_result.warnings += look->warnings;

    const auto found = co_await surveyPacksInNeed(m_engine, m_revision);
    if (!found)
        co_return found.error();

    auto lost = co_await lostAccounts(m_engine);
    if (!lost)
        co_return lost.error();
    auto needs = co_await m_engine.registry.packsInNeed(m_revision, std::move(*lost), 0);
    if (!needs)
        co_return needs.error();
    for (const PackNeed &need : *needs)
        m_now.total += need.bytes;
    const PackDone done = [this](PackNeed need, const PackRepairer::Outcome &outcome) {
        m_rebuilt[need.pack] = outcome.rebuilt;
        m_result.uploadedBytes += outcome.uploaded;
        m_now.bytes += need.bytes;
        report(Progress::Phase::Storing);
    };
    const auto repaired = co_await repairPacks(m_engine, m_shares, std::move(*needs), done);
    if (!repaired)
        co_return repaired.error();
    m_result.rebuilt = repaired->rebuilt;
    m_result.uploadedBytes = repaired->uploaded;
    m_result.domainsMissing = repaired->domainsMissing;
    m_result.unreadablePacks = repaired->unreadable;
    m_result.warnings += repaired->warnings;

    for (const RevisionRecord &revision : *revisions) {
        const auto health = co_await modelHealth(m_engine, revision);
        if (!health)
            co_return health.error();
        const auto packs = co_await m_engine.registry.packsRelied(revision.row);
        if (!packs)
            co_return packs.error();
        ModelRepair model;
        model.name = health->name;
        model.state = health->state;
        model.spare = health->spare;
        model.onThisComputer = health->onThisComputer;
        for (const PackRow row : *packs) {
            const auto rebuilt = m_rebuilt.find(row);
            model.rebuilt += rebuilt == m_rebuilt.end() ? 0 : rebuilt->second;
        }
        m_result.models.push_back(std::move(model));
    }
    report(Progress::Phase::Done);
    co_return m_result;
}

} // namespace mf
