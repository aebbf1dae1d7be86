// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/index_merge.h"

#include "core/base/crash_point.h"
#include "core/base/log.h"
#include "core/distributor/evidence.h"
#include "core/distributor/library_log.h"
#include "core/distributor/metadata_writer.h"
#include "core/distributor/objects/index_object.h"

#include <algorithm>
#include <set>

namespace mf {
namespace {

constexpr qint64 kSmall = qint64(4) << 20; // bytes
constexpr qint64 kLargest = qint64(16) << 20;
constexpr qint64 kPerPack = 160; // beside its directory

using IndexInUse = Registry::IndexInUse;
using Group = std::vector<ObjectHash>;

qint64 sizeOf(const IndexInUse &index) { return index.bytes + index.packs * kPerPack; }

std::vector<Group> groupsOf(std::vector<IndexInUse> indexes)
{
    std::sort(indexes.begin(), indexes.end(), [](const IndexInUse &a, const IndexInUse &b) {
        return std::make_pair(sizeOf(a), a.hash) < std::make_pair(sizeOf(b), b.hash);
    });
    std::vector<Group> groups(1);
    qint64 bytes = 0;
    for (const IndexInUse &index : indexes) {
        if (bytes + sizeOf(index) > kLargest) {
            groups.emplace_back();
            bytes = 0;
        }
        bytes += sizeOf(index);
        groups.back().push_back(index.hash);
    }
    std::erase_if(groups, [](const Group &group) { return group.size() < 2; });
    return groups;
}

bool areAllThere(const Engine &engine)
{
    const auto &all = engine.accounts.all();
    return std::all_of(all.begin(), all.end(), [](const auto &account) {
        return account->record().retired || (account->isVerified() && !account->isStale());
    });
}

class Merge
{
public:
    explicit Merge(Engine &engine)
        : m_engine(engine)
    {
    }

    // Everything in it is known here whole, or deleted.
    Task<Result<>> add(ObjectHash index)
    {
        const auto ids = co_await packsOfIndex(m_engine, index);
        if (!ids) {
            logWarning("index", ids.error().message);
            co_return Result<>();
        }
        const auto rows = co_await m_engine.registry.packRowsOf(*ids);
        const auto gone = co_await m_engine.registry.packsGone(*ids);
        if (!rows || !gone)
            co_return rows ? gone.error() : rows.error();
        std::vector<PackRecord> packs;
        for (std::size_t i = 0; i < ids->size(); ++i) {
            if ((*gone)[i])
                continue;
            if ((*rows)[i] == 0)
                co_return Result<>();
            auto pack = co_await m_engine.registry.pack((*rows)[i]);
            if (!pack)
                co_return pack.error();
            if (pack->state != PackState::Complete && pack->state != PackState::Damaged)
                co_return Result<>();
            packs.push_back(std::move(*pack));
        }
        m_index.supersedes.push_back(index);
        for (PackRecord &pack : packs) {
            if (!m_rows.insert(pack.row).second)
                continue;
            m_index.packs.push_back(std::move(pack));
        }
        co_return Result<>();
    }

    // How many it supersedes.
    Task<Result<int>> write()
    {
        const auto superseded = m_index.supersedes;
        if (superseded.size() < 2)
            co_return 0;
        auto seal = [ring = m_engine.ring, index = std::move(m_index)] { return sealIndex(ring, index); };
        const QByteArray sealed = co_await onPool(m_engine.cpu, seal);
        const ObjectHash hash = objectHash(viewOf(sealed));
        const BlobName name = indexName(m_engine.ring, hash);
        constexpr int kAllDomains = std::numeric_limits<int>::max();
        std::vector<std::vector<AccountId>> nothingMore;
        const auto put = co_await putMetadata(m_engine, name, sealed, kAllDomains, std::move(nothingMore));
        if (!put)
            co_return put.error();
        crashPoint(CrashPoint::IndexMerged);
        const auto session = randomId<SessionId>();
        const std::vector<ObjectHash> one(1, hash);
        Cbor events = Cbor::array();
        events.push_back(events::sessionOpened(session));
        events.push_back(events::sessionAdvanced(session, one));
        events.push_back(events::sessionEnded(session));
        LibraryLog log(m_engine);
        const auto logged = co_await log.append(std::move(events));
        if (!logged)
            co_return logged.error();
        crashPoint(CrashPoint::IndexLogged);
        const auto noted = co_await m_engine.registry.noteSuperseded(superseded, hash);
        if (!noted)
            co_return noted.error();
        std::vector<PackRow> rows(m_rows.begin(), m_rows.end());
        const auto indexed = co_await m_engine.registry.noteIndexed(std::move(rows), hash);
        if (!indexed)
            co_return indexed.error();
        co_return static_cast<int>(superseded.size());
    }

private:
    Engine &m_engine;
    IndexObject m_index;
    std::set<PackRow> m_rows;
};

} // namespace

Task<Result<int>> mergeIndexes(Engine &engine, int most)
{
    auto indexes = co_await engine.registry.indexesInUse();
    if (!indexes)
        co_return indexes.error();
    std::erase_if(*indexes, [](const IndexInUse &index) { return sizeOf(index) >= kSmall; });
    if (static_cast<int>(indexes->size()) <= most || !areAllThere(engine))
        co_return 0;
    int superseded = 0;
    const auto groups = groupsOf(std::move(*indexes));
    for (const Group &group : groups) {
        Merge merge(engine);
        for (const ObjectHash &index : group) {
            auto adding = merge.add(index);
            const auto added = co_await adding;
            if (!added)
                co_return added.error();
        }
        auto writing = merge.write();
        const auto written = co_await writing;
        if (!written)
            co_return written.error();
        superseded += *written;
    }
    co_return superseded;
}

} // namespace mf
