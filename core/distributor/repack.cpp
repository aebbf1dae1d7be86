// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/repack.h"

#include "core/base/crash_point.h"
#include "core/base/log.h"
#include "core/distributor/objects/index_object.h"
#include "core/distributor/pack_mover.h"
#include "core/distributor/ready_accounts.h"
#include "core/distributor/repack_publish.h"
#include "core/distributor/repack_session.h"
#include "core/distributor/resume.h"

#include <algorithm>
#include <map>

namespace mf {
namespace {

constexpr int kMostRounds = 3; // another computer can cross a round, hardly three times
constexpr std::size_t kRevisionsAtOnce = 8; // whose manifests are in memory, and in one segment

// Packs that are sealed under one policy.
struct Group {
    std::vector<PackUse> uses;
    std::vector<std::vector<std::uint32_t>> records; // parallel
};

class Repacker
{
public:
    Repacker(Engine &engine, RepackRequest request, ProgressSink progress)
        : m_engine(engine)
        , m_request(std::move(request))
        , m_progress(std::move(progress))
        , m_session(engine)
    {
    }

    Task<Result<RepackResult>> run();

private:
    Task<Result<>> prepare();
    Task<Result<bool>> round();
    Task<Result<std::vector<PackUse>>> choose();
    Task<Result<>> seal(std::vector<PackUse> uses);
    Task<Result<>> sealGroup(Protection asked, Group group);
    Task<Result<std::vector<RevisionRecord>>> revisions();
    Task<Result<bool>> publish();
    void warn(const QString &warning);

