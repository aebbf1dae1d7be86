// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/chunk_index.h"

#include "core/registry/domains.h"
#include "core/registry/log_segments.h"
#include "core/registry/packs.h"

#include <QSet>

#include <algorithm>

namespace mf {

namespace {

constexpr int kRecordBits = 16;

qint64 locationOf(PackRow pack, std::size_t record) { return (pack << kRecordBits) | static_cast<qint64>(record); }

ChunkPlace placeAt(qint64 location)
{
    return { location >> kRecordBits, static_cast<std::uint32_t>(location & 0xffff) };
}

} // namespace

// HitRules for one batch: reads the accounts once, and judges each pack once.
class ChunkIndex::Rules
{
public:
    Rules(Connection &db, const HitRules &rules)
        : m_db(db)
        , m_rules(rules)
        , m_domains(db, rules.lost)
    {
    }

    Result<bool> allow(PackRow pack)
    {
        if (m_rules.avoid && m_rules.avoid->contains(pack))
            return false;
        const auto known = m_verdicts.constFind(pack);
        if (known != m_verdicts.constEnd())
            return *known;
        const auto verdict = judge(pack);
        if (verdict)
            m_verdicts.insert(pack, *verdict);
        return verdict;
    }

private:
    Result<bool> judge(PackRow pack)
    {
        int k = 0;
        PackId id;
        {
            // What others have stored counts while a live revision relies on it: nobody here keeps it otherwise.
            Statement query = m_db.prepare("SELECT class, state, k, uid, others = 0 OR EXISTS (SELECT 1 FROM relied r"
                                           " JOIN revision v ON v.id = r.revision WHERE r.pack = pack.id"
                                           " AND v.state = 2) FROM pack WHERE id = ?");
            query.bind(pack);
            const bool found = query.next();
            const bool right = found && query.small(0) == static_cast<int>(m_rules.packClass)
                && query.small(1) == static_cast<int>(PackState::Complete) && query.small(4) != 0;
            if (found) {
                k = query.small(2);
                id = query.id<PackId>(3);
            }
            if (query.failed())
                return query.error();
            if (!right)
                return false;
        }
        const auto loaded = m_domains.load();
        if (!loaded)
            return loaded.error();
        const auto absent = doomedFragments(m_db, id);
        if (!absent)
            return absent.error();
        PackSpare survives;
        Statement query = m_db.prepare("SELECT account, n FROM fragment WHERE pack = ? AND state = 1");
        query.bind(pack);
        while (query.next()) {
            const auto *account = m_domains.find(query.number(0));
            if (!account || account->lost)
                continue;
            if (!m_rules.accounts.empty() && std::ranges::find(m_rules.accounts, account->id) == m_rules.accounts.end())
                return false;
            if (std::ranges::find(*absent, std::pair(query.small(1), account->id)) == absent->end())
                survives.add(query.small(1), account->domain);
        }
        if (query.failed())
            return query.error();
        if (survives.spare(k) < std::max(m_rules.losses, 0))
            return false;
        const auto doomed = isDoomed(m_db, id);
        if (!doomed)
            return doomed.error();
        return !*doomed;
    }

