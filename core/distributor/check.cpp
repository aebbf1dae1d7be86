// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/check.h"

#include "core/base/all_of.h"
#include "core/distributor/holding.h"
#include "core/distributor/ready_accounts.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace mf {
namespace {

constexpr std::size_t kPacksAtOnce = 3;

std::vector<FragmentPlace> placesToRead(const PackRecord &pack)
{
    std::vector<FragmentPlace> places;
    for (const FragmentPlace &place : pack.fragments) {
        if (place.state == FragmentState::There || place.state == FragmentState::Damaged)
            places.push_back(place);
    }
    return places;
}

// Data rows that none of the places has.
int missingRows(const PackShape &shape, const std::vector<FragmentPlace> &places)
{
    std::set<int> there;
    for (const FragmentPlace &place : places) {
        if (place.index < shape.k || shape.k == 1)
            there.insert(shape.k == 1 ? 0 : place.index);
    }
    return shape.k - static_cast<int>(there.size());
}

} // namespace

Task<Result<ModelHealth>> modelHealth(Engine &engine, RevisionRecord revision)
{
    if (isHeld(revision)) {
        ModelHealth held;
        held.name = revision.name;
        held.state = modelStateOf(revision.state, revision.protection, 0);
        held.onThisComputer = true;
        co_return held;
    }
    auto lost = co_await lostAccounts(engine);
    if (!lost)
        co_return lost.error();
    const auto health = co_await engine.registry.health(revision.row, std::move(*lost));
    if (!health)
        co_return health.error();
    Protection protection = revision.protection;
    if (protection.k == 0)
        protection.k = health->k;
    ModelHealth model;
    model.name = revision.name;
    model.state = modelStateOf(revision.state, protection, health->spare, health->proven, engine.clock.now());
    model.spare = health->spare.value_or(protection.m);
    model.missing = health->missing;
    model.damaged = health->damaged;
    co_return model;
}

Task<Result<std::vector<RevisionRecord>>> revisionsToCheck(Engine &engine, QString model)
{
    if (model.isEmpty()) {
        auto all = co_await engine.registry.models(model);
        co_return all;
    }
    const auto one = co_await engine.registry.revision(model, 0);
    if (!one)
        co_return one.error();
    co_return std::vector<RevisionRecord>(1, *one);
}

Check::Check(Engine &engine, CheckRequest request, ProgressSink progress)
    : m_engine(engine)
    , m_request(std::move(request))
    , m_progress(std::move(progress))
{
    m_now.shares = m_shares;
}

void Check::report(Progress::Phase phase)
{
    m_now.phase = phase;
    m_now.network = m_shares->bytes();
    if (phase == Progress::Phase::Done)
        m_now.bytes = m_now.total;
    if (m_progress)
        m_progress(m_now);
}

void Check::find(const QString &what)
{
    if (m_result.findings.size() < kMostFindings)
        m_result.findings.append(what);
}

Task<Result<CheckResult>> Check::run()
{
    report(Progress::Phase::Preparing);
    const auto revisions = co_await revisionsToCheck(m_engine, m_request.model);
    if (!revisions)
        co_return revisions.error();
    if (!m_request.model.isEmpty())
        m_revision = revisions->front().row;
    const auto held = co_await checkHeldModels(*revisions);
    if (!held)
        co_return held.error();
    if (m_result.models.size() == revisions->size()) { // no account is concerned
        report(Progress::Phase::Done);
        co_return m_result;
    }
    const auto ready = co_await readyAccounts(m_engine, m_result.warnings);
    if (!ready)
        co_return ready.error();
    const bool reads = m_request.deep || m_request.sample > 0;
    const LookProgress looked = [this, reads](qint64 bytes, qint64 total) {
        if (!reads) {
            m_now.bytes = bytes;
            m_now.total = total;
        }
        report(Progress::Phase::Verifying);
    };
    const auto look = co_await lookAtAccounts(m_engine, m_revision, looked);
    if (!look)
        co_return look.error();
    m_result.fragments += look->fragments;
    m_result.warnings += look->warnings;
    for (const QString &finding : look->findings)
        find(finding);
    if (reads) {
        const auto read = co_await readPacks();
        if (!read)
            co_return read.error();
    }
    for (const RevisionRecord &revision : *revisions) {
        if (isHeld(revision))
            continue;
        const auto health = co_await modelHealth(m_engine, revision);
        if (!health)
            co_return health.error();
        m_result.models.push_back(*health);
    }
    std::ranges::sort(m_result.models, {}, &ModelHealth::name);
    report(Progress::Phase::Done);
    co_return m_result;
}

