// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/deletions.h"

#include "core/registry/accounts.h"
#include "core/registry/age.h"
#include "core/registry/identity.h"
#include "core/registry/liveness.h"
#include "core/registry/packs.h"
#include "core/registry/revisions.h"
#include "core/registry/trash.h"

namespace mf {

namespace {

Result<std::vector<PackId>> doomPacks(Connection &db, const DoomId &doom)
{
    Statement query = db.prepare("SELECT pack FROM doom_pack WHERE doom = ?");
    query.bind(doom);
    return query.ids<PackId>();
}

Result<> readDoom(Connection &db, DoomRecord &doom)
{
    auto packs = doomPacks(db, doom.id);
    if (!packs)
        return packs.error();
    doom.packs = std::move(*packs);
    Statement fragments = db.prepare("SELECT pack, n, account FROM doom_fragment WHERE doom = ?");
    fragments.bind(doom.id);
    while (fragments.next())
        doom.fragments.emplace_back(fragments.id<PackId>(0), fragments.small(1), fragments.id<AccountId>(2));
    if (fragments.failed())
        return fragments.error();
    Statement objects = db.prepare("SELECT name FROM doom_object WHERE doom = ?");
    objects.bind(doom.id);
    while (objects.next())
        doom.objects.append(objects.text(0));
    if (objects.failed())
        return objects.error();
    return {};
}

// Whether every pack of an ended revision is gone from the registry, or is used by one that has not ended.
Result<bool> isSpent(Connection &db, RevisionRow revision, const QSet<PackId> &referenced)
{
    Statement query = db.prepare("SELECT p.uid FROM relied r JOIN pack p ON p.id = r.pack WHERE r.revision = ?");
    query.bind(revision);
    while (query.next()) {
        if (!referenced.contains(query.id<PackId>(0)))
            return false;
    }
    if (query.failed())
        return query.error();
    return true;
}

Result<> forgetRevision(Connection &db, RevisionRecord revision)
{
    revision.state = RevisionState::Storing;
    const auto back = updateRevision(db, revision);
    if (!back)
        return back;
    return dropRevision(db, revision.row);
}

} // namespace

Result<bool> lacksAncestors(Connection &db)
{
    Statement query = db.prepare("SELECT 1 FROM segment_parent p WHERE NOT EXISTS (SELECT 1 FROM segment s"
                                 " WHERE s.hash = p.parent) AND NOT EXISTS (SELECT 1 FROM covered c"
                                 " WHERE c.hash = p.parent) LIMIT 1");
    const bool found = query.next();
    if (query.failed())
        return query.error();
    return found;
}

Result<std::vector<Registry::OwnDoom>> ownDooms(Connection &db)
{
    const auto identity = readIdentity(db);
    if (!identity)
        return identity.error();
    const auto age = readAge(db);
    if (!age)
        return age.error();
    std::vector<Registry::OwnDoom> dooms;
    Statement query = db.prepare("SELECT d.id, d.author, d.seen, e.certain, e.decided FROM doom d"
                                 " LEFT JOIN deletion e ON e.doom = d.id WHERE d.author = ? AND NOT EXISTS (SELECT 1"
                                 " FROM doom_end x WHERE x.doom = d.id AND (x.kind = 2 OR x.author = d.author))"
                                 " ORDER BY d.age, d.id");
    query.bind(*identity ? (*identity)->computer : ComputerId());
    while (query.next()) {
        Registry::OwnDoom own;
        own.doom.id = query.id<DoomId>(0);
        own.doom.author = query.id<ComputerId>(1);
        own.doom.firstSeen = query.time(2);
        own.isAcknowledged = !query.isNull(3);
        own.isDecided = own.isAcknowledged && query.number(4) != 0;
        if (own.isAcknowledged)
            own.waited = age->certain - std::chrono::milliseconds(query.number(3));
        dooms.push_back(std::move(own));
    }
    if (query.failed())
        return query.error();
    for (Registry::OwnDoom &own : dooms) {
        const auto read = readDoom(db, own.doom);
        if (!read)
            return read.error();
    }
    return dooms;
}

Result<> noteDoomAcknowledged(Connection &db, const DoomId &doom)
{
    const auto age = readAge(db);
    if (!age)
        return age.error();
    return db.prepare("INSERT INTO deletion(doom, certain, decided) VALUES(?, ?, 0) ON CONFLICT DO NOTHING")
        .bind(doom, age->certain.count())
        .run();
}

Result<> noteDecided(Connection &db, const DoomId &doom)
{
    return db.prepare("UPDATE deletion SET decided = 1 WHERE doom = ?").bind(doom).run();
}

Result<std::vector<bool>> doomedObjects(Connection &db, const QStringList &names)
{
    std::vector<bool> doomed;
    Statement query = db.prepare("SELECT 1 FROM doom_object o JOIN doom d ON d.id = o.doom WHERE o.name = ? AND"
                                 " (EXISTS (SELECT 1 FROM doom_end e WHERE e.doom = d.id AND e.kind = 2)"
                                 " OR NOT EXISTS (SELECT 1 FROM doom_end e WHERE e.doom = d.id AND e.kind = 1"
                                 " AND e.author = d.author)) LIMIT 1");
    for (const QString &name : names) {
        query.bind(name);
        doomed.push_back(query.next());
        if (query.failed())
            return query.error();
    }
    return doomed;
}

Result<> dropPack(Connection &db, ChunkIndex &chunks, PackRow pack)
{
    Statement query = db.prepare("SELECT dir FROM pack WHERE id = ?");
    query.bind(pack);
    if (!query.next()) {
        if (query.failed())
            return query.error();
        return {}; // dropped already
    }
    const auto records = readDirectory(db, query.bytes(0));
    if (!records)
        return records.error();
    const auto removed = chunks.remove(pack, *records);
    if (!removed)
        return removed;
    return db.prepare("DELETE FROM pack WHERE id = ?").bind(pack).run(); // its fragments follow
}

Result<> dropGone(Connection &db, ChunkIndex &chunks)
{
    const auto referenced = referencedPacks(db, {});
    if (!referenced)
        return referenced.error();
    std::vector<PackRow> gone;
    Statement query = db.prepare("SELECT DISTINCT p.id, p.uid FROM pack p JOIN doom_pack d ON d.pack = p.uid"
                                 " JOIN doom_end e ON e.doom = d.doom AND e.kind = 2");
    while (query.next()) {
        if (!referenced->contains(query.id<PackId>(1)))
            gone.push_back(query.number(0));
    }
    if (query.failed())
        return query.error();
    for (const PackRow pack : gone) {
        const auto dropped = dropPack(db, chunks, pack);
        if (!dropped)
            return dropped;
    }
    const auto trashed = trashedRevisions(db);
    if (!trashed)
        return trashed.error();
    for (const auto &one : *trashed) {
        const auto spent = one.isEnded() ? isSpent(db, one.revision.row, *referenced) : Result<bool>(false);
        if (!spent)
            return spent.error();
        if (!*spent)
            continue;
        const auto forgotten = forgetRevision(db, one.revision);
        if (!forgotten)
            return forgotten;
    }
    // Deletions that are over.
    return db.execute(QStringLiteral("DELETE FROM deletion WHERE EXISTS (SELECT 1 FROM doom_end e JOIN doom d"
                                     " ON d.id = e.doom WHERE d.id = deletion.doom"
                                     " AND (e.kind = 2 OR e.author = d.author))"));
}

Result<int> adoptFragments(Connection &db, const AccountId &account, std::span<const Registry::PackIndex> found)
{
    const auto row = accountRow(db, account);
    if (!row)
        return row.error();
    // A doomed one may be listed for a while after it is gone.
    Statement insert = db.prepare(
        "INSERT INTO fragment(pack, n, account, state, bytes) SELECT p.id, ?, ?, 1, ? FROM pack p WHERE p.id = ?"
        " AND p.state = 1 AND NOT EXISTS (SELECT 1 FROM fragment f WHERE f.pack = p.id AND f.account = ?)"
        " AND NOT EXISTS (SELECT 1 FROM doom_fragment d WHERE d.pack = p.uid AND d.n = ? AND d.account = ?)"
        " AND NOT EXISTS (SELECT 1 FROM doom_pack d WHERE d.pack = p.uid)");
    Statement length = db.prepare("SELECT data_len FROM pack WHERE id = ?");
    int adopted = 0;
    for (const Registry::PackIndex &one : found) {
        length.bind(one.pack);
        if (!length.next()) {
            if (length.failed())
                return length.error();
            continue;
        }
        const qint64 bytes = fragmentSize(length.number(0));
        const auto done = insert.bind(one.index, *row, bytes, one.pack, *row, one.index, account).run();
        if (!done)
            return done.error();
        adopted += insert.affected() > 0 ? 1 : 0;
    }
    return adopted;
}

Result<> addFragment(Connection &db, PackRow pack, int index, const AccountId &account)
{
    const auto row = accountRow(db, account);
    if (!row)
        return row.error();
    Statement query = db.prepare("SELECT data_len, (SELECT n FROM fragment WHERE pack = p.id AND account = ?)"
                                 " FROM pack p WHERE id = ?");
    query.bind(*row, pack);
    if (!query.next())
        return query.failed() ? query.error() : packUnknown(QStringLiteral("pack %1").arg(pack));
    const qint64 bytes = fragmentSize(query.number(0));
    if (!query.isNull(1) && query.small(1) != index)
        return Error(Error::Kind::Invalid, QStringLiteral("MF-PACK-INVALID"),
            QStringLiteral("The registry cannot take a fragment: an account would hold two of its pack"));
    return db
        .prepare("INSERT INTO fragment(pack, n, account, state, bytes) VALUES(?, ?, ?, 1, ?)"
                 " ON CONFLICT(pack, n, account) DO UPDATE SET state = 1")
        .bind(pack, index, *row, bytes)
        .run();
}

Result<std::vector<PackRow>> packsOn(Connection &db, const AccountId &account)
{
    Statement query = db.prepare("SELECT DISTINCT f.pack FROM fragment f JOIN account a ON a.id = f.account"
                                 " JOIN pack p ON p.id = f.pack WHERE a.uid = ? AND f.state = 1"
                                 " AND p.state IN (1, 2) ORDER BY f.pack");
    query.bind(account);
    return query.numbers();
}

Result<std::vector<Registry::KnownPack>> knownPacks(Connection &db)
{
    std::vector<Registry::KnownPack> packs;
    Statement query = db.prepare("SELECT id, uid, k, fragments, data_len, state FROM pack ORDER BY id");
    while (query.next()) {
        Registry::KnownPack pack;
        pack.row = query.number(0);
        pack.id = query.id<PackId>(1);
        pack.shape = PackShape(query.small(2), query.small(3), query.number(4));
        pack.state = static_cast<PackState>(query.small(5));
        packs.push_back(pack);
    }
    if (query.failed())
        return query.error();
    return packs;
}

Result<std::vector<Registry::Stray>> noteStrays(
    Connection &db, const AccountId &account, std::span<const Registry::Stray> found)
{
    const auto age = readAge(db);
    if (!age)
        return age.error();
    const qint64 now = age->calendar.count();
    QHash<QString, qint64> known;
    {
        Statement query = db.prepare("SELECT name, age FROM stray WHERE account = ?");
        query.bind(account);
        while (query.next())
            known.insert(query.text(0), query.number(1));
        if (query.failed())
            return query.error();
    }
    // What is not listed any more, or has become known, is forgotten.
    auto done = db.prepare("DELETE FROM stray WHERE account = ?").bind(account).run();
    std::vector<Registry::Stray> old;
    Statement insert = db.prepare("INSERT INTO stray(account, name, bytes, age) VALUES(?, ?, ?, ?)");
    for (auto stray = found.begin(); done && stray != found.end(); ++stray) {
        const qint64 since = known.value(stray->name, now);
        done = insert.bind(account, stray->name, stray->bytes, since).run();
        if (now - since >= Registry::kTrashTime.count())
            old.push_back(*stray);
    }
    if (!done)
        return done.error();
    return old;
}

} // namespace mf
