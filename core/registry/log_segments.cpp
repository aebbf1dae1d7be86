// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/log_segments.h"

#include "core/registry/accounts.h"
#include "core/registry/age.h"
#include "core/registry/checkpoints.h"
#include "core/registry/identity.h"
#include "core/registry/take_in.h"
#include "core/registry/trash.h"

namespace mf {

namespace {

enum DoomEnd { Pardon = 1, Gone = 2 };

// A fragment that is gone is not known there any more. If it is found or put there again later, it counts.
Result<> forgetGoneFragments(Connection &db, const DoomId &doom)
{
    Statement end = db.prepare("SELECT 1 FROM doom_end WHERE doom = ? AND kind = ?");
    end.bind(doom, Gone);
    const bool isGone = end.next();
    if (end.failed())
        return end.error();
    if (!isGone)
        return {};
    return db
        .prepare("DELETE FROM fragment WHERE (pack, n, account) IN (SELECT p.id, d.n, a.id FROM doom_fragment d"
                 " JOIN pack p ON p.uid = d.pack JOIN account a ON a.uid = d.account WHERE d.doom = ?)")
        .bind(doom)
        .run();
}

Result<> addEnd(Connection &db, const DoomId &doom, DoomEnd kind, const ComputerId &author)
{
    Statement insert = db.prepare("INSERT INTO doom_end(doom, kind, author) VALUES(?, ?, ?) ON CONFLICT DO NOTHING");
    auto done = insert.bind(doom, kind, author).run();
    // A checkpoint tells it again; by then a fragment may have been put there once more.
    if (done && kind == Gone && insert.affected() > 0)
        done = forgetGoneFragments(db, doom);
    return done;
}

Result<> addDoom(Connection &db, const DoomRecord &doom, const QDateTime &seen, qint64 age)
{
    Statement row = db.prepare("INSERT INTO doom(id, author, seen, age) VALUES(?, ?, ?, ?) ON CONFLICT DO NOTHING");
    auto done = row.bind(doom.id, doom.author, doom.firstSeen.isValid() ? doom.firstSeen : seen, age).run();
    const bool isNew = done && row.affected() > 0;
    Statement insert = db.prepare("INSERT INTO doom_pack(pack, doom) VALUES(?, ?) ON CONFLICT DO NOTHING");
    for (auto pack = doom.packs.begin(); done && pack != doom.packs.end(); ++pack)
        done = insert.bind(*pack, doom.id).run();
    Statement fragments
        = db.prepare("INSERT INTO doom_fragment(pack, n, account, doom) VALUES(?, ?, ?, ?) ON CONFLICT DO NOTHING");
    for (auto fragment = doom.fragments.begin(); done && fragment != doom.fragments.end(); ++fragment)
        done = fragments.bind(fragment->pack, fragment->index, fragment->account, doom.id).run();
    Statement objects = db.prepare("INSERT INTO doom_object(name, doom) VALUES(?, ?) ON CONFLICT DO NOTHING");
    for (auto name = doom.objects.begin(); done && name != doom.objects.end(); ++name)
        done = objects.bind(*name, doom.id).run();
    if (done && doom.pardoned) // a checkpoint says so for its author
        done = addEnd(db, doom.id, Pardon, doom.author);
    if (done && doom.gone)
        done = addEnd(db, doom.id, Gone, doom.author);
    if (done && isNew)
        done = forgetGoneFragments(db, doom.id); // its end may have been read before it
    return done;
}

// Where an event was read: in its segment, or in a checkpoint that tells it again.
struct Source {
    ObjectHash segment;
    bool isTold = false;
    QDateTime seen;
    qint64 age = 0;
};

Result<> addSession(
    Connection &db, const Registry::SessionEvent &session, const ComputerId &author, const Source &source)
{
    // An end may be read before its beginning. What is told again has not advanced.
    Statement first = db.prepare("INSERT INTO session(id, author, seen, age, ended, segment) VALUES(?, ?, ?, ?, ?, ?)"
                                 " ON CONFLICT(id) DO UPDATE SET seen = MAX(seen, excluded.seen),"
                                 " age = MAX(age, excluded.age), segment = excluded.segment,"
                                 " ended = CASE ended WHEN 1 THEN 1 ELSE excluded.ended END");
    Statement again = db.prepare("INSERT INTO session(id, author, seen, age, ended, segment) VALUES(?, ?, ?, ?, ?, ?)"
                                 " ON CONFLICT(id) DO UPDATE SET segment = excluded.segment,"
                                 " ended = CASE ended WHEN 1 THEN 1 ELSE excluded.ended END");
    auto done = (source.isTold ? again : first)
                    .bind(session.id, author, source.seen, source.age, session.isEnd, source.segment)
                    .run();
    Statement insert = db.prepare("INSERT INTO session_index(session, hash) VALUES(?, ?) ON CONFLICT DO NOTHING");
    for (auto hash = session.indexes.begin(); done && hash != session.indexes.end(); ++hash)
        done = insert.bind(session.id, *hash).run();
    return done;
}

Result<> addEvents(Connection &db, const Registry::Segment &segment, const Source &source)
{
    Result<> done;
    for (auto doom = segment.dooms.begin(); done && doom != segment.dooms.end(); ++doom)
        done = addDoom(db, *doom, source.seen, source.age);
    for (auto id = segment.pardons.begin(); done && id != segment.pardons.end(); ++id)
        done = addEnd(db, *id, Pardon, segment.author);
    for (auto id = segment.gone.begin(); done && id != segment.gone.end(); ++id)
        done = addEnd(db, *id, Gone, segment.author);
    for (auto session = segment.sessions.begin(); done && session != segment.sessions.end(); ++session)
        done = addSession(db, *session, segment.author, source);
    for (auto restore = segment.restores.begin(); done && restore != segment.restores.end(); ++restore)
        done = noteRestored(db, *restore);
    for (auto trash = segment.trashes.begin(); done && trash != segment.trashes.end(); ++trash)
        done = noteTrashed(db, *trash, source.seen);
    for (auto account = segment.accounts.begin(); done && account != segment.accounts.end(); ++account)
        done = noteTold(db, *account);
    for (auto account = segment.retired.begin(); done && account != segment.retired.end(); ++account)
        done = noteRetired(db, *account);
    for (auto event = segment.revisions.begin(); done && event != segment.revisions.end(); ++event)
        done = noteRevisionEvent(db, *event, segment.lamport, segment.hash);
    return done;
}

Result<> addAllEvents(Connection &db, const Registry::Segment &segment, const QDateTime &seen)
{
    const auto now = readAge(db);
    if (!now)
        return now.error();
    Source source { segment.hash, false, seen, now->calendar.count() };
    auto done = addEvents(db, segment, source);
    source.isTold = true;
    for (auto told = segment.told.begin(); done && told != segment.told.end(); ++told)
        done = addEvents(db, *told, source);
    return done;
}

// Heads are what no known segment names as a parent; segments may come in any order.
Result<> updateHeads(Connection &db, const Registry::Segment &segment)
{
    Statement link = db.prepare("INSERT INTO segment_parent(parent, child) VALUES(?, ?) ON CONFLICT DO NOTHING");
    Statement covered = db.prepare("DELETE FROM head WHERE hash = ?");
    for (const ObjectHash &parent : segment.parents) {
        auto done = link.bind(parent, segment.hash).run();
        if (done)
            done = covered.bind(parent).run();
        if (!done)
            return done;
    }
    return db
        .prepare("INSERT INTO head(hash) SELECT ? WHERE NOT EXISTS (SELECT 1 FROM segment_parent WHERE parent = ?)")
        .bind(segment.hash, segment.hash)
        .run();
}

} // namespace

Result<std::vector<ObjectHash>> readHeads(Connection &db)
{
    Statement query = db.prepare("SELECT hash FROM head ORDER BY hash");
    return query.ids<ObjectHash>();
}

Result<std::vector<bool>> segmentsKnown(Connection &db, std::span<const QString> blobNames)
{
    std::vector<bool> known;
    known.reserve(blobNames.size());
    Statement query = db.prepare("SELECT 1 FROM segment WHERE name = ? UNION ALL SELECT 1 FROM covered WHERE name = ?");
    for (const QString &name : blobNames) {
        query.bind(name, name);
        known.push_back(query.next());
        if (query.failed())
            return query.error();
    }
    return known;
}

Result<> addSegment(Connection &db, const Registry::Segment &segment, const QDateTime &seen, bool isOwn)
{
    const auto covered = isCovered(db, segment.hash);
    if (!covered)
        return covered.error();
    if (*covered)
        return {}; // an account brings it back, or it was read after the checkpoint that tells it
    Statement insert = db.prepare("INSERT INTO segment(hash, name, author, lamport, seen, taken, events)"
                                  " VALUES(?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
    auto done
        = insert.bind(segment.hash, segment.blobName, segment.author, segment.lamport, seen, isOwn, segment.events)
              .run();
    if (!done)
        return done;
    if (insert.affected() < 1)
        return {}; // known: a name determines its bytes
    done = updateHeads(db, segment);
    if (done)
        done = addAllEvents(db, segment, seen);
    if (done && segment.checkpoint)
        done = noteCheckpoint(db, segment.hash, *segment.checkpoint);
    if (!done)
        return done;
    return witness(db, segment.lamport);
}

Result<std::vector<Registry::Segment>> readSegments(Statement &query)
{
    std::vector<Registry::Segment> segments;
    while (query.next()) {
        Registry::Segment segment;
        segment.hash = query.id<ObjectHash>(0);
        segment.blobName = query.text(1);
        segment.author = query.id<ComputerId>(2);
        segment.lamport = static_cast<quint64>(query.number(3));
        segment.events = query.bytes(4);
        segments.push_back(std::move(segment));
    }
    if (query.failed())
        return query.error();
    return segments;
}

Result<std::vector<Registry::Segment>> segmentsToTakeIn(Connection &db, int limit, int skip)
{
    Statement query = db.prepare("SELECT " MF_SEGMENT_COLUMNS " FROM segment WHERE taken = 0"
                                 " ORDER BY lamport, hash LIMIT ? OFFSET ?");
    query.bind(limit, skip);
    return readSegments(query);
}

Result<> noteTakenIn(Connection &db, const ObjectHash &segment)
{
    return db.prepare("UPDATE segment SET taken = 1 WHERE hash = ?").bind(segment).run();
}

Result<bool> isDoomed(Connection &db, const PackId &pack)
{
    // Only its author pardons a doom; that something is gone is believed of anybody.
    Statement query = db.prepare("SELECT 1 FROM doom_pack p JOIN doom d ON d.id = p.doom WHERE p.pack = ? AND"
                                 " (EXISTS (SELECT 1 FROM doom_end e WHERE e.doom = d.id AND e.kind = 2)"
                                 " OR NOT EXISTS (SELECT 1 FROM doom_end e WHERE e.doom = d.id AND e.kind = 1"
                                 " AND e.author = d.author)) LIMIT 1");
    query.bind(pack);
    const bool found = query.next();
    if (query.failed())
        return query.error();
    return found;
}

Result<std::vector<std::pair<int, AccountId>>> doomedFragments(Connection &db, const PackId &pack)
{
    std::vector<std::pair<int, AccountId>> doomed;
    Statement query = db.prepare("SELECT f.n, f.account FROM doom_fragment f JOIN doom d ON d.id = f.doom"
                                 " WHERE f.pack = ? AND NOT EXISTS (SELECT 1 FROM doom_end e WHERE e.doom = d.id"
                                 " AND (e.kind = 2 OR e.author = d.author))");
    query.bind(pack);
    while (query.next())
        doomed.emplace_back(query.small(0), query.id<AccountId>(1));
    if (query.failed())
        return query.error();
    return doomed;
}

Result<bool> anyDooms(Connection &db)
{
    Statement query
        = db.prepare("SELECT 1 WHERE EXISTS (SELECT 1 FROM doom_pack) OR EXISTS (SELECT 1 FROM doom_fragment)");
    const bool found = query.next();
    if (query.failed())
        return query.error();
    return found;
}

Result<std::vector<PackId>> doomedOf(Connection &db, std::span<const PackId> packs)
{
    std::vector<PackId> doomed;
    for (const PackId &pack : packs) {
        const auto is = isDoomed(db, pack);
        if (!is)
            return is.error();
        if (*is)
            doomed.push_back(pack);
    }
    return doomed;
}

} // namespace mf
