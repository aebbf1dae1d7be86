// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/records.h"

#include <QMap>

#include <chrono>

namespace mf {

// The seven states of a model (design.md section 2, ux.md 0.2).
enum class ModelState { Safe, Reduced, AtRisk, SingleCopy, Unreadable, Storing, Unknown };

// An account that could not be reached for so long counts as lost; until then its fragments count as there. Unless the
// user says otherwise (ux.md 0.2).
constexpr std::chrono::hours kAwayIsLost { 72 };
// A setting of the registry: the same in hours.
inline constexpr char kAwayIsLostSetting[] = "away.lost";
constexpr std::chrono::hours kLongestAway { 365 * 24 };
// A model of which something was not looked at for longer is not called safe.
constexpr std::chrono::hours kProofLasts { 30 * 24 };

// How a model stands: the one place that decides. protection: with the k that its packs came to. spare: as
// Registry::spare tells; none: it has no packs, so nothing of it can be lost. proven and now: when it was last known
// to be there; without them, the proof counts as fresh. What is known to be bad is said however old it is.
ModelState modelStateOf(RevisionState revision, const Protection &protection, std::optional<int> spare,
    const QDateTime &proven = {}, const QDateTime &now = {});

// What the settings say; what cannot be read counts as not set.
std::chrono::hours awayIsLost(const QMap<QString, QString> &settings);

// True if the account was asked in vain for so long: its fragments do not count any more. When it was last seen does
// not matter: a computer that was off for a week and starts without a network has not lost its accounts.
bool isLost(const AccountRecord &account, const QDateTime &now, std::chrono::hours after);
// Those, and the retired ones, whether they can still be opened here or not.
std::vector<AccountId> lostAccounts(
    const std::vector<AccountRecord> &accounts, const QDateTime &now, std::chrono::hours after);

} // namespace mf
