// SPDX-License-Identifier: GPL-3.0-or-later
// Each method: one hop to the worker, one transaction there, by the functions of its subject.
#include "core/registry/registry.h"

#include "core/registry/accounts.h"
#include "core/registry/files.h"
#include "core/registry/identity.h"
#include "core/registry/packs.h"
#include "core/registry/registry_hop.h"
#include "core/registry/revisions.h"
#include "core/registry/spread.h"
#include "core/registry/store.h"
#include "core/registry/transfers.h"
#include "core/registry/trash.h"

namespace mf {

Registry::Registry(QString path, std::unique_ptr<Store> store, bool hasWorker)
    : m_path(std::move(path))
    , m_store(std::move(store))
    , m_worker(std::make_unique<Pool>(hasWorker ? 1 : 0))
{
}

Registry::~Registry()
{
    // The connection belongs to the worker's thread, also at its end.
    auto close = [store = m_store.get()] { store->close(); };
    submitTo(*m_worker, close);
    m_worker.reset();
}

Task<Result<std::unique_ptr<Registry>>> Registry::open(QString path) { return open(std::move(path), Seams()); }

Task<Result<std::unique_ptr<Registry>>> Registry::open(QString path, Seams seams)
{
    std::unique_ptr<Registry> registry(new Registry(path, std::make_unique<Store>(path, seams), seams.hasWorker));
    auto work = [store = registry->m_store.get()] { return store->open(); };
    const auto opened = co_await onPool(*registry->m_worker, work);
    if (!opened)
        co_return opened.error();
    co_return registry;
}

// ---- the library and this computer

Task<Result<std::optional<Registry::Identity>>> Registry::identity()
{
    return read([](Store &s) { return readIdentity(s.db()); });
}

Task<Result<>> Registry::setIdentity(Identity identity)
{
    return write([identity](Store &s) { return writeIdentity(s.db(), identity); });
}

Task<Result<QMap<QString, QString>>> Registry::settings()
{
    return read([](Store &s) { return readSettings(s.db()); });
}

Task<Result<>> Registry::setSetting(QString key, QString value)
{
    return write(
        [key = std::move(key), value = std::move(value)](Store &s) { return writeSetting(s.db(), key, value); });
}

// ---- accounts

Task<Result<std::vector<AccountRecord>>> Registry::accounts()
{
    return read([](Store &s) { return readAccounts(s.db()); });
}

Task<Result<>> Registry::putAccount(AccountRecord account)
{
    return write([account = std::move(account)](Store &s) { return mf::putAccount(s.db(), account); });
}

Task<Result<>> Registry::noteAccountSeen(
    AccountId account, std::optional<qint64> total, std::optional<qint64> used, QDateTime when)
{
    return write(
        [account, total, used, when](Store &s) { return mf::noteAccountSeen(s.db(), account, total, used, when); });
}

Task<Result<>> Registry::noteAccountAway(AccountId account, QDateTime when)
{
    return write([account, when](Store &s) { return mf::noteAccountAway(s.db(), account, when); });
}

Task<Result<std::vector<Registry::AccountUse>>> Registry::accountUse()
{
    return read([](Store &s) { return mf::accountUse(s.db()); });
}

Task<Result<std::vector<AccountRecord>>> Registry::accountsToTell()
{
    return read([](Store &s) { return mf::accountsToTell(s.db()); });
}

// ---- packs

Task<Result<PackRow>> Registry::commitPending(PendingPack pack)
{
    return write([pack = std::move(pack)](Store &s) { return mf::commitPending(s.db(), pack); });
}

Task<Result<>> Registry::moveFragment(PackRow pack, int index, AccountId to)
{
    return write([pack, index, to](Store &s) { return mf::moveFragment(s.db(), pack, index, to); });
}

Task<Result<>> Registry::acknowledge(PackRow pack, int index)
{
    return write([pack, index](Store &s) { return mf::acknowledge(s.db(), pack, index); });
}

Task<Result<>> Registry::completePack(PackRow pack, std::vector<int> missing)
{
    return write(
        [pack, missing = std::move(missing)](Store &s) { return mf::completePack(s.db(), s.chunks(), pack, missing); });
}

Task<Result<>> Registry::dropPending(PackRow pack)
{
    return write([pack](Store &s) { return mf::dropPending(s.db(), s.chunks(), pack); });
}

Task<Result<std::vector<PendingRecord>>> Registry::pendingPacks()
{
    return read([](Store &s) { return mf::pendingPacks(s.db()); });
}

Task<Result<PackRecord>> Registry::pack(PackRow row)
{
    return read([row](Store &s) { return readPack(s.db(), row); });
}

Task<Result<std::vector<PackRow>>> Registry::packRowsOf(std::vector<PackId> ids)
{
    return read([ids = std::move(ids)](Store &s) { return mf::packRowsOf(s.db(), ids); });
}

Task<Result<std::vector<PackRecord>>> Registry::packsWithoutIndex(int limit)
{
    return read([limit](Store &s) { return mf::packsWithoutIndex(s.db(), limit); });
}

Task<Result<>> Registry::noteIndexed(std::vector<PackRow> packs, ObjectHash index)
{
    return write([packs = std::move(packs), index](Store &s) { return mf::noteIndexed(s.db(), packs, index); });
}

Task<Result<std::vector<std::optional<ChunkPlace>>>> Registry::findChunks(std::vector<ChunkHash> hashes, HitRules rules)
{
    return read(
        [hashes = std::move(hashes), rules = std::move(rules)](Store &s) { return s.chunks().find(hashes, rules); });
}

Task<Result<std::vector<Record>>> Registry::records(std::vector<ChunkPlace> places)
{
    return read([places = std::move(places)](Store &s) { return s.chunks().records(places); });
}

// ---- models and revisions

Task<Result<RevisionRow>> Registry::beginRevision(RevisionRecord revision)
{
    return write([revision = std::move(revision)](Store &s) { return mf::beginRevision(s.db(), revision); });
}

Task<Result<FileRow>> Registry::addFile(RevisionRow revision, FileRecord file)
{
    return write([revision, file = std::move(file)](Store &s) { return mf::addFile(s.db(), revision, file); });
}

Task<Result<>> Registry::putPart(FileRow file, int part, std::vector<Piece> pieces)
{
    return write(
        [file, part, pieces = std::move(pieces)](Store &s) { return mf::putPart(s.db(), file, part, pieces); });
}

Task<Result<>> Registry::finishFile(FileRow file, FileRecord record)
{
    return write([file, record = std::move(record)](Store &s) { return mf::finishFile(s.db(), file, record); });
}

Task<Result<>> Registry::putTensors(FileRow file, std::vector<TensorRecord> tensors)
{
    return write([file, tensors = std::move(tensors)](Store &s) { return mf::putTensors(s.db(), file, tensors); });
}

Task<Result<>> Registry::updateRevision(RevisionRecord revision)
{
    return write([revision = std::move(revision)](Store &s) { return mf::updateRevision(s.db(), revision); });
}

Task<Result<>> Registry::notePacksRelied(RevisionRow revision, std::vector<PackRow> packs)
{
    return write(
        [revision, packs = std::move(packs)](Store &s) { return mf::notePacksRelied(s.db(), revision, packs); });
}

Task<Result<std::vector<PackRow>>> Registry::packsRelied(RevisionRow revision)
{
    return read([revision](Store &s) { return mf::packsRelied(s.db(), revision); });
}

Task<Result<>> Registry::disownPacks(RevisionRow revision)
{
    return write([revision](Store &s) { return mf::disownPacks(s.db(), revision); });
}

Task<Result<>> Registry::dropRevision(RevisionRow revision)
{
    return write([revision](Store &s) { return mf::dropRevision(s.db(), revision); });
}

Task<Result<std::vector<RevisionRecord>>> Registry::revisionsIn(RevisionState state)
{
    return read([state](Store &s) { return mf::revisionsIn(s.db(), state); });
}

Task<Result<std::vector<RevisionRecord>>> Registry::models(QString search)
{
    return read([search = std::move(search)](Store &s) { return searchModels(s.db(), search); });
}

Task<Result<RevisionRecord>> Registry::revision(QString name, int number)
{
    return read([name = std::move(name), number](Store &s) { return findRevision(s.db(), name, number); });
}

Task<Result<RevisionRecord>> Registry::revisionAt(RevisionRow row)
{
    return read([row](Store &s) { return readRevision(s.db(), row); });
}

Task<Result<std::vector<RevisionRecord>>> Registry::history(ModelId model)
{
    return read([model](Store &s) { return readHistory(s.db(), model); });
}

Task<Result<std::vector<FileRecord>>> Registry::files(RevisionRow revision)
{
    return read([revision](Store &s) { return readFiles(s.db(), revision); });
}

Task<Result<std::vector<TensorRecord>>> Registry::tensors(FileRow file)
{
    return read([file](Store &s) { return readTensors(s.db(), file); });
}

Task<Result<int>> Registry::partCount(FileRow file)
{
    return read([file](Store &s) { return mf::partCount(s.db(), file); });
}

Task<Result<std::vector<Piece>>> Registry::part(FileRow file, int part)
{
    return read([file, part](Store &s) { return readPart(s.db(), file, part); });
}

Task<Result<>> Registry::setTags(ModelId model, QStringList tags)
{
    return write([model, tags = std::move(tags)](Store &s) { return mf::setTags(s.db(), model, tags); });
}

Task<Result<>> Registry::setCid(FileRow file, QString profile, QString cid)
{
    return write([file, profile = std::move(profile), cid = std::move(cid)](
                     Store &s) { return mf::setCid(s.db(), file, profile, cid); });
}

Task<Result<std::vector<Registry::SpreadEntry>>> Registry::spread(RevisionRow revision)
{
    return read([revision](Store &s) { return spreadOf(s.db(), revision); });
}

Task<Result<std::optional<int>>> Registry::spare(RevisionRow revision, std::vector<AccountId> without)
{
    return read([revision, without = std::move(without)](Store &s) { return spareOf(s.db(), revision, without); });
}

// ---- the trash

Task<Result<Registry::Standing>> Registry::standing(RevisionId revision)
{
    return read([revision](Store &s) { return standingInLog(s.db(), revision); });
}

// ---- transfers and events

Task<Result<qint64>> Registry::beginTransfer(TransferRecord transfer)
{
    return write([transfer = std::move(transfer)](Store &s) { return mf::beginTransfer(s.db(), transfer); });
}

Task<Result<>> Registry::noteTransfer(qint64 row, qint64 done, qint64 total)
{
    return write([row, done, total](Store &s) { return mf::noteTransfer(s.db(), row, done, total); });
}

Task<Result<>> Registry::changeSession(qint64 row, SessionId session)
{
    return write([row, session](Store &s) { return mf::changeSession(s.db(), row, session); });
}

Task<Result<>> Registry::endTransfer(qint64 row)
{
    return write([row](Store &s) { return mf::endTransfer(s.db(), row); });
}

Task<Result<std::vector<TransferRecord>>> Registry::transfers()
{
    return read([](Store &s) { return readTransfers(s.db()); });
}

Task<Result<>> Registry::addEvent(QDateTime when, QString kind, QString text)
{
    return write([when = std::move(when), kind = std::move(kind), text = std::move(text)](
                     Store &s) { return mf::addEvent(s.db(), when, kind, text); });
}

} // namespace mf
