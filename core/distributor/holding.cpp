// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/holding.h"

#include "core/base/crash_point.h"
#include "core/base/size_text.h"
#include "core/distributor/confirm.h"
#include "core/distributor/fragment_read.h"
#include "core/distributor/objects/manifest.h"
#include "core/distributor/objects/segment.h"
#include "core/distributor/pack_restore.h"

#include <algorithm>

namespace mf {
namespace {

AccountRecord thisComputer()
{
    AccountRecord record; // its id is null: no account of the library has that
    record.name = QStringLiteral("this computer");
    return record;
}

Error damaged(const QString &what)
{
    return Error(Error::Kind::Corrupt, QStringLiteral("MF-HELD-DAMAGED"),
        QStringLiteral("what this computer holds of the model is damaged: %1; store the model again").arg(what));
}

} // namespace

qint64 holdingLimit(const QMap<QString, QString> &settings)
{
    bool isNumber = false;
    const qint64 most = settings.value(QString::fromLatin1(kHoldingLimit)).toLongLong(&isNumber);
    return isNumber && most >= 0 ? most : Holding::Limits().most;
}

Holding::Holding(std::unique_ptr<Provider> provider, Limits limits)
    : m_account(thisComputer(), std::move(provider))
    , m_limits(limits)
{
}

Task<Result<Holding::Claim>> Holding::claim(Registry &registry, qint64 bytes)
{
    const auto packs = co_await registry.heldPacks();
    if (!packs)
        co_return packs.error();
    qint64 held = m_claimed;
    for (const HeldPack &pack : *packs)
        held += pack.bytes;
    const bool isFull = held + bytes > m_limits.most;
    const auto quota = co_await m_account.provider().quota();
    const auto free = quota ? quota->free() : std::nullopt;
    if (!isFull && (!free || *free - m_claimed - bytes >= m_limits.reserve))
        co_return Claim(*this, bytes);
    const QString why = isFull
        ? QStringLiteral("what waits on this computer would become more than %1").arg(sizeText(m_limits.most))
        : QStringLiteral("less than %1 would be left on this computer’s disk").arg(sizeText(m_limits.reserve));
    co_return Error(Error::Kind::Quota, QStringLiteral("MF-HOLDING-FULL"),
        QStringLiteral(
            "no account can be reached, and %1. Connect an account: what waits then moves there by itself; or "
            "raise the limit: limits holding=SIZE")
            .arg(why))
        .offering(Error::Action::Retry)
        .offering(Error::Action::FreeSpace);
}

Task<Result<>> Holding::put(BlobName name, QByteArray bytes)
{
    const auto put = co_await m_account.provider().put(name, bytes);
    if (!put)
        co_return put.error();
    co_return Result<>();
}

Task<std::map<int, QByteArray>> Holding::fragments(KeyRing ring, PackId pack, int k)
{
    std::map<int, QByteArray> blobs;
    const Range whole;
    for (int i = 0; i < k; ++i) {
        const BlobName name = fragmentName(ring, pack, i);
        auto blob = co_await m_account.provider().get(name, whole);
        if (blob)
            blobs.emplace(i, std::move(*blob));
    }
    co_return blobs;
}

Task<Result<QByteArray>> Holding::manifest(KeyRing ring, ObjectHash hash)
{
    const BlobName name = manifestName(ring, hash);
    const Range whole;
    auto bytes = co_await m_account.provider().get(name, whole);
    if (bytes && objectHash(viewOf(*bytes)) != hash)
        co_return damaged(QStringLiteral("its manifest is not what was written"));
    co_return bytes;
}

Task<Result<>> Holding::removePack(KeyRing ring, PackId pack, int k)
{
    for (int i = 0; i < k; ++i) {
        const BlobName name = fragmentName(ring, pack, i);
        const auto removed = co_await m_account.provider().remove(name);
        if (!removed)
            co_return removed.error();
    }
    co_return Result<>();
}

namespace {

// Manifests of revisions that the registry knows and that are not held any more.
Task<Result<>> sweepManifests(Engine &engine)
{
    const QString prefix = QStringLiteral("meta/");
    Provider &provider = engine.holding->account().provider();
    const auto listed = co_await listAll(provider, prefix);
    if (!listed)
        co_return listed.error();
    const Range whole;
    for (const BlobInfo &blob : *listed) {
        const auto bytes = co_await provider.get(blob.name, whole);
        if (!bytes)
            continue;
        const auto manifest = openManifest(engine.ring, viewOf(*bytes));
        if (!manifest)
            continue; // another key's, or damaged: for people to look at
        const auto news = co_await engine.registry.revisionNews(manifest->revision.id);
        if (!news)
            co_return news.error();
        if (news->row == 0 || news->state == RevisionState::Held)
            continue;
        if (news->state == RevisionState::Storing) {
            const auto revision = co_await engine.registry.revisionAt(news->row);
            if (!revision)
                co_return revision.error();
            if (engine.running.contains(revision->session))
                continue;
        }
        const auto removed = co_await provider.remove(blob.name);
        if (!removed)
            co_return removed.error();
    }
    co_return Result<>();
}

Task<Result<>> checkPack(Engine &engine, PackRow row, bool isDeep, HeldCheck &check)
{
    const auto pack = co_await engine.registry.pack(row);
    if (!pack)
        co_return pack.error();
    const int k = pack->shape.k;
    const qint64 size = fragmentSize(pack->shape.dataLength);
    check.fragments += k;
    const QString name = pack->id.toHex().left(8);
    if (!isDeep) {
        for (int i = 0; i < k; ++i) {
            const BlobName blob = fragmentName(engine.ring, pack->id, i);
            const auto listed = co_await listAll(engine.holding->account().provider(), blob.value);
            const bool isThere = listed && listed->size() == 1 && listed->front().size == size;
            check.missing += isThere ? 0 : 1;
            if (!isThere)
                check.findings.append(
                    QStringLiteral("missing: fragment %1 of pack %2 on this computer").arg(i).arg(name));
        }
        co_return Result<>();
    }
    const auto lease = co_await engine.buffers.acquire(restoreBytes(pack->shape, k, 0));
    Q_UNUSED(lease)
    auto blobs = co_await engine.holding->fragments(engine.ring, pack->id, k);
    check.missing += k - static_cast<int>(blobs.size());
    std::vector<FragmentBlob> given(blobs.begin(), blobs.end());
    auto restore = [ring = engine.ring, record = *pack, blobs = std::move(given)] {
        RestoredPack restored = restorePack(ring, record, blobs);
        restored.rows = DataRows();
        return restored;
    };
    const RestoredPack restored = co_await onPool(engine.cpu, restore);
    if (!restored.isWhole) {
        check.damaged += std::max<int>(1, static_cast<int>(restored.bad.size()));
        check.findings.append(QStringLiteral("damaged: pack %1 on this computer: %2").arg(name, restored.why));
    }
    co_return Result<>();
}

} // namespace

Task<Result<>> sweepHolding(Engine &engine)
{
    const auto packs = co_await engine.registry.heldPacks();
    if (!packs)
        co_return packs.error();
    for (const HeldPack &pack : *packs) {
        if (pack.isNeeded || engine.running.contains(pack.session))
            continue;
        const auto removed = co_await engine.holding->removePack(engine.ring, pack.id, pack.shape.k);
        if (!removed)
            co_return removed.error();
        const std::vector<PackRow> one(1, pack.row);
        const auto released = co_await engine.registry.releaseHeld(one);
        if (!released)
            co_return released.error();
    }
    co_return co_await sweepManifests(engine);
}

Task<Result<HeldCheck>> checkHeld(Engine &engine, RevisionRecord revision, bool isDeep)
{
    HeldCheck check;
    const auto rows = co_await engine.registry.packsRelied(revision.row);
    if (!rows)
        co_return rows.error();
    if (!engine.holding)
        co_return damaged(QStringLiteral("its holding folder is not there"));
    for (const PackRow row : *rows) {
        const auto checked = co_await checkPack(engine, row, isDeep, check);
        if (!checked)
            co_return checked.error();
    }
    co_return check;
}

Task<Result<>> removeHeld(Engine &engine, RevisionRecord revision)
{
    const auto turn = co_await engine.settling.acquire(1);
    Q_UNUSED(turn)
    const auto fresh = co_await engine.registry.revisionAt(revision.row);
    if (!fresh)
        co_return fresh.error();
    if (!isHeld(*fresh))
        co_return Error(Error::Kind::Network, QStringLiteral("MF-HELD-MOVED"),
            QStringLiteral("“%1” has just moved to the accounts; remove it again").arg(fresh->name))
            .offering(Error::Action::Retry);
    const auto logged = co_await engine.registry.isLogged(fresh->id);
    if (!logged)
        co_return logged.error();
    if (*logged) {
        const auto withdrawn = co_await withdrawRevision(engine, *fresh);
        if (!withdrawn)
            co_return withdrawn.error();
        const BlobName manifest = manifestName(engine.ring, fresh->manifest);
        const auto removed = co_await engine.holding->account().provider().remove(manifest);
        if (!removed)
            co_return removed.error();
        co_return co_await sweepHolding(engine);
    }
    RevisionRecord dropped = *fresh;
    dropped.state = RevisionState::Storing; // not needed any more: its files go with the next sweep
    const auto back = co_await engine.registry.updateRevision(dropped);
    if (!back)
        co_return back.error();
    crashPoint(CrashPoint::HoldRemoved);
    const auto swept = co_await sweepHolding(engine);
    if (!swept)
        co_return swept.error();
    co_return co_await engine.registry.dropRevision(fresh->row);
}

} // namespace mf
