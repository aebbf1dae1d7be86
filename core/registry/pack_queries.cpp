// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/packs.h"

#include "core/registry/blob.h"
#include "core/registry/holding.h"

#include <limits>

namespace mf {

namespace {

Result<std::vector<FragmentPlace>> fragmentsOf(Connection &db, PackRow pack)
{
    std::vector<FragmentPlace> fragments;
    Statement query = db.prepare("SELECT f.n, a.uid, f.state FROM fragment f JOIN account a ON a.id = f.account"
                                 " WHERE f.pack = ? ORDER BY f.n");
    query.bind(pack);
    while (query.next())
        fragments.emplace_back(query.small(0), query.id<AccountId>(1), static_cast<FragmentState>(query.small(2)));
    if (query.failed())
        return query.error();
    return fragments;
}

Result<std::vector<RecordSource>> readSources(Connection &db, const QByteArray &bytes)
{
    std::vector<RecordSource> sources;
    BlobReader reader(bytes);
    while (!reader.atEnd()) {
        const qint64 file = reader.zigzag();
        const qint64 offset = reader.zigzag();
        if (file < std::numeric_limits<int>::min() || file > std::numeric_limits<int>::max())
            reader.fail();
        sources.emplace_back(static_cast<int>(file), offset);
    }
    if (reader.failed())
        return db.corrupt(QStringLiteral("the sources of a pending pack cannot be read"));
    return sources;
}

Result<std::vector<PackRow>> rows(Statement &query)
{
    std::vector<PackRow> found;
    while (query.next())
        found.push_back(query.number(0));
    if (query.failed())
        return query.error();
    return found;
}

Result<PendingRecord> readPending(Connection &db, PackRow row)
{
    auto pack = readPack(db, row);
    if (!pack)
        return pack.error();
    PendingRecord record;
    record.row = row;
    record.pack.id = pack->id;
    record.pack.packClass = pack->packClass;
    record.pack.shape = pack->shape;
    record.pack.salt = pack->salt;
    record.pack.commitment = pack->commitment;
    record.pack.epoch = pack->epoch;
    record.pack.payloadLength = pack->payloadLength;
    record.pack.records = std::move(pack->records);
    record.fragments = std::move(pack->fragments);
    record.pack.held = pack->held;
    record.pack.accounts.resize(static_cast<std::size_t>(record.pack.shape.fragments));
    for (const FragmentPlace &fragment : record.fragments) {
        if (fragment.index < 0 || fragment.index >= record.pack.shape.fragments)
            return db.corrupt(QStringLiteral("a pending pack has a fragment too many"));
        record.pack.accounts[static_cast<std::size_t>(fragment.index)] = fragment.account;
    }
    Statement query = db.prepare("SELECT session, digest, sources FROM pending WHERE pack = ?");
    query.bind(row);
    if (!query.next())
        return query.failed() ? query.error() : packUnknown(QStringLiteral("pending pack %1").arg(row));
    record.pack.session = query.id<SessionId>(0);
    record.pack.digest = query.id<Sha256>(1);
    auto sources = readSources(db, query.bytes(2));
    if (!sources)
        return sources.error();
    record.pack.sources = std::move(*sources);
    if (query.failed())
        return query.error();
    return record;
}

} // namespace

Result<std::vector<Record>> readDirectory(Connection &db, const QByteArray &bytes)
{
    auto records = decodeDirectory(viewOf(bytes));
    if (!records)
        return db.corrupt(QStringLiteral("the directory of a pack cannot be read"));
    return records;
}

Result<PackRecord> readPack(Connection &db, PackRow row)
{
    PackRecord pack;
    pack.row = row;
    Statement query
        = db.prepare("SELECT uid, class, state, k, fragments, data_len, salt, commitment, epoch, payload, dir"
                     " FROM pack WHERE id = ?");
    query.bind(row);
    if (!query.next())
        return query.failed() ? query.error() : packUnknown(QStringLiteral("pack %1").arg(row));
    pack.id = query.id<PackId>(0);
    pack.packClass = static_cast<PackClass>(query.small(1));
    pack.state = static_cast<PackState>(query.small(2));
    pack.shape = PackShape(query.small(3), query.small(4), query.number(5));
    pack.salt = query.id<Sha256>(6).bytes;
    pack.commitment = query.id<Sha256>(7);
    pack.epoch = query.id<EpochId>(8);
    pack.payloadLength = query.number(9);
    auto records = readDirectory(db, query.bytes(10));
    if (!records)
        return records.error();
    pack.records = std::move(*records);
    auto fragments = fragmentsOf(db, row);
    if (!fragments)
        return fragments.error();
    pack.fragments = std::move(*fragments);
    if (query.failed())
        return query.error();
    const auto held = isHeld(db, row);
    if (!held)
        return held.error();
    pack.held = *held;
    return pack;
}

Result<std::vector<PendingRecord>> pendingPacks(Connection &db)
{
    Statement query = db.prepare("SELECT pack FROM pending ORDER BY pack");
    const auto found = rows(query);
    if (!found)
        return found.error();
    std::vector<PendingRecord> packs;
    for (const PackRow row : *found) {
        auto pack = readPending(db, row);
        if (!pack)
            return pack.error();
        packs.push_back(std::move(*pack));
    }
    return packs;
}

Result<std::vector<PackRow>> packRowsOf(Connection &db, std::span<const PackId> ids)
{
    std::vector<PackRow> found;
    found.reserve(ids.size());
    Statement query = db.prepare("SELECT id FROM pack WHERE uid = ?");
    for (const PackId &id : ids) {
        query.bind(id);
        found.push_back(query.next() ? query.number(0) : 0);
        if (query.failed())
            return query.error();
    }
    return found;
}

Result<std::vector<PackRecord>> packsWithoutIndex(Connection &db, int limit)
{
    Statement query = db.prepare("SELECT id FROM pack WHERE state = 1 AND indexed IS NULL ORDER BY id LIMIT ?");
    query.bind(std::max(limit, 0));
    const auto found = rows(query);
    if (!found)
        return found.error();
    std::vector<PackRecord> packs;
    for (const PackRow row : *found) {
        auto pack = readPack(db, row);
        if (!pack)
            return pack.error();
        packs.push_back(std::move(*pack));
    }
    return packs;
}

Result<> noteIndexed(Connection &db, std::span<const PackRow> packs, const ObjectHash &index)
{
    Statement update = db.prepare("UPDATE pack SET indexed = ? WHERE id = ?");
    for (const PackRow pack : packs) {
        const auto done = update.bind(index, pack).run();
        if (!done)
            return done;
        if (update.affected() < 1)
            return packUnknown(QStringLiteral("pack %1").arg(pack));
    }
    return {};
}

} // namespace mf
