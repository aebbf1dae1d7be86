// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/connection.h"
#include "core/registry/records.h"

#include <span>

namespace mf {

// Models and their revisions; see Registry.
Result<RevisionRow> beginRevision(Connection &db, const RevisionRecord &revision);
Result<> updateRevision(Connection &db, const RevisionRecord &revision);
Result<> disownPacks(Connection &db, RevisionRow revision);
Result<> dropRevision(Connection &db, RevisionRow revision);
Result<> setTags(Connection &db, const ModelId &model, const QStringList &tags);

Result<> notePacksRelied(Connection &db, RevisionRow revision, std::span<const PackRow> packs);
Result<std::vector<PackRow>> packsRelied(Connection &db, RevisionRow revision);

// Reading (revision_queries.cpp).
Result<RevisionRecord> readRevision(Connection &db, RevisionRow row);
Result<std::vector<RevisionRecord>> revisionsIn(Connection &db, RevisionState state);
Result<std::vector<RevisionRecord>> readHistory(Connection &db, const ModelId &model);
Result<RevisionRecord> findRevision(Connection &db, const QString &name, int number);
Result<std::vector<RevisionRecord>> searchModels(Connection &db, const QString &search);

Error revisionUnknown(RevisionRow row);

// A Live or Trashed revision becomes the one or the other; any other, or an unknown one, stays as it is.
Result<> setShown(Connection &db, const RevisionId &revision, bool shown);
// The newest live revision is the current one, also when an older one had taken its place.
Result<> chooseNewest(Connection &db, qint64 model);

} // namespace mf
