// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/pack_use.h"

#include "core/registry/chunk_index.h"
#include "core/registry/liveness.h"
#include "core/registry/log_segments.h"
#include "core/registry/packs.h"
#include "core/registry/revisions.h"
#include "core/registry/runs.h"

#include <algorithm>
#include <functional>

namespace mf {

namespace {

constexpr int kRecordBits = 16;

ChunkPlace placeAt(qint64 location)
{
    return { location >> kRecordBits, static_cast<std::uint32_t>(location & 0xffff) };
}

struct Kept {
    RevisionRow row = 0;
    RevisionId id;
    Protection protection;
};

// Revisions that have not ended, in any state.
Result<std::vector<Kept>> keptRevisions(Connection &db)
{
    std::vector<Kept> all;
    {
        Statement query = db.prepare("SELECT id, uid, k, m FROM revision ORDER BY id");
        while (query.next()) {
            const auto id = query.id<RevisionId>(1);
            all.push_back({ query.number(0), id, Protection(query.small(2), query.small(3)) });
        }
        if (query.failed())
            return query.error();
    }
    std::vector<Kept> revisions;
    for (const Kept &kept : all) {
        const auto ended = hasEnded(db, kept.id);
        if (!ended)
            return ended.error();
        if (!*ended)
            revisions.push_back(kept);
    }
    return revisions;
}

// Every list of pieces of the revision's files, one after the other.
Result<> forEachPart(
    Connection &db, RevisionRow revision, const std::function<Result<>(const std::vector<Piece> &)> &visit)
{
    Statement query = db.prepare("SELECT l.runs FROM file f JOIN list l ON l.file = f.id WHERE f.revision = ?");
    query.bind(revision);
    while (query.next()) {
        const auto pieces = unpackRuns(query.bytes(0));
        if (!pieces)
            return db.corrupt(QStringLiteral("the list of a file's chunks cannot be read"));
        const auto visited = visit(*pieces);
        if (!visited)
            return visited;
    }
    if (query.failed())
        return query.error();
    return {};
}

Result<std::vector<ChunkPlace>> leavesOf(Connection &db, RevisionRow revision)
{
    std::vector<ChunkPlace> leaves;
    Statement query = db.prepare("SELECT loc FROM leaf WHERE revision = ?");
    query.bind(revision);
    while (query.next())
        leaves.push_back(placeAt(query.number(0)));
    if (query.failed())
        return query.error();
    return leaves;
}

// Which records of which packs a kept revision uses: one bit each.
class UsedRecords
{
public:
    // only: of these packs; null: of all.
    Result<> read(Connection &db, const QSet<PackRow> *only)
    {
        const auto revisions = keptRevisions(db);
        if (!revisions)
            return revisions.error();
        const auto add = [this, only](const ChunkPlace &place) {
            if (only && !only->contains(place.pack))
                return;
            std::vector<bool> &bits = m_bits[place.pack];
            if (bits.size() <= place.record)
                bits.resize(place.record + 1);
            bits[place.record] = true;
        };
        const auto addPieces = [&add](const std::vector<Piece> &pieces) -> Result<> {
            for (const Piece &piece : pieces) {
                if (piece.kind == Piece::Kind::Chunk)
                    add(piece.place);
            }
            return {};
        };
        for (const Kept &kept : *revisions) {
            const auto read = forEachPart(db, kept.row, addPieces);
            if (!read)
                return read;
            const auto leaves = leavesOf(db, kept.row);
            if (!leaves)
                return leaves.error();
            std::ranges::for_each(*leaves, add);
        }
        return {};
    }
    const std::vector<bool> &of(PackRow pack) const
    {
        static const std::vector<bool> none;
        const auto found = m_bits.constFind(pack);
        return found == m_bits.constEnd() ? none : *found;
    }

private:
    QHash<PackRow, std::vector<bool>> m_bits;
};

// What the revisions on each pack promise.
Result<QHash<PackRow, Protection>> askedOf(Connection &db, const std::optional<RevisionPromise> &promise)
{
    const auto revisions = keptRevisions(db);
    if (!revisions)
        return revisions.error();
    QHash<PackRow, Protection> asked;
    Statement query = db.prepare("SELECT pack FROM relied WHERE revision = ?");
    QSet<PackRow> promised;
    for (const Kept &kept : *revisions) {
        const bool isPromised = promise && promise->revision == kept.id;
        const Protection one = isPromised ? promise->protection : kept.protection;
        query.bind(kept.row);
        while (query.next()) {
            const PackRow pack = query.number(0);
            const auto known = asked.constFind(pack);
            if (known == asked.constEnd() || std::pair(known->m, known->k) < std::pair(one.m, one.k))
                asked.insert(pack, one);
            if (isPromised)
                promised.insert(pack);
        }
        if (query.failed())
            return query.error();
    }
    for (const PackRow pack : promised)
        asked[pack].k = promise->protection.k;
    return asked;
}

} // namespace

Result<std::vector<PackUse>> packUses(Connection &db, const std::optional<RevisionPromise> &promise)
{
    UsedRecords used;
    const auto read = used.read(db, nullptr);
    if (!read)
        return read.error();
    const auto asked = askedOf(db, promise);
    if (!asked)
        return asked.error();
    std::vector<PackUse> uses;
    Statement query = db.prepare("SELECT id, uid, class, epoch, k, fragments, data_len, payload, dir FROM pack"
                                 " WHERE state = 1 ORDER BY id");
    while (query.next()) {
        PackUse use;
        use.row = query.number(0);
        use.id = query.id<PackId>(1);
        use.packClass = static_cast<PackClass>(query.small(2));
        use.epoch = query.id<EpochId>(3);
        use.shape = PackShape(query.small(4), query.small(5), query.number(6));
        use.payloadLength = query.number(7);
        const auto records = readDirectory(db, query.bytes(8));
        if (!records)
            return records.error();
        const std::vector<bool> &bits = used.of(use.row);
        for (std::size_t i = 0; i < records->size(); ++i) {
            use.bytes += (*records)[i].encodedLength;
            if (i < bits.size() && bits[i])
                use.usedBytes += (*records)[i].encodedLength;
        }
        const auto relied = asked->constFind(use.row);
        use.isUsed = relied != asked->constEnd();
        if (use.isUsed)
            use.asked = *relied;
        const auto doomed = isDoomed(db, use.id);
        if (!doomed)
            return doomed.error();
        use.isDoomed = *doomed;
        uses.push_back(use);
    }
    if (query.failed())
        return query.error();
    return uses;
}

Result<std::vector<std::vector<std::uint32_t>>> recordsInUse(Connection &db, std::span<const PackRow> packs)
{
    const QSet<PackRow> only(packs.begin(), packs.end());
    UsedRecords used;
    const auto read = used.read(db, &only);
    if (!read)
        return read.error();
    std::vector<std::vector<std::uint32_t>> records;
    for (const PackRow pack : packs) {
        const std::vector<bool> &bits = used.of(pack);
        std::vector<std::uint32_t> numbers;
        for (std::size_t i = 0; i < bits.size(); ++i) {
            if (bits[i])
                numbers.push_back(static_cast<std::uint32_t>(i));
        }
        records.push_back(std::move(numbers));
    }
    return records;
}

Result<std::vector<RevisionRecord>> revisionsOn(Connection &db, const PackSet &packs)
{
    QSet<RevisionRow> rows;
    {
        Statement query = db.prepare("SELECT x.revision, x.pack FROM relied x JOIN revision r ON r.id = x.revision"
                                     " WHERE r.state IN (2, 3)");
        while (query.next()) {
            if (packs && packs->contains(query.number(1)))
                rows.insert(query.number(0));
        }
        if (query.failed())
            return query.error();
    }
    std::vector<RevisionRow> sorted(rows.begin(), rows.end());
    std::ranges::sort(sorted);
    std::vector<RevisionRecord> revisions;
    for (const RevisionRow row : sorted) {
        auto record = readRevision(db, row);
        if (!record)
            return record.error();
        const auto ended = hasEnded(db, record->id);
        if (!ended)
            return ended.error();
        if (!*ended)
            revisions.push_back(std::move(*record));
    }
    return revisions;
}

Result<Relocation> relocate(
    Connection &db, ChunkIndex &chunks, RevisionRow revision, const PackSet &from, HitRules rules)
{
    Relocation result;
    QSet<PackRow> packs;
    const auto move = [&](std::vector<ChunkPlace> places) -> Result<> {
        std::vector<ChunkPlace> moving;
        for (const ChunkPlace &place : places) {
            if (from && from->contains(place.pack))
                moving.push_back(place);
            else
                packs.insert(place.pack);
        }
        const auto records = chunks.records(moving);
        if (!records)
            return records.error();
        std::vector<ChunkHash> hashes;
        for (const Record &record : *records)
            hashes.push_back(record.hash);
        const auto found = chunks.find(hashes, rules);
        if (!found)
            return found.error();
        for (std::size_t i = 0; i < moving.size(); ++i) {
            result.left += (*found)[i] ? 0 : 1;
            packs.insert((*found)[i] ? (*found)[i]->pack : moving[i].pack);
        }
        return {};
    };
    rules.packClass = PackClass::Data;
    auto done = forEachPart(db, revision, [&move](const std::vector<Piece> &pieces) -> Result<> {
        std::vector<ChunkPlace> places;
        for (const Piece &piece : pieces) {
            if (piece.kind == Piece::Kind::Chunk)
                places.push_back(piece.place);
        }
        return move(std::move(places));
    });
    auto leaves = leavesOf(db, revision);
    if (!done || !leaves)
        return done ? leaves.error() : done.error();
    rules.packClass = PackClass::Metadata;
    done = move(std::move(*leaves));
    if (!done)
        return done.error();
    result.packs.assign(packs.begin(), packs.end());
    std::ranges::sort(result.packs);
    return result;
}

Result<> noteLeaves(Connection &db, RevisionRow revision, std::span<const ChunkPlace> leaves)
{
    Statement insert = db.prepare("INSERT INTO leaf(revision, loc) VALUES(?, ?) ON CONFLICT DO NOTHING");
    for (const ChunkPlace &leaf : leaves) {
        const auto done = insert.bind(revision, leaf.pack << kRecordBits | qint64(leaf.record)).run();
        if (!done)
            return done;
    }
    return {};
}

} // namespace mf
