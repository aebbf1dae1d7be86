// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/publish.h"

namespace mf {

// The second half of packing anew (repack.h): what relied on the old packs says that it relies on the new ones.

// What becomes of the revisions.
struct Renewal {
    PackSet moved; // packs whose chunks are to be had elsewhere now
    PackSet avoid; // packs that do not count
    std::optional<RevisionPromise> promise;
    std::vector<RevisionId> renew; // in any case
    std::vector<ObjectHash> indexes; // of the new packs, which the log names with the revisions
};

// A revision with what it will rely on.
struct Renewed {
    RevisionRecord revision;
    std::optional<Publication> publication; // nothing: it stays as it is
    std::vector<PackRow> packs;
    qint64 left = 0; // chunks that it still needs `moved` for
    QString problem; // that keeps it as it is
};
Task<Result<Renewed>> renewRevision(Engine &engine, RevisionRecord revision, Renewal renewal);

struct Published {
    bool isConfirmed = false; // else another computer crossed it: do it again
    QSet<QString> models; // whose revisions the registry has as they are now
    QSet<PackRow> doomed; // packs that another computer deletes, and that one of them relies on
};
// Manifests, one segment, CONFIRM, then the registry.
Task<Result<Published>> publishRenewed(Engine &engine, std::vector<Renewed> renewed);

} // namespace mf
