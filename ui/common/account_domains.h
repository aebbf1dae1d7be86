// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/snapshots.h"

namespace mf::ui {

// Failure domains among the accounts: what can be lost at most is one less. One that is not known counts as its own.
int domainsOf(const std::vector<AccountEntry> &accounts);

} // namespace mf::ui
