// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/chunk_index.h"
#include "core/registry/connection.h"

namespace mf {

// Copies of a registry: whole ones beside it, as a backup, and reduced ones for the accounts, from which another
// computer (or this one, after its disk was lost) begins. See Registry::copyTo and the two after it.

// A new file, readable by its owner alone; outside of any transaction.
Result<> copyRegistry(Connection &db, const QString &to);
// Takes out of a copy what is of this computer alone: who it is, its settings, where its accounts are reached, what it is
// about to do, and what can be computed again.
Result<> reduceCopy(const QString &path);
// Outside of any transaction. The registry is empty but for its identity and its accounts.
Result<> adoptCopy(Connection &db, ChunkIndex &chunks, const QString &path);

// For the test that no table is forgotten: taken over by adoptCopy as they are; those that are not.
QStringList tablesOfTheLibrary();
QStringList tablesOfThisComputer();

} // namespace mf
