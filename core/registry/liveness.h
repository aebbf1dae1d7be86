// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/connection.h"
#include "core/registry/registry.h"

#include <QSet>

#include <span>

namespace mf {

// What is referred to, and so must not be deleted (storage.md section 5): packs of revisions that the log names and
// that have not ended, of this computer's revisions in any state, and of its stores that go on. What this computer
// knows of a revision besides the log never makes anything dead.

// The log names a revision (newly, or again with other packs).
Result<> noteLogged(Connection &db, const Registry::RevisionEvent &revision, const ObjectHash &segment);

Result<bool> isLogged(Connection &db, const RevisionId &revision);
Result<bool> isKeptByLog(Connection &db, RevisionRow revision);
// Removed for ever, or in the trash for 30 days.
Result<bool> hasEnded(Connection &db, const RevisionId &revision);

Result<QSet<PackId>> referencedPacks(Connection &db, std::span<const PackId> also);
Result<std::vector<Registry::DeadPack>> deadPacks(Connection &db, std::span<const PackId> also);
Result<std::vector<Registry::DeadPack>> takeLeftovers(Connection &db);
Result<Registry::DeadObjects> deadObjects(Connection &db);
Result<std::vector<ObjectHash>> openSessionIndexes(Connection &db);

} // namespace mf
