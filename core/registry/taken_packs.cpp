// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/taken_packs.h"

#include "core/registry/accounts.h"
#include "core/registry/chunk_index.h"
#include "core/registry/indexes.h"
#include "core/registry/packs.h"

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
    return db
        .prepare("INSERT INTO pack(uid, class, k, fragments, data_len, payload, state, salt, commitment, epoch,"
                 " indexed, others, sought, dir) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?)")
        .bind(pack.id, pack.packClass, pack.shape.k, pack.shape.fragments, pack.shape.dataLength, pack.payloadLength,
            PackState::Complete, pack.salt, pack.commitment, pack.epoch,
            index ? QVariant(index->toByteArray()) : QVariant(), number, encodeDirectory(pack.records))
        .insert();
}

} // namespace

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
