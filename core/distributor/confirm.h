// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"

namespace mf {

// CONFIRM, step 5 of storing (storage.md section 5): after the revision is in the log, the log is
// listed again on at least one account of every pack that it relies on. True: no doom is open on any
// of them and none is gone. False: store their chunks afresh. Network "MF-CONFIRM-ACCOUNTS" if a pack
// has no account that can be asked now: the revision stays unconfirmed, the next run confirms it.
Task<Result<bool>> confirmRevision(Engine &engine, RevisionRow revision);

} // namespace mf
