// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/transfers.h"

namespace mf {

Result<qint64> beginTransfer(Connection &db, const TransferRecord &transfer)
{
    return db
        .prepare("INSERT INTO transfer(kind, model, request, session, started, done, total)"
                 " VALUES(?, ?, ?, ?, ?, ?, ?)")
        .bind(transfer.kind, transfer.model, transfer.request, transfer.session, transfer.started, transfer.done,
            transfer.total)
        .insert();
}

Result<> noteTransfer(Connection &db, qint64 row, qint64 done, qint64 total)
{
    Statement update = db.prepare("UPDATE transfer SET done = ?, total = ? WHERE id = ?");
    const auto written = update.bind(done, total, row).run();
    if (!written)
        return written;
    if (update.affected() < 1) {
        return Error(Error::Kind::NotFound, QStringLiteral("MF-TRANSFER-UNKNOWN"),
            QStringLiteral("The registry knows no transfer %1; it has ended meanwhile").arg(row));
    }
    return {};
}

Result<> changeSession(Connection &db, qint64 row, const SessionId &session)
{
    return db.prepare("UPDATE transfer SET session = ? WHERE id = ?").bind(session, row).run();
}

Result<> endTransfer(Connection &db, qint64 row)
{
    return db.prepare("DELETE FROM transfer WHERE id = ?").bind(row).run();
}

Result<std::vector<TransferRecord>> readTransfers(Connection &db)
{
    std::vector<TransferRecord> transfers;
    Statement query
        = db.prepare("SELECT id, kind, model, request, session, started, done, total FROM transfer ORDER BY id");
    while (query.next()) {
        TransferRecord transfer;
        transfer.row = query.number(0);
        transfer.kind = query.text(1);
        transfer.model = query.text(2);
        transfer.request = query.bytes(3);
        transfer.session = query.id<SessionId>(4);
        transfer.started = query.time(5);
        transfer.done = query.number(6);
        transfer.total = query.number(7);
        transfers.push_back(std::move(transfer));
    }
    if (query.failed())
        return query.error();
    return transfers;
}

Result<> addEvent(Connection &db, const QDateTime &when, const QString &kind, const QString &text)
{
    constexpr qint64 kMostKept = 10'000;
    const auto done = db.prepare("INSERT INTO event(at, kind, text) VALUES(?, ?, ?)").bind(when, kind, text).run();
    if (!done)
        return done;
    return db.prepare("DELETE FROM event WHERE id <= (SELECT MAX(id) FROM event) - ?").bind(kMostKept).run();
}

} // namespace mf
