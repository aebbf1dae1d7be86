// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/ready_accounts.h"

#include "core/distributor/model_state.h"

#include <algorithm>

namespace mf {
namespace {

constexpr std::chrono::seconds kVerifyLimit { 30 };

// For as long as an account is away its fragments count as there, but not for ever: see model_state.h.
Task<Result<>> noteWhoIsThere(Engine &engine)
{
    const auto records = co_await engine.registry.accounts();
    if (!records)
        co_return records.error();
    const QDateTime now = engine.clock.now();
    for (const AccountRecord &record : *records) {
        Account *account = engine.accounts.find(record.id);
        if (record.retired)
            continue;
        if (account && account->isVerified()) {
            account->record().seen = now;
            account->record().awaySince = QDateTime();
            const auto noted = co_await engine.registry.noteAccountSeen(
                record.id, account->record().total, account->record().used, now);
            if (!noted)
                co_return noted.error();
        } else {
            const auto noted = co_await engine.registry.noteAccountAway(record.id, now);
            if (!noted)
                co_return noted.error();
        }
    }
    co_return Result<>();
}

} // namespace

namespace {

std::vector<PlacementAccount> placesOf(const AccountSet &accounts, const std::vector<AccountId> &allowed, bool isPlan)
{
    std::vector<PlacementAccount> places;
    for (const auto &account : accounts.all()) {
        const bool mayBeUsed
            = allowed.empty() || std::find(allowed.begin(), allowed.end(), account->id()) != allowed.end();
        const AccountRecord &record = account->record();
        if (!mayBeUsed || (!isPlan && !account->isVerified()) || record.retired || record.leaving
            || record.isElsewhere())
            continue;
        PlacementAccount place;
        place.id = account->id();
        place.name = account->name();
        place.domain = account->record().failureDomain();
        place.room = account->room();
        if (isPlan && account->record().total && account->record().used) {
            const qint64 seen = std::max<qint64>(0, *account->record().total - *account->record().used);
            place.room = std::min(place.room.value_or(seen), seen);
        }
        places.push_back(std::move(place));
    }
    return places;
}

} // namespace

std::vector<PlacementAccount> placementAccounts(const AccountSet &accounts, const std::vector<AccountId> &allowed)
{
    return placesOf(accounts, allowed, false);
}

std::vector<PlacementAccount> plannedAccounts(const AccountSet &accounts, const std::vector<AccountId> &allowed)
{
    return placesOf(accounts, allowed, true);
}

Result<Account *> accountToPut(const AccountSet &accounts, const AccountId &id)
{
    Account *account = accounts.find(id);
    if (!account || !account->isVerified())
        return Error(Error::Kind::Network, QStringLiteral("MF-ACCOUNT-AWAY"),
            QStringLiteral("an account that a fragment was meant for cannot be reached any more"));
    return account;
}

Task<Result<std::vector<AccountId>>> lostAccounts(Engine &engine)
{
    const auto accounts = co_await engine.registry.accounts();
    if (!accounts)
        co_return accounts.error();
    const auto settings = co_await engine.registry.settings();
    if (!settings)
        co_return settings.error();
    co_return lostAccounts(*accounts, engine.clock.now(), awayIsLost(*settings));
}

Task<Result<HitRules>> hitRules(Engine &engine, int losses)
{
    auto lost = co_await lostAccounts(engine);
    if (!lost)
        co_return lost.error();
    HitRules rules;
    rules.losses = losses;
    rules.lost = std::move(*lost);
    co_return rules;
}

Task<Result<>> readyAccounts(Engine &engine, QStringList &warnings)
{
    co_await engine.accounts.verifyAll(engine.ring, engine.clock, kVerifyLimit);
    const auto noted = co_await noteWhoIsThere(engine);
    if (!noted)
        co_return noted.error();
    const auto use = co_await engine.registry.accountUse();
    if (!use)
        co_return use.error();
    for (const auto &account : engine.accounts.all()) {
        if (account->trouble() && !account->record().isElsewhere()) // that is so at each start
            warnings.append(account->trouble()->message);
        for (const auto &used : *use) {
            if (used.account == account->id() && account->record().capacity > 0)
                account->limitRoom(std::max<qint64>(0, account->record().capacity - used.bytes));
        }
    }
    for (const auto &account : engine.accounts.all()) {
        const bool isNewer = account->trouble() && account->trouble()->id == QStringLiteral("MF-LIBRARY-NEWER");
        if (isNewer && engine.accounts.verified().empty())
            co_return *account->trouble();
    }
    if (engine.accounts.verified().empty())
        co_return Error(Error::Kind::Network, QStringLiteral("MF-ACCOUNT-NONE"),
            warnings.isEmpty()
                ? QStringLiteral("there is no account yet; `account add` connects one")
                : QString(QStringLiteral("no account can be reached: ") + warnings.join(QStringLiteral("; "))))
            .offering(Error::Action::AddStorage);
    co_return Result<>();
}

} // namespace mf
