// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/checkpoints.h"

#include "core/registry/age.h"
#include "core/registry/log_segments.h"

#include <array>

namespace mf {

namespace {

// Parts are numbered from 0; each number once.
Result<bool> isWhole(Connection &db, const Registry::CheckpointPart &part)
{
    Statement query = db.prepare("SELECT COUNT(DISTINCT part) FROM checkpoint WHERE id = ? AND parts = ?");
    query.bind(part.id, part.parts);
    const qint64 known = query.next() ? query.number(0) : 0;
    if (query.failed())
        return query.error();
    return known == part.parts;
}

Result<> cover(Connection &db, const CheckpointId &id)
{
    auto done = db.prepare("INSERT INTO covered(hash, name) SELECT hash, name FROM cover WHERE checkpoint = ?"
                           " ON CONFLICT DO NOTHING")
                    .bind(id)
                    .run();
    if (done)
        done = db.prepare("DELETE FROM cover WHERE checkpoint = ?").bind(id).run();
    // What waited to be taken in waits in the checkpoint from now on.
    if (done)
        done = db.prepare("UPDATE segment SET taken = 0 WHERE hash IN (SELECT segment FROM checkpoint WHERE id = ?)"
                          " AND EXISTS (SELECT 1 FROM segment s JOIN covered c ON c.hash = s.hash WHERE s.taken = 0)")
                   .bind(id)
                   .run();
    static const std::array<const char *, 6> kLeaves {
        "DELETE FROM segment WHERE hash IN (SELECT hash FROM covered)",
        "DELETE FROM segment_parent WHERE child IN (SELECT hash FROM covered)",
        "DELETE FROM head WHERE hash IN (SELECT hash FROM covered)",
        "DELETE FROM checkpoint WHERE segment IN (SELECT hash FROM covered)",
        "DELETE FROM cover WHERE checkpoint NOT IN (SELECT id FROM checkpoint)",
        // Had it gone on, the checkpoint would say so.
        "UPDATE session SET ended = 2 WHERE ended = 0 AND segment IN (SELECT hash FROM covered)",
    };
    for (auto statement = kLeaves.begin(); done && statement != kLeaves.end(); ++statement)
        done = db.execute(QString::fromLatin1(*statement));
    return done;
}

} // namespace

Result<> noteCheckpoint(Connection &db, const ObjectHash &segment, const Registry::CheckpointPart &part)
{
    auto done = db.prepare("INSERT INTO checkpoint(segment, id, part, parts) VALUES(?, ?, ?, ?) ON CONFLICT DO NOTHING")
                    .bind(segment, part.id, part.part, part.parts)
                    .run();
    Statement insert = db.prepare("INSERT INTO cover(checkpoint, hash, name) VALUES(?, ?, ?) ON CONFLICT DO NOTHING");
    for (auto covered = part.covers.begin(); done && covered != part.covers.end(); ++covered)
        done = insert.bind(part.id, covered->hash, covered->name).run();
    if (!done)
        return done;
    const auto whole = isWhole(db, part);
    if (!whole)
        return whole.error();
    return *whole ? cover(db, part.id) : Result<>();
}

Result<bool> isCovered(Connection &db, const ObjectHash &segment)
{
    Statement query = db.prepare("SELECT 1 FROM covered WHERE hash = ?");
    query.bind(segment);
    const bool found = query.next();
    if (query.failed())
        return query.error();
    return found;
}

Result<std::vector<Registry::Segment>> logToTell(Connection &db)
{
    Statement query = db.prepare("SELECT " MF_SEGMENT_COLUMNS " FROM segment ORDER BY lamport, hash");
    return readSegments(query);
}

Result<std::vector<ObjectHash>> coveredSegments(Connection &db)
{
    Statement query = db.prepare("SELECT hash FROM covered ORDER BY hash");
    return query.ids<ObjectHash>();
}

Result<std::vector<bool>> areCovered(Connection &db, std::span<const QString> blobNames)
{
    std::vector<bool> covered;
    Statement query = db.prepare("SELECT 1 FROM covered WHERE name = ?");
    for (const QString &name : blobNames) {
        query.bind(name);
        covered.push_back(query.next());
        if (query.failed())
            return query.error();
    }
    return covered;
}

Result<std::vector<Registry::SegmentName>> wholeCheckpoints(Connection &db)
{
    std::vector<Registry::SegmentName> names;
    Statement query = db.prepare(
        "SELECT s.hash, s.name, s.seen FROM checkpoint c JOIN segment s ON s.hash = c.segment WHERE c.parts ="
        " (SELECT COUNT(DISTINCT part) FROM checkpoint o WHERE o.id = c.id AND o.parts = c.parts) ORDER BY s.hash");
    while (query.next()) {
        Registry::SegmentName name;
        name.hash = query.id<ObjectHash>(0);
        name.name = query.text(1);
        name.seen = query.time(2);
        names.push_back(std::move(name));
    }
    if (query.failed())
        return query.error();
    return names;
}

Result<int> segmentsSinceCheckpoint(Connection &db)
{
    const auto count
        = db.number(QStringLiteral("SELECT COUNT(*) FROM segment WHERE hash NOT IN (SELECT segment FROM checkpoint)"));
    if (!count)
        return count.error();
    return static_cast<int>(*count);
}

Result<bool> hasEnded(Connection &db, const SessionId &session)
{
    Statement query = db.prepare("SELECT 1 FROM session WHERE id = ? AND ended <> 0");
    query.bind(session);
    const bool found = query.next();
    if (query.failed())
        return query.error();
    return found;
}

Result<std::vector<SessionId>> openSessions(Connection &db)
{
    const auto age = readAge(db);
    if (!age)
        return age.error();
    Statement query = db.prepare("SELECT id FROM session WHERE ended = 0 AND age > ?");
    query.bind(age->calendar.count() - Registry::kTrashTime.count());
    return query.ids<SessionId>();
}

} // namespace mf
