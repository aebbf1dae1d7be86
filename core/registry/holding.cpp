// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/holding.h"

namespace mf {

Result<> noteHeld(Connection &db, PackRow pack, qint64 bytes)
{
    return db.prepare("INSERT INTO held(pack, bytes) VALUES(?, ?)").bind(pack, bytes).run();
}

Result<bool> isHeld(Connection &db, PackRow pack)
{
    Statement query = db.prepare("SELECT 1 FROM held WHERE pack = ?");
    query.bind(pack);
    const bool found = query.next();
    if (query.failed())
        return query.error();
    return found;
}

Result<std::vector<HeldPack>> heldPacks(Connection &db)
{
    std::vector<HeldPack> packs;
    Statement query = db.prepare("SELECT p.id, p.uid, p.k, p.fragments, p.data_len, p.state, p.session,"
                                 " EXISTS (SELECT 1 FROM relied x JOIN revision r ON r.id = x.revision"
                                 " WHERE x.pack = p.id AND r.state = ?),"
                                 " h.bytes FROM held h JOIN pack p ON p.id = h.pack ORDER BY p.id");
    query.bind(RevisionState::Held);
    while (query.next()) {
        HeldPack pack;
        pack.row = query.number(0);
        pack.id = query.id<PackId>(1);
        pack.shape = PackShape(query.small(2), query.small(3), query.number(4));
        pack.state = static_cast<PackState>(query.small(5));
        pack.session = query.id<SessionId>(6);
        pack.isNeeded = query.small(7) != 0;
        pack.bytes = query.number(8);
        packs.push_back(pack);
    }
    if (query.failed())
        return query.error();
    return packs;
}

Result<> releaseHeld(Connection &db, std::span<const PackRow> packs)
{
    Statement query = db.prepare("DELETE FROM held WHERE pack = ?");
    for (const PackRow pack : packs) {
        const auto done = query.bind(pack).run();
        if (!done)
            return done;
    }
    return {};
}

Result<> setHeldFor(Connection &db, RevisionRow revision, std::span<const AccountId> accounts)
{
    Statement insert = db.prepare("INSERT INTO held_for(revision, account) VALUES(?, ?) ON CONFLICT DO NOTHING");
    for (const AccountId &account : accounts) {
        const auto done = insert.bind(revision, account).run();
        if (!done)
            return done;
    }
    return {};
}

Result<std::vector<AccountId>> heldFor(Connection &db, RevisionRow revision)
{
    Statement query = db.prepare("SELECT account FROM held_for WHERE revision = ? ORDER BY account");
    query.bind(revision);
    return query.ids<AccountId>();
}

Result<std::vector<ObjectHash>> indexesOf(Connection &db, RevisionRow revision)
{
    Statement query = db.prepare("SELECT DISTINCT p.indexed FROM relied x JOIN pack p ON p.id = x.pack"
                                 " WHERE x.revision = ? AND p.indexed IS NOT NULL ORDER BY p.indexed");
    query.bind(revision);
    return query.ids<ObjectHash>();
}

} // namespace mf
