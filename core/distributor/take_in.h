// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"

namespace mf {

struct TakenIn {
    int waiting = 0; // revisions that cannot be taken in yet
    QStringList reasons; // why, for people
};

// Takes into the registry what segments of the log say that were written elsewhere, or by this computer before its
// registry was lost: index objects, where the packs' fragments lie, revisions of models. Call after LibraryLog::sync.
//
// What cannot be had now waits, is tried again by the next call, and holds up nothing else. A pack whose index object
// is lost is read from its own fragments. Resumable: each object is noted when it is in the registry.
// Unsupported "MF-LIBRARY-NEWER" if a newer ModelFloat wrote any of it: nothing may be written then.
Task<Result<TakenIn>> takeIn(Engine &engine);

// Looks only whether takeIn() would say so. For what writes without taking in.
Task<Result<>> refuseNewerObjects(Engine &engine);

} // namespace mf
