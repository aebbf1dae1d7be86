// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"
#include "core/distributor/shares.h"

namespace mf {

struct RepackRequest {
    PackSet packs; // to be replaced; those that nothing needs are left alone
    PackSet avoid; // further packs whose chunks do not count as stored
    std::optional<RevisionPromise> promise; // takes effect with the new packs, k in all of those of the revision
    std::vector<RevisionId> renew; // revisions that get a new manifest in any case
    std::shared_ptr<Shares> shares = std::make_shared<Shares>(); // of the operation that this is a part of
};

struct RepackResult {
    int packs = 0; // that nothing of what is kept needs any more
    int sealed = 0; // new ones
    QSet<QString> models; // whose manifests were written again
    qint64 uploadedBytes = 0;
    qint64 left = 0; // chunks that could not be moved; why is among the warnings
    QStringList warnings;
};

// Seals what is needed of these packs into new ones, as storing does: intent, fragments, index objects; then for each
// revision, live or in the trash, that relied on them a manifest and an event that supersede its own and name the new
// packs; CONFIRM; then the registry, which takes the revision in like another computer's. A chunk survives as much as
// the revisions on its old pack promise. The old packs are not deleted: nothing refers to them any more, so `collect`
// frees them. A pack that cannot be read now, or for which there is no room, stays, and what relies on it goes on doing
// so (`left`). After an interruption the same call goes on: what was sealed is found.
//
// The accounts have been readied (readyAccounts). Network "MF-REPACK-CONFIRM" if other computers keep deleting what it
// relies on.
Task<Result<RepackResult>> repack(Engine &engine, RepackRequest request, ProgressSink progress);

} // namespace mf
