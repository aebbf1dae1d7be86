// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/connection.h"

#include <span>

namespace mf {

// What raises a registry by one version: single statements, as QSqlQuery takes no two at once.
using MigrationStep = std::vector<const char *>;

// All steps: the n-th makes version n out of n - 1. A released step is never edited.
std::span<const MigrationStep> migrationSteps();

// Unsupported "MF-REGISTRY-NEWER" for a version above the last step, Corrupt "MF-REGISTRY-CORRUPT"
// for a database of another program. Changes nothing.
Result<> checkVersion(Connection &db, std::span<const MigrationStep> steps = migrationSteps());

// Runs the steps that are missing, each in a transaction of its own. Before the first step of an
// upgrade the database as it is is kept as backupPath(path, its version).
Result<> migrate(Connection &db, std::span<const MigrationStep> steps = migrationSteps());

QString backupPath(const QString &path, int version);

} // namespace mf
