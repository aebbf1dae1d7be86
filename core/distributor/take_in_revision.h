// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"
#include "core/distributor/objects/manifest.h"

namespace mf {

// The manifest of a revision, from whichever account has it. Errors: fetchObject's; Corrupt "MF-OBJECT-CORRUPT" if it
// is another revision's.
Task<Result<Manifest>> fetchManifest(Engine &engine, RevisionId revision, ObjectHash hash);

// Writes the revision into the registry as the manifest tells it: files, pieces, tensors; Live, or Trashed if the log
// says so. Takes the place of what the registry had under its id. All of its packs must be known, and the leaves
// readable: else the error says what is missing, and nothing has changed.
Task<Result<>> takeInRevision(Engine &engine, Manifest manifest, ObjectHash hash);

} // namespace mf
