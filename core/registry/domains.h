// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/connection.h"

#include <QHash>

#include <algorithm>
#include <span>

namespace mf {

// The failure domains of all accounts, as small numbers.
class AccountDomains
{
public:
    struct Entry {
        AccountId id;
        int domain = 0;
        bool lost = false; // retired, or one of `without`: what lies there does not count
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

// What one pack survives: collects where its acknowledged fragments lie.
class PackSpare
{
public:
    // A twin (the same index on a second account) counts once, which errs on the safe side.
    void add(int index, int domain);
    // The largest number of domains such that after the loss of any so many k fragments remain;
    // negative if even now some are missing to k (storage.md section 4).
    int spare(int k) const;
    void clear();

private:
    std::vector<int> m_indices;
    std::vector<std::pair<int, int>> m_domains; // domain, fragments in it
    int m_fragments = 0;
};

} // namespace mf
