// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/log_segments.h"

#include "core/registry/identity.h"

namespace mf {

namespace {

enum DoomEnd { Pardon = 1, Gone = 2 };
constexpr qsizetype kDoomIdSize = 16;

Error invalidSegment(const QString &why)
{
    return Error(Error::Kind::Invalid, QStringLiteral("MF-LOG-INVALID"),
        QStringLiteral("The registry cannot take a log segment: ") + why);
}

Result<> addEnd(Connection &db, const QByteArray &doom, DoomEnd kind, const ComputerId &author)
{
    if (doom.size() != kDoomIdSize)
        return invalidSegment(QStringLiteral("the id of a doom has the wrong length"));
    return db.prepare("INSERT INTO doom_end(doom, kind, author) VALUES(?, ?, ?) ON CONFLICT DO NOTHING")
        .bind(doom, kind, author)
        .run();
}

Result<> addDoom(Connection &db, const DoomRecord &doom, const QDateTime &seen)
{
    if (doom.id.size() != kDoomIdSize)
        return invalidSegment(QStringLiteral("the id of a doom has the wrong length"));
    auto done = db.prepare("INSERT INTO doom(id, author, seen) VALUES(?, ?, ?) ON CONFLICT DO NOTHING")
                    .bind(doom.id, doom.author, doom.firstSeen.isValid() ? doom.firstSeen : seen)
                    .run();
    Statement insert = db.prepare("INSERT INTO doom_pack(pack, doom) VALUES(?, ?) ON CONFLICT DO NOTHING");
    for (auto pack = doom.packs.begin(); done && pack != doom.packs.end(); ++pack)
        done = insert.bind(*pack, doom.id).run();
    if (done && doom.pardoned) // a checkpoint says so for its author
        done = addEnd(db, doom.id, Pardon, doom.author);
    if (done && doom.gone)
        done = addEnd(db, doom.id, Gone, doom.author);
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
    std::vector<ObjectHash> heads;
    Statement query = db.prepare("SELECT hash FROM head ORDER BY hash");
    while (query.next())
        heads.push_back(query.id<ObjectHash>(0));
    if (query.failed())
        return query.error();
    return heads;
}

Result<std::vector<bool>> segmentsKnown(Connection &db, std::span<const QString> blobNames)
{
    std::vector<bool> known;
    known.reserve(blobNames.size());
    Statement query = db.prepare("SELECT 1 FROM segment WHERE name = ?");
    for (const QString &name : blobNames) {
        query.bind(name);
        known.push_back(query.next());
        if (query.failed())
            return query.error();
    }
    return known;
}

Result<> addSegment(Connection &db, const Registry::Segment &segment, const QDateTime &seen)
{
    Statement insert = db.prepare("INSERT INTO segment(hash, name, author, lamport, seen, events)"
                                  " VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
    auto done
        = insert.bind(segment.hash, segment.blobName, segment.author, segment.lamport, seen, segment.events).run();
    if (!done)
        return done;
    if (insert.affected() < 1)
        return {}; // known: a name determines its bytes
    done = updateHeads(db, segment);
    for (auto doom = segment.dooms.begin(); done && doom != segment.dooms.end(); ++doom)
        done = addDoom(db, *doom, seen);
    for (auto id = segment.pardons.begin(); done && id != segment.pardons.end(); ++id)
        done = addEnd(db, *id, Pardon, segment.author);
    for (auto id = segment.gone.begin(); done && id != segment.gone.end(); ++id)
        done = addEnd(db, *id, Gone, segment.author);
    if (!done)
        return done;
    return witness(db, segment.lamport);
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

Result<bool> anyDooms(Connection &db)
{
    Statement query = db.prepare("SELECT 1 FROM doom_pack LIMIT 1");
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
