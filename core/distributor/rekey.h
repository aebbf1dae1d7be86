// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"

namespace mf {

struct RekeyResult {
    int models = 0; // whose manifests were written again
    int packs = 0; // that were replaced
    qint64 uploadedBytes = 0;
    qint64 left = 0; // chunks still under an older key; why is among the warnings
    QStringList warnings;
};

// Ends what older kits open: packs what is needed of every pack that was sealed under an older epoch into new ones
// (repack.h), with new manifests and index objects; `collect` frees the old ones. Interrupted, the same call goes on.
Task<Result<RekeyResult>> rekeyLibrary(Engine &engine, ProgressSink progress);

} // namespace mf
