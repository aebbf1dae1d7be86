// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/pack_rescue.h"

#include "core/base/all_of.h"
#include "core/base/log.h"
#include "core/distributor/fragment_read.h"
#include "core/distributor/fragment_survey.h"
#include "core/packing/erasure.h"

#include <set>

namespace mf {
namespace {

constexpr std::size_t kPacksAtOnce = 4;
constexpr std::size_t kMostNames = 1'000'000; // looked for in one pass over the accounts
constexpr qint64 kTag = 16;

using Places = std::map<int, std::vector<Account *>>; // by fragment index

Error unreadable(const QString &why) { return Error(Error::Kind::Corrupt, QStringLiteral("MF-PACK-CORRUPT"), why); }

bool isNewer(const Error &error)
{
    return error.id == QStringLiteral("MF-FRAGMENT-VERSION") || error.id == QStringLiteral("MF-PACK-VERSION");
}

// Reads ranges of one pack's payload, knowing nothing of it but where its fragments lie.
class RawPack
{
public:
    RawPack(Engine &engine, const PackId &id, Places places)
        : m_engine(engine)
        , m_id(id)
        , m_places(std::move(places))
    {
    }

    const FragmentHeader &header() const { return m_header; }

    // From the first fragment that has one that is right.
    Task<Result<>> readHeader()
    {
        for (const auto &[index, accounts] : m_places) {
            for (Account *account : accounts) {
                const Range head(0, kFragmentHeaderSize);
                const BlobName name = fragmentName(m_engine.ring, m_id, index);
                const auto bytes = co_await account->provider().get(name, head);
                if (!bytes)
                    continue;
                const auto header = openFragmentHeader(m_engine.ring, viewOf(*bytes));
                if (isNewerFragment(header))
                    co_return header.error();
                if (!header || header->pack != m_id || header->index != index)
                    continue;
                m_header = *header;
                co_return Result<>();
            }
        }
        co_return unreadable(QStringLiteral("none of its fragments has a readable header"));
    }

    Task<Result<QByteArray>> read(qint64 from, qint64 to)
    {
        QByteArray bytes;
        const qint64 length = m_header.dataLength;
        while (from < to) {
            const qint64 row = from / length;
            const qint64 end = std::min(to, (row + 1) * length);
            auto slice = co_await readRow(static_cast<int>(row), from - row * length, end - row * length);
            if (!slice)
                co_return slice.error();
            bytes += *slice;
            from = end;
        }
        co_return bytes;
    }

private:
    Task<Result<QByteArray>> readFragment(int index, qint64 begin, qint64 end)
    {
        const auto found = m_places.find(index);
        if (found != m_places.end()) {
            for (Account *account : found->second) {
                const Range range(kFragmentHeaderSize + begin, end - begin);
                const BlobName name = fragmentName(m_engine.ring, m_id, index);
                auto bytes = co_await account->provider().get(name, range);
                if (bytes)
                    co_return bytes;
            }
        }
        co_return unreadable(QStringLiteral("fragment %1 cannot be read").arg(index));
    }

    Task<Result<QByteArray>> readRow(int row, qint64 begin, qint64 end)
    {
        const int k = m_header.k;
        auto direct = co_await readFragment(row, begin, end);
        if (direct)
            co_return direct;
        std::vector<std::pair<int, QByteArray>> have;
        for (const auto &[index, accounts] : m_places) {
            if (index == row || static_cast<int>(have.size()) == k)
                continue;
            auto bytes = co_await readFragment(index, begin, end);
            if (bytes)
                have.emplace_back(index, std::move(*bytes));
        }
        if (static_cast<int>(have.size()) < k)
            co_return unreadable(QStringLiteral("too few of its fragments can be read"));
        std::vector<ErasureRow> rows;
        rows.reserve(have.size());
        for (const auto &[index, bytes] : have)
            rows.emplace_back(index, viewOf(bytes));
        QByteArray out(end - begin, Qt::Uninitialized);
        if (!rebuildRow(k, rows, row, mutableViewOf(out)))
            co_return unreadable(QStringLiteral("its fragments do not fit together"));
        co_return out;
    }

