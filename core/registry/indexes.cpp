// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/indexes.h"

#include "core/registry/age.h"

namespace mf {

Result<std::vector<Registry::IndexInUse>> indexesInUse(Connection &db)
{
    const auto age = readAge(db);
    if (!age)
        return age.error();
    std::vector<Registry::IndexInUse> indexes;
    Statement query
        = db.prepare("SELECT indexed, COUNT(*), SUM(LENGTH(dir)) FROM pack WHERE state IN (1, 2) AND indexed"
                     " IS NOT NULL AND indexed NOT IN (SELECT i.hash FROM session s JOIN session_index i"
                     " ON i.session = s.id WHERE s.ended = 0 AND s.age > ?) GROUP BY indexed");
    query.bind(age->calendar.count() - Registry::kTrashTime.count());
    while (query.next()) {
        Registry::IndexInUse index;
        index.hash = query.id<ObjectHash>(0);
        index.packs = query.number(1);
        index.bytes = query.number(2);
        indexes.push_back(index);
    }
    if (query.failed())
        return query.error();
    return indexes;
}

Result<> followSuperseded(Connection &db)
{
    constexpr int kLongest = 64; // of a chain; one cannot be a ring, hashes being what they are
    for (int i = 0; i < kLongest; ++i) {
        Statement update = db.prepare("UPDATE pack SET indexed = (SELECT newer FROM superseded WHERE hash = indexed)"
                                      " WHERE indexed IN (SELECT hash FROM superseded)");
        const auto done = update.run();
        if (!done || update.affected() == 0)
            return done;
    }
    return {};
}

Result<> noteSuperseded(Connection &db, std::span<const ObjectHash> indexes, const ObjectHash &by)
{
    Statement insert = db.prepare("INSERT INTO superseded(hash, newer) VALUES(?, ?) ON CONFLICT DO NOTHING");
    for (const ObjectHash &index : indexes) {
        if (index == by)
            continue;
        const auto done = insert.bind(index, by).run();
        if (!done)
            return done;
    }
    return followSuperseded(db);
}

Result<std::vector<std::optional<ObjectHash>>> supersededBy(Connection &db, std::span<const ObjectHash> indexes)
{
    std::vector<std::optional<ObjectHash>> newer;
    Statement query = db.prepare("SELECT newer FROM superseded WHERE hash = ?");
    for (const ObjectHash &index : indexes) {
        query.bind(index);
        newer.push_back(query.next() ? std::optional(query.id<ObjectHash>(0)) : std::nullopt);
        if (query.failed())
            return query.error();
    }
    return newer;
}

} // namespace mf
