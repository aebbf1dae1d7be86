// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/connection.h"
#include "core/registry/pack_spare.h"

#include <QHash>

#include <algorithm>
#include <span>

namespace mf {

// Accounts are given up as anything is deleted: by a doom of a pack whose id is the account's, which no pack has. True
// as long as nobody has pardoned it. What this computer itself still decides upon does not count with `othersOnly`.
Result<std::vector<AccountId>> leavingAccounts(Connection &db, bool othersOnly);

// The failure domains of all accounts, as small numbers.
class AccountDomains
{
public:
    struct Entry {
        AccountId id;
        int domain = 0;
        bool lost = false; // retired, one of `without`, or leaving: what lies there does not count
        bool leaving = false; // another computer has doomed the account: for no other reason is it lost
    };

    AccountDomains(Connection &db, std::span<const AccountId> without)
        : m_db(db)
        , m_without(without.begin(), without.end())
    {
    }
    Result<> load(); // once; then does nothing
    const Entry *find(qint64 accountRow) const
    {
        const auto entry = m_entries.constFind(accountRow);
        return entry == m_entries.constEnd() ? nullptr : &*entry;
    }

private:
    Connection &m_db;
    std::vector<AccountId> m_without;
    bool m_loaded = false;
    QHash<qint64, Entry> m_entries;
};

} // namespace mf
