// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/metadata_writer.h"

#include "core/base/all_of.h"
#include "core/base/log.h"

#include <algorithm>

namespace mf {
namespace {

Task<Result<BlobInfo>> putOn(Account *account, BlobName name, QByteArray bytes)
{
    co_return co_await account->provider().put(name, bytes);
}

} // namespace

bool isEnough(const Engine &engine, const std::vector<AccountId> &have, int domains,
    const std::vector<std::vector<AccountId>> &covering)
{
    std::set<QString> all;
    std::set<QString> reached;
    for (const auto &account : engine.accounts.all()) {
        if (account->record().retired)
            continue;
        all.insert(account->record().failureDomain());
        if (std::find(have.begin(), have.end(), account->id()) != have.end())
            reached.insert(account->record().failureDomain());
    }
    if (static_cast<int>(reached.size()) < std::min(domains, static_cast<int>(all.size())))
        return false;
    return std::all_of(covering.begin(), covering.end(), [&have](const std::vector<AccountId> &set) {
        return std::any_of(set.begin(), set.end(),
            [&have](const AccountId &id) { return std::find(have.begin(), have.end(), id) != have.end(); });
    });
}

Task<Result<std::vector<AccountId>>> putMetadata(
    Engine &engine, BlobName name, QByteArray bytes, int domains, std::vector<std::vector<AccountId>> covering)
{
    const auto accounts = engine.accounts.verified();
    std::vector<Task<Result<BlobInfo>>> tasks;
    tasks.reserve(accounts.size());
    for (Account *account : accounts)
        tasks.push_back(putOn(account, name, bytes));
    const std::size_t atOnce = tasks.size();
    const auto results = co_await allOf(std::move(tasks), atOnce);
    std::vector<AccountId> have;
    QString why = QStringLiteral("no account can be reached");
    for (std::size_t i = 0; i < results.size(); ++i) {
        if (results[i]) {
            have.push_back(accounts[i]->id());
        } else {
            why = accounts[i]->name() + QStringLiteral(": ") + results[i].error().message;
            logWarning("metadata", why);
        }
    }
    if (!isEnough(engine, have, domains, covering))
        co_return Error(Error::Kind::Network, QStringLiteral("MF-META-PLACES"),
            QStringLiteral("the model’s manifest could not be put on enough accounts (%1); the same command "
                           "goes on where it was once they can be reached")
                .arg(why))
            .offering(Error::Action::Retry);
    co_return have;
}

} // namespace mf
