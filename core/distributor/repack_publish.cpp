// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/repack_publish.h"

#include "core/base/crash_point.h"
#include "core/distributor/confirm.h"
#include "core/distributor/ready_accounts.h"
#include "core/distributor/take_in_revision.h"

#include <algorithm>
#include <set>

namespace mf {
namespace {

constexpr std::size_t kMostIndexes = 64; // that a revision names; the session has told of them all

Task<Result<std::vector<PackId>>> idsOf(Engine &engine, std::vector<PackRow> packs)
{
    std::vector<PackId> ids;
    for (const PackRow row : packs) {
        const auto pack = co_await engine.registry.pack(row);
        if (!pack)
            co_return pack.error();
        ids.push_back(pack->id);
    }
    co_return ids;
}

// Of these packs, those that somebody deletes.
Task<Result<QSet<PackRow>>> doomedAmong(Engine &engine, std::vector<PackRow> packs)
{
    const auto ids = co_await idsOf(engine, packs);
    if (!ids)
        co_return ids.error();
    const auto doomed = co_await engine.registry.doomedOf(*ids);
    if (!doomed)
        co_return doomed.error();
    QSet<PackRow> rows;
    for (std::size_t i = 0; i < packs.size(); ++i) {
        if (std::find(doomed->begin(), doomed->end(), (*ids)[i]) != doomed->end())
            rows.insert(packs[i]);
    }
    co_return rows;
}

} // namespace

Task<Result<Renewed>> renewRevision(Engine &engine, RevisionRecord revision, Renewal renewal)
{
    const bool isPromised = renewal.promise && renewal.promise->revision == revision.id;
    Protection protection = isPromised ? renewal.promise->protection : revision.protection;
    auto rules = co_await hitRules(engine, protection.m);
    if (!rules)
        co_return rules.error();
    rules->avoid = renewal.avoid;
    const auto relocation = co_await engine.registry.relocate(revision.row, renewal.moved, std::move(*rules));
    if (!relocation)
        co_return relocation.error();
    Renewed renewed;
    renewed.left = relocation->left;
    renewed.packs = relocation->packs;
    if (isPromised && renewed.left > 0)
        protection = revision.protection; // promised when it is so
    renewed.revision = revision;
    renewed.revision.protection = protection;
    auto manifest = co_await fetchManifest(engine, revision.id, revision.manifest);
    if (!manifest) {
        renewed.problem = manifest.error().message;
        ++renewed.left;
        co_return renewed;
    }
    auto ids = co_await idsOf(engine, renewed.packs);
    if (!ids)
        co_return ids.error();
    const bool isAsked = std::find(renewal.renew.begin(), renewal.renew.end(), revision.id) != renewal.renew.end();
    const std::set<PackId> before(manifest->packs.begin(), manifest->packs.end());
    const std::set<PackId> after(ids->begin(), ids->end());
    if (!isAsked && protection == revision.protection && before == after)
        co_return renewed;
    auto covering = co_await accountsOfPacks(engine, renewed.packs);
    if (!covering)
        co_return covering.error();
    Publication publication;
    publication.manifest = std::move(*manifest);
    publication.manifest.packs = std::move(*ids);
    publication.manifest.revision.protection = protection;
    publication.manifest.revision.name = revision.name;
    publication.manifest.revision.tags = revision.tags;
    if (renewal.indexes.size() <= kMostIndexes)
        publication.indexes = std::move(renewal.indexes);
    publication.domains = protection.m + 1;
    publication.covering = std::move(*covering);
    renewed.publication = std::move(publication);
    co_return renewed;
}

Task<Result<Published>> publishRenewed(Engine &engine, std::vector<Renewed> renewed)
{
    Published published;
    std::vector<Publication> publications;
    std::vector<ObjectHash> manifests;
    std::set<PackRow> packs;
    for (const Renewed &one : renewed) {
        const auto put = co_await putManifest(engine, *one.publication);
        if (!put)
            co_return put.error();
        manifests.push_back(*put);
        publications.push_back(*one.publication);
        packs.insert(one.packs.begin(), one.packs.end());
    }
    crashPoint(CrashPoint::RepackManifestPut);
    const auto logged = co_await logRevisions(engine, std::move(publications), manifests);
    if (!logged)
        co_return logged.error();
    crashPoint(CrashPoint::RepackRevisionLogged);
    const std::vector<PackRow> rows(packs.begin(), packs.end());
    const auto confirmed = co_await confirmRows(engine, rows);
    if (!confirmed)
        co_return confirmed.error();
    published.isConfirmed = *confirmed;
    for (const Renewed &one : renewed) {
        const auto weakened = co_await engine.registry.areWeakened(one.packs, one.revision.protection.m);
        if (!weakened)
            co_return weakened.error();
        published.isConfirmed = published.isConfirmed && !*weakened;
    }
    if (!published.isConfirmed) {
        const auto doomed = co_await doomedAmong(engine, rows);
        if (!doomed)
            co_return doomed.error();
        published.doomed = *doomed;
        co_return published;
    }
    crashPoint(CrashPoint::RepackConfirmed);
    const auto turn = co_await engine.settling.acquire(1); // nobody drops what is taken in meanwhile
    Q_UNUSED(turn)
    for (std::size_t i = 0; i < renewed.size(); ++i) {
        const auto news = co_await engine.registry.revisionNews(renewed[i].revision.id);
        if (!news)
            co_return news.error();
        if (news->manifest != manifests[i]) { // another computer wrote one later: that one is taken in next time
            published.isConfirmed = false;
            continue;
        }
        Manifest manifest = std::move(renewed[i].publication->manifest);
        const auto taken = co_await takeInRevision(engine, std::move(manifest), manifests[i]);
        if (!taken)
            co_return taken.error();
        published.models.insert(renewed[i].revision.name);
        crashPoint(CrashPoint::RepackTakenIn);
    }
    co_return published;
}

} // namespace mf
