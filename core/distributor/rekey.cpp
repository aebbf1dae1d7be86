// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/rekey.h"

#include "core/crypto/sealed_object.h"
#include "core/distributor/fetch_object.h"
#include "core/distributor/library_log.h"
#include "core/distributor/objects/manifest.h"
#include "core/distributor/ready_accounts.h"
#include "core/distributor/repack.h"
#include "core/distributor/take_in.h"

namespace mf {
namespace {

// Whether the object was sealed under the newest epoch.
bool isNewest(const KeyRing &ring, QByteArrayView type, const QByteArray &sealed)
{
    const KeyRing alone(ring.library(), ring.newest().master);
    const auto opened = openObject(alone, type, ring.library().view(), viewOf(sealed));
    return static_cast<bool>(opened);
}

// Live and trashed revisions whose manifests are under an older key.
Task<Result<std::vector<RevisionId>>> revisionsUnderOldKeys(Engine &engine, QStringList &warnings)
{
    std::vector<RevisionRecord> all;
    for (const RevisionState state : { RevisionState::Live, RevisionState::Trashed }) {
        const auto some = co_await engine.registry.revisionsIn(state);
        if (!some)
            co_return some.error();
        all.insert(all.end(), some->begin(), some->end());
    }
    std::vector<RevisionId> revisions;
    for (const RevisionRecord &revision : all) {
        const BlobName name = manifestName(engine.ring, revision.manifest);
        const auto sealed = co_await fetchObject(engine, name, revision.manifest);
        if (!sealed)
            warnings.append(sealed.error().message);
        else if (!isNewest(engine.ring, "manifest", *sealed))
            revisions.push_back(revision.id);
    }
    co_return revisions;
}

} // namespace

Task<Result<RekeyResult>> rekeyLibrary(Engine &engine, ProgressSink progress)
{
    RekeyResult result;
    const auto ready = co_await readyAccounts(engine, result.warnings);
    if (!ready)
        co_return ready.error();
    LibraryLog log(engine);
    const auto read = co_await log.sync(engine.accounts.verified());
    if (!read)
        co_return read.error();
    const auto taken = co_await takeIn(engine);
    if (!taken)
        co_return taken.error();
    const auto healed = co_await log.heal();
    if (!healed)
        co_return healed.error();
    const auto uses = co_await engine.registry.packUses(std::nullopt);
    if (!uses)
        co_return uses.error();
    QSet<PackRow> old;
    QSet<PackRow> needed;
    for (const PackUse &use : *uses) {
        if (use.epoch == engine.ring.newest().id)
            continue;
        old.insert(use.row);
        if (use.isUsed)
            needed.insert(use.row);
    }
    auto revisions = co_await revisionsUnderOldKeys(engine, result.warnings);
    if (!revisions)
        co_return revisions.error();
    RepackRequest request;
    request.packs = std::make_shared<const QSet<PackRow>>(std::move(needed));
    request.avoid = std::make_shared<const QSet<PackRow>>(std::move(old));
    request.renew = std::move(*revisions);
    auto packing = repack(engine, std::move(request), std::move(progress));
    const auto packed = co_await packing;
    if (!packed)
        co_return packed.error();
    result.models = static_cast<int>(packed->models.size());
    result.packs = packed->packs;
    result.uploadedBytes = packed->uploadedBytes;
    result.left = packed->left;
    result.warnings += packed->warnings;
    co_return result;
}

} // namespace mf
