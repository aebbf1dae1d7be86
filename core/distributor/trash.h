// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"

namespace mf {

// A model, or one revision of it, that was removed or came back.
struct TrashEntry {
    ModelId model;
    QString name;
    std::vector<int> revisions; // newest first
    bool isForever = false;
    QDateTime removed; // invalid: it is there again
    QDateTime until; // it can be restored till then; invalid: for ever, or it is there again
};

// Puts a model (its name or id) into the trash: all its live revisions, or the one of that number. isForever: without
// the 30 days, also out of the trash; what is in the trash under exactly that name goes before a live model of which it
// is but the beginning. Nothing is deleted yet; `collect` does that. NotFound "MF-MODEL-UNKNOWN",
// "MF-REVISION-UNKNOWN".
Task<Result<TrashEntry>> removeModel(Engine &engine, QString name, int revision, bool isForever);

// For ever what of the entry is in the trash now; what lives of the same model, or of another one of its name, stays.
// NotFound "MF-TRASH-UNKNOWN" if it is not there any more.
Task<Result<TrashEntry>> deleteTrashed(Engine &engine, TrashEntry entry);

// Takes a model (its name or id) out of the trash, and then looks as a store does whether it is whole: NotFound
// "MF-RESTORE-GONE" if parts of it were deleted; Network "MF-RESTORE-DOOMED" if another computer is about to: then it
// may or may not be back later, restore() tells; Network "MF-RESTORE-WAITS" if another computer packed it anew and that
// cannot be read now. NotFound "MF-TRASH-UNKNOWN" if it is not in the trash, AlreadyExists "MF-MODEL-EXISTS" if another
// model has taken its name.
Task<Result<TrashEntry>> restoreModel(Engine &engine, QString name);

// What is in the trash and not yet deleted, by name.
Task<Result<std::vector<TrashEntry>>> listTrash(Engine &engine);

} // namespace mf
