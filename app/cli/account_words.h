// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/command_table.h"
#include "core/providers/catalogue.h"
#include "core/registry/records.h"

namespace mf::cli {

// What help and completions say of the kinds. A secret is not a setting: it comes on standard input.
std::vector<KindHelp> kindHelpOf(const std::vector<ProviderKind> &kinds);

// Settings that accounts of every kind have: domain, up, down, connections, capacity. True: it was one of
// them and is changed; false: the key belongs to the kind, nothing is changed. Invalid "MF-USAGE-VALUE".
Result<bool> setCommonSetting(AccountRecord &account, const QString &key, const QString &value);

// Names of accounts stand in lists with commas and in sentences: 1 to 60 characters, none of them a control
// character, a comma or a space at an end. Invalid "MF-USAGE-VALUE".
Result<> checkAccountName(const QString &name);

// An Error about a certificate that nobody vouches for says which it is and what trusts it: words, which end where the
// certificate comes ("--set certificate="). Others stay as they are.
Error sayingHowToTrust(Error error, const QString &words);

} // namespace mf::cli
