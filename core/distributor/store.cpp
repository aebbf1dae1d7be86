// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/store.h"

#include "core/base/crash_point.h"
#include "core/base/log.h"
#include "core/base/path_text.h"
#include "core/distributor/confirm.h"
#include "core/distributor/objects/index_object.h"
#include "core/distributor/publish.h"
#include "core/distributor/resume.h"
#include "core/distributor/source_format.h"
#include "core/distributor/store_pipeline.h"
#include "core/distributor/take_in.h"

#include <nlohmann/json.hpp>

namespace mf {
namespace {

constexpr std::chrono::minutes kIndexEvery { 10 };
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
}

void Store::report(Progress::Phase phase)
{
    m_now.phase = phase;
    m_now.total = std::max(m_now.total, m_result.bytes);
    // The last byte counts when the model is confirmed, so 100 % is never shown too early.
    const qint64 most = phase == Progress::Phase::Done ? m_now.total : std::max<qint64>(m_now.total - 1, 0);
    m_now.bytes = std::max(m_now.bytes, std::min(phase == Progress::Phase::Done ? m_now.total : m_safe, most));
    if (m_uploader)
        m_now.network = m_uploader->networkBytes();
    if (m_progress)
        m_progress(m_now);
}

Task<Result<StoreResult>> Store::run()
{
    report(Progress::Phase::Preparing);
    const auto prepared = co_await prepare();
    if (!prepared)
        co_return prepared.error();
    for (int i = 0; i < kMostAttempts; ++i) {
        const auto confirmed = co_await attempt();
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
    if (!ready)
        co_return ready.error();
    const auto synced = co_await m_log.sync(m_engine.accounts.verified());
    if (!synced)
        co_return synced.error();
    const auto healed = co_await m_log.heal();
    if (!healed)
        co_return healed.error();
    // What others stored and removed meanwhile, before any chunk counts as stored.
    const auto taken = co_await takeIn(m_engine);
    if (!taken)
        co_return taken.error();
    const auto settled = co_await settleUnfinished(m_engine);
    if (!settled)
        co_return settled.error();

    m_places = placementAccounts(m_engine.accounts, m_request.accounts);
    const Protection asked = m_request.protection.value_or(defaultProtection(m_places));
    const auto policy = resolveProtection(m_places, asked);
    if (!policy)
        co_return policy.error();
    m_policy = *policy;
    m_revision.protection = asked;

    TransferRecord transfer;
    transfer.kind = QStringLiteral("store");
    transfer.model = m_request.name;
    transfer.request = requestJson(m_request);
    transfer.started = m_engine.clock.now();
    transfer.total = m_result.bytes;
    transfer.session = m_session = randomId<SessionId>();
    const auto known = co_await m_engine.registry.transfers();
    if (!known)
        co_return known.error();
    for (const TransferRecord &earlier : *known) { // the same store, interrupted
        if (earlier.kind == transfer.kind && earlier.request == transfer.request) {
            m_transfer = earlier.row;
            m_session = earlier.session;
            co_return Result<>();
        }
    }
    const auto begun = co_await m_engine.registry.beginTransfer(std::move(transfer));
    if (!begun)
        co_return begun.error();
    m_transfer = *begun;
    co_return Result<>();
}

Task<Result<bool>> Store::attempt()
{
    m_sessionIsOpen = false;
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
        co_return true;
    }
    report(Progress::Phase::Confirming);
    const auto published = co_await publish();
    if (!published)
        co_return published.error();
    const auto confirmed = co_await confirmRevision(m_engine, m_revision.row);
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
    m_uploader = std::make_unique<PackUploader>(m_engine, m_places, m_session, sink);
    m_uploader->setBeforeFirst([this] { return openSession(); });
    m_writer = std::make_unique<ChunkWriter>(m_engine, *m_uploader, m_policy, m_request.accounts);
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
    ++m_packsSinceIndex;
    report(Progress::Phase::Storing);
}

// Intent is in the log before the first fragment is: others then know that packs without a manifest are being made.
Task<Result<>> Store::openSession()
{
    Cbor events = Cbor::array();
    events.push_back(events::sessionOpened(m_session));
    const auto logged = co_await m_log.append(std::move(events));
    if (!logged)
        co_return logged.error();
    m_sessionIsOpen = true;
    crashPoint(CrashPoint::StoreSessionOpened);
    co_return Result<>();
}

Task<Result<>> Store::writeIndex(bool all)
{
    const bool isDue = m_packsSinceIndex >= kPacksPerIndex
        || (m_packsSinceIndex > 0 && m_engine.clock.elapsed() - m_indexTime > kIndexEvery);
    while (all || isDue) {
        const auto written = co_await writeIndexObject(m_engine, m_policy.m + 1);
        if (!written)
            co_return written.error();
        if (!*written)
            break;
        m_indexes.push_back(**written);
        m_packsSinceIndex = 0;
        m_indexTime = m_engine.clock.elapsed();
        if (!all) {
            Cbor events = Cbor::array();
            std::vector<ObjectHash> one(1, **written);
            events.push_back(events::sessionAdvanced(m_session, one));
            const auto logged = co_await m_log.append(std::move(events));
            if (!logged)
                co_return logged.error();
            break;
        }
    }
    co_return Result<>();
}

Task<Result<bool>> Store::isUnchanged()
{
    if (m_revision.number == 1)
        co_return false;
    const auto current = co_await m_engine.registry.revision(m_request.name, 0);
    if (!current || !(current->protection == m_revision.protection))
        co_return false;
    auto before = co_await m_engine.registry.files(current->row);
    if (!before)
        co_return before.error();
    const auto &now = m_builder->files();
    if (before->size() != now.size())
        co_return false;
    std::sort(before->begin(), before->end(), [](const auto &a, const auto &b) { return a.path < b.path; });
    for (std::size_t i = 0; i < now.size(); ++i) {
        const FileRecord &a = (*before)[i];
        const FileRecord &b = now[i].file;
        if (a.path != b.path || a.size != b.size || a.sha256 != b.sha256 || a.executable != b.executable)
            co_return false;
    }
    // The bytes are the same; if some had to be stored again, the old packs do not count any more.
    co_return m_result.uploadedBytes == 0;
}

Task<Result<>> Store::publish()
{
    crashPoint(CrashPoint::StoreLeavesPut);
    const auto indexed = co_await writeIndex(true);
    if (!indexed)
        co_return indexed.error();

    const std::set<PackRow> packs = m_builder->packs();
    std::vector<PackRow> rows(packs.begin(), packs.end());
    const auto relied = co_await m_engine.registry.notePacksRelied(m_revision.row, rows);
    if (!relied)
        co_return relied.error();
    auto covering = co_await accountsOfPacks(m_engine, rows);
    if (!covering)
        co_return covering.error();

    Publication publication;
    m_revision.facts = mergeFacts(m_facts);
    m_revision.storedBytes = m_result.storedBytes;
    m_revision.uploadedBytes = m_result.uploadedBytes;
    publication.manifest.revision = m_revision;
    publication.manifest.files = m_builder->files();
    for (const PackRow row : rows) {
        const auto pack = co_await m_engine.registry.pack(row);
        if (!pack)
            co_return pack.error();
        publication.manifest.packs.push_back(pack->id);
    }
    publication.indexes = m_indexes;
    publication.domains = m_policy.m + 1;
    publication.covering = std::move(*covering);
    if (m_sessionIsOpen)
        publication.further.push_back(events::sessionEnded(m_session));
    const auto manifest = co_await putManifest(m_engine, publication);
    if (!manifest)
        co_return manifest.error();
    m_revision.manifest = *manifest;
    crashPoint(CrashPoint::StoreManifestPut);

    // Unconfirmed before it is logged: after a crash the next start finds it and confirms.
    m_revision.state = RevisionState::Unconfirmed;
    const auto noted = co_await m_engine.registry.updateRevision(m_revision);
    if (!noted)
        co_return noted.error();
    const auto logged = co_await logRevision(m_engine, std::move(publication), *manifest);
    if (!logged)
        co_return logged.error();
    crashPoint(CrashPoint::StoreRevisionLogged);
    co_return Result<>();
}

} // namespace mf
