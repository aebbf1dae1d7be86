// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/snapshots.h"

namespace mf::ui {

// What Service::changeAccount takes: of an account that is there, all that the window may change.
inline AccountRecord recordOf(const AccountEntry &account)
{
    AccountRecord record;
    record.id = account.id;
    record.name = account.name;
    record.kind = account.kind;
    record.domain = account.domain;
    record.upLimit = account.upLimit;
    record.downLimit = account.downLimit;
    record.capacity = account.capacity;
    return record;
}

} // namespace mf::ui
