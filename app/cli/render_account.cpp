// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/render_account.h"

#include "app/cli/layout.h"
#include "app/cli/render.h"
#include "core/base/size_text.h"

#include <QJsonArray>

#include <algorithm>

namespace mf::cli {

namespace {

QJsonValue sizeOrNull(const std::optional<qint64> &size)
{
    return size ? QJsonValue(*size) : QJsonValue(QJsonValue::Null);
}

QString sizeOrDash(const std::optional<qint64> &size) { return size ? sizeText(*size) : QStringLiteral("—"); }

} // namespace

AccountState accountStateOf(
    const AccountRecord &record, const std::optional<Error> &trouble, std::optional<qint64> room)
{
    if (record.retired)
        return AccountState::Retired;
    if (!trouble)
        return room && *room <= 0 ? AccountState::Full : AccountState::Connected;
    if (trouble->id == QStringLiteral("MF-LIBRARY-NEWER"))
        return AccountState::Newer;
    if (trouble->id == QStringLiteral("MF-ACCOUNT-KIND"))
        return AccountState::Off;
    if (trouble->id == QStringLiteral("MF-SECRETS-MISSING") || trouble->id == QStringLiteral("MF-SECRETS-DAMAGED"))
        return AccountState::SignIn;
    switch (trouble->kind) {
    case Error::Kind::Unauthorised:
        return AccountState::SignIn;
    case Error::Kind::Quota:
        return AccountState::Full;
    case Error::Kind::NotFound:
    case Error::Kind::AlreadyExists:
    case Error::Kind::Corrupt:
        return AccountState::Missing;
    default:
        return AccountState::Unreachable;
    }
}

QString accountStateWord(AccountState state)
{
    switch (state) {
    case AccountState::Connected:
        return QStringLiteral("connected");
    case AccountState::Full:
        return QStringLiteral("full");
    case AccountState::SignIn:
        return QStringLiteral("sign-in");
    case AccountState::Missing:
        return QStringLiteral("missing");
    case AccountState::Unreachable:
        return QStringLiteral("unreachable");
    case AccountState::Newer:
        return QStringLiteral("newer");
    case AccountState::Stale:
        return QStringLiteral("stale");
    case AccountState::Retired:
        return QStringLiteral("retired");
    case AccountState::Off:
        return QStringLiteral("off");
    case AccountState::Unknown:
        break;
    }
    return QStringLiteral("unknown");
}

QString accountStateText(AccountState state)
{
    switch (state) {
    case AccountState::Connected:
        return QStringLiteral("Connected");
    case AccountState::Full:
        return QStringLiteral("Full");
    case AccountState::SignIn:
        return QStringLiteral("Sign in again");
    case AccountState::Missing:
        return QStringLiteral("Not there");
    case AccountState::Unreachable:
        return QStringLiteral("Unreachable");
    case AccountState::Newer:
        return QStringLiteral("Update ModelFloat");
    case AccountState::Stale:
        return QStringLiteral("Out of date");
    case AccountState::Retired:
        return QStringLiteral("Retired");
    case AccountState::Off:
        return QStringLiteral("Switched off");
    case AccountState::Unknown:
        break;
    }
    return QStringLiteral("—");
}

QJsonObject accountJson(const AccountView &account)
{
    return { { QStringLiteral("name"), account.record.name }, { QStringLiteral("kind"), account.record.kind },
        { QStringLiteral("domain"), account.record.domain },
        { QStringLiteral("state"), accountStateWord(account.state) },
        { QStringLiteral("used"), sizeOrNull(account.used) }, { QStringLiteral("total"), sizeOrNull(account.total) },
        { QStringLiteral("ours"), account.ours }, { QStringLiteral("fragments"), account.fragments } };
}

QJsonObject oneAccountJson(const AccountView &account)
{
    QJsonObject json = accountsJson({ account });
    json.insert(QStringLiteral("account"), accountJson(account));
    return json;
}

QJsonObject accountsJson(const std::vector<AccountView> &accounts)
{
    QJsonArray array;
    for (const AccountView &account : accounts)
        array.append(accountJson(account));
    return { { QStringLiteral("accounts"), array } };
}

QString accountsText(const std::vector<AccountView> &accounts, int width)
{
    if (accounts.empty())
        return QStringLiteral("No accounts yet. Add a place to store models: modelfloat-cli help account add\n");
    using Align = TextTable::Align;
    TextTable table({ TextTable::Column(QStringLiteral("ACCOUNT"), Align::Left, true),
        TextTable::Column(QStringLiteral("KIND")), TextTable::Column(QStringLiteral("DOMAIN"), Align::Left, true),
        TextTable::Column(QStringLiteral("HEALTH")), TextTable::Column(QStringLiteral("USED"), Align::Right),
        TextTable::Column(QStringLiteral("OF"), Align::Right), TextTable::Column(QStringLiteral("OURS"), Align::Right),
        TextTable::Column(QStringLiteral("FRAGMENTS"), Align::Right) });
    qint64 ours = 0;
    QStringList domains;
    for (const AccountView &account : accounts) {
        table.addRow({ account.record.name, account.record.kind, account.record.domain, accountStateText(account.state),
            sizeOrDash(account.used), sizeOrDash(account.total), sizeText(account.ours),
            QString::number(account.fragments) });
        ours += account.ours;
        if (!account.record.retired)
            domains << account.record.domain;
    }
    domains.removeDuplicates();
    return table.toText(width)
        + QStringLiteral("%1 in %2, %3 used by ModelFloat\n")
              .arg(counted(static_cast<qint64>(accounts.size()), "account", "accounts"),
                  counted(domains.size(), "failure domain", "failure domains"), sizeText(ours));
}

} // namespace mf::cli
