// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/deletion.h"
#include "core/distributor/objects/index_object.h"
#include "core/distributor/objects/manifest.h"

#include <QHash>
#include <QSet>

#include <algorithm>

namespace mf {

namespace {

using Packs = QSet<PackId>;

class IndexLooker
{
public:
    explicit IndexLooker(Engine &engine)
        : m_engine(engine)
    {
    }

    // All that it says another one says, too, which is there; or it is deleted.
    Task<Result<bool>> isReplaced(ObjectHash index, std::vector<PackId> packs)
    {
        auto newest = index;
        constexpr int kLongest = 64; // chain
        for (int i = 0; i < kLongest; ++i) {
            const std::vector<ObjectHash> one(1, newest);
            const auto newer = co_await m_engine.registry.supersededBy(one);
            if (!newer)
                co_return newer.error();
            if (!newer->front())
                break;
            newest = *newer->front();
        }
        if (newest == index)
            co_return false;
        if (!m_packs.contains(newest)) {
            const auto there = co_await packsOfIndex(m_engine, newest);
            if (!there)
                co_return false;
            m_packs.insert(newest, Packs(there->begin(), there->end()));
        }
        const Packs known = m_packs.value(newest);
        std::erase_if(packs, [&known](const PackId &pack) { return known.contains(pack); });
        const auto gone = co_await m_engine.registry.packsGone(packs);
        if (!gone)
            co_return gone.error();
        co_return std::find(gone->begin(), gone->end(), false) == gone->end();
    }

private:
    Engine &m_engine;
    QHash<ObjectHash, Packs> m_packs;
};

// Neither known here nor needed by anybody.
Task<Result<bool>> areDead(Engine &engine, std::vector<PackId> packs, std::vector<PackId> inSessions)
{
    const auto rows = co_await engine.registry.packRowsOf(packs);
    if (!rows)
        co_return rows.error();
    const auto referenced = co_await engine.registry.areReferenced(packs, std::move(inSessions));
    if (!referenced)
        co_return referenced.error();
    const bool isKnown = std::any_of(rows->begin(), rows->end(), [](PackRow row) { return row != 0; });
    co_return !isKnown && !*referenced;
}

} // namespace

Task<Result<QStringList>> deadObjects(Engine &engine, std::vector<PackId> inSessions)
{
    QStringList names;
    const auto found = co_await engine.registry.deadObjects();
    if (!found)
        co_return found.error();
    for (const ObjectHash &hash : found->manifests)
        names.append(manifestName(engine.ring, hash).value);
    std::vector<QString> indexNames;
    for (const ObjectHash &hash : found->indexes)
        indexNames.push_back(indexName(engine.ring, hash).value);
    const auto gone = co_await engine.registry.objectsGone(indexNames);
    if (!gone)
        co_return gone.error();
    IndexLooker looker(engine);
    for (std::size_t i = 0; i < found->indexes.size(); ++i) {
        if ((*gone)[i])
            continue;
        const auto packs = co_await packsOfIndex(engine, found->indexes[i]);
        if (!packs)
            continue; // cannot be read: it stays
        auto looking = looker.isReplaced(found->indexes[i], *packs);
        const auto replaced = co_await looking;
        if (!replaced)
            co_return replaced.error();
        const auto dead = co_await areDead(engine, *packs, inSessions);
        if (!dead)
            co_return dead.error();
        if (*replaced || *dead)
            names.append(indexNames[i]);
    }
    co_return names;
}

} // namespace mf
