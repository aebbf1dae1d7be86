// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/model_state.h"

namespace mf {

ModelState modelStateOf(RevisionState revision, const Protection &protection, std::optional<int> spare,
    const QDateTime &proven, const QDateTime &now)
{
    if (revision == RevisionState::Storing || revision == RevisionState::Unconfirmed)
        return ModelState::Storing;
    if (revision == RevisionState::Held) // there, and nowhere else
        return ModelState::SingleCopy;
    const int left = spare.value_or(protection.m);
    if (left < 0)
        return ModelState::Unreadable;
    if (protection.m > 0 && left < protection.m)
        return left == 0 ? ModelState::AtRisk : ModelState::Reduced;
    const bool isOld = spare && proven.isValid() && now.isValid()
        && proven.msecsTo(now) > std::chrono::milliseconds(kProofLasts).count();
    if (isOld)
        return ModelState::Unknown;
    return protection.m == 0 ? ModelState::SingleCopy : ModelState::Safe;
}

std::chrono::hours awayIsLost(const QMap<QString, QString> &settings)
{
    const std::chrono::hours hours(settings.value(QString::fromLatin1(kAwayIsLostSetting)).toInt());
    return hours.count() >= 1 && hours <= kLongestAway ? hours : kAwayIsLost;
}

bool isLost(const AccountRecord &account, const QDateTime &now, std::chrono::hours after)
{
    if (account.retired || !account.awaySince.isValid())
        return false;
    return account.awaySince.msecsTo(now) > std::chrono::milliseconds(after).count();
}

std::vector<AccountId> lostAccounts(
    const std::vector<AccountRecord> &accounts, const QDateTime &now, std::chrono::hours after)
{
    std::vector<AccountId> lost;
    for (const AccountRecord &account : accounts) {
        if (account.retired || isLost(account, now, after))
            lost.push_back(account.id);
    }
    return lost;
}

} // namespace mf