    Engine &m_engine;
    PackId m_id;
    Places m_places;
    FragmentHeader m_header;
};

std::optional<EpochId> epochOf(const KeyRing &ring, const FragmentHeader &header)
{
    for (const KeyRing::Epoch &epoch : ring.epochs()) {
        if (KeyRing::derive(epoch.master, header.salt, "pack", header.pack.view()).commitment == header.commitment)
            return epoch.id;
    }
    return std::nullopt;
}

Task<Result<std::vector<Record>>> readDirectory(Engine &engine, RawPack &raw)
{
    const FragmentHeader header = raw.header();
    const qint64 payload = header.payloadLength;
    if (payload < kFooterSize || payload > header.k * qint64(header.dataLength))
        co_return unreadable(QStringLiteral("its header contradicts itself"));
    const auto footer = co_await raw.read(payload - kFooterSize, payload);
    if (!footer)
        co_return footer.error();
    PackOpener opener(engine.ring, header.pack, header.salt, header.commitment);
    if (!opener.isValid())
        co_return unreadable(QStringLiteral("it is sealed under a key that this library does not have"));
    const auto opened = opener.openFooter(viewOf(*footer), payload);
    if (!opened)
        co_return opened.error();
    const qint64 end = opened->directoryOffset + opened->directoryLength + kTag;
    const auto directory = co_await raw.read(opened->directoryOffset, end);
    if (!directory)
        co_return directory.error();
    co_return opener.openDirectory(*opened, viewOf(*directory));
}

Task<Result<PackRecord>> rescueFrom(Engine &engine, PackId id, Places places)
{
    RawPack raw(engine, id, std::move(places));
    const auto found = co_await raw.readHeader();
    if (!found)
        co_return found.error();
    auto records = co_await readDirectory(engine, raw);
    if (!records)
        co_return records.error();
    const FragmentHeader &header = raw.header();
    const auto epoch = epochOf(engine.ring, header);
    PackRecord pack;
    pack.id = id;
    pack.state = PackState::Complete;
    pack.shape.k = header.k;
    pack.shape.dataLength = header.dataLength;
    pack.salt = header.salt;
    pack.commitment = header.commitment;
    pack.epoch = epoch.value_or(EpochId());
    pack.payloadLength = header.payloadLength;
    pack.records = std::move(*records);
    co_return pack;
}

// All of them, then without each single blob, then without all that have one index: some may be damaged.
std::vector<Places> choicesOf(const Places &places)
{
    std::vector<Places> choices(1, places);
    for (const auto &[index, accounts] : places) {
        for (Account *account : accounts) {
            if (accounts.size() > 1) {
                choices.push_back(places);
                std::erase(choices.back()[index], account);
            }
        }
    }
    for (const auto &[index, accounts] : places) {
        choices.push_back(places);
        choices.back().erase(index);
    }
    std::erase_if(choices, [](const Places &choice) { return choice.empty(); });
    return choices;
}

Task<Result<PackRecord>> rescueOne(Engine &engine, RescuePack wanted, Places places)
{
    std::optional<Error> first; // without what may be right, the reason is another one
    std::vector<Places> choices = choicesOf(places);
    for (Places &choice : choices) {
        auto rescued = co_await rescueFrom(engine, wanted.id, std::move(choice));
        if (rescued)
            rescued->shape.fragments = std::max(places.rbegin()->first + 1, rescued->shape.k);
        if (rescued || isNewer(rescued.error()))
            co_return rescued;
        if (!first)
            first = rescued.error();
    }
    co_return *first;
}

// Where fragments of these packs lie, by the packs' numbers.
Task<std::vector<Places>> findPlaces(Engine &engine, std::vector<RescuePack> packs)
{
    auto compute = [ring = engine.ring, packs] {
        FragmentNames names(ring);
        for (std::size_t i = 0; i < packs.size(); ++i)
            names.add(packs[i].id, i, packs[i].most);
        names.sort();
        return std::make_shared<const FragmentNames>(std::move(names));
    };
    const auto names = co_await onPool(engine.cpu, compute);
    std::vector<Places> places(packs.size());
    for (Account *account : engine.accounts.verified()) {
        QString cursor;
        for (qsizetype pages = 0; pages < kMostPages; ++pages) {
            const QString prefix = QStringLiteral("f/");
            const auto page = co_await account->provider().list(prefix, cursor);
            if (!page) {
                logWarning("rescue", account->name() + QStringLiteral(": ") + page.error().message);
                break;
            }
            for (const BlobInfo &blob : page->blobs) {
                for (const FragmentNames::Match &match : names->find(blob.name.value)) {
                    if (fragmentName(engine.ring, packs[match.number].id, match.index) == blob.name)
                        places[match.number][match.index].push_back(account);
                }
            }
            if (page->next.isEmpty())
                break;
            cursor = page->next;
        }
    }
    co_return places;
}

} // namespace

Task<Result<std::vector<PackRecord>>> rescuePacks(Engine &engine, std::vector<RescuePack> packs)
{
    std::vector<PackRecord> rescued;
    for (std::size_t first = 0; first < packs.size();) {
        std::vector<RescuePack> batch;
        std::size_t names = 0;
        while (first < packs.size() && (batch.empty() || names < kMostNames)) {
            names += static_cast<std::size_t>(packs[first].most);
            batch.push_back(packs[first++]);
        }
        auto places = co_await findPlaces(engine, batch);
        std::vector<Task<Result<PackRecord>>> tasks;
        for (std::size_t i = 0; i < batch.size(); ++i) {
            if (!places[i].empty())
                tasks.push_back(rescueOne(engine, batch[i], std::move(places[i])));
        }
        auto results = co_await allOf(std::move(tasks), kPacksAtOnce);
        for (auto &result : results) {
            if (!result && isNewer(result.error()))
                co_return newerFragment();
            if (result)
                rescued.push_back(std::move(*result));
            else
                logWarning("rescue", QStringLiteral("a pack cannot be read: ") + result.error().message);
        }
    }
    co_return rescued;
}

} // namespace mf
