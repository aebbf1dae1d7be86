// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"

namespace mf {

struct StrayBlobs {
    int strays = 0; // blobs below f/ that no pack known here has; some may be of a store under way elsewhere
    qint64 bytes = 0;
    // Those known for 30 days that really are fragments and whose pack no index object on the accounts names, or is
    // deleted by the log: then an account that is an older state of itself has brought them back.
    std::vector<FragmentKey> old;
    QString why; // that there are none of them; empty: they were looked for
};

// Lists all fragments on the accounts that are there. Fragments of known packs that another computer put or moved
// become known; what nothing names is remembered, since when.
Task<Result<StrayBlobs>> lookThroughAccounts(Engine &engine);

} // namespace mf
