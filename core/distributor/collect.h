// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/deletion.h"

#include <QMap>
#include <QString>

namespace mf {

struct CollectResult {
    qint64 freedBytes = 0;
    int fragments = 0; // deleted
    int strays = 0; // blobs that look like fragments and that nothing names; deleted when known for 30 days
    qint64 strayBytes = 0;
    int repacked = 0; // packs that were more than half dead, and that nothing needs any more
    QStringList waiting; // what is not deleted yet, and why
};

// How many revisions of each model stay however old they are, on what this computer collects: a setting of the
// registry, 3 unless it says otherwise, at least 1.
inline constexpr char kKeptRevisionsSetting[] = "revisions.kept";
inline constexpr int kKeptRevisions = 3;
int keptRevisions(const QMap<QString, QString> &settings);

// Frees what no model needs (storage.md section 5): old revisions (keptRevisions() and any younger than 30 days stay),
// packs of revisions that ended, what this computer's interrupted stores left, fragments above what is asked, blobs
// that nothing names, manifests and index objects that nothing needs. What is still needed of packs more than half of
// which is not is packed anew first. What is not certain stays, and is said.
Task<Result<CollectResult>> collect(Engine &engine, Deletion::Seams seams = Deletion::Seams());

} // namespace mf