    Engine &m_engine;
    RepackRequest m_request;
    ProgressSink m_progress;
    RepackResult m_result;
    Progress m_now;
    RepackSession m_session;
    QSet<PackRow> m_packs; // to be replaced
    PackSet m_moved; // of these, what could be read
    PackSet m_avoid;
    QSet<PackRow> m_doomedToo; // by another computer, while a revision of ours relies on it
    bool m_isRenewed = false; // what was to be renewed whatever it relies on
};

void Repacker::warn(const QString &warning)
{
    logWarning("repack", warning);
    if (!m_result.warnings.contains(warning))
        m_result.warnings.append(warning);
}

Task<Result<>> Repacker::prepare()
{
    m_now.phase = Progress::Phase::Preparing;
    m_now.shares = m_request.shares;
    if (m_progress)
        m_progress(m_now);
    co_return co_await catchUp(m_engine, m_session.id());
}

Task<Result<RepackResult>> Repacker::run()
{
    if (m_request.packs)
        m_packs = *m_request.packs;
    for (int i = 0; i < kMostRounds; ++i) {
        const auto prepared = co_await prepare();
        if (!prepared)
            co_return prepared.error();
        const auto done = co_await round();
        if (!done && done.error().kind == Error::Kind::Quota) { // what was made in vain must not take the room for long
            const auto ended = co_await m_session.end();
            if (!ended)
                logWarning("repack", ended.error().message);
        }
        if (!done)
            co_return done.error();
        if (!*done) {
            logInfo("repack", QStringLiteral("another computer changed what this one packs; once more"));
            continue;
        }
        const auto ended = co_await m_session.end();
        if (!ended)
            co_return ended.error();
        m_now.phase = Progress::Phase::Done;
        m_now.bytes = m_now.total;
        if (m_progress)
            m_progress(m_now);
        co_return m_result;
    }
    co_return Error(Error::Kind::Network, QStringLiteral("MF-REPACK-CONFIRM"),
        QStringLiteral("another computer keeps deleting what this one relies on; nothing is lost, try again later"))
        .offering(Error::Action::Retry);
}

// What is there and needed, of the packs that were asked for.
Task<Result<std::vector<PackUse>>> Repacker::choose()
{
    auto all = co_await m_engine.registry.packUses(m_request.promise);
    if (!all)
        co_return all.error();
    m_packs.unite(std::exchange(m_doomedToo, {}));
    QSet<PackRow> avoid = m_packs;
    if (m_request.avoid)
        avoid.unite(*m_request.avoid);
    m_avoid = std::make_shared<const QSet<PackRow>>(std::move(avoid));
    std::erase_if(*all, [this](const PackUse &use) { return !use.isUsed || !m_packs.contains(use.row); });
    co_return std::move(*all);
}

// False: something crossed it, do it again.
Task<Result<bool>> Repacker::round()
{
    m_result.left = 0;
    m_result.packs = 0;
    auto uses = co_await choose();
    if (!uses)
        co_return uses.error();
    const bool isNothing = uses->empty() && !m_request.promise && (m_request.renew.empty() || m_isRenewed);
    if (isNothing)
        co_return true;
    const auto begun = co_await m_session.begin();
    if (!begun)
        co_return begun.error();
    const auto sealed = co_await seal(std::move(*uses));
    if (!sealed)
        co_return sealed.error();
    crashPoint(CrashPoint::RepackSealed);
    const auto isConfirmed = co_await publish();
    if (!isConfirmed)
        co_return isConfirmed.error();
    m_isRenewed = m_isRenewed || *isConfirmed;
    const auto still = co_await m_engine.registry.packUses(m_request.promise);
    if (!still)
        co_return still.error();
    const auto isStillUsed = [this](const PackUse &use) { return use.isUsed && m_moved->contains(use.row); };
    m_result.packs = static_cast<int>(m_moved->size() - std::count_if(still->begin(), still->end(), isStillUsed));
    co_return *isConfirmed;
}

Task<Result<>> Repacker::seal(std::vector<PackUse> uses)
{
    std::vector<PackRow> rows;
    m_now.total = 0;
    m_now.bytes = 0;
    for (const PackUse &use : uses) {
        rows.push_back(use.row);
        m_now.total += use.usedBytes;
    }
    auto records = co_await m_engine.registry.recordsInUse(rows);
    if (!records)
        co_return records.error();
    m_moved = std::make_shared<const QSet<PackRow>>(rows.begin(), rows.end());
    std::map<std::pair<int, int>, Group> groups; // by m and k
    for (std::size_t i = 0; i < uses.size(); ++i) {
        Group &group = groups[std::pair(uses[i].asked.m, uses[i].asked.k)];
        group.uses.push_back(uses[i]);
        group.records.push_back(std::move((*records)[i]));
    }
    int domains = 1;
    for (auto &[policy, group] : groups) {
        const Protection asked(policy.second, policy.first);
        domains = std::max(domains, asked.m + 1);
        const auto done = co_await sealGroup(asked, std::move(group));
        if (!done)
            co_return done.error();
    }
    co_return co_await m_session.writeIndexes(domains, 1);
}

Task<Result<>> Repacker::sealGroup(Protection asked, Group group)
{
    const std::vector<AccountId> anyAccount;
    const auto places = placementAccounts(m_engine.accounts, anyAccount);
    const auto policy = resolveProtection(places, asked);
    if (!policy) { // their revisions keep what they have
        warn(policy.error().message);
        QSet<PackRow> moved = *m_moved;
        for (const PackUse &use : group.uses)
            moved.remove(use.row);
        m_moved = std::make_shared<const QSet<PackRow>>(std::move(moved));
        co_return Result<>();
    }
    const PackUploader::BeforeFirst announce = [this] { return m_session.announce(); };
    PackMover mover(m_engine, *policy, places, m_avoid, m_session.id(), m_request.shares, announce);
    QSet<PackRow> moved = *m_moved;
    int indexed = 0;
    for (std::size_t i = 0; i < group.uses.size(); ++i) {
        auto pack = co_await m_engine.registry.pack(group.uses[i].row);
        if (!pack)
            co_return pack.error();
        auto moving = mover.move(std::move(*pack), std::move(group.records[i]));
        const auto why = co_await moving;
        if (!why)
            co_return why.error();
        if (*why) {
            warn((*why)->message);
            moved.remove(group.uses[i].row);
        }
        if (mover.sealed() - indexed >= kPacksPerIndex) {
            indexed = mover.sealed();
            const auto written = co_await m_session.writeIndexes(policy->m + 1, kPacksPerIndex);
            if (!written)
                co_return written.error();
        }
        m_now.phase = Progress::Phase::Storing;
        m_now.bytes += group.uses[i].usedBytes;
        m_now.network = m_request.shares->bytes();
        if (m_progress)
            m_progress(m_now);
    }
    auto finishing = mover.finish();
    const auto finished = co_await finishing;
    m_now.network = m_request.shares->bytes();
    m_result.uploadedBytes += mover.uploadedBytes();
    m_result.sealed += mover.sealed();
    if (!finished)
        co_return finished.error();
    if (mover.reduced() > 0)
        warn(QStringLiteral("there was no room for all fragments of %1 new packs; free some space or add storage, and "
                            "the same command goes on")
                .arg(mover.reduced()));
    m_moved = std::make_shared<const QSet<PackRow>>(std::move(moved));
    co_return Result<>();
}

// Those that get another manifest.
Task<Result<std::vector<RevisionRecord>>> Repacker::revisions()
{
    auto affected = co_await m_engine.registry.revisionsOn(m_moved);
    if (!affected)
        co_return affected.error();
    std::vector<RevisionId> further = m_isRenewed ? std::vector<RevisionId>() : m_request.renew;
    if (m_request.promise)
        further.push_back(m_request.promise->revision);
    for (const RevisionId &id : further) {
        const bool isThere = std::any_of(
            affected->begin(), affected->end(), [&id](const RevisionRecord &revision) { return revision.id == id; });
        const auto news = co_await m_engine.registry.revisionNews(id);
        if (!news)
            co_return news.error();
        if (isThere || news->row == 0)
            continue;
        const auto revision = co_await m_engine.registry.revisionAt(news->row);
        if (!revision)
            co_return revision.error();
        if (revision->state == RevisionState::Live || revision->state == RevisionState::Trashed)
            affected->push_back(*revision);
    }
    co_return std::move(*affected);
}

// False: another computer deletes some of what they rely on.
Task<Result<bool>> Repacker::publish()
{
    const auto affected = co_await revisions();
    if (!affected)
        co_return affected.error();
    Renewal renewal;
    renewal.moved = m_moved;
    renewal.avoid = m_avoid;
    renewal.promise = m_request.promise;
    renewal.indexes = m_session.indexes();
    if (!m_isRenewed)
        renewal.renew = m_request.renew;
    bool isConfirmed = true;
    std::vector<Renewed> some;
    for (std::size_t i = 0; i < affected->size(); ++i) {
        auto renewed = co_await renewRevision(m_engine, (*affected)[i], renewal);
        if (!renewed)
            co_return renewed.error();
        m_result.left += renewed->left;
        if (!renewed->problem.isEmpty())
            warn(renewed->problem);
        if (renewed->publication)
            some.push_back(std::move(*renewed));
        if (some.empty() || (some.size() < kRevisionsAtOnce && i + 1 < affected->size()))
            continue;
        std::vector<Renewed> full = std::exchange(some, {});
        const auto published = co_await publishRenewed(m_engine, std::move(full));
        if (!published)
            co_return published.error();
        isConfirmed = isConfirmed && published->isConfirmed;
        m_doomedToo.unite(published->doomed); // these are packed anew, too
        m_result.models.unite(published->models);
    }
    co_return isConfirmed;
}

} // namespace

Task<Result<RepackResult>> repack(Engine &engine, RepackRequest request, ProgressSink progress)
{
    Repacker repacker(engine, std::move(request), std::move(progress));
    auto running = repacker.run();
    co_return co_await running;
}

} // namespace mf
