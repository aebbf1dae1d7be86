// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The room on accounts, in numbers.

#include "ui/common/snapshots.h"

namespace mf::ui {

struct AccountSpace {
    qint64 ours = 0;
    qint64 others = 0; // by whatever else lies there
    qint64 free = 0; // for us
    qint64 total = 0;
    bool isKnown = false; // free and total are

    double oursPart() const { return total > 0 ? static_cast<double>(ours) / static_cast<double>(total) : 0; }
    double othersPart() const { return total > 0 ? static_cast<double>(others) / static_cast<double>(total) : 0; }
};

// With a limit on what is used, total is that limit, and what others use takes part only as far as it leaves less.
AccountSpace spaceOf(const AccountEntry &account);
// Of all whose space is known; isKnown if any is.
AccountSpace spaceOf(const std::vector<AccountEntry> &accounts);
// What other accounts that can be reached have free, outside of the failure domain of this one.
qint64 roomElsewhere(const std::vector<AccountEntry> &accounts, const AccountEntry &account);

const AccountEntry *findAccount(const std::vector<AccountEntry> &accounts, const AccountId &id);
bool canBeReached(const AccountEntry &account);

} // namespace mf::ui
