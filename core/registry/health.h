// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/connection.h"
#include "core/registry/records.h"

#include <span>

namespace mf {

// What was found of fragments, and how packs and revisions stand by it; see Registry for what each promises.
Result<std::vector<ExpectedFragment>> expectedFragments(
    Connection &db, const AccountId &account, RevisionRow revision, PackRow after, int limit);
Result<> noteFragments(Connection &db, std::span<const FragmentFinding> findings, const QDateTime &when);
Result<std::vector<PackRow>> packsByProof(Connection &db, RevisionRow revision);
Result<> notePackVerified(Connection &db, PackRow pack, const QDateTime &when);
// Of each revision, in their order.
Result<std::vector<RevisionHealth>> healthOf(
    Connection &db, std::span<const RevisionRow> revisions, std::span<const AccountId> without);
Result<std::vector<PackNeed>> packsInNeed(
    Connection &db, RevisionRow revision, std::span<const AccountId> without, int raiseTo);
Result<int> lossesPromised(Connection &db, PackRow pack);

// Further fragments of complete packs (pack_repair.cpp).
Result<> planFragment(Connection &db, PackRow pack, int index, const AccountId &account);
Result<> placeFragment(Connection &db, PackRow pack, int index, const AccountId &account, const QDateTime &when);
Result<> dropPlanned(Connection &db, PackRow pack, int index, const AccountId &account);

} // namespace mf
