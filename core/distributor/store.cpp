// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/store.h"

#include "core/base/crash_point.h"
#include "core/base/log.h"
#include "core/base/path_text.h"
#include "core/distributor/confirm.h"
#include "core/distributor/holding.h"
#include "core/distributor/move_out.h"
#include "core/distributor/resume.h"
#include "core/distributor/source_format.h"
#include "core/distributor/store_pipeline.h"

#include <nlohmann/json.hpp>

namespace mf {
namespace {

constexpr int kMostAttempts = 3; // a deletion elsewhere can cross a store, hardly three times

QByteArray requestJson(const StoreRequest &request)
{
    nlohmann::json json = nlohmann::json::object();
    nlohmann::json paths = nlohmann::json::array();
    for (const QByteArray &path : request.paths)
        paths.push_back(textOfPath(path).toStdString());
    json["paths"] = std::move(paths);
    json["name"] = request.name.toStdString();
    return QByteArray::fromStdString(json.dump());
}

} // namespace

Store::Store(Engine &engine, StoreRequest request, ProgressSink progress)
    : m_engine(engine)
    , m_request(std::move(request))
    , m_progress(std::move(progress))
    , m_log(engine)
{
    m_now.shares = m_shares;
}

void Store::report(Progress::Phase phase)
{
    m_now.phase = phase;
    m_now.total = std::max(m_now.total, m_result.bytes);
    // The last byte counts when the model is confirmed, so 100 % is never shown too early.
    const qint64 most = phase == Progress::Phase::Done ? m_now.total : std::max<qint64>(m_now.total - 1, 0);
    m_now.bytes = std::max(m_now.bytes, std::min(phase == Progress::Phase::Done ? m_now.total : m_safe, most));
    m_now.network = m_shares->bytes();
    if (m_progress)
        m_progress(m_now);
}

Task<Result<StoreResult>> Store::run()
{
    auto result = co_await runMarked();
    m_mark.reset();
    co_return result;
}

Task<Result<StoreResult>> Store::runMarked()
{
    report(Progress::Phase::Preparing);
    const auto prepared = co_await prepare();
    if (!prepared)
        co_return prepared.error();
    for (int i = 0; i < kMostAttempts; ++i) {
        const auto confirmed = co_await attempt();
        if (!confirmed && m_holds) {
            const auto tidied = co_await giveUpHeld();
            if (!tidied)
                logWarning("store", tidied.error().message);
        }
        if (!confirmed)
            co_return confirmed.error();
        if (*confirmed) {
            const auto ended = co_await m_engine.registry.endTransfer(m_transfer);
            if (!ended)
                co_return ended.error();
            report(Progress::Phase::Done);
            co_return m_result;
        }
        logInfo("store", QStringLiteral("a pack was deleted meanwhile; storing its chunks afresh"));
        const auto changed = co_await changeSession();
        if (!changed)
            co_return changed.error();
    }
    co_return Error(Error::Kind::Internal, QStringLiteral("MF-STORE-CONFIRM"),
        QStringLiteral("another computer keeps deleting what this one stores; try again later"));
}

Task<Result<>> Store::prepare()
{
    auto scan = [paths = m_request.paths] { return scanSources(paths); };
    auto entries = co_await onPool(m_engine.io, scan);
    if (!entries)
        co_return entries.error();
    m_entries = std::move(*entries);
    for (const SourceEntry &entry : m_entries)
        m_result.bytes += entry.size;
    if (m_request.name.isEmpty())
        m_request.name = defaultModelName(m_entries, m_request.paths);
    m_result.model = m_request.name;

    const auto ready = co_await readyAccounts(m_engine, m_result.warnings);
    m_holds = !ready && mayHold(ready.error());
    if (!ready && !m_holds)
        co_return ready.error();
    const auto chosen = co_await chooseSession();
    if (!chosen)
        co_return chosen.error();
    if (!m_holds) {
        const auto read = co_await readLibrary();
        if (!read)
            co_return read.error();
    }

    m_places = m_holds ? plannedAccounts(m_engine.accounts, m_request.accounts)
                       : placementAccounts(m_engine.accounts, m_request.accounts);
    const Protection asked = m_request.protection.value_or(defaultProtection(m_places));
    const auto policy = resolveProtection(m_places, asked);
    if (!policy)
        co_return policy.error();
    m_policy = *policy;
    m_revision.protection = asked;
    if (m_transfer != 0)
        co_return Result<>();
    TransferRecord transfer;
    transfer.kind = QStringLiteral("store");
    transfer.model = m_request.name;
    transfer.request = requestJson(m_request);
    transfer.started = m_engine.clock.now();
    transfer.total = m_result.bytes;
    transfer.session = m_session;
    const auto begun = co_await m_engine.registry.beginTransfer(std::move(transfer));
    if (!begun)
        co_return begun.error();
    m_transfer = *begun;
    co_return Result<>();
}

// The session of the same store, if it was interrupted; marked before anything of it is settled or begun.
Task<Result<>> Store::chooseSession()
{
    const auto turn = co_await m_engine.settling.acquire(1);
    Q_UNUSED(turn)
    const auto known = co_await m_engine.registry.transfers();
    if (!known)
        co_return known.error();
    m_session = randomId<SessionId>();
    const QByteArray request = requestJson(m_request);
    for (const TransferRecord &earlier : *known) {
        const bool isSame = earlier.kind == QStringLiteral("store") && earlier.request == request;
        if (isSame && m_transfer == 0 && !m_engine.running.contains(earlier.session)) {
            m_transfer = earlier.row;
            m_session = earlier.session;
        }
    }
    if (m_engine.holding) { // also what that session itself left there
        const auto swept = co_await sweepHolding(m_engine);
        if (!swept)
            logWarning("store", swept.error().message);
    }
    m_mark = std::make_unique<RunningMark>(m_engine, m_session);
    co_return Result<>();
}

// The log says that the session has ended: what is stored in it now would be nobody's. The packs that it made so far
// are those of the new one.
Task<Result<>> Store::changeSession()
{
    const SessionId fresh = randomId<SessionId>();
    const auto changed = co_await m_engine.registry.changeSession(m_transfer, fresh);
    if (!changed)
        co_return changed.error();
    m_session = fresh;
    m_mark = std::make_unique<RunningMark>(m_engine, m_session);
    m_sessionIsOpen = false;
    if (m_indexes.empty())
        co_return Result<>();
    Cbor events = Cbor::array();
    events.push_back(events::sessionOpened(m_session));
    events.push_back(events::sessionAdvanced(m_session, m_indexes));
    const auto logged = co_await m_log.append(std::move(events));
    if (!logged)
        co_return logged.error();
    m_sessionIsOpen = true;
    co_return Result<>();
}

// What others stored and removed meanwhile, and what earlier runs left, before any chunk counts as stored.
Task<Result<>> Store::readLibrary()
{
    const auto caughtUp = co_await catchUp(m_engine, m_session);
    if (!caughtUp)
        co_return caughtUp.error();
    const auto movedOut = co_await moveOutHeld(m_engine);
    if (!movedOut)
        co_return movedOut.error();
    m_result.warnings += movedOut->warnings;
    // Interrupted after it was published, and confirmed or withdrawn just now.
    const auto ended = co_await m_engine.registry.hasEnded(m_session);
    if (!ended)
        co_return ended.error();
    if (*ended)
        co_return co_await changeSession();
    co_return Result<>();
}

Task<Result<bool>> Store::attempt()
{
    m_indexes.clear();
    m_facts.clear();
    m_safe = 0;
    m_packsSinceIndex = 0;
    m_indexTime = m_engine.clock.elapsed();

    m_revision.id = randomId<RevisionId>();
    m_revision.name = m_request.name;
    m_revision.state = RevisionState::Storing;
    m_revision.created = m_engine.clock.now();
    m_revision.session = m_session;
    m_revision.bytes = m_result.bytes;
    m_revision.files = static_cast<int>(m_entries.size());
    m_revision.metadata.clear();
    const auto current = co_await m_engine.registry.revision(m_request.name, 0);
    if (current && current->name == m_request.name) {
        m_revision.model = current->model;
        m_revision.tags = current->tags;
        m_revision.number = current->number + 1;
    } else {
        m_revision.model = randomId<ModelId>();
        m_revision.number = 1;
    }
    const auto row = co_await m_engine.registry.beginRevision(m_revision);
    if (!row)
        co_return row.error();
    m_revision.row = *row;
    const auto numbered = co_await m_engine.registry.revisionAt(*row);
    if (!numbered)
        co_return numbered.error();
    m_revision.number = numbered->number; // what the manifest will say
    m_revision.model = numbered->model; // one of that name in the trash goes on with it

    const auto moved = co_await moveBytes();
    if (!moved)
        co_return moved.error();
    m_result.storedBytes = m_writer->storedBytes();
    const auto unchanged = co_await isUnchanged();
    if (!unchanged)
        co_return unchanged.error();
    if (*unchanged) {
        m_result.unchanged = true;
        m_result.revision = m_revision.number - 1;
        const auto dropped = co_await m_engine.registry.dropRevision(m_revision.row);
        if (!dropped)
            co_return dropped.error();
        if (m_holds) {
            const auto tidied = co_await giveUpHeld();
            if (!tidied)
                co_return tidied.error();
        }
        co_return true;
    }
    report(Progress::Phase::Confirming);
    if (m_holds) {
        const auto kept = co_await keepHeld();
        if (!kept)
            co_return kept.error();
        m_result.onThisComputer = true;
        m_result.revision = m_revision.number;
        co_return true;
    }
    const auto published = co_await publish();
    if (!published)
        co_return published.error();
    const auto confirmed = co_await confirmRevision(m_engine, m_revision.row, m_revision.protection.m);
    if (!confirmed)
        co_return confirmed.error();
    if (!*confirmed) {
        const auto dropped = co_await withdrawRevision(m_engine, m_revision);
        if (!dropped)
            co_return dropped.error();
        co_return false;
    }
    crashPoint(CrashPoint::StoreConfirmed);
    m_revision.state = RevisionState::Live;
    const auto live = co_await m_engine.registry.updateRevision(m_revision);
    if (!live)
        co_return live.error();
    crashPoint(CrashPoint::StoreCommitted);
    m_result.revision = m_revision.number;
    co_return true;
}

Task<Result<>> Store::moveBytes()
{
    const auto sink = [this](const PackUploader::Finished &finished) { packFinished(finished); };
    m_uploader = std::make_unique<PackUploader>(m_engine, m_places, m_session, m_shares, sink);
    m_writer = std::make_unique<ChunkWriter>(m_engine, *m_uploader, m_policy, m_request.accounts);
    if (m_holds) {
        m_uploader->holdIn(*m_engine.holding);
        m_writer->takeNoHits(); // what lies on accounts may be deleted before this is in the log
    } else {
        m_uploader->setBeforeFirst([this] { return openSession(); });
    }
    m_builder = std::make_unique<RevisionBuilder>(m_engine, m_revision.row);

    StorePipeline pipeline(m_engine, m_entries, *m_writer, *m_builder, m_request.verifyEncode);
    qint64 counted = 0;
    const StorePipeline::AfterBatch afterBatch = [this, &pipeline, &counted] {
        m_safe += pipeline.totals().safe - counted;
        counted = pipeline.totals().safe;
        report(Progress::Phase::Storing);
        return writeIndex(false);
    };
    const StorePipeline::FileEnded fileEnded = [this](const SourceFacts &facts) {
        m_facts.emplace_back(facts.facts, facts.record.size);
        for (auto it = facts.metadata.begin(); it != facts.metadata.end(); ++it) {
            if (!m_revision.metadata.contains(it.key())) // the parts of a split model say much the same
                m_revision.metadata.insert(it.key(), it.value());
        }
    };
    auto running = pipeline.run(afterBatch, fileEnded);
    const auto ran = co_await running;
    m_result.newBytes = pipeline.totals().newBytes;
    if (!ran)
        co_return ran.error();
    const auto finished = co_await m_writer->finish();
    if (!finished)
        co_return finished.error();
    const auto drained = co_await m_uploader->drain();
    if (!drained)
        co_return drained.error();
    const auto flushed = co_await m_builder->flush();
    if (!flushed)
        co_return flushed.error();
    for (const QString &domain : m_uploader->sharedDomains())
        m_result.warnings.append(
            QStringLiteral("more than one fragment had to go to %1, because no other place had room").arg(domain));
    co_return Result<>();
}

void Store::packFinished(const PackUploader::Finished &finished)
{
    m_writer->packFinished(*finished.pack);
    m_safe += finished.pack->slot->waiting;
    m_result.uploadedBytes += finished.uploaded;
    m_result.reducedPacks += finished.missing > 0 ? 1 : 0;
    m_packsSinceIndex += m_holds ? 0 : 1; // index objects are for the accounts
    report(Progress::Phase::Storing);
}

} // namespace mf
