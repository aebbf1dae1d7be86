// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"

namespace mf {

class LibraryLog;

// Brings to an end what an earlier run left in between, before anything new is stored:
//
// packs that were committed but not complete: encoded again under their salt if that gives the
// committed digest, else rebuilt from k fragments that are there, else dropped (storage.md section 3);
// revisions that were logged but not confirmed: confirmed now, or dropped;
// revisions that were not logged: dropped; their packs stay and are found again.
//
// What cannot be settled now (an account is away) stays for the next time. Stores that run in this process
// (RunningMark) are left alone, but for the caller's own, `mine`. Waits for Engine::settling.
Task<Result<>> settleUnfinished(Engine &engine, SessionId mine = {});

// Gives accounts what they lack of the log, after it was read, tells of new ones in it, and looks at the fragments on those accounts: one that
// was set back to an older state has lost some, and no chunk may count as stored by them. What is wrong, for people.
Task<Result<QStringList>> healStale(Engine &engine, LibraryLog &log);

// What precedes any sealing: reads the log and gives accounts what they lack of it, takes in what others stored, packed
// anew and removed meanwhile, and settles what earlier runs left. No chunk counts as stored before.
Task<Result<>> catchUp(Engine &engine, SessionId mine);

} // namespace mf
