// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/pending_pack.h"

#include "core/base/log.h"
#include "core/distributor/pack_restore.h"

namespace mf {

Task<Result<PendingSurvey>> surveyPending(Engine &engine, PendingRecord pending)
{
    const auto fragments = static_cast<std::size_t>(pending.pack.shape.fragments);
    const qint64 size = fragmentSize(pending.pack.shape.dataLength);
    PendingSurvey result;
    result.there.resize(fragments, false);
    result.known.resize(fragments, false);
    for (const FragmentPlace &place : pending.fragments) {
        const auto i = static_cast<std::size_t>(place.index);
        if (i >= fragments)
            continue;
        Account *account = engine.accounts.find(place.account);
        if (place.acknowledged) {
            result.there[i] = true;
            result.known[i] = true;
        } else if (account && account->isVerified()) {
            const QString name = fragmentName(engine.ring, pending.pack.id, place.index).value;
            const auto listed = co_await listAll(account->provider(), name);
            if (!listed) {
                logWarning("resume", account->name() + QStringLiteral(": ") + listed.error().message);
                continue;
            }
            result.known[i] = true;
            result.there[i] = listed->size() == 1 && listed->front().size == size;
        }
        result.count += result.there[i] ? 1 : 0;
    }
    co_return result;
}

std::optional<std::vector<QByteArray>> blobsOfPending(
    const KeyRing &ring, const PendingPack &pending, const std::map<int, QByteArray> &have)
{
    PackRecord pack;
    pack.id = pending.id;
    pack.shape = pending.shape;
    pack.salt = pending.salt;
    pack.commitment = pending.commitment;
    pack.epoch = pending.epoch;
    pack.payloadLength = pending.payloadLength;
    pack.records = pending.records;
    const std::vector<FragmentBlob> given(have.begin(), have.end());
    const RestoredPack restored = restorePack(ring, pack, given);
    if (!restored.isWhole)
        return std::nullopt;
    std::vector<QByteArray> blobs;
    blobs.reserve(static_cast<std::size_t>(pack.shape.fragments));
    for (int i = 0; i < pack.shape.fragments; ++i)
        blobs.push_back(fragmentOf(ring, pack, restored.rows, i));
    return blobs;
}

Task<std::map<int, QByteArray>> readPending(Engine &engine, PendingRecord pending, std::vector<bool> there)
{
    std::map<int, QByteArray> have;
    for (const FragmentPlace &place : pending.fragments) {
        Account *account = engine.accounts.find(place.account);
        if (!account || !account->isVerified() || !there[static_cast<std::size_t>(place.index)])
            continue;
        const BlobName name = fragmentName(engine.ring, pending.pack.id, place.index);
        const Range whole;
        auto blob = co_await account->provider().get(name, whole);
        if (blob)
            have.emplace(place.index, std::move(*blob));
        if (static_cast<int>(have.size()) >= pending.pack.shape.k)
            break;
    }
    co_return have;
}

} // namespace mf
