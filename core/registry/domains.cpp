// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/domains.h"

#include <functional>

namespace mf {

Result<std::vector<AccountId>> leavingAccounts(Connection &db, bool othersOnly)
{
    std::vector<AccountId> leaving;
    Statement query = db.prepare(
        "SELECT DISTINCT a.uid FROM account a JOIN doom_pack p ON p.pack = a.uid JOIN doom d ON d.id = p.doom"
        " WHERE EXISTS (SELECT 1 FROM doom_end e WHERE e.doom = d.id AND e.kind = 2)"
        " OR (NOT EXISTS (SELECT 1 FROM doom_end e WHERE e.doom = d.id AND e.kind = 1 AND e.author = d.author)"
        " AND NOT (? AND d.author IS (SELECT value FROM meta WHERE key = 'computer')))");
    query.bind(othersOnly);
    while (query.next())
        leaving.push_back(query.id<AccountId>(0));
    if (query.failed())
        return query.error();
    return leaving;
}

Result<> AccountDomains::load()
{
    if (m_loaded)
        return {};
    const auto leaving = leavingAccounts(m_db, true);
    if (!leaving)
        return leaving.error();
    QHash<QString, int> numbers;
    int next = 0;
    Statement query = m_db.prepare("SELECT id, uid, domain, retired FROM account");
    while (query.next()) {
        Entry entry;
        entry.id = query.id<AccountId>(1);
        const QString domain = query.text(2);
        // Without a domain of its own name, an account fails alone.
        entry.domain = domain.isEmpty() ? next++ : numbers.value(domain, -1);
        if (entry.domain < 0) {
            entry.domain = next++;
            numbers.insert(domain, entry.domain);
        }
        entry.lost = query.small(3) != 0 || std::ranges::find(m_without, entry.id) != m_without.end();
        entry.leaving = !entry.lost && std::ranges::find(*leaving, entry.id) != leaving->end();
        entry.lost = entry.lost || entry.leaving;
        m_entries.insert(query.number(0), entry);
    }
    if (query.failed())
        return query.error();
    m_loaded = true;
    return {};
}

void PackSpare::add(int index, int domain)
{
    if (std::ranges::find(m_indices, index) != m_indices.end())
        return;
    m_indices.push_back(index);
    ++m_fragments;
    const auto known = std::ranges::find(m_domains, domain, &std::pair<int, int>::first);
    if (known == m_domains.end())
        m_domains.emplace_back(domain, 1);
    else
        ++known->second;
}

int PackSpare::spare(int k) const
{
    if (m_fragments < k)
        return m_fragments - k;
    std::vector<int> counts;
    counts.reserve(m_domains.size());
    for (const auto &[domain, count] : m_domains)
        counts.push_back(count);
    std::ranges::sort(counts, std::greater());
    int left = m_fragments;
    int lost = 0;
    for (const int count : counts) { // the fullest domains go first: that is the worst case
        left -= count;
        if (left < k)
            break;
        ++lost;
    }
    return lost;
}

void PackSpare::clear()
{
    m_indices.clear();
    m_domains.clear();
    m_fragments = 0;
}

} // namespace mf
