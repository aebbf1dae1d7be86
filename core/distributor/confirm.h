// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"

namespace mf {

// CONFIRM, step 5 of storing (storage.md section 5): after the revision is in the log, the log is
// listed again on at least one account of every pack that it relies on. True: no doom is open on any
// of them, none is gone, and none lost so many single fragments meanwhile that it survives less than asked. False:
// store their chunks afresh. losses: as many as the log has been told, which may be more than the registry knows of
// yet. Network "MF-CONFIRM-ACCOUNTS" if a pack has no account that can be asked now: the revision stays unconfirmed,
// the next run confirms it.
Task<Result<bool>> confirmRevision(Engine &engine, RevisionRow revision, int losses);

// The same for one that is there already (a restore): does not ask what its packs survive.
Task<Result<bool>> confirmPacks(Engine &engine, RevisionRow revision);

// The same for packs that a manifest relies on which is in the log already, and not in the registry.
Task<Result<bool>> confirmRows(Engine &engine, std::vector<PackRow> packs);

// Takes back a revision that was logged and could not be confirmed: the log says that it is no more (else its packs
// would count as used for ever), then the registry forgets it.
Task<Result<>> withdrawRevision(Engine &engine, RevisionRecord revision);

// That was begun and cut short: the log may say on some account already that the revision is no more, wherever it can
// be seen now. It has to be withdrawn again, whatever a confirmation would find.
Task<Result<bool>> isBeingWithdrawn(Engine &engine, RevisionId revision);

} // namespace mf
