// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/evidence.h"

#include "core/base/all_of.h"
#include "core/base/timeout.h"
#include "core/distributor/fetch_object.h"
#include "core/distributor/library_log.h"
#include "core/distributor/objects/index_object.h"

#include <algorithm>

namespace mf {
namespace {

constexpr std::chrono::seconds kMarkerLimit { 30 };

// Its marker is there at this moment.
Task<bool> isThere(Engine &engine, Account *account)
{
    const auto verified = co_await within(engine.clock, kMarkerLimit, account->verify(engine.ring));
    co_return verified && *verified;
}

} // namespace

bool Evidence::covers(const std::vector<AccountId> &needed) const
{
    return std::all_of(needed.begin(), needed.end(),
        [this](const AccountId &id) { return std::find(accounts.begin(), accounts.end(), id) != accounts.end(); });
}

std::vector<AccountId> accountsThatCount(const Engine &engine)
{
    std::vector<AccountId> ids;
    for (const auto &account : engine.accounts.all()) {
        if (!account->record().retired)
            ids.push_back(account->id());
    }
    return ids;
}

Task<Result<Evidence>> gatherEvidence(Engine &engine)
{
    Evidence evidence;
    std::vector<Account *> accounts;
    std::vector<Task<bool>> looks;
    for (const auto &account : engine.accounts.all()) {
        if (account->record().retired || account->record().isElsewhere())
            continue;
        accounts.push_back(account.get());
        looks.push_back(isThere(engine, account.get()));
    }
    const std::size_t atOnce = looks.size();
    const auto there = co_await allOf(std::move(looks), atOnce);
    std::vector<Account *> present;
    for (std::size_t i = 0; i < accounts.size(); ++i) {
        if (there[i])
            present.push_back(accounts[i]);
        else
            evidence.why.append(QStringLiteral("the account %1 cannot be reached").arg(accounts[i]->name()));
    }
    LibraryLog log(engine);
    auto read = co_await log.sync(present);
    if (!read)
        co_return read.error();
    evidence.accounts = std::move(*read);
    for (const Account *account : present) {
        if (std::find(evidence.accounts.begin(), evidence.accounts.end(), account->id()) == evidence.accounts.end())
            evidence.why.append(QStringLiteral("the log on %1 could not be read completely, or lacks what others have; "
                                               "`sync` gives it what is missing")
                    .arg(account->name()));
    }
    const auto lacks = co_await engine.registry.lacksAncestors();
    if (!lacks)
        co_return lacks.error();
    evidence.isComplete = !*lacks;
    for (const auto &account : engine.accounts.all()) { // some are known only since the logs were read
        if (account->record().retired || !account->record().isElsewhere())
            continue;
        // What lies there, and what stores rely on there, is not known here.
        evidence.isComplete = false;
        evidence.why.append(
            QStringLiteral("%1, which another computer added, cannot be looked at from this one; add it "
                           "here, too, delete where it is, or give it up if it is gone for good")
                .arg(account->name()));
    }
    if (*lacks)
        evidence.why.append(QStringLiteral("a part of the library’s log is on no account that can be reached"));
    co_return evidence;
}

Task<Result<std::vector<PackId>>> packsOfIndex(Engine &engine, ObjectHash index)
{
    const BlobName name = indexName(engine.ring, index);
    const auto bytes = co_await fetchObject(engine, name, index);
    if (!bytes)
        co_return bytes.error();
    auto open = [ring = engine.ring, sealed = *bytes] { return openIndex(ring, viewOf(sealed)); };
    const auto opened = co_await onPool(engine.cpu, open);
    if (!opened)
        co_return opened.error();
    std::vector<PackId> packs;
    for (const PackRecord &pack : opened->packs)
        packs.push_back(pack.id);
    co_return packs;
}

Task<Result<std::vector<PackId>>> packsOfOpenSessions(Engine &engine)
{
    const auto indexes = co_await engine.registry.openSessionIndexes();
    if (!indexes)
        co_return indexes.error();
    std::vector<PackId> packs;
    for (const ObjectHash &index : *indexes) {
        const auto named = co_await packsOfIndex(engine, index);
        if (!named)
            co_return named.error();
        packs.insert(packs.end(), named->begin(), named->end());
    }
    co_return packs;
}

} // namespace mf
