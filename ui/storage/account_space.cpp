// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/storage/account_space.h"

#include <algorithm>

namespace mf::ui {

AccountSpace spaceOf(const AccountEntry &account)
{
    AccountSpace space;
    space.ours = account.ours;
    space.others = std::max<qint64>(0, account.used.value_or(account.ours) - account.ours);
    space.isKnown = account.total.has_value() || account.capacity > 0;
    if (!space.isKnown)
        return space;
    if (account.total) {
        space.total = *account.total;
        space.free = std::max<qint64>(0, *account.total - space.ours - space.others);
    }
    if (account.capacity > 0) {
        const qint64 allowed = std::max<qint64>(0, account.capacity - space.ours);
        space.free = account.total ? std::min(space.free, allowed) : allowed;
        space.total = account.total ? std::min(*account.total, account.capacity) : account.capacity;
        space.others = std::max<qint64>(0, space.total - space.ours - space.free);
    }
    return space;
}

AccountSpace spaceOf(const std::vector<AccountEntry> &accounts)
{
    AccountSpace sum;
    for (const AccountEntry &account : accounts) {
        const AccountSpace space = spaceOf(account);
        if (!space.isKnown)
            continue;
        sum.isKnown = true;
        sum.ours += space.ours;
        sum.others += space.others;
        sum.free += space.free;
        sum.total += space.total;
    }
    return sum;
}

qint64 roomElsewhere(const std::vector<AccountEntry> &accounts, const AccountEntry &account)
{
    qint64 room = 0;
    for (const AccountEntry &other : accounts) {
        if (other.id != account.id && other.domain != account.domain && canBeReached(other))
            room += spaceOf(other).free;
    }
    return room;
}

const AccountEntry *findAccount(const std::vector<AccountEntry> &accounts, const AccountId &id)
{
    const auto found = std::find_if(
        accounts.begin(), accounts.end(), [&id](const AccountEntry &account) { return account.id == id; });
    return found == accounts.end() ? nullptr : &*found;
}

bool canBeReached(const AccountEntry &account)
{
    using Health = AccountEntry::Health;
    return account.health == Health::Connected || account.health == Health::Full || account.health == Health::AlmostFull
        || account.health == Health::Stale;
}

} // namespace mf::ui
