// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/registry/records.h"

#include <QJsonObject>

#include <optional>
#include <vector>

namespace mf::cli {

enum class AccountState {
    Connected,
    Full, // no room left
    SignIn, // signed out there
    Missing, // reachable, but the library's marker or folder is not there
    Unreachable, // offline, or the disk is not connected
    Newer, // written by a newer ModelFloat: this one neither reads nor writes it
    Stale, // its log lacks what others have: it was away, or is set back to an older state
    Retired, // given up for good
    Off, // of a kind that is switched off in this run
    Unknown, // not looked at in this run
};

// By what trying to use the account said; without an error it is connected.
AccountState accountStateOf(
    const AccountRecord &record, const std::optional<Error> &trouble, std::optional<qint64> room);
QString accountStateWord(AccountState state); // JSON: "sign-in"
QString accountStateText(AccountState state); // people: "Sign in again"

// An account as lists show it.
struct AccountView {
    AccountRecord record;
    AccountState state = AccountState::Unknown;
    std::optional<qint64> used; // by everything, not by us alone
    std::optional<qint64> total;
    qint64 ours = 0; // bytes of fragments
    qint64 fragments = 0;
};

// {"name","kind","domain","state","used","total","ours","fragments"}
QJsonObject accountJson(const AccountView &account);
// Of account add, test, set and signin: {"accounts":[…]} as of list, and {"account":{…}}, the same one by itself
QJsonObject oneAccountJson(const AccountView &account);
// {"accounts":[…]}
QJsonObject accountsJson(const std::vector<AccountView> &accounts);
// A table and a line of sums. width 0: as wide as it needs.
QString accountsText(const std::vector<AccountView> &accounts, int width);

} // namespace mf::cli
