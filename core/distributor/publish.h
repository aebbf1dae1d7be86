// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/library_log.h"
#include "core/distributor/objects/manifest.h"

namespace mf {

// The last steps of storing, and of changing what is promised of what is stored: index objects, manifest, log.

// Writes an index object of packs that have none yet, up to kPacksPerIndex of them, oldest first; nothing if there are
// none.
Task<Result<std::optional<ObjectHash>>> writeIndexObject(Engine &engine, int domains);

// The sets of accounts that hold the packs, for putMetadata.
Task<Result<std::vector<std::vector<AccountId>>>> accountsOfPacks(Engine &engine, std::vector<PackRow> packs);

struct Publication {
    Manifest manifest;
    std::vector<ObjectHash> indexes; // that the log names with the revision
    Cbor further = Cbor::array(); // events that go with it
    int domains = 1; // that the manifest and the log must reach
    std::vector<std::vector<AccountId>> covering;
};
// Puts the manifest; its hash.
Task<Result<ObjectHash>> putManifest(Engine &engine, Publication publication);
// Puts these revisions with their manifests into the log, in one segment. Errors as below.
Task<Result<>> logRevisions(Engine &engine, std::vector<Publication> publications, std::vector<ObjectHash> manifests);
// Puts the revision with that manifest into the log. Network "MF-META-PLACES" if too few accounts took it.
Task<Result<>> logRevision(Engine &engine, Publication publication, ObjectHash manifest);

} // namespace mf
