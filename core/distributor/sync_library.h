// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"

namespace mf {

struct SyncResult {
    int models = 0;
    int added = 0;
    int changed = 0; // a new current revision, or the same one stored otherwise
    int removed = 0;
    int waiting = 0; // revisions that cannot be taken in yet
    int movedOut = 0; // that were on this computer only and are on the accounts now
    int onThisComputer = 0; // that still are
    QStringList warnings;
};

// Takes in what other computers stored and removed, finishes what was interrupted here, and gives the log and the
// catalogue's objects to accounts that lack some.
Task<Result<SyncResult>> syncLibrary(Engine &engine);

struct RecoverResult {
    int models = 0;
    int readable = 0;
    int unreadable = 0;
    bool fromCopy = false; // a copy of a registry on the accounts told most of it
    QStringList warnings;
};

// Rebuilds the registry from the accounts: an empty one begins with the newest copy there, if one is whole; then the log,
// the manifests, the index objects or else the packs themselves.
// What the registry knows stays; whatever it has wrong about where things lie is not believed.
Task<Result<RecoverResult>> recoverLibrary(Engine &engine);

} // namespace mf