// Those in the holding folder, with what is there of them.
Task<Result<>> Check::checkHeldModels(std::vector<RevisionRecord> revisions)
{
    for (const RevisionRecord &revision : revisions) {
        if (!isHeld(revision))
            continue;
        auto health = co_await modelHealth(m_engine, revision);
        if (!health)
            co_return health.error();
        const auto check = co_await checkHeld(m_engine, revision, m_request.deep);
        if (!check)
            co_return check.error();
        m_result.fragments += check->fragments;
        for (const QString &finding : check->findings)
            find(finding);
        health->missing = check->missing;
        health->damaged = check->damaged;
        if (check->missing > 0 || check->damaged > 0)
            health->state = ModelState::Unreadable;
        m_result.models.push_back(std::move(*health));
    }
    co_return Result<>();
}

Task<Result<>> Check::readPacks()
{
    auto packs = co_await m_engine.registry.packsByProof(m_revision);
    if (!packs)
        co_return packs.error();
    if (!m_request.deep) {
        const double share = static_cast<double>(packs->size()) * std::min(m_request.sample, 100.0) / 100;
        packs->resize(static_cast<std::size_t>(std::ceil(share)));
    }
    m_now.bytes = 0;
    m_now.total = 0;
    for (const PackRow row : *packs) {
        const auto pack = co_await m_engine.registry.pack(row);
        if (!pack)
            co_return pack.error();
        const qint64 size = fragmentSize(pack->shape.dataLength);
        m_now.total += static_cast<qint64>(pack->fragments.size()) * size;
        for (const FragmentPlace &place : placesToRead(*pack)) {
            const Account *account = m_engine.accounts.find(place.account);
            if (account && account->isVerified())
                m_shares->plan(place.account, size);
        }
    }
    const auto read = [this, &packs](std::size_t i) { return readPack((*packs)[i]); };
    co_return co_await eachOf(packs->size(), kPacksAtOnce, read);
}

Task<Result<>> Check::readPack(PackRow row)
{
    const auto pack = co_await m_engine.registry.pack(row);
    if (!pack)
        co_return pack.error();
    const qint64 size = fragmentSize(pack->shape.dataLength);
    std::vector<FragmentPlace> places = placesToRead(*pack);
    co_await m_shares->admit(size * std::ssize(places));
    const int given = static_cast<int>(places.size());
    const qint64 bytes = restoreBytes(pack->shape, given, missingRows(pack->shape, places));
    const auto lease = co_await m_engine.buffers.acquire(bytes);
    Q_UNUSED(lease)
    auto reads = co_await readFragments(m_engine, *m_shares, pack->id, std::move(places));
    bool all = true;
    for (const FragmentRead &read : reads)
        all = all && read.answer != FragmentAnswer::Away;
    auto judge = [ring = m_engine.ring, record = *pack, reads = std::move(reads)] {
        PackVerdict verdict = judgePack(ring, record, reads);
        verdict.restored.rows = DataRows();
        return verdict;
    };
    auto verdict = co_await onPool(m_engine.cpu, judge);
    for (const auto &wrong : verdict.wrong) {
        const Account *account = m_engine.accounts.find(wrong.place.account);
        const bool isMissing = wrong.what.startsWith(QStringLiteral("it is not there"));
        QString kind = isMissing ? QStringLiteral("missing") : QStringLiteral("damaged");
        if (wrong.isNewer)
            kind = QStringLiteral("newer");
        find(QStringLiteral("%1: fragment %2 of pack %3 on %4: %5")
                .arg(kind)
                .arg(wrong.place.index)
                .arg(pack->id.toHex().left(8), account ? account->name() : QString(), wrong.what));
    }
    const QDateTime now = m_engine.clock.now();
    const bool whole = verdict.restored.isWhole;
    const auto noted = co_await m_engine.registry.noteFragments(std::move(verdict.findings), now);
    if (!noted)
        co_return noted.error();
    if (whole && all) {
        const auto verified = co_await m_engine.registry.notePackVerified(row, now);
        if (!verified)
            co_return verified.error();
    }
    m_result.packsRead += whole ? 1 : 0;
    m_now.bytes += static_cast<qint64>(pack->fragments.size()) * size;
    report(Progress::Phase::Verifying);
    co_return Result<>();
}

} // namespace mf
