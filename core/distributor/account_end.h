// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"
#include "core/distributor/objects/cbor.h"

namespace mf {

// An account is given up as anything is deleted (deletion.h): its doom names a pack whose id is the account's, which no
// pack has. From then on it counts as absent for every computer: nothing new is put there, a store that relies on what
// lies there is not confirmed, a move to it is no reason to delete. When everybody must have heard of it, what lies
// there is looked at again: if anything there is needed, the doom is pardoned.

DoomRecord doomOf(AccountId account);
// The accounts of this library that a deletion names.
Task<Result<std::vector<AccountId>>> accountsNamed(Engine &engine, std::vector<PackId> packs);

// Notes all fragments of packs known here that are on the account: another computer may have put some there.
Task<Result<>> noteFragmentsOn(Engine &engine, Account &account);

// Logs these events together with the account's end. Without its marker the place can become an account again, a new
// one.
Task<Result<>> retireAccount(Engine &engine, Account &account, Cbor events);

} // namespace mf
