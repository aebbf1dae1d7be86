// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/publish.h"

#include "core/base/crash_point.h"
#include "core/distributor/metadata_writer.h"
#include "core/distributor/objects/index_object.h"

#include <algorithm>

namespace mf {

Task<Result<std::optional<ObjectHash>>> writeIndexObject(Engine &engine, int domains)
{
    auto packs = co_await engine.registry.packsWithoutIndex(kPacksPerIndex);
    if (!packs)
        co_return packs.error();
    if (packs->empty())
        co_return std::optional<ObjectHash>();
    IndexObject index;
    index.packs = std::move(*packs);
    std::vector<PackRow> rows;
    rows.reserve(index.packs.size());
    for (const PackRecord &pack : index.packs)
        rows.push_back(pack.row);
    auto seal = [ring = engine.ring, index = std::move(index)] { return sealIndex(ring, index); };
    const QByteArray sealed = co_await onPool(engine.cpu, seal);
    const ObjectHash hash = objectHash(viewOf(sealed));
    const BlobName name = indexName(engine.ring, hash);
    std::vector<std::vector<AccountId>> nothingMore;
    const auto put = co_await putMetadata(engine, name, sealed, domains, std::move(nothingMore));
    if (!put)
        co_return put.error();
    crashPoint(CrashPoint::StoreIndexPut);
    const auto noted = co_await engine.registry.noteIndexed(std::move(rows), hash);
    if (!noted)
        co_return noted.error();
    co_return std::optional<ObjectHash>(hash);
}

Task<Result<std::vector<std::vector<AccountId>>>> accountsOfPacks(Engine &engine, std::vector<PackRow> packs)
{
    std::set<std::vector<AccountId>> sets;
    for (const PackRow row : packs) {
        const auto pack = co_await engine.registry.pack(row);
        if (!pack)
            co_return pack.error();
        std::vector<AccountId> accounts;
        for (const FragmentPlace &fragment : pack->fragments) {
            if (fragment.acknowledged)
                accounts.push_back(fragment.account);
        }
        std::sort(accounts.begin(), accounts.end());
        sets.insert(std::move(accounts));
    }
    co_return std::vector<std::vector<AccountId>>(sets.begin(), sets.end());
}

Task<Result<ObjectHash>> putManifest(Engine &engine, Publication publication)
{
    auto seal
        = [ring = engine.ring, manifest = std::move(publication.manifest)] { return sealManifest(ring, manifest); };
    const QByteArray sealed = co_await onPool(engine.cpu, seal);
    const ObjectHash hash = objectHash(viewOf(sealed));
    const BlobName name = manifestName(engine.ring, hash);
    const auto put = co_await putMetadata(engine, name, sealed, publication.domains, std::move(publication.covering));
    if (!put)
        co_return put.error();
    co_return hash;
}

Task<Result<>> logRevisions(Engine &engine, std::vector<Publication> publications, std::vector<ObjectHash> manifests)
{
    Cbor events = Cbor::array();
    for (std::size_t i = 0; i < publications.size(); ++i) {
        events::Revision event;
        event.id = publications[i].manifest.revision.id;
        event.model = publications[i].manifest.revision.model;
        event.name = publications[i].manifest.revision.name;
        event.indexes = publications[i].indexes;
        event.packs = publications[i].manifest.packs;
        event.manifest = manifests[i];
        events.push_back(events::revision(event));
        for (Cbor &further : publications[i].further)
            events.push_back(std::move(further));
    }
    LibraryLog log(engine);
    const auto logged = co_await log.append(std::move(events));
    if (!logged)
        co_return logged.error();
    for (const Publication &publication : publications) {
        if (!isEnough(engine, logged->acknowledged, publication.domains, publication.covering))
            co_return Error(Error::Kind::Network, QStringLiteral("MF-META-PLACES"),
                QStringLiteral("the library’s log could not be written on enough accounts; the same command goes "
                               "on where it was once they can be reached"))
                .offering(Error::Action::Retry);
    }
    co_return Result<>();
}

Task<Result<>> logRevision(Engine &engine, Publication publication, ObjectHash manifest)
{
    std::vector<Publication> one;
    one.push_back(std::move(publication));
    std::vector<ObjectHash> its(1, manifest);
    co_return co_await logRevisions(engine, std::move(one), std::move(its));
}

} // namespace mf
