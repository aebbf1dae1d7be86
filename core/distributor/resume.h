// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"

namespace mf {

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

// What precedes any sealing: reads the log and gives accounts what they lack of it, takes in what others stored, packed
// anew and removed meanwhile, and settles what earlier runs left. No chunk counts as stored before.
Task<Result<>> catchUp(Engine &engine, SessionId mine);

} // namespace mf
