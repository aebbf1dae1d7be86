// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/spread.h"

#include "core/registry/domains.h"
#include "core/registry/log_segments.h"

#include <QSet>

#include <algorithm>

namespace mf {

namespace {

struct Doomed {
    QSet<PackRow> packs; // nothing of them counts
    QHash<PackRow, std::vector<std::pair<int, AccountId>>> fragments;
};

Result<Doomed> doomedOf(Connection &db, RevisionRow revision)
{
    Doomed doomed;
    const auto some = anyDooms(db);
    if (!some)
        return some.error();
    if (!*some)
        return doomed;
    Statement query = db.prepare("SELECT p.id, p.uid FROM relied r JOIN pack p ON p.id = r.pack WHERE r.revision = ?");
    query.bind(revision);
    while (query.next()) {
        const auto is = isDoomed(db, query.id<PackId>(1));
        if (!is)
            return is.error();
        if (*is)
            doomed.packs.insert(query.number(0));
        const auto fragments = doomedFragments(db, query.id<PackId>(1));
        if (!fragments)
            return fragments.error();
        if (!fragments->empty())
            doomed.fragments.insert(query.number(0), *fragments);
    }
    if (query.failed())
        return query.error();
    return doomed;
}

} // namespace

Result<std::vector<Registry::SpreadEntry>> spreadOf(Connection &db, RevisionRow revision)
{
    std::vector<Registry::SpreadEntry> entries;
    Statement query = db.prepare("SELECT a.uid, COUNT(*), SUM(CASE f.state WHEN 1 THEN f.bytes ELSE 0 END),"
                                 " SUM(f.state <> 1) FROM relied r JOIN fragment f ON f.pack = r.pack"
                                 " JOIN account a ON a.id = f.account WHERE r.revision = ?"
                                 " GROUP BY a.id ORDER BY a.name, a.id");
    query.bind(revision);
    while (query.next()) {
        Registry::SpreadEntry entry;
        entry.account = query.id<AccountId>(0);
        entry.count = query.number(1);
        entry.bytes = query.number(2);
        entry.missing = query.number(3);
        entries.push_back(entry);
    }
    if (query.failed())
        return query.error();
    return entries;
}

Result<std::vector<int>> sparesOf(Connection &db, RevisionRow revision, std::span<const AccountId> without)
{
    const auto doomed = doomedOf(db, revision);
    if (!doomed)
        return doomed.error();
    AccountDomains domains(db, without);
    const auto loaded = domains.load();
    if (!loaded)
        return loaded.error();

    std::vector<int> spares;
    PackSpare survives;
    PackRow pack = 0;
    int k = 0;
    const auto close = [&] { // the pack whose fragments have been seen
        if (pack == 0)
            return;
        spares.push_back(survives.spare(k));
        survives.clear();
    };
    // A pack without any fragment (or unknown by now) gives one row of NULLs: it counts, too.
    Statement query = db.prepare("SELECT r.pack, COALESCE(p.k, 1), f.n, f.account FROM relied r"
                                 " LEFT JOIN pack p ON p.id = r.pack"
                                 " LEFT JOIN fragment f ON f.pack = r.pack AND f.state = 1"
                                 " WHERE r.revision = ? ORDER BY r.pack");
    query.bind(revision);
    while (query.next()) {
        if (query.number(0) != pack) {
            close();
            pack = query.number(0);
            k = query.small(1);
        }
        if (query.isNull(2) || doomed->packs.contains(pack))
            continue;
        const auto *account = domains.find(query.number(3));
        if (!account || account->lost)
            continue;
        const auto absent = doomed->fragments.value(pack);
        if (std::ranges::find(absent, std::pair(query.small(2), account->id)) == absent.end())
            survives.add(query.small(2), account->domain);
    }
    if (query.failed())
        return query.error();
    close();
    return spares;
}

Result<std::optional<int>> spareOf(Connection &db, RevisionRow revision, std::span<const AccountId> without)
{
    const auto spares = sparesOf(db, revision, without);
    if (!spares)
        return spares.error();
    if (spares->empty())
        return std::optional<int>();
    return std::optional<int>(*std::ranges::min_element(*spares));
}

} // namespace mf
