// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/account_domains.h"

#include <QSet>

namespace mf::ui {

int domainsOf(const std::vector<AccountEntry> &accounts)
{
    QSet<QString> domains;
    for (const AccountEntry &account : accounts)
        domains.insert(account.domain.isEmpty() ? account.id.toHex() : account.domain);
    return static_cast<int>(domains.size());
}

} // namespace mf::ui
