// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"

#include <map>

namespace mf {

// Packs that were committed to the registry and are not complete: what an interrupted store left, and what waits in
// the holding folder.

// Which fragments are where they were meant to go. A blob of the right name and size counts: puts are atomic, and what
// is not acknowledged here is compared by nothing but its content when it is read.
struct PendingSurvey {
    std::vector<bool> there; // by fragment index
    std::vector<bool> known; // the account could be asked
    int count = 0;
};
Task<Result<PendingSurvey>> surveyPending(Engine &engine, PendingRecord pending);

// At most k of those that are there.
Task<std::map<int, QByteArray>> readPending(Engine &engine, PendingRecord pending, std::vector<bool> there);

// All blobs, by fragment index, from k of them or more; nothing if these do not give the whole pack, every record of
// which is opened. CPU-bound: on the pool.
std::optional<std::vector<QByteArray>> blobsOfPending(
    const KeyRing &ring, const PendingPack &pending, const std::map<int, QByteArray> &have);

} // namespace mf
