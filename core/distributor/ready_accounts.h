// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"
#include "core/distributor/placement.h"

namespace mf {

// Verifies the accounts and finds out how much room each has, within the capacity that the user set; notes which were
// seen and which were away. At least one must be there: else Network "MF-ACCOUNT-NONE", or Unsupported
// "MF-LIBRARY-NEWER" where a newer ModelFloat wrote the marker of one. What is wrong with the others goes into
// warnings: an account whose marker is newer is not there, as any whose marker cannot be read.
Task<Result<>> readyAccounts(Engine &engine, QStringList &warnings);

// The account that a fragment is put on. Network "MF-ACCOUNT-AWAY" if it is not there any more: it was when it was
// chosen, and perhaps another account's disk lies there by now.
Result<Account *> accountToPut(const AccountSet &accounts, const AccountId &id);

// Those that count as lost by now; see model_state.h.
Task<Result<std::vector<AccountId>>> lostAccounts(Engine &engine);
// What survives the loss of `losses` domains is a hit, as far as accounts go that do not count as lost by now; the
// other rules are the caller's.
Task<Result<HitRules>> hitRules(Engine &engine, int losses);

// The accounts that may be used for a placement, with their room. allowed: empty for all.
std::vector<PlacementAccount> placementAccounts(const AccountSet &accounts, const std::vector<AccountId> &allowed);
// The same as if all could be reached, with the room that each was last seen to have: a plan for what waits.
std::vector<PlacementAccount> plannedAccounts(const AccountSet &accounts, const std::vector<AccountId> &allowed);

} // namespace mf
