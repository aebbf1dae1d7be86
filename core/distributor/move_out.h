// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"

namespace mf {

struct MovedOut {
    int models = 0; // revisions that are on accounts now
    int waiting = 0; // that still are on this computer only
    qint64 uploaded = 0; // bytes
    QStringList warnings; // why those wait
};

// Moves what the holding folder holds to the accounts, in the order of a store: fragments, index objects, manifest,
// log, CONFIRM; then the registry shows it as any other model, and its files here are deleted. What cannot move waits
// for the next time, and what of it has arrived is not sent again. The accounts must be ready and the log read.
Task<Result<MovedOut>> moveOutHeld(Engine &engine);

} // namespace mf
