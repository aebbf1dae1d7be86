// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/account_end.h"

#include "core/base/log.h"
#include "core/distributor/fragment_survey.h"
#include "core/distributor/library_log.h"
#include "core/distributor/objects/marker.h"

#include <algorithm>

namespace mf {
namespace {

// A listing may show what was removed a while ago.
Task<Result<bool>> isReadable(Account &account, BlobName name, qint64 size)
{
    const Range last(size - 1, 1);
    const auto byte = co_await account.provider().get(name, last);
    if (byte)
        co_return true;
    if (byte.error().id == QStringLiteral("MF-BLOB-MISSING"))
        co_return false;
    co_return byte.error();
}

} // namespace

DoomRecord doomOf(AccountId account)
{
    DoomRecord set;
    set.packs.push_back(PackId(account.bytes));
    return set;
}

Task<Result<std::vector<AccountId>>> accountsNamed(Engine &engine, std::vector<PackId> packs)
{
    const auto records = co_await engine.registry.accounts();
    if (!records)
        co_return records.error();
    std::vector<AccountId> named;
    for (const AccountRecord &record : *records) {
        if (std::find(packs.begin(), packs.end(), PackId(record.id.bytes)) != packs.end())
            named.push_back(record.id);
    }
    co_return named;
}

Task<Result<>> noteFragmentsOn(Engine &engine, Account &account)
{
    const auto packs = co_await engine.registry.knownPacks();
    if (!packs)
        co_return packs.error();
    auto compute = [ring = engine.ring, known = *packs] {
        FragmentNames names(ring);
        for (std::size_t i = 0; i < known.size(); ++i)
            names.add(known[i].id, i, mostFragmentsOf(known[i].shape));
        names.sort();
        return std::make_shared<const FragmentNames>(std::move(names));
    };
    const auto names = co_await onPool(engine.cpu, compute);
    const auto rows = co_await engine.registry.packsOn(account.id());
    if (!rows)
        co_return rows.error();
    const QString prefix = QStringLiteral("f/");
    const auto listed = co_await listAll(account.provider(), prefix);
    if (!listed)
        co_return listed.error();
    std::vector<Registry::FoundFragment> found;
    for (const BlobInfo &blob : *listed) {
        for (const FragmentNames::Match &match : names->find(blob.name.value)) {
            const Registry::KnownPack &pack = (*packs)[match.number];
            const qint64 size = fragmentSize(pack.shape.dataLength);
            const bool isKnown = std::find(rows->begin(), rows->end(), pack.row) != rows->end();
            if (isKnown || blob.size != size || fragmentName(engine.ring, pack.id, match.index) != blob.name)
                continue;
            const auto readable = co_await isReadable(account, blob.name, size);
            if (!readable)
                co_return readable.error();
            if (*readable)
                found.emplace_back(pack.row, match.index, size);
        }
    }
    co_return co_await engine.registry.noteFragments(account.id(), std::move(found));
}

Task<Result<>> retireAccount(Engine &engine, Account &account, Cbor events)
{
    events.push_back(events::retired(account.id()));
    LibraryLog log(engine);
    const auto logged = co_await log.append(std::move(events));
    if (!logged)
        co_return logged.error();
    account.record().retired = true;
    // Only where others know of its end.
    const bool othersKnow = std::any_of(logged->acknowledged.begin(), logged->acknowledged.end(),
        [&account](const AccountId &id) { return id != account.id(); });
    if (!othersKnow || !account.isVerified())
        co_return Result<>();
    const auto removed = co_await account.provider().remove(markerName(engine.ring));
    if (!removed)
        logWarning("account", removed.error().message);
    co_return Result<>();
}

} // namespace mf
