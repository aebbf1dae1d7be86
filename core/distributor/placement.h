// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/registry/records.h"

namespace mf {

// Where the fragments of a pack go. Pure: the same code decides for a store, for an
// estimate and for "what fits" (a trial placement).

struct PlacementAccount {
    AccountId id;
    QString name;
    QString domain;
    std::optional<qint64> room; // bytes; nothing: as much as you like
    qint64 placed = 0; // bytes that this run put there
    // Until it would have a fragment that is sent there now (TransferPace::expected); 0: at once, or not known.
    std::chrono::duration<double> delay { 0 };
};

struct PackPlacement {
    PackShape shape; // of a full pack
    std::vector<AccountId> accounts; // by fragment index, shape.fragments of them, all different
    QStringList sharedDomains; // domains that got more than one fragment, for want of others: to be said
};

// k + m as it will be for these accounts: resolves k = 0 (automatic) to clamp(domains with room - m, 1, 8).
// Invalid "MF-PLACE-DOMAINS" if there are fewer failure domains than the policy needs, naming how many are
// missing; Quota "MF-PLACE-ROOM" if no fragment fits anywhere.
Result<Protection> resolveProtection(const std::vector<PlacementAccount> &accounts, Protection asked);

// The default of ux.md 2.9: lose 2 with at least 5 accounts, 1 with at least 2, else none; counted in domains.
Protection defaultProtection(const std::vector<PlacementAccount> &accounts);

// Places the next pack: distinct domains first, then those that have it soonest, in whole seconds, of them most room
// first, taking turns. An account with less than half the room of the roomiest is not preferred for being fast: it
// would be full while the others, too few then, still have room. With m = 0 it fills the fewest accounts. payload: its
// bytes if they are known and few (a last pack), else 0 for a full one. Takes the room from `accounts`.
Result<PackPlacement> placePack(std::vector<PlacementAccount> &accounts, Protection resolved, qint64 payload = 0);

// Gives a fragment that could not be put another account than `taken`, in an unused domain if there is one.
std::optional<AccountId> placeElsewhere(
    const std::vector<PlacementAccount> &accounts, const std::vector<AccountId> &taken, qint64 bytes);

// How much of `payload` bytes would go where; bytes per account in the order of `accounts`.
struct TrialPlacement {
    qint64 fits = 0; // of the payload; less than asked: not enough room
    std::vector<qint64> perAccount;
    Protection protection;
};
Result<TrialPlacement> trialPlacement(std::vector<PlacementAccount> accounts, Protection asked, qint64 payload);

} // namespace mf
