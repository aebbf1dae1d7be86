// SPDX-License-Identifier: GPL-3.0-or-later
// Fragments that come to a pack after it was complete.
#include "core/registry/accounts.h"
#include "core/registry/health.h"
#include "core/registry/packs.h"

namespace mf {

Result<> planFragment(Connection &db, PackRow pack, int index, const AccountId &account)
{
    const auto row = accountRow(db, account);
    if (!row)
        return row.error();
    qint64 dataLength = 0;
    int fragments = 0;
    {
        Statement query = db.prepare("SELECT data_len, fragments FROM pack WHERE id = ? AND state = 1");
        query.bind(pack);
        if (!query.next())
            return query.failed() ? query.error() : packUnknown(QStringLiteral("a complete pack %1").arg(pack));
        dataLength = query.number(0);
        fragments = query.small(1);
    }
    // What is missing there may give its place to another index; what lies there may not.
    auto done = db.prepare("DELETE FROM fragment WHERE pack = ? AND account = ? AND n <> ? AND state IN (0, 2)")
                    .bind(pack, *row, index)
                    .run();
    if (!done)
        return done;
    {
        Statement query = db.prepare("SELECT n FROM fragment WHERE pack = ? AND account = ? AND n <> ?");
        query.bind(pack, *row, index);
        if (query.next())
            return Error(Error::Kind::Invalid, QStringLiteral("MF-PACK-INVALID"),
                QStringLiteral("The registry cannot place a fragment: its account holds another one of the pack"));
        if (query.failed())
            return query.error();
    }
    done = db.prepare(
                 "INSERT INTO fragment(pack, n, account, state, bytes) VALUES(?, ?, ?, 0, ?) ON CONFLICT DO NOTHING")
               .bind(pack, index, *row, fragmentSize(dataLength))
               .run();
    if (!done || index < fragments)
        return done;
    return db.prepare("UPDATE pack SET fragments = ?, indexed = NULL WHERE id = ?").bind(index + 1, pack).run();
}

Result<> placeFragment(Connection &db, PackRow pack, int index, const AccountId &account, const QDateTime &when)
{
    const auto row = accountRow(db, account);
    if (!row)
        return row.error();
    const auto planned = planFragment(db, pack, index, account); // somebody may have given it up meanwhile
    if (!planned)
        return planned.error();
    const auto done = db.prepare("UPDATE fragment SET state = 1, proven = ? WHERE pack = ? AND n = ? AND account = ?")
                          .bind(when, pack, index, *row)
                          .run();
    if (!done)
        return done;
    return db.prepare("DELETE FROM fragment WHERE pack = ? AND n = ? AND account <> ? AND state IN (0, 2)")
        .bind(pack, index, *row)
        .run();
}

Result<> dropPlanned(Connection &db, PackRow pack, int index, const AccountId &account)
{
    const auto row = accountRow(db, account);
    if (!row)
        return row.error();
    return db.prepare("DELETE FROM fragment WHERE pack = ? AND n = ? AND account = ? AND state = 0")
        .bind(pack, index, *row)
        .run();
}

} // namespace mf
