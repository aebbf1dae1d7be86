// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/packs.h"

#include "core/packing/pack_layout.h"
#include "core/registry/accounts.h"
#include "core/registry/blob.h"
#include "core/registry/chunk_index.h"
#include "core/registry/holding.h"

#include <algorithm>

namespace mf {

namespace {

Error invalidPack(const QString &why)
{
    return Error(Error::Kind::Invalid, QStringLiteral("MF-PACK-INVALID"),
        QStringLiteral("The registry cannot take a pack: ") + why);
}

Error wrongState(PackRow pack, const QString &why)
{
    return Error(Error::Kind::Invalid, QStringLiteral("MF-PACK-STATE"),
        QStringLiteral("Pack %1 cannot be changed: %2").arg(QString::number(pack), why));
}

Result<> validate(const PendingPack &pack)
{
    const PackShape &shape = pack.shape;
    if (shape.k < 1 || shape.fragments < shape.k || shape.fragments > kMostFragments || shape.dataLength < 0)
        return invalidPack(QStringLiteral("%1 of %2 fragments make no pack").arg(shape.k).arg(shape.fragments));
    if (pack.records.size() > ChunkIndex::kMostRecords)
        return invalidPack(QStringLiteral("it has more than %1 records").arg(ChunkIndex::kMostRecords));
    if (!pack.sources.empty() && pack.sources.size() != pack.records.size())
        return invalidPack(QStringLiteral("its sources are not parallel to its records"));
    if (pack.accounts.size() != static_cast<std::size_t>(shape.fragments))
        return invalidPack(QStringLiteral("it needs an account for each fragment"));
    return {};
}

// The account's row, if it has no fragment of this pack yet: one fragment of a pack per account, always.
Result<qint64> rowForFragment(Connection &db, PackRow pack, const AccountId &account)
{
    const auto row = accountRow(db, account);
    if (!row)
        return row;
    Statement query = db.prepare("SELECT n FROM fragment WHERE pack = ? AND account = ?");
    query.bind(pack, *row);
    if (query.next())
        return invalidPack(QStringLiteral("an account would hold two of its fragments"));
    if (query.failed())
        return query.error();
    return row;
}

Result<PackState> stateOf(Connection &db, PackRow pack)
{
    Statement query = db.prepare("SELECT state FROM pack WHERE id = ?");
    query.bind(pack);
    if (query.next())
        return static_cast<PackState>(query.small(0));
    if (query.failed())
        return query.error();
    return packUnknown(QStringLiteral("pack %1").arg(pack));
}

QByteArray packSources(const std::vector<RecordSource> &sources)
{
    BlobWriter writer;
    for (const RecordSource &source : sources) {
        writer.zigzag(source.file);
        writer.zigzag(source.offset);
    }
    return writer.take();
}

} // namespace

Error packUnknown(const QString &what)
{
    return Error(Error::Kind::NotFound, QStringLiteral("MF-PACK-UNKNOWN"),
        QStringLiteral("The registry does not know %1; \"recover\" rebuilds it from the accounts").arg(what));
}

Result<PackRow> commitPending(Connection &db, const PendingPack &pack)
{
    const auto valid = validate(pack);
    if (!valid)
        return valid.error();
    Statement twin = db.prepare("SELECT id FROM pack WHERE uid = ?");
    twin.bind(pack.id);
    if (twin.next()) {
        return Error(Error::Kind::AlreadyExists, QStringLiteral("MF-PACK-EXISTS"),
            QStringLiteral("Pack %1 is in the registry already").arg(pack.id.toHex()));
    }
    if (twin.failed())
        return twin.error();
    const auto inserted
        = db.prepare("INSERT INTO pack(uid, class, k, fragments, data_len, payload, state, salt, commitment,"
                     " epoch, session, dir) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
              .bind(pack.id, pack.packClass, pack.shape.k, pack.shape.fragments, pack.shape.dataLength,
                  pack.payloadLength, PackState::Pending, pack.salt, pack.commitment, pack.epoch, pack.session,
                  encodeDirectory(pack.records))
              .insert();
    if (!inserted)
        return inserted.error();
    const PackRow row = *inserted;
    auto done = db.prepare("INSERT INTO pending(pack, session, digest, sources) VALUES(?, ?, ?, ?)")
                    .bind(row, pack.session, pack.digest, packSources(pack.sources))
                    .run();
    if (!done)
        return done.error();
    const qint64 bytes = fragmentSize(pack.shape.dataLength);
    for (std::size_t n = 0; n < pack.accounts.size(); ++n) {
        const auto account = rowForFragment(db, row, pack.accounts[n]);
        if (!account)
            return account.error();
        done = db.prepare("INSERT INTO fragment(pack, n, account, state, bytes) VALUES(?, ?, ?, 0, ?)")
                   .bind(row, n, *account, bytes)
                   .run();
        if (!done)
            return done.error();
    }
    if (pack.held) {
        done = noteHeld(db, row, pack.shape.k * bytes);
        if (!done)
            return done.error();
    }
    return row;
}

Result<> moveFragment(Connection &db, PackRow pack, int index, const AccountId &to)
{
    Statement query = db.prepare("SELECT account FROM fragment WHERE pack = ? AND n = ? AND state = 0");
    query.bind(pack, index);
    if (!query.next()) {
        if (query.failed())
            return query.error();
        return packUnknown(QStringLiteral("an unacknowledged fragment %1 of pack %2").arg(index).arg(pack));
    }
    const qint64 from = query.number(0);
    const auto target = accountRow(db, to);
    if (!target)
        return target.error();
    if (*target == from)
        return {};
    const auto account = rowForFragment(db, pack, to);
    if (!account)
        return account.error();
    return db.prepare("UPDATE fragment SET account = ? WHERE pack = ? AND n = ? AND account = ?")
        .bind(*account, pack, index, from)
        .run();
}

Result<> acknowledge(Connection &db, PackRow pack, int index)
{
    Statement update = db.prepare("UPDATE fragment SET state = 1 WHERE pack = ? AND n = ?");
    const auto done = update.bind(pack, index).run();
    if (!done)
        return done;
    if (update.affected() < 1)
        return packUnknown(QStringLiteral("fragment %1 of pack %2").arg(index).arg(pack));
    return {};
}

Result<> completePack(Connection &db, ChunkIndex &chunks, PackRow pack, const std::vector<int> &missing)
{
    const auto state = stateOf(db, pack);
    if (!state)
        return state.error();
    if (*state == PackState::Complete)
        return {};
    if (*state != PackState::Pending)
        return wrongState(pack, QStringLiteral("it is not pending"));
    Statement forget = db.prepare("DELETE FROM fragment WHERE pack = ? AND n = ?");
    for (const int index : missing) { // also an acknowledged one: it may have gone meanwhile
        const auto done = forget.bind(pack, index).run();
        if (!done)
            return done;
    }
    QByteArray directory;
    {
        Statement query = db.prepare("SELECT k, dir, (SELECT COUNT(*) FROM fragment WHERE pack = id AND state = 1),"
                                     " (SELECT COUNT(*) FROM fragment WHERE pack = id AND state = 0)"
                                     " FROM pack WHERE id = ?");
        query.bind(pack);
        if (!query.next())
            return query.failed() ? query.error() : packUnknown(QStringLiteral("pack %1").arg(pack));
        if (query.number(3) > 0)
            return wrongState(pack, QStringLiteral("%1 of its fragments are not acknowledged").arg(query.number(3)));
        if (query.number(2) < query.number(0))
            return wrongState(pack, QStringLiteral("with %1 fragments it cannot be read").arg(query.number(2)));
        directory = query.bytes(1);
    }
    const auto records = readDirectory(db, directory);
    if (!records)
        return records.error();
    auto done = db.prepare("UPDATE pack SET state = ? WHERE id = ?").bind(PackState::Complete, pack).run();
    if (!done)
        return done;
    done = db.prepare("DELETE FROM pending WHERE pack = ?").bind(pack).run();
    if (!done)
        return done;
    return chunks.add(pack, *records);
}

Result<> dropPending(Connection &db, ChunkIndex &chunks, PackRow pack)
{
    const auto state = stateOf(db, pack);
    if (!state)
        return state.error();
    if (*state != PackState::Pending)
        return wrongState(pack, QStringLiteral("it is not pending any more"));
    chunks.forget(pack);
    const auto done = db.prepare("DELETE FROM relied WHERE pack = ?").bind(pack).run();
    if (!done)
        return done;
    return db.prepare("DELETE FROM pack WHERE id = ?").bind(pack).run(); // pending and fragment follow
}

} // namespace mf
