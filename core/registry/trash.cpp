// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/trash.h"

#include "core/registry/age.h"
#include "core/registry/revisions.h"

#include <algorithm>

namespace mf {

namespace {

// The revision's row follows what the log says: Live or Trashed.
Result<> follow(Connection &db, const RevisionId &revision)
{
    const auto standing = standingInLog(db, revision);
    if (!standing)
        return standing.error();
    return setShown(db, revision, !standing->removed);
}

} // namespace

Result<> noteTrashed(Connection &db, const Registry::TrashEvent &trash, const QDateTime &seen)
{
    const auto age = readAge(db);
    if (!age)
        return age.error();
    Statement insert = db.prepare("INSERT INTO absence(revision, id, forever, seen, age) VALUES(?, ?, ?, ?, ?)"
                                  " ON CONFLICT DO NOTHING");
    for (const PresenceId &presence : trash.presences) {
        const auto done = insert.bind(trash.revision, presence, trash.isForever, seen, age->calendar.count()).run();
        if (!done)
            return done;
    }
    return follow(db, trash.revision);
}

Result<> noteRestored(Connection &db, const Registry::RestoreEvent &restore)
{
    const auto done = db.prepare("INSERT INTO presence(revision, id) VALUES(?, ?) ON CONFLICT DO NOTHING")
                          .bind(restore.revision, restore.presence)
                          .run();
    if (!done)
        return done;
    return follow(db, restore.revision);
}

Result<Registry::Standing> standingInLog(Connection &db, const RevisionId &revision)
{
    Registry::Standing standing;
    std::vector<PresenceId> presences { PresenceId(revision.bytes) };
    Statement given = db.prepare("SELECT id FROM presence WHERE revision = ? ORDER BY id");
    given.bind(revision);
    while (given.next())
        presences.push_back(given.id<PresenceId>(0));
    if (given.failed())
        return given.error();
    qint64 since = 0; // by age
    bool isForever = true;
    Statement taken
        = db.prepare("SELECT MIN(seen), MAX(forever), COUNT(*), MIN(age) FROM absence WHERE revision = ? AND id = ?");
    for (const PresenceId &presence : presences) {
        taken.bind(revision, presence);
        const bool found = taken.next() && taken.number(2) > 0;
        if (taken.failed())
            return taken.error();
        if (!found) {
            standing.presences.push_back(presence);
            continue;
        }
        const QDateTime seen = taken.time(0);
        standing.since = standing.since.isValid() ? std::max(standing.since, seen) : seen;
        isForever = isForever && taken.number(1) != 0; // a restore takes an earlier "for ever" back
        since = std::max(since, taken.number(3));
    }
    standing.all = std::move(presences);
    standing.removed = standing.presences.empty();
    standing.isForever = standing.removed && isForever;
    if (!standing.removed) {
        standing.since = {};
        return standing;
    }
    const auto age = readAge(db);
    if (!age)
        return age.error();
    standing.passed = age->calendar - std::chrono::milliseconds(since);
    return standing;
}

Result<> noteRetired(Connection &db, const AccountId &account)
{
    const auto done = db.prepare("INSERT INTO retired(account) VALUES(?) ON CONFLICT DO NOTHING").bind(account).run();
    if (!done)
        return done;
    return db.prepare("UPDATE account SET retired = 1 WHERE uid = ?").bind(account).run();
}

Result<bool> isRetiredInLog(Connection &db, const AccountId &account)
{
    Statement query = db.prepare("SELECT 1 FROM retired WHERE account = ?");
    query.bind(account);
    const bool found = query.next();
    if (query.failed())
        return query.error();
    return found;
}

Result<std::vector<Registry::TrashedRevision>> trashedRevisions(Connection &db)
{
    auto records = revisionsIn(db, RevisionState::Trashed);
    if (!records)
        return records.error();
    std::ranges::sort(*records, [](const RevisionRecord &a, const RevisionRecord &b) {
        if (a.name != b.name)
            return a.name < b.name;
        return a.model != b.model ? a.model < b.model : a.number > b.number;
    });
    std::vector<Registry::TrashedRevision> trashed;
    for (RevisionRecord &record : *records) {
        auto standing = standingInLog(db, record.id);
        if (!standing)
            return standing.error();
        Registry::TrashedRevision one;
        one.revision = std::move(record);
        one.standing = std::move(*standing);
        trashed.push_back(std::move(one));
    }
    return trashed;
}

Result<std::vector<RevisionRecord>> oldRevisions(Connection &db, int kept)
{
    const auto age = readAge(db);
    if (!age)
        return age.error();
    Statement query = db.prepare(
        "SELECT r.id FROM revision r WHERE r.state = 2 AND (SELECT COUNT(*) FROM revision n WHERE n.model = r.model"
        " AND n.state = 2 AND n.number > r.number) >= ?"
        " AND (SELECT MIN(age) FROM revision_event l WHERE l.revision = r.uid) < ? ORDER BY r.id");
    query.bind(kept, age->calendar.count() - Registry::kTrashTime.count());
    const auto rows = query.numbers();
    if (!rows)
        return rows.error();
    std::vector<RevisionRecord> records;
    for (const RevisionRow row : *rows) {
        auto record = readRevision(db, row);
        if (!record)
            return record.error();
        records.push_back(std::move(*record));
    }
    return records;
}

} // namespace mf