    Connection &m_db;
    const HitRules &m_rules;
    AccountDomains m_domains;
    QHash<PackRow, bool> m_verdicts;
};

Result<> ChunkIndex::add(PackRow pack, std::span<const Record> records)
{
    std::vector<std::pair<qint64, qint64>> entries;
    entries.reserve(records.size());
    for (std::size_t i = 0; i < records.size(); ++i)
        entries.emplace_back(m_key.of(records[i].hash), locationOf(pack, i));
    return insert(std::move(entries));
}

Result<> ChunkIndex::addAll(std::span<const PackRecords> packs)
{
    std::vector<std::pair<qint64, qint64>> entries;
    for (const auto &[pack, records] : packs) {
        for (std::size_t i = 0; i < records->size(); ++i)
            entries.emplace_back(m_key.of((*records)[i].hash), locationOf(pack, i));
    }
    return insert(std::move(entries));
}

Result<> ChunkIndex::insert(std::vector<std::pair<qint64, qint64>> entries)
{
    std::ranges::sort(entries);
    Statement first = m_db.prepare("INSERT INTO idx(h, loc) VALUES(?, ?) ON CONFLICT DO NOTHING");
    Statement further = m_db.prepare("INSERT INTO idx2(h, loc) VALUES(?, ?) ON CONFLICT DO NOTHING");
    for (const auto &[h, location] : entries) {
        const auto done = first.bind(h, location).run();
        if (!done)
            return done;
        if (first.affected() == 1)
            continue;
        const auto doneToo = further.bind(h, location).run();
        if (!doneToo)
            return doneToo;
    }
    return {};
}

Result<> ChunkIndex::remove(PackRow pack, std::span<const Record> records)
{
    forget(pack);
    Statement further = m_db.prepare("DELETE FROM idx2 WHERE h = ? AND loc = ?");
    Statement first = m_db.prepare("DELETE FROM idx WHERE h = ? AND loc = ?");
    // idx2 has only what idx has, too: the first of the further places moves up.
    Statement promote = m_db.prepare("INSERT INTO idx(h, loc) SELECT h, MIN(loc) FROM idx2 WHERE h = ? GROUP BY h");
    Statement promoted = m_db.prepare("DELETE FROM idx2 WHERE h = ? AND loc = (SELECT loc FROM idx WHERE h = ?)");
    for (std::size_t i = 0; i < records.size(); ++i) {
        const qint64 h = m_key.of(records[i].hash);
        auto done = further.bind(h, locationOf(pack, i)).run();
        if (done)
            done = first.bind(h, locationOf(pack, i)).run();
        if (done && first.affected() > 0) {
            done = promote.bind(h).run();
            if (done)
                done = promoted.bind(h, h).run();
        }
        if (!done)
            return done;
    }
    return {};
}

Result<std::vector<std::optional<ChunkPlace>>> ChunkIndex::find(
    std::span<const ChunkHash> hashes, const HitRules &rules)
{
    Rules judge(m_db, rules);
    std::vector<std::optional<ChunkPlace>> places;
    places.reserve(hashes.size());
    for (const ChunkHash &hash : hashes) {
        auto place = findOne(hash, judge);
        if (!place)
            return place.error();
        places.push_back(*place);
    }
    return places;
}

Result<std::optional<ChunkPlace>> ChunkIndex::findOne(const ChunkHash &hash, Rules &rules)
{
    const qint64 h = m_key.of(hash);
    {
        Statement query = m_db.prepare("SELECT loc FROM idx WHERE h = ?");
        query.bind(h);
        if (!query.next()) {
            if (query.failed())
                return query.error();
            return std::optional<ChunkPlace>(); // idx2 has only what idx has, too
        }
        const qint64 location = query.number(0);
        const auto fit = fits(location, hash, rules);
        if (!fit)
            return fit.error();
        if (*fit)
            return std::optional(placeAt(location));
    }
    Statement query = m_db.prepare("SELECT loc FROM idx2 WHERE h = ?");
    query.bind(h);
    while (query.next()) {
        const qint64 location = query.number(0);
        const auto fit = fits(location, hash, rules);
        if (!fit)
            return fit.error();
        if (*fit)
            return std::optional(placeAt(location));
    }
    if (query.failed())
        return query.error();
    return std::optional<ChunkPlace>();
}

Result<bool> ChunkIndex::fits(qint64 location, const ChunkHash &hash, Rules &rules)
{
    const ChunkPlace place = placeAt(location);
    const auto same = holds(place, hash);
    if (!same || !*same)
        return same;
    return rules.allow(place.pack);
}

Result<bool> ChunkIndex::holds(ChunkPlace place, const ChunkHash &hash)
{
    const auto records = directory(place.pack);
    if (!records) {
        if (records.error().kind == Error::Kind::NotFound)
            return m_db.corrupt(QStringLiteral("the chunk index names a pack that is not there"));
        return records.error();
    }
    if (place.record >= (*records)->size())
        return m_db.corrupt(QStringLiteral("the chunk index names a record that is not there"));
    return (**records)[place.record].hash == hash;
}

Result<std::vector<std::optional<ChunkPlace>>> ChunkIndex::locate(
    std::span<const ChunkHash> hashes, std::span<const PackRow> preferred)
{
    const QSet<PackRow> wanted(preferred.begin(), preferred.end());
    QHash<PackRow, int> ranks; // 0: take it at once
    const auto rankOf = [&](PackRow pack) -> Result<int> {
        const auto known = ranks.constFind(pack);
        if (known != ranks.constEnd())
            return *known;
        Statement query = m_db.prepare("SELECT uid, state FROM pack WHERE id = ?");
        query.bind(pack);
        if (!query.next())
            return query.failed() ? query.error() : packUnknown(QStringLiteral("pack %1").arg(pack));
        const auto doomed = isDoomed(m_db, query.id<PackId>(0));
        if (!doomed)
            return doomed.error();
        constexpr int kNotPreferred = 1;
        constexpr int kUnsound = 2;
        const int rank = (wanted.contains(pack) ? 0 : kNotPreferred)
            + (*doomed || query.small(1) != static_cast<int>(PackState::Complete) ? kUnsound : 0);
        ranks.insert(pack, rank);
        return rank;
    };
    std::vector<std::optional<ChunkPlace>> places;
    Statement query
        = m_db.prepare("SELECT loc FROM idx WHERE h = ? UNION ALL SELECT loc FROM idx2 WHERE h = ? ORDER BY loc");
    for (const ChunkHash &hash : hashes) {
        std::optional<ChunkPlace> best;
        int bestRank = std::numeric_limits<int>::max();
        const qint64 h = m_key.of(hash);
        query.bind(h, h);
        while (bestRank > 0 && query.next()) {
            const ChunkPlace place = placeAt(query.number(0));
            const auto same = holds(place, hash);
            if (!same)
                return same.error();
            if (!*same)
                continue;
            const auto rank = rankOf(place.pack);
            if (!rank)
                return rank.error();
            if (*rank < bestRank) {
                best = place;
                bestRank = *rank;
            }
        }
        if (query.failed())
            return query.error();
        places.push_back(best);
    }
    return places;
}

Result<std::vector<Record>> ChunkIndex::records(std::span<const ChunkPlace> places)
{
    std::vector<Record> found;
    found.reserve(places.size());
    for (const ChunkPlace &place : places) {
        const auto records = directory(place.pack);
        if (!records)
            return records.error();
        if (place.record >= (*records)->size())
            return packUnknown(QStringLiteral("record %1 of pack %2").arg(place.record).arg(place.pack));
        found.push_back((**records)[place.record]);
    }
    return found;
}

Result<ChunkIndex::Directory> ChunkIndex::directory(PackRow pack)
{
    constexpr std::size_t kMostKept = 200'000; // records; about 15 MB
    const auto known = m_recentByPack.constFind(pack);
    if (known != m_recentByPack.constEnd()) {
        m_recent.splice(m_recent.begin(), m_recent, *known);
        return m_recent.front().second;
    }
    Statement query = m_db.prepare("SELECT dir FROM pack WHERE id = ?");
    query.bind(pack);
    if (!query.next()) {
        if (query.failed())
            return query.error();
        return packUnknown(QStringLiteral("pack %1").arg(pack));
    }
    auto records = readDirectory(m_db, query.bytes(0));
    if (!records)
        return records.error();
    Directory directory = std::make_shared<const std::vector<Record>>(std::move(*records));
    m_recent.emplace_front(pack, directory);
    m_recentByPack.insert(pack, m_recent.begin());
    m_recentRecords += directory->size() + 1;
    while (m_recentRecords > kMostKept && m_recent.size() > 1) {
        m_recentRecords -= m_recent.back().second->size() + 1;
        m_recentByPack.remove(m_recent.back().first);
        m_recent.pop_back();
    }
    return directory;
}

void ChunkIndex::forget(PackRow pack)
{
    const auto known = m_recentByPack.constFind(pack);
    if (known == m_recentByPack.constEnd())
        return;
    m_recentRecords -= (*known)->second->size() + 1;
    m_recent.erase(*known);
    m_recentByPack.erase(known);
}

} // namespace mf
