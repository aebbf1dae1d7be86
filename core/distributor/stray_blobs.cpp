// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/stray_blobs.h"

#include "core/base/log.h"
#include "core/distributor/evidence.h"
#include "core/distributor/fragment_survey.h"
#include "core/distributor/objects/index_object.h"
#include "core/distributor/objects/segment.h"

#include <QHash>
#include <QSet>

#include <optional>

namespace mf {
namespace {

struct KnownName {
    PackRow pack = 0;
    int index = 0;
    qint64 bytes = 0;
    bool isComplete = false;
};
using KnownNames = QHash<QString, KnownName>;

KnownNames namesOf(const KeyRing &ring, const std::vector<Registry::KnownPack> &packs)
{
    KnownNames names;
    for (const auto &pack : packs) {
        for (int i = 0; i < mostFragmentsOf(pack.shape); ++i) {
            KnownName known;
            known.pack = pack.row;
            known.index = i;
            known.bytes = fragmentSize(pack.shape.dataLength);
            known.isComplete = pack.state == PackState::Complete;
            names.insert(fragmentName(ring, pack.id, i).value, known);
        }
    }
    return names;
}

// What the blob says it is; nothing if that cannot be read.
Task<std::optional<FragmentHeader>> headerOf(Engine &engine, Account *account, QString name)
{
    const Range head(0, kFragmentHeaderSize);
    const auto bytes = co_await account->provider().get(BlobName(name), head);
    if (!bytes)
        co_return std::nullopt;
    const auto header = openFragmentHeader(engine.ring, viewOf(*bytes));
    if (!header || fragmentName(engine.ring, header->pack, header->index).value != name)
        co_return std::nullopt;
    co_return *header;
}

// All packs that index objects on these accounts name. An object that cannot be read might name anything.
Task<Result<QSet<PackId>>> indexedPacks(Engine &engine)
{
    QSet<PackId> packs;
    QSet<QString> seen;
    for (Account *account : engine.accounts.verified()) {
        if (account->record().retired)
            continue;
        const QString prefix = QStringLiteral("meta/");
        const auto listed = co_await listAll(account->provider(), prefix);
        if (!listed)
            co_return listed.error();
        for (const BlobInfo &blob : *listed) {
            if (seen.contains(blob.name.value))
                continue;
            const Range whole;
            const auto bytes = co_await account->provider().get(blob.name, whole);
            if (!bytes)
                co_return bytes.error();
            if (indexName(engine.ring, objectHash(viewOf(*bytes))) != blob.name)
                continue; // a manifest, the marker; a damaged one is looked for on the other accounts
            seen.insert(blob.name.value);
            const auto index = openIndex(engine.ring, viewOf(*bytes));
            if (!index)
                co_return index.error();
            for (const PackRecord &pack : index->packs)
                packs.insert(pack.id);
        }
    }
    co_return packs;
}

struct OldStray {
    Account *account = nullptr;
    QString name;
};

// why: set where it cannot be said.
Task<Result<std::vector<FragmentKey>>> leftoversAmong(Engine &engine, std::vector<OldStray> strays, QString &why)
{
    std::vector<FragmentKey> keys;
    const auto indexed = co_await indexedPacks(engine);
    if (!indexed) {
        why = indexed.error().message;
        co_return keys;
    }
    for (const OldStray &stray : strays) {
        const auto header = co_await headerOf(engine, stray.account, stray.name);
        if (!header)
            continue;
        const std::vector<PackId> one(1, header->pack);
        const auto gone = co_await engine.registry.packsGone(one);
        if (!gone)
            co_return gone.error();
        if (!gone->front() && indexed->contains(header->pack))
            continue;
        const auto rows = co_await engine.registry.packRowsOf(one);
        if (!rows)
            co_return rows.error();
        if (rows->front() == 0)
            keys.emplace_back(header->pack, int(header->index), stray.account->id());
    }
    co_return keys;
}

} // namespace

Task<Result<StrayBlobs>> lookThroughAccounts(Engine &engine)
{
    StrayBlobs result;
    const auto packs = co_await engine.registry.knownPacks();
    if (!packs)
        co_return packs.error();
    auto name = [ring = engine.ring, known = *packs] { return namesOf(ring, known); };
    const KnownNames names = co_await onPool(engine.cpu, name);
    std::vector<OldStray> old;
    for (Account *account : engine.accounts.verified()) {
        if (account->record().retired)
            continue;
        const QString prefix = QStringLiteral("f/");
        const auto listed = co_await listAll(account->provider(), prefix);
        if (!listed) {
            logWarning("collect", account->name() + QStringLiteral(": ") + listed.error().message);
            continue;
        }
        std::vector<Registry::PackIndex> found;
        std::vector<Registry::Stray> strays;
        for (const BlobInfo &blob : *listed) {
            const auto known = names.constFind(blob.name.value);
            if (known == names.constEnd()) {
                strays.push_back({ blob.name.value, blob.size });
                ++result.strays;
                result.bytes += blob.size;
            } else if (known->isComplete && blob.size == known->bytes) {
                found.push_back({ known->pack, known->index });
            }
        }
        const auto adopted = co_await engine.registry.adoptFragments(account->id(), std::move(found));
        if (!adopted)
            co_return adopted.error();
        const auto aged = co_await engine.registry.noteStrays(account->id(), std::move(strays));
        if (!aged)
            co_return aged.error();
        for (const Registry::Stray &stray : *aged)
            old.push_back({ account, stray.name });
    }
    if (!old.empty()) {
        auto leftovers = co_await leftoversAmong(engine, std::move(old), result.why);
        if (!leftovers)
            co_return leftovers.error();
        result.old = std::move(*leftovers);
    }
    co_return result;
}

} // namespace mf
