// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/repair.h"

namespace mf {

struct ProtectRequest {
    QString model;
    Protection protection; // k = 0: as its packs are
};

struct ProtectResult {
    QString model;
    Protection protection; // with the k of its packs
    qint64 uploadedBytes = 0;
    qint64 fragments = 0; // that were added
    int repacked = 0; // packs that were cut into other pieces
    bool unchanged = false; // it was promised already, and holds
    QStringList warnings;
};

// Changes what is promised of a stored model. More: first every pack gets the fragments that it takes, by adding parity
// to what lies there, then a manifest that says so supersedes the revision's, is logged and confirmed. Less: the new
// promise is written the same way, and what is too much is for `collect`. Packs cut into another number of pieces are
// other packs: what the model needs of its own is sealed anew (repack.h), also for other models that share them, and
// `collect` frees the old ones. Too few failure domains: Invalid "MF-PLACE-DOMAINS"; too little room: Quota
// "MF-PROTECT-ROOM"; then what was added stays, and the same command goes on.
Task<Result<ProtectResult>> protectModel(Engine &engine, ProtectRequest request, ProgressSink progress);

} // namespace mf
