// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/resume.h"

#include "core/base/log.h"
#include "core/base/path_text.h"
#include "core/distributor/check.h"
#include "core/distributor/checkpoint_log.h"
#include "core/distributor/confirm.h"
#include "core/distributor/holding.h"
#include "core/distributor/library_log.h"
#include "core/distributor/pending_pack.h"
#include "core/distributor/source_file.h"
#include "core/distributor/take_in.h"
#include "core/crypto/sha256.h"

#include <nlohmann/json.hpp>

#include <map>

namespace mf {
namespace {

// As the codec was chosen then; nothing if it is chosen otherwise now.
std::optional<QByteArray> encodeAs(ChunkCodec &codec, const QByteArray &plain, Codec wanted)
{
    ElementKind element = ElementKind::Bytes;
    switch (wanted) {
    case Codec::Raw:
        return plain;
    case Codec::PlanesBF16:
        element = ElementKind::BF16;
        break;
    case Codec::PlanesFP16:
        element = ElementKind::FP16;
        break;
    case Codec::PlanesFP32:
        element = ElementKind::FP32;
        break;
    case Codec::PlanesFP8:
        element = ElementKind::FP8;
        break;
    case Codec::Zstd:
        break;
    }
    auto encoded = codec.encode(plain, element, true);
    if (!encoded || encoded->codec != wanted)
        return std::nullopt;
    return std::move(encoded->bytes);
}

// Encodes the records again from their sources and seals them under the committed salt. Nothing if the
// digest differs: then these blobs must never leave this function (invariant 7).
std::optional<SealedPack> sealAgain(const KeyRing &ring, const PendingPack &pack, const std::vector<QByteArray> &paths)
{
    if (pack.sources.size() != pack.records.size() || ring.newest().id != pack.epoch)
        return std::nullopt;
    std::map<int, std::shared_ptr<SourceFile>> files;
    std::vector<QByteArray> encoded;
    ChunkCodec codec;
    for (std::size_t i = 0; i < pack.records.size(); ++i) {
        const Record &record = pack.records[i];
        const RecordSource &source = pack.sources[i];
        if (source.file < 0 || static_cast<std::size_t>(source.file) >= paths.size())
            return std::nullopt;
        auto &file = files[source.file];
        if (!file) {
            auto opened = SourceFile::open(paths[static_cast<std::size_t>(source.file)]);
            if (!opened)
                return std::nullopt;
            file = std::move(*opened);
        }
        if (source.offset < 0 || source.offset + record.plainLength > file->size())
            return std::nullopt;
        const auto plain = file->read(source.offset, record.plainLength);
        if (!plain || sha256(viewOf(*plain)).bytes != record.hash.bytes)
            return std::nullopt;
        auto again = encodeAs(codec, *plain, record.codec);
        if (!again || again->size() != static_cast<qsizetype>(record.encodedLength))
            return std::nullopt;
        encoded.push_back(std::move(*again));
    }
    SealedPack sealed = sealPack(ring, pack.id, pack.salt, pack.shape, pack.records, std::move(encoded));
    return sealed.digest == pack.digest ? std::optional<SealedPack>(std::move(sealed)) : std::nullopt;
}

Task<Result<>> putMissing(Engine &engine, PendingRecord pending, PendingSurvey found, std::vector<QByteArray> blobs)
{
    std::vector<int> missing;
    for (const FragmentPlace &place : pending.fragments) {
        const auto i = static_cast<std::size_t>(place.index);
        Account *account = engine.accounts.find(place.account);
        if (!found.there[i]) {
            if (!account || !account->isVerified()) {
                missing.push_back(place.index);
                continue;
            }
            const BlobName name = fragmentName(engine.ring, pending.pack.id, place.index);
            const auto put = co_await account->provider().put(name, blobs[i]);
            if (!put) {
                logWarning("resume", account->name() + QStringLiteral(": ") + put.error().message);
                missing.push_back(place.index);
                continue;
            }
        }
        if (!place.acknowledged) {
            const auto noted = co_await engine.registry.acknowledge(pending.row, place.index);
            if (!noted)
                co_return noted.error();
        }
    }
    if (pending.pack.shape.fragments - static_cast<int>(missing.size()) < pending.pack.shape.k)
        co_return Result<>(); // stays pending: its accounts are away
    co_return co_await engine.registry.completePack(pending.row, std::move(missing));
}

Task<Result<>> dropPack(Engine &engine, PendingRecord pending, PendingSurvey found)
{
    for (const FragmentPlace &place : pending.fragments) {
        Account *account = engine.accounts.find(place.account);
        if (!found.there[static_cast<std::size_t>(place.index)] || !account || !account->isVerified())
            continue;
        const BlobName name = fragmentName(engine.ring, pending.pack.id, place.index);
        const auto removed = co_await account->provider().remove(name);
        if (!removed)
            co_return Result<>(); // stays pending: tried again next time
    }
    co_return co_await engine.registry.dropPending(pending.row);
}

Task<Result<>> settlePack(Engine &engine, PendingRecord pending, std::vector<QByteArray> paths)
{
    auto found = co_await surveyPending(engine, pending);
    if (!found)
        co_return found.error();
    if (found->count == pending.pack.shape.fragments) {
        std::vector<QByteArray> none;
        co_return co_await putMissing(engine, pending, *found, std::move(none));
    }
    const qint64 bytes = pending.pack.shape.fragments * fragmentSize(pending.pack.shape.dataLength);
    const auto lease = co_await engine.buffers.acquire(bytes);
    Q_UNUSED(lease)
    auto again = [ring = engine.ring, pack = pending.pack, paths] { return sealAgain(ring, pack, paths); };
    auto sealed = co_await onPool(engine.cpu, again);
    if (sealed)
        co_return co_await putMissing(engine, pending, *found, std::move(sealed->blobs));
    if (found->count >= pending.pack.shape.k) {
        auto have = co_await readPending(engine, pending, found->there);
        auto decode = [ring = engine.ring, pack = pending.pack, have = std::move(have)] {
            return blobsOfPending(ring, pack, have);
        };
        auto blobs = co_await onPool(engine.cpu, decode);
        if (blobs)
            co_return co_await putMissing(engine, pending, *found, std::move(*blobs));
    }
    for (const FragmentPlace &place : pending.fragments) {
        const Account *account = engine.accounts.find(place.account);
        if (account && account->record().retired)
            continue; // given up
        if (!account || !account->isVerified() || !found->known[static_cast<std::size_t>(place.index)])
            co_return Result<>(); // it may hold what is missing: decide when it answers
    }
    logInfo(
        "resume", QStringLiteral("a pack of an interrupted store cannot be completed; its chunks are stored afresh"));
    co_return co_await dropPack(engine, pending, *found);
}

// The files of each interrupted store, in the order in which it numbered them.
Task<Result<std::vector<std::pair<SessionId, std::vector<QByteArray>>>>> sourcesOf(Engine &engine)
{
    std::vector<std::pair<SessionId, std::vector<QByteArray>>> sources;
    const auto transfers = co_await engine.registry.transfers();
    if (!transfers)
        co_return transfers.error();
    for (const TransferRecord &transfer : *transfers) {
        const auto json = nlohmann::json::parse(transfer.request.toStdString(), nullptr, false);
        if (transfer.kind != QStringLiteral("store") || !json.is_object() || !json.contains("paths"))
            continue;
        std::vector<QByteArray> paths;
        for (const auto &path : json["paths"]) {
            if (path.is_string())
                paths.push_back(pathOfText(QString::fromStdString(path.get<std::string>())));
        }
        auto scan = [paths] { return scanSources(paths); };
        const auto entries = co_await onPool(engine.io, scan);
        if (!entries)
            continue; // the files are gone; the fragments may still do
        std::vector<QByteArray> files;
        for (const SourceEntry &entry : *entries)
            files.push_back(entry.path);
        sources.emplace_back(transfer.session, std::move(files));
    }
    co_return sources;
}

} // namespace

Task<Result<>> settleUnfinished(Engine &engine, SessionId mine)
{
    const auto turn = co_await engine.settling.acquire(1);
    Q_UNUSED(turn)
    if (engine.holding) { // before what it is of is dropped
        const auto swept = co_await sweepHolding(engine);
        if (!swept)
            logWarning("resume", swept.error().message);
    }
    const auto isRunning
        = [&engine, mine](const SessionId &session) { return session != mine && engine.running.contains(session); };
    const auto pending = co_await engine.registry.pendingPacks();
    if (!pending)
        co_return pending.error();
    if (!pending->empty()) {
        const auto sources = co_await sourcesOf(engine);
        if (!sources)
            co_return sources.error();
        for (const PendingRecord &record : *pending) {
            if (record.pack.held || isRunning(record.pack.session)) // held ones move out (move_out.h)
                continue;
            std::vector<QByteArray> paths;
            for (const auto &[session, files] : *sources) {
                if (session == record.pack.session)
                    paths = files;
            }
            const auto settled = co_await settlePack(engine, record, std::move(paths));
            if (!settled)
                co_return settled.error();
        }
    }

    const auto begun = co_await engine.registry.revisionsIn(RevisionState::Storing);
    if (!begun)
        co_return begun.error();
    for (const RevisionRecord &revision : *begun) {
        if (isRunning(revision.session))
            continue;
        const auto dropped = co_await engine.registry.dropRevision(revision.row);
        if (!dropped)
            co_return dropped.error();
    }
    const auto unconfirmed = co_await engine.registry.revisionsIn(RevisionState::Unconfirmed);
    if (!unconfirmed)
        co_return unconfirmed.error();
    for (RevisionRecord revision : *unconfirmed) {
        if (isRunning(revision.session))
            continue;
        const auto logged = co_await engine.registry.isLogged(revision.id);
        if (!logged)
            co_return logged.error();
        const auto isGoing = co_await isBeingWithdrawn(engine, revision.id);
        if (!isGoing)
            co_return isGoing.error();
        bool isWhole = *logged && !*isGoing; // else a crash came before others heard of it, or as it was taken back
        if (isWhole) {
            const auto confirmed = co_await confirmRevision(engine, revision.row, revision.protection.m);
            if (!confirmed) {
                logWarning("resume", confirmed.error().message);
                continue;
            }
            isWhole = *confirmed;
        }
        if (!isWhole) {
            const auto withdrawn = co_await withdrawRevision(engine, revision);
            if (!withdrawn)
                co_return withdrawn.error();
            continue;
        }
        revision.state = RevisionState::Live;
        const auto updated = co_await engine.registry.updateRevision(revision);
        if (!updated)
            co_return updated.error();
    }
    co_return Result<>();
}

Task<Result<QStringList>> healStale(Engine &engine, LibraryLog &log)
{
    const auto healed = co_await log.heal();
    if (!healed)
        co_return healed.error();
    if (log.hasLost()) { // else no account would ever be complete again
        const auto told = co_await tellLostAgain(engine);
        if (!told)
            co_return told.error();
    }
    const auto told = co_await log.tellAccounts();
    if (!told)
        co_return told.error();
    const auto looked = co_await lookAtStaleAccounts(engine);
    if (!looked)
        co_return looked.error();
    for (const QString &finding : looked->findings)
        logWarning("log", finding);
    QStringList wrong = looked->warnings;
    if (!looked->findings.isEmpty())
        wrong.append(QStringLiteral("an account lacked a part of the log and %1 fragments that it once had, as if it "
                                    "had been set back to an older state: %2; `repair` makes up for them")
                .arg(looked->findings.size())
                .arg(looked->findings.front()));
    co_return wrong;
}

Task<Result<>> catchUp(Engine &engine, SessionId mine)
{
    LibraryLog log(engine);
    const auto read = co_await log.sync(engine.accounts.verified());
    if (!read)
        co_return read.error();
    const auto taken = co_await takeIn(engine); // before anything is written: it may be a newer library
    if (!taken)
        co_return taken.error();
    const auto healed = co_await healStale(engine, log);
    if (!healed)
        co_return healed.error();
    co_return co_await settleUnfinished(engine, mine);
}

} // namespace mf
