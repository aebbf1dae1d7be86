// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/take_in.h"

#include "core/registry/age.h"
#include "core/registry/accounts.h"
#include "core/registry/chunk_index.h"
#include "core/registry/indexes.h"
#include "core/registry/liveness.h"
#include "core/registry/log_segments.h"
#include "core/registry/packs.h"
#include "core/registry/revisions.h"
#include "core/registry/trash.h"

namespace mf {

namespace {

// Packs to look for are numbered in the order in which they came, so that an account needs only one number to say
// up to where it was looked through. A number never comes again, also when the packs that had it are deleted.
Result<qint64> lastSought(Connection &db)
{
    return db.number(QStringLiteral("SELECT MAX((SELECT COALESCE(MAX(sought), 0) FROM pack),"
                                    " (SELECT COALESCE(MAX(MAX(settled, waiting)), 0) FROM survey))"));
}

struct Known {
    PackRow row = 0;
    PackState state = PackState::Pending;
    int fragments = 0;
};

Result<Known> knownPack(Connection &db, const PackId &id)
{
    Known known;
    Statement query = db.prepare("SELECT id, state, fragments FROM pack WHERE uid = ?");
    query.bind(id);
    if (query.next()) {
        known.row = query.number(0);
        known.state = static_cast<PackState>(query.small(1));
        known.fragments = query.small(2);
    }
    if (query.failed())
        return query.error();
    return known;
}

// A pack that this registry has. It may have learnt of it before it was whole (a backup), or with less parity.
Result<bool> refresh(Connection &db, const Known &known, const Registry::NewPack &pack, qint64 number)
{
    bool isNewlyWhole = false;
    if (known.state == PackState::Pending) {
        auto done = db.prepare("UPDATE pack SET state = ? WHERE id = ?").bind(PackState::Complete, known.row).run();
        if (done)
            done = db.prepare("DELETE FROM pending WHERE pack = ?").bind(known.row).run();
        if (done) // where each lies is looked for
            done = db.prepare("DELETE FROM fragment WHERE pack = ? AND state = 0").bind(known.row).run();
        if (!done)
            return done.error();
        isNewlyWhole = true;
    }
    if (isNewlyWhole || pack.pack.shape.fragments > known.fragments) {
        const auto done = db.prepare("UPDATE pack SET fragments = MAX(fragments, ?), sought = ? WHERE id = ?")
                              .bind(pack.pack.shape.fragments, number, known.row)
                              .run();
        if (!done)
            return done.error();
    }
    if (!pack.index.isNull()) {
        const auto done = db.prepare("UPDATE pack SET indexed = ? WHERE id = ? AND indexed IS NULL")
                              .bind(pack.index, known.row)
                              .run();
        if (!done)
            return done.error();
    }
    return isNewlyWhole;
}

Result<PackRow> insertPack(Connection &db, const Registry::NewPack &added, qint64 number)
{
    const PackRecord &pack = added.pack;
    const std::optional<ObjectHash> index = added.index.isNull() ? std::nullopt : std::optional(added.index);
    const auto done
        = db.prepare("INSERT INTO pack(uid, class, k, fragments, data_len, payload, state, salt, commitment, epoch,"
                     " indexed, others, sought, dir) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)")
              .bind(pack.id, pack.packClass, pack.shape.k, pack.shape.fragments, pack.shape.dataLength,
                  pack.payloadLength, PackState::Complete, pack.salt, pack.commitment, pack.epoch,
                  index ? QVariant(index->toByteArray()) : QVariant(), number, encodeDirectory(pack.records))
              .run();
    if (!done)
        return done.error();
    return db.lastRow();
}

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

} // namespace

Result<std::vector<bool>> indexesTaken(Connection &db, std::span<const ObjectHash> indexes)
{
    std::vector<bool> taken;
    Statement query = db.prepare("SELECT 1 FROM index_taken WHERE hash = ?");
    for (const ObjectHash &hash : indexes) {
        query.bind(hash);
        taken.push_back(query.next());
        if (query.failed())
            return query.error();
    }
    return taken;
}

Result<> addPacks(Connection &db, ChunkIndex &chunks, const std::vector<Registry::NewPack> &packs,
    std::span<const ObjectHash> indexes)
{
    const auto last = lastSought(db);
    if (!last)
        return last.error();
    qint64 number = *last;
    std::vector<std::pair<PackRow, const std::vector<Record> *>> added;
    std::vector<PackId> ids;
    ids.reserve(packs.size());
    for (const Registry::NewPack &pack : packs)
        ids.push_back(pack.pack.id);
    const auto gone = packsGone(db, ids);
    if (!gone)
        return gone.error();
    for (std::size_t i = 0; i < packs.size(); ++i) {
        const Registry::NewPack &pack = packs[i];
        if ((*gone)[i]) // the index object is older than that
            continue;
        ++number;
        const auto known = knownPack(db, pack.pack.id);
        if (!known)
            return known.error();
        if (known->row != 0) {
            const auto newlyWhole = refresh(db, *known, pack, number);
            if (!newlyWhole)
                return newlyWhole.error();
            if (*newlyWhole)
                added.emplace_back(known->row, &pack.pack.records);
            continue;
        }
        const auto row = insertPack(db, pack, number);
        if (!row)
            return row.error();
        added.emplace_back(*row, &pack.pack.records);
    }
    const auto indexed = chunks.addAll(added);
    if (!indexed)
        return indexed;
    const auto followed = followSuperseded(db);
    if (!followed)
        return followed;
    Statement insert = db.prepare("INSERT INTO index_taken(hash) VALUES(?) ON CONFLICT DO NOTHING");
    for (const ObjectHash &hash : indexes) {
        const auto done = insert.bind(hash).run();
        if (!done)
            return done;
    }
    return {};
}

Result<std::vector<Registry::SoughtPack>> packsSought(Connection &db, const AccountId &account, int limit)
{
    std::vector<Registry::SoughtPack> packs;
    Statement query = db.prepare(
        "SELECT id, uid, fragments, data_len, sought FROM pack"
        " WHERE sought > 0 AND sought > COALESCE((SELECT settled FROM survey WHERE account = ?), 0) AND state IN (1, 2)"
        " AND (SELECT COUNT(DISTINCT n) FROM fragment f JOIN account a ON a.id = f.account AND a.retired = 0"
        " WHERE f.pack = pack.id AND f.state = 1) < fragments"
        " ORDER BY sought LIMIT ?");
    query.bind(account, limit);
    while (query.next()) {
        Registry::SoughtPack pack;
        pack.row = query.number(0);
        pack.id = query.id<PackId>(1);
        pack.fragments = query.small(2);
        pack.dataLength = query.number(3);
        pack.number = query.number(4);
        packs.push_back(pack);
    }
    if (query.failed())
        return query.error();
    return packs;
}

Result<> seekPacks(Connection &db, std::span<const PackRow> packs)
{
    const auto last = lastSought(db);
    if (!last)
        return last.error();
    qint64 number = *last;
    Statement update = db.prepare("UPDATE pack SET sought = ? WHERE id = ? AND state IN (1, 2)");
    for (const PackRow pack : packs) {
        const auto done = update.bind(++number, pack).run();
        if (!done)
            return done;
    }
    return {};
}

Result<> noteFragments(Connection &db, const AccountId &account, const std::vector<Registry::FoundFragment> &fragments)
{
    const auto row = accountRow(db, account);
    if (!row)
        return row.error();
    Statement insert = db.prepare("INSERT INTO fragment(pack, n, account, state, bytes) VALUES(?, ?, ?, 1, ?)"
                                  " ON CONFLICT(pack, n, account) DO UPDATE SET state = 1 WHERE state = 0");
    for (const Registry::FoundFragment &fragment : fragments) {
        const auto done = insert.bind(fragment.pack, fragment.index, *row, fragment.bytes).run();
        if (!done)
            return done;
    }
    return {};
}

Result<> noteSurveyed(Connection &db, const AccountId &account, qint64 upTo, const QDateTime &now, qint64 lagSeconds)
{
    qint64 settled = 0;
    qint64 waiting = 0;
    QDateTime since;
    {
        Statement query = db.prepare("SELECT settled, waiting, since FROM survey WHERE account = ?");
        query.bind(account);
        if (query.next()) {
            settled = query.number(0);
            waiting = query.number(1);
            since = query.time(2);
        }
        if (query.failed())
            return query.error();
    }
    if (lagSeconds <= 0) {
        settled = std::max(settled, upTo);
        waiting = 0;
    } else { // a listing proves nothing of what came less than the lag before it
        if (waiting > 0 && since.isValid() && since.secsTo(now) >= lagSeconds) {
            settled = std::max(settled, waiting);
            waiting = 0;
        }
        if (waiting == 0 && upTo > settled) {
            waiting = upTo;
            since = now;
        }
    }
    return db
        .prepare("INSERT INTO survey(account, settled, waiting, since) VALUES(?, ?, ?, ?) ON CONFLICT(account)"
                 " DO UPDATE SET settled = excluded.settled, waiting = excluded.waiting, since = excluded.since")
        .bind(account, settled, waiting, since)
        .run();
}

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
    if (!done)
        return done;
    // It need not be the newest one.
    return chooseNewest(db, *model);
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

Result<std::vector<bool>> packsGone(Connection &db, std::span<const PackId> packs)
{
    std::vector<bool> gone;
    Statement query = db.prepare("SELECT 1 FROM doom_pack p JOIN doom_end e ON e.doom = p.doom AND e.kind = 2"
                                 " WHERE p.pack = ? LIMIT 1");
    for (const PackId &pack : packs) {
        query.bind(pack);
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
    std::vector<RevisionId> revisions;
    Statement query = db.prepare("SELECT DISTINCT r.uid FROM doom_end e JOIN doom_pack d ON d.doom = e.doom"
                                 " JOIN pack p ON p.uid = d.pack JOIN relied l ON l.pack = p.id"
                                 " JOIN revision r ON r.id = l.revision WHERE e.kind = 2 AND r.state IN (2, 3)");
    while (query.next())
        revisions.push_back(query.id<RevisionId>(0));
    if (query.failed())
        return query.error();
    return revisions;
}

Result<std::vector<RevisionId>> revisionsBehindLog(Connection &db)
{
    std::vector<RevisionId> revisions;
    Statement query = db.prepare("SELECT r.uid FROM revision r JOIN revision_event e ON e.revision = r.uid"
                                 " WHERE r.state IN (2, 3) AND e.manifest <> r.manifest AND NOT EXISTS (SELECT 1"
                                 " FROM revision_event n WHERE n.revision = e.revision"
                                 " AND (n.lamport, n.segment) > (e.lamport, e.segment))");
    while (query.next())
        revisions.push_back(query.id<RevisionId>(0));
    if (query.failed())
        return query.error();
    return revisions;
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

Result<> forgetTakenIn(Connection &db)
{
    auto done = db.execute(QStringLiteral("UPDATE segment SET taken = 0"));
    if (done)
        done = db.execute(QStringLiteral("DELETE FROM index_taken"));
    if (done)
        done = db.execute(QStringLiteral("DELETE FROM survey"));
    const auto last = lastSought(db);
    if (!last)
        return last.error();
    if (done)
        done = db.prepare("UPDATE pack SET sought = ? + id WHERE state IN (1, 2)").bind(*last).run();
    return done;
}

} // namespace mf
