// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/liveness.h"

#include "core/registry/age.h"
#include "core/registry/identity.h"
#include "core/registry/log_segments.h"
#include "core/registry/revisions.h"
#include "core/registry/trash.h"

namespace mf {

namespace {

constexpr qint64 kMonth = Registry::kTrashTime.count();

Result<qint64> calendar(Connection &db)
{
    const auto age = readAge(db);
    if (!age)
        return age.error();
    return age->calendar.count();
}

// Sessions of this computer's stores that are running, or were interrupted less than 30 days ago.
Result<QSet<SessionId>> ownSessions(Connection &db)
{
    const auto now = calendar(db);
    if (!now)
        return now.error();
    QSet<SessionId> sessions;
    Statement query = db.prepare("SELECT t.session FROM transfer t LEFT JOIN session s ON s.id = t.session"
                                 " WHERE t.kind IN ('store', 'repack') AND (s.age IS NULL OR s.age > ?)");
    query.bind(*now - kMonth);
    while (query.next())
        sessions.insert(query.id<SessionId>(0));
    if (query.failed())
        return query.error();
    return sessions;
}

Result<> addPacks(Statement &query, QSet<PackId> &into)
{
    while (query.next())
        into.insert(query.id<PackId>(0));
    if (query.failed())
        return query.error();
    return {};
}

struct Newest {
    RevisionId revision;
    ObjectHash segment;
    ObjectHash manifest;
};

// The newest event of each revision that has not ended.
Result<std::vector<Newest>> newestEvents(Connection &db)
{
    std::vector<Newest> newest;
    Statement query = db.prepare("SELECT revision, segment, manifest FROM revision_event l WHERE NOT EXISTS (SELECT 1"
                                 " FROM revision_event n WHERE n.revision = l.revision"
                                 " AND (n.lamport, n.segment) > (l.lamport, l.segment))");
    while (query.next())
        newest.push_back({ query.id<RevisionId>(0), query.id<ObjectHash>(1), query.id<ObjectHash>(2) });
    if (query.failed())
        return query.error();
    std::vector<Newest> there;
    for (const Newest &event : newest) {
        const auto ended = hasEnded(db, event.revision);
        if (!ended)
            return ended.error();
        if (!*ended)
            there.push_back(event);
    }
    return there;
}

Result<> addLogged(Connection &db, QSet<PackId> &into)
{
    const auto newest = newestEvents(db);
    if (!newest)
        return newest.error();
    for (const Newest &event : *newest) {
        Statement query = db.prepare("SELECT pack FROM logged_pack WHERE revision = ? AND segment = ?");
        query.bind(event.revision, event.segment);
        const auto added = addPacks(query, into);
        if (!added)
            return added;
    }
    return {};
}

Result<> addHashes(Statement &query, QSet<ObjectHash> &into)
{
    while (query.next())
        into.insert(query.id<ObjectHash>(0));
    if (query.failed())
        return query.error();
    return {};
}

// Index objects that somebody may need: of revisions that have not ended, of packs that are known, of stores under way.
Result<QSet<ObjectHash>> neededIndexes(Connection &db, const std::vector<Newest> &newest)
{
    QSet<ObjectHash> needed;
    for (const Newest &event : newest) {
        Statement query = db.prepare("SELECT hash FROM logged_index WHERE revision = ? AND segment = ?");
        query.bind(event.revision, event.segment);
        const auto added = addHashes(query, needed);
        if (!added)
            return added.error();
    }
    Statement packs = db.prepare("SELECT DISTINCT indexed FROM pack WHERE indexed IS NOT NULL");
    auto added = addHashes(packs, needed);
    const auto now = calendar(db);
    if (!added || !now)
        return added ? now.error() : added.error();
    Statement sessions = db.prepare("SELECT i.hash FROM session s JOIN session_index i ON i.session = s.id"
                                    " WHERE s.ended = 0 AND s.age > ?");
    sessions.bind(*now - kMonth);
    added = addHashes(sessions, needed);
    QSet<ObjectHash> superseded;
    Statement replaced = db.prepare("SELECT hash FROM superseded");
    if (added)
        added = addHashes(replaced, superseded);
    if (!added)
        return added.error();
    return needed.subtract(superseded);
}

// What this computer's own revisions rely on.
Result<> addRelied(Connection &db, QSet<PackId> &into)
{
    std::vector<std::pair<qint64, RevisionId>> revisions;
    {
        Statement query = db.prepare("SELECT id, uid FROM revision");
        while (query.next())
            revisions.emplace_back(query.number(0), query.id<RevisionId>(1));
        if (query.failed())
            return query.error();
    }
    for (const auto &[row, id] : revisions) {
        const auto ended = hasEnded(db, id);
        if (!ended)
            return ended.error();
        if (*ended)
            continue;
        Statement query = db.prepare("SELECT p.uid FROM relied r JOIN pack p ON p.id = r.pack WHERE r.revision = ?");
        query.bind(row);
        const auto added = addPacks(query, into);
        if (!added)
            return added;
    }
    return {};
}

Result<std::vector<FragmentPlace>> placesOf(Connection &db, PackRow pack)
{
    std::vector<FragmentPlace> places;
    Statement query = db.prepare("SELECT f.n, a.uid, f.state FROM fragment f JOIN account a ON a.id = f.account"
                                 " WHERE f.pack = ? AND a.retired = 0 ORDER BY f.n");
    query.bind(pack);
    while (query.next())
        places.emplace_back(query.small(0), query.id<AccountId>(1), query.small(2) == 1);
    if (query.failed())
        return query.error();
    return places;
}

// An open doom that keeps this computer from dooming the pack itself; or it is gone.
Result<bool> isTaken(Connection &db, const PackId &pack, const ComputerId &self, qint64 now)
{
    Statement query = db.prepare("SELECT 1 FROM doom_pack p JOIN doom d ON d.id = p.doom WHERE p.pack = ? AND"
                                 " (EXISTS (SELECT 1 FROM doom_end e WHERE e.doom = d.id AND e.kind = 2)"
                                 " OR (NOT EXISTS (SELECT 1 FROM doom_end e WHERE e.doom = d.id AND e.kind = 1"
                                 " AND e.author = d.author) AND (d.author = ? OR d.age > ?))) LIMIT 1");
    query.bind(pack, self, now - kMonth);
    const bool found = query.next();
    if (query.failed())
        return query.error();
    return found;
}

std::vector<Registry::DeadPack> packsOf(Statement &query)
{
    std::vector<Registry::DeadPack> packs;
    while (query.next()) {
        Registry::DeadPack pack;
        pack.row = query.number(0);
        pack.id = query.id<PackId>(1);
        pack.shape = PackShape(query.small(2), query.small(3), query.number(4));
        packs.push_back(std::move(pack));
    }
    return packs;
}

} // namespace

Result<> noteLogged(Connection &db, const Registry::RevisionEvent &revision, const ObjectHash &segment)
{
    Result<> done;
    Statement pack
        = db.prepare("INSERT INTO logged_pack(revision, segment, pack) VALUES(?, ?, ?) ON CONFLICT DO NOTHING");
    for (auto id = revision.packs.begin(); done && id != revision.packs.end(); ++id)
        done = pack.bind(revision.revision, segment, *id).run();
    Statement index
        = db.prepare("INSERT INTO logged_index(revision, segment, hash) VALUES(?, ?, ?) ON CONFLICT DO NOTHING");
    for (auto hash = revision.indexes.begin(); done && hash != revision.indexes.end(); ++hash)
        done = index.bind(revision.revision, segment, *hash).run();
    return done;
}

Result<bool> isLogged(Connection &db, const RevisionId &revision)
{
    Statement query = db.prepare("SELECT 1 FROM revision_event WHERE revision = ? LIMIT 1");
    query.bind(revision);
    const bool found = query.next();
    if (query.failed())
        return query.error();
    return found;
}

Result<bool> isKeptByLog(Connection &db, RevisionRow revision)
{
    Statement query
        = db.prepare("SELECT 1 FROM relied r JOIN pack p ON p.id = r.pack JOIN revision v ON v.id = r.revision"
                     " JOIN revision_event e ON e.revision = v.uid WHERE v.id = ?"
                     " AND NOT EXISTS (SELECT 1 FROM revision_event n WHERE n.revision = v.uid"
                     " AND (n.lamport, n.segment) > (e.lamport, e.segment))"
                     " AND NOT EXISTS (SELECT 1 FROM logged_pack l WHERE l.revision = v.uid"
                     " AND l.segment = e.segment AND l.pack = p.uid) LIMIT 1");
    query.bind(revision);
    const bool isElsewhere = query.next();
    if (query.failed())
        return query.error();
    return !isElsewhere;
}

Result<bool> hasEnded(Connection &db, const RevisionId &revision)
{
    const auto standing = standingInLog(db, revision);
    if (!standing)
        return standing.error();
    return standing->removed && (standing->isForever || standing->passed >= Registry::kTrashTime);
}

Result<QSet<PackId>> referencedPacks(Connection &db, std::span<const PackId> also)
{
    QSet<PackId> packs;
    for (const PackId &pack : also)
        packs.insert(pack);
    auto done = addLogged(db, packs);
    if (done)
        done = addRelied(db, packs);
    if (!done)
        return done.error();
    const auto sessions = ownSessions(db);
    if (!sessions)
        return sessions.error();
    Statement query = db.prepare("SELECT uid FROM pack WHERE session = ?");
    for (const SessionId &session : *sessions) {
        query.bind(session);
        done = addPacks(query, packs);
        if (!done)
            return done.error();
    }
    return packs;
}

Result<std::vector<Registry::DeadPack>> deadPacks(Connection &db, std::span<const PackId> also)
{
    const auto referenced = referencedPacks(db, also);
    if (!referenced)
        return referenced.error();
    const auto now = calendar(db);
    if (!now)
        return now.error();
    const auto identity = readIdentity(db);
    if (!identity)
        return identity.error();
    const ComputerId self = *identity ? (*identity)->computer : ComputerId();
    Statement query = db.prepare("SELECT id, uid, k, fragments, data_len FROM pack WHERE state IN (1, 2) ORDER BY id");
    auto packs = packsOf(query);
    if (query.failed())
        return query.error();
    std::erase_if(packs, [&referenced](const auto &pack) { return referenced->contains(pack.id); });
    for (auto &pack : packs) {
        auto places = placesOf(db, pack.row);
        if (!places)
            return places.error();
        pack.fragments = std::move(*places);
        const auto taken = isTaken(db, pack.id, self, *now);
        if (!taken)
            return taken.error();
        pack.isDoomed = *taken;
    }
    return packs;
}

Result<std::vector<Registry::DeadPack>> takeLeftovers(Connection &db)
{
    const auto sessions = ownSessions(db);
    if (!sessions)
        return sessions.error();
    // What was never in a revision's list was never in anybody's hands but ours: only a revision makes it a hit.
    Statement query = db.prepare("SELECT id, uid, k, fragments, data_len, session, state FROM pack p WHERE state IN"
                                 " (1, 2, 4) AND session IS NOT NULL AND NOT EXISTS (SELECT 1 FROM logged_pack l"
                                 " WHERE l.pack = p.uid) AND NOT EXISTS (SELECT 1 FROM relied r WHERE r.pack = p.id)"
                                 " AND NOT EXISTS (SELECT 1 FROM doom_pack d WHERE d.pack = p.uid) ORDER BY id");
    std::vector<Registry::DeadPack> leftovers;
    while (query.next()) {
        if (query.small(6) != static_cast<int>(PackState::Gone) && sessions->contains(query.id<SessionId>(5)))
            continue;
        Registry::DeadPack pack;
        pack.row = query.number(0);
        pack.id = query.id<PackId>(1);
        pack.shape = PackShape(query.small(2), query.small(3), query.number(4));
        leftovers.push_back(std::move(pack));
    }
    if (query.failed())
        return query.error();
    for (auto &pack : leftovers) {
        auto places = placesOf(db, pack.row);
        if (!places)
            return places.error();
        pack.fragments = std::move(*places);
        const auto done = db.prepare("UPDATE pack SET state = ? WHERE id = ?").bind(PackState::Gone, pack.row).run();
        if (!done)
            return done.error();
    }
    return leftovers;
}

Result<Registry::DeadObjects> deadObjects(Connection &db)
{
    const auto newest = newestEvents(db);
    if (!newest)
        return newest.error();
    QSet<ObjectHash> manifests; // that are needed
    for (const Newest &event : *newest)
        manifests.insert(event.manifest);
    Statement rows = db.prepare("SELECT manifest FROM revision");
    auto added = addHashes(rows, manifests);
    const auto indexes = neededIndexes(db, *newest);
    if (!added || !indexes)
        return added ? indexes.error() : added.error();

    Registry::DeadObjects dead;
    QSet<ObjectHash> all;
    Statement logged = db.prepare("SELECT DISTINCT manifest FROM revision_event");
    added = addHashes(logged, all);
    all.subtract(manifests);
    dead.manifests.assign(all.begin(), all.end());
    all.clear();
    Statement named = db.prepare("SELECT hash FROM logged_index UNION SELECT hash FROM session_index");
    if (added)
        added = addHashes(named, all);
    if (!added)
        return added.error();
    all.subtract(*indexes);
    dead.indexes.assign(all.begin(), all.end());
    return dead;
}

Result<std::vector<ObjectHash>> openSessionIndexes(Connection &db)
{
    const auto now = calendar(db);
    if (!now)
        return now.error();
    const auto identity = readIdentity(db);
    if (!identity)
        return identity.error();
    Statement query = db.prepare("SELECT DISTINCT i.hash FROM session s JOIN session_index i ON i.session = s.id"
                                 " WHERE s.ended = 0 AND s.author <> ? AND s.age > ?");
    query.bind(*identity ? (*identity)->computer : ComputerId(), *now - kMonth);
    return query.ids<ObjectHash>();
}

} // namespace mf
