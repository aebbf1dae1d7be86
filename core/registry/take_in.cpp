// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/take_in.h"

#include "core/registry/age.h"
#include "core/registry/liveness.h"
#include "core/registry/revisions.h"
#include "core/registry/trash.h"

namespace mf {

namespace {

// Numbers follow from what the log says, the same on every computer: the revisions of a model by their first
// event, each with the number that its author gave it, or the next one where two computers gave the same.
Result<> renumber(Connection &db, qint64 model)
{
    struct Row {
        RevisionRow row = 0;
        qint64 asked = 0;
    };
    std::vector<Row> rows;
    {
        // What is not in the log yet comes last: it will get a later clock.
        Statement query = db.prepare("SELECT r.id, r.asked FROM revision r"
                                     " LEFT JOIN (SELECT revision, MIN(lamport) AS lamport FROM revision_event"
                                     " GROUP BY revision) f ON f.revision = r.uid"
                                     " LEFT JOIN revision_event e ON e.revision = r.uid AND e.lamport = f.lamport"
                                     " WHERE r.model = ? GROUP BY r.id"
                                     " ORDER BY f.lamport IS NULL, f.lamport, MIN(e.segment), r.id");
        query.bind(model);
        while (query.next())
            rows.push_back({ query.number(0), query.number(1) });
        if (query.failed())
            return query.error();
    }
    // Out of the way first: (model, number) is unique.
    auto done = db.prepare("UPDATE revision SET number = -id WHERE model = ?").bind(model).run();
    qint64 number = 0;
    for (auto row = rows.begin(); done && row != rows.end(); ++row) {
        number = std::max(row->asked, number + 1);
        done = db.prepare("UPDATE revision SET number = ? WHERE id = ?").bind(number, row->row).run();
    }
    return done;
}

// Models are told apart by their names: what two computers stored under one name at once becomes two revisions.
Result<qint64> modelOf(Connection &db, const RevisionRecord &revision, qint64 otherwise)
{
    Statement query = db.prepare("SELECT id FROM model WHERE name = ? AND id <> ?"
                                 " AND NOT EXISTS (SELECT 1 FROM revision WHERE model = ? AND id <> ?)"
                                 " ORDER BY current IS NULL, id LIMIT 1");
    query.bind(revision.name, otherwise, otherwise, revision.row);
    const qint64 found = query.next() ? query.number(0) : otherwise;
    if (query.failed())
        return query.error();
    return found;
}

// A model has the id that its current revision's author gave it: the same on every computer, whichever of several of
// one name each of them saw first.
Result<> nameAfter(Connection &db, qint64 model, const RevisionRecord &revision)
{
    return db
        .prepare("UPDATE model SET uid = ? WHERE id = ? AND current = ?"
                 " AND NOT EXISTS (SELECT 1 FROM model o WHERE o.uid = ? AND o.id <> ?)")
        .bind(revision.model, model, revision.row, revision.model, model)
        .run();
}

} // namespace

Result<> noteRevisionEvent(
    Connection &db, const Registry::RevisionEvent &event, quint64 lamport, const ObjectHash &segment)
{
    const auto age = readAge(db);
    if (!age)
        return age.error();
    const auto done = db.prepare("INSERT INTO revision_event(revision, lamport, segment, manifest, age)"
                                 " VALUES(?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
                          .bind(event.revision, lamport, segment, event.manifest, age->calendar.count())
                          .run();
    if (!done)
        return done;
    return noteLogged(db, event, segment);
}

Result<Registry::RevisionNews> revisionNews(Connection &db, const RevisionId &revision)
{
    Registry::RevisionNews news;
    {
        Statement query = db.prepare("SELECT manifest FROM revision_event WHERE revision = ?"
                                     " ORDER BY lamport DESC, segment DESC LIMIT 1");
        query.bind(revision);
        if (query.next())
            news.manifest = query.id<ObjectHash>(0);
        if (query.failed())
            return query.error();
    }
    Statement query = db.prepare("SELECT id, state, manifest FROM revision WHERE uid = ?");
    query.bind(revision);
    if (query.next()) {
        news.row = query.number(0);
        news.state = static_cast<RevisionState>(query.small(1));
        news.known = query.id<ObjectHash>(2);
    }
    if (query.failed())
        return query.error();
    return news;
}

Result<> finishTakenIn(Connection &db, RevisionRecord revision)
{
    const auto standing = standingInLog(db, revision.id);
    if (!standing)
        return standing.error();
    revision.state = standing->removed ? RevisionState::Trashed : RevisionState::Live;
    qint64 before = 0;
    {
        Statement query = db.prepare("SELECT model FROM revision WHERE id = ?");
        query.bind(revision.row);
        if (!query.next())
            return query.failed() ? query.error() : revisionUnknown(revision.row);
        before = query.number(0);
    }
    // The same one as it was before: its place is taken over, and what was computed of its files.
    qint64 older = 0;
    {
        Statement query = db.prepare("SELECT id FROM revision WHERE uid = ? AND id <> ?");
        query.bind(revision.id, revision.row);
        if (query.next())
            older = query.number(0);
        if (query.failed())
            return query.error();
    }
    std::optional<qint64> olderModel;
    if (older != 0) {
        Statement query = db.prepare("SELECT model FROM revision WHERE id = ?");
        query.bind(older);
        if (query.next())
            olderModel = query.number(0);
        if (query.failed())
            return query.error();
        auto done = db.prepare("UPDATE file SET cid = o.cid, cid_profile = o.cid_profile FROM file o"
                               " WHERE file.revision = ? AND o.revision = ? AND o.path = file.path"
                               " AND o.sha256 = file.sha256")
                        .bind(revision.row, older)
                        .run();
        if (done)
            done = db.prepare("UPDATE model SET current = NULL WHERE current = ?").bind(older).run();
        if (done)
            done = db.prepare("DELETE FROM revision WHERE id = ?").bind(older).run();
        if (!done)
            return done;
    }
    const auto model = olderModel ? Result<qint64>(*olderModel) : modelOf(db, revision, before);
    if (!model)
        return model.error();
    auto done = db.prepare("UPDATE revision SET uid = ?, model = ?, number = -id, asked = ? WHERE id = ?")
                    .bind(revision.id, *model, revision.number, revision.row)
                    .run();
    if (done)
        done = db.prepare("DELETE FROM model WHERE id = ? AND NOT EXISTS (SELECT 1 FROM revision WHERE model = ?)")
                   .bind(before, before)
                   .run();
    if (done)
        done = renumber(db, *model);
    if (done)
        done = updateRevision(db, revision);
    // It need not be the newest one.
    if (done)
        done = chooseNewest(db, *model);
    if (!done)
        return done;
    return nameAfter(db, *model, revision);
}

Result<std::vector<bool>> objectsGone(Connection &db, std::span<const QString> names)
{
    std::vector<bool> gone;
    Statement query = db.prepare("SELECT 1 FROM doom_object o JOIN doom_end e ON e.doom = o.doom AND e.kind = 2"
                                 " WHERE o.name = ? LIMIT 1");
    for (const QString &name : names) {
        query.bind(name);
        gone.push_back(query.next());
        if (query.failed())
            return query.error();
    }
    return gone;
}

Result<std::vector<Registry::SegmentName>> segmentNames(Connection &db)
{
    std::vector<Registry::SegmentName> names;
    Statement query = db.prepare("SELECT hash, name, seen FROM segment s WHERE NOT EXISTS (SELECT 1 FROM doom_object o"
                                 " JOIN doom_end e ON e.doom = o.doom AND e.kind = 2 WHERE o.name = s.name)");
    while (query.next()) {
        Registry::SegmentName segment;
        segment.hash = query.id<ObjectHash>(0);
        segment.name = query.text(1);
        segment.seen = query.time(2);
        names.push_back(std::move(segment));
    }
    if (query.failed())
        return query.error();
    return names;
}

Result<std::vector<RevisionId>> revisionsOnGonePacks(Connection &db)
{
    Statement query = db.prepare("SELECT DISTINCT r.uid FROM doom_end e JOIN doom_pack d ON d.doom = e.doom"
                                 " JOIN pack p ON p.uid = d.pack JOIN relied l ON l.pack = p.id"
                                 " JOIN revision r ON r.id = l.revision WHERE e.kind = 2 AND r.state IN (2, 3)");
    return query.ids<RevisionId>();
}

Result<std::vector<RevisionId>> revisionsBehindLog(Connection &db)
{
    Statement query = db.prepare("SELECT r.uid FROM revision r JOIN revision_event e ON e.revision = r.uid"
                                 " WHERE r.state IN (2, 3) AND e.manifest <> r.manifest AND NOT EXISTS (SELECT 1"
                                 " FROM revision_event n WHERE n.revision = e.revision"
                                 " AND (n.lamport, n.segment) > (e.lamport, e.segment))");
    return query.ids<RevisionId>();
}

Result<Registry::ObjectsInUse> objectsInUse(Connection &db)
{
    Registry::ObjectsInUse objects;
    Statement manifests = db.prepare("SELECT DISTINCT manifest FROM revision WHERE state IN (2, 3)");
    while (manifests.next())
        objects.manifests.push_back(manifests.id<ObjectHash>(0));
    if (manifests.failed())
        return manifests.error();
    Statement indexes = db.prepare("SELECT DISTINCT indexed FROM pack WHERE indexed IS NOT NULL AND state IN (1, 2)");
    while (indexes.next())
        objects.indexes.push_back(indexes.id<ObjectHash>(0));
    if (indexes.failed())
        return indexes.error();
    return objects;
}

} // namespace mf
