// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/connection.h"
#include "core/registry/registry.h"

namespace mf {

// The connected accounts; see Registry. The secrets that open them are never here.
Result<std::vector<AccountRecord>> readAccounts(Connection &db);
Result<> putAccount(Connection &db, const AccountRecord &account);
Result<> noteAccountSeen(Connection &db, const AccountId &account, std::optional<qint64> total,
    std::optional<qint64> used, const QDateTime &when);
Result<> noteAccountAway(Connection &db, const AccountId &account, const QDateTime &when);
Result<std::vector<Registry::AccountUse>> accountUse(Connection &db);
Result<std::vector<AccountRecord>> accountsToTell(Connection &db);
// The log tells of it. Those that are not known here get a row (AccountRecord::isElsewhere).
Result<> noteTold(Connection &db, const Registry::AccountEvent &account);
Result<> addAccountsElsewhere(Connection &db);

Result<qint64> accountRow(Connection &db, const AccountId &account); // NotFound "MF-ACCOUNT-UNKNOWN"

} // namespace mf
