// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/snapshots.h"

namespace mf::ui {

// How many failure domains the accounts are in; one that is not known is its own.
int domainsOf(const std::vector<AccountEntry> &accounts);

} // namespace mf::ui
