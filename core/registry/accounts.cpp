// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/accounts.h"

#include "core/registry/blob.h"
#include "core/registry/domains.h"
#include "core/registry/trash.h"

namespace mf {

Result<qint64> accountRow(Connection &db, const AccountId &account)
{
    Statement query = db.prepare("SELECT id FROM account WHERE uid = ?");
    query.bind(account);
    if (query.next())
        return query.number(0);
    if (query.failed())
        return query.error();
    return Error(Error::Kind::NotFound, QStringLiteral("MF-ACCOUNT-UNKNOWN"),
        QStringLiteral("The registry knows no account %1; add the account first").arg(account.toHex()));
}

Result<std::vector<AccountRecord>> readAccounts(Connection &db)
{
    const auto leaving = leavingAccounts(db, false);
    if (!leaving)
        return leaving.error();
    std::vector<AccountRecord> accounts;
    Statement query
        = db.prepare("SELECT uid, name, kind, settings, domain, up_limit, down_limit, connections, capacity,"
                     " retired, total, used, seen, away FROM account ORDER BY name, id");
    while (query.next()) {
        AccountRecord account;
        account.id = query.id<AccountId>(0);
        account.name = query.text(1);
        account.kind = query.text(2);
        const auto settings = unpackMap(query.bytes(3));
        if (!settings)
            return db.corrupt(QStringLiteral("the settings of an account cannot be read"));
        account.settings = *settings;
        account.domain = query.text(4);
        account.upLimit = query.number(5);
        account.downLimit = query.number(6);
        account.connections = query.small(7);
        account.capacity = query.number(8);
        account.retired = query.small(9) != 0;
        account.leaving = std::ranges::find(*leaving, account.id) != leaving->end();
        account.total = query.optionalNumber(10);
        account.used = query.optionalNumber(11);
        account.seen = query.time(12);
        account.awaySince = query.time(13);
        accounts.push_back(std::move(account));
    }
    if (query.failed())
        return query.error();
    return accounts;
}

namespace {

// What an account that is elsewhere can be called here: the name is the user's, and of another computer.
Result<QString> freeName(Connection &db, const QString &name)
{
    Statement query = db.prepare("SELECT 1 FROM account WHERE name = ? AND retired = 0");
    QString free = name;
    for (int i = 2;; ++i) {
        query.bind(free);
        if (!query.next())
            break;
        free = QStringLiteral("%1 (%2)").arg(name).arg(i);
    }
    if (query.failed())
        return query.error();
    return free;
}

// An account that is added here takes its name from one that is elsewhere.
Result<> yieldName(Connection &db, const AccountRecord &account)
{
    Statement query = db.prepare("SELECT id FROM account WHERE name = ? AND retired = 0 AND kind = '' AND uid <> ?");
    query.bind(account.name, account.id);
    const bool found = query.next();
    if (query.failed())
        return query.error();
    if (!found || account.isElsewhere())
        return {};
    const qint64 row = query.number(0);
    const auto name = freeName(db, account.name);
    if (!name)
        return name.error();
    return db.prepare("UPDATE account SET name = ? WHERE id = ?").bind(*name, row).run();
}

} // namespace

Result<> putAccount(Connection &db, const AccountRecord &account)
{
    const auto ended = isRetiredInLog(db, account.id);
    if (!ended)
        return ended.error();
    if (!account.retired) {
        const auto yielded = yieldName(db, account);
        if (!yielded)
            return yielded;
        Statement other = db.prepare("SELECT id FROM account WHERE name = ? AND retired = 0 AND uid <> ?");
        other.bind(account.name, account.id);
        if (other.next()) {
            return Error(Error::Kind::AlreadyExists, QStringLiteral("MF-ACCOUNT-NAME"),
                QStringLiteral("There is an account named \"%1\" already; choose another name").arg(account.name))
                .at(account.name);
        }
        if (other.failed())
            return other.error();
    }
    return db
        .prepare("INSERT INTO account(uid, name, kind, settings, domain, up_limit, down_limit, connections, capacity,"
                 " retired, total, used, seen, away) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                 " ON CONFLICT(uid) DO UPDATE SET name = excluded.name, kind = excluded.kind,"
                 " settings = excluded.settings, domain = excluded.domain, up_limit = excluded.up_limit,"
                 " down_limit = excluded.down_limit, connections = excluded.connections,"
                 " capacity = excluded.capacity, retired = excluded.retired, total = excluded.total,"
                 " used = excluded.used, seen = excluded.seen, away = excluded.away")
        .bind(account.id, account.name, account.kind, packMap(account.settings), account.domain, account.upLimit,
            account.downLimit, account.connections, account.capacity, account.retired || *ended, account.total,
            account.used, account.seen, account.awaySince)
        .run();
}

Result<> noteAccountSeen(Connection &db, const AccountId &account, std::optional<qint64> total,
    std::optional<qint64> used, const QDateTime &when)
{
    const auto row = accountRow(db, account);
    if (!row)
        return row.error();
    return db.prepare("UPDATE account SET total = ?, used = ?, seen = ?, away = NULL WHERE id = ?")
        .bind(total, used, when, *row)
        .run();
}

Result<> noteAccountAway(Connection &db, const AccountId &account, const QDateTime &when)
{
    return db.prepare("UPDATE account SET away = COALESCE(away, ?) WHERE uid = ?").bind(when, account).run();
}

Result<std::vector<AccountRecord>> accountsToTell(Connection &db)
{
    auto accounts = readAccounts(db);
    if (!accounts)
        return accounts;
    Statement query = db.prepare("SELECT 1 FROM told_account WHERE account = ?");
    std::erase_if(*accounts, [&query](const AccountRecord &account) {
        query.bind(account.id);
        return account.retired || account.isElsewhere() || query.next();
    });
    if (query.failed())
        return query.error();
    return accounts;
}

Result<> noteTold(Connection &db, const Registry::AccountEvent &account)
{
    const auto done = db.prepare("INSERT INTO told_account(account, name, domain) VALUES(?, ?, ?)"
                                 " ON CONFLICT DO NOTHING")
                          .bind(account.account, account.name, account.domain)
                          .run();
    return done ? addAccountsElsewhere(db) : done;
}

Result<> addAccountsElsewhere(Connection &db)
{
    std::vector<AccountRecord> unknown;
    Statement query = db.prepare("SELECT account, name, domain FROM told_account WHERE account NOT IN"
                                 " (SELECT uid FROM account) AND account NOT IN (SELECT account FROM retired)");
    while (query.next()) {
        AccountRecord account;
        account.id = query.id<AccountId>(0);
        account.name = query.text(1);
        account.domain = query.text(2);
        unknown.push_back(std::move(account));
    }
    if (query.failed())
        return query.error();
    for (AccountRecord &account : unknown) {
        auto name = freeName(db, account.name);
        if (!name)
            return name.error();
        account.name = std::move(*name);
        const auto put = putAccount(db, account);
        if (!put)
            return put;
    }
    return {};
}

Result<std::vector<Registry::AccountUse>> accountUse(Connection &db)
{
    std::vector<Registry::AccountUse> uses;
    Statement query = db.prepare("SELECT a.uid, COALESCE(u.fragments, 0), COALESCE(u.bytes, 0) FROM account a LEFT JOIN"
                                 " (SELECT account, COUNT(*) AS fragments, SUM(bytes) AS bytes FROM fragment"
                                 " WHERE state = 1 GROUP BY account) u ON u.account = a.id ORDER BY a.name, a.id");
    while (query.next()) {
        Registry::AccountUse use;
        use.account = query.id<AccountId>(0);
        use.fragments = query.number(1);
        use.bytes = query.number(2);
        uses.push_back(use);
    }
    if (query.failed())
        return query.error();
    return uses;
}

} // namespace mf
