// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/fragment_read.h"
#include "core/distributor/pack_restore.h"

namespace mf {

// What reading fragments of a pack proved.
struct PackVerdict {
    RestoredPack restored;
    std::vector<FragmentFinding> findings; // of those that were there or missing; of none that is away or newer
    struct Wrong {
        FragmentPlace place;
        QString what; // for people
        bool isNewer = false; // a newer ModelFloat wrote it: it is not damaged
    };
    std::vector<Wrong> wrong;
};

// Compares what was read with what must be there. A fragment may have been read of several accounts (twins): each is
// judged by itself, and any that is right serves the others. Where enough was read and no combination of it verifies,
// all of it counts as damaged. Pure and CPU-bound: on the pool.
PackVerdict judgePack(const KeyRing &ring, const PackRecord &pack, const std::vector<FragmentRead> &reads);

} // namespace mf
