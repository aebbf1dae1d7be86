// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/chunk_key.h"
#include "core/registry/connection.h"
#include "core/registry/records.h"

#include <QHash>

#include <list>
#include <span>

namespace mf {

// Where each chunk lies: idx (first places), idx2 (further ones and collisions), and the packs'
// directories, which have the last word. Keeps the directories used last, decoded.
class ChunkIndex
{
public:
    // A place is pack << 16 | record.
    static constexpr std::size_t kMostRecords = 1 << 16;

    ChunkIndex(Connection &db, ChunkKey key)
        : m_db(db)
        , m_key(key)
    {
    }

    // Inserted in the order of their keys: five to twenty times as fast as in any other.
    Result<> add(PackRow pack, std::span<const Record> records);
    using PackRecords = std::pair<PackRow, const std::vector<Record> *>;
    Result<> addAll(std::span<const PackRecords> packs);
    Result<std::vector<std::optional<ChunkPlace>>> find(std::span<const ChunkHash> hashes, const HitRules &rules);
    // Registry::locateChunks.
    Result<std::vector<std::optional<ChunkPlace>>> locate(
        std::span<const ChunkHash> hashes, std::span<const PackRow> preferred);
    Result<std::vector<Record>> records(std::span<const ChunkPlace> places);
    void forget(PackRow pack); // it is gone from the registry
    Result<> remove(PackRow pack, std::span<const Record> records); // and so are its places

private:
    using Directory = std::shared_ptr<const std::vector<Record>>;
    class Rules;

    Result<Directory> directory(PackRow pack); // NotFound "MF-PACK-UNKNOWN"
    Result<std::optional<ChunkPlace>> findOne(const ChunkHash &hash, Rules &rules);
    Result<bool> fits(qint64 location, const ChunkHash &hash, Rules &rules);
    Result<bool> holds(ChunkPlace place, const ChunkHash &hash);
    Result<> insert(std::vector<std::pair<qint64, qint64>> entries);

    Connection &m_db;
    ChunkKey m_key;
    // Newest first; bounded by the number of records in sum.
    std::list<std::pair<PackRow, Directory>> m_recent;
    QHash<PackRow, std::list<std::pair<PackRow, Directory>>::iterator> m_recentByPack;
    std::size_t m_recentRecords = 0;
};

} // namespace mf
