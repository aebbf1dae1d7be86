// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"

namespace mf {

// What may be believed before something is deleted (storage.md section 5): accounts whose marker was read just now and
// whose log was read completely and lacks nothing that is known.
struct Evidence {
    std::vector<AccountId> accounts;
    QStringList why; // what keeps the others from counting, or (isComplete) all of them
    bool isComplete = false; // no segment is named as a parent and unknown, and no account is elsewhere
    bool covers(const std::vector<AccountId> &needed) const;
};

// Reads markers and logs again. Fails only for the registry's sake.
Task<Result<Evidence>> gatherEvidence(Engine &engine);

// Packs that other computers' stores have made so far, by their index objects. What cannot be read is an Error: nothing
// may be deleted then.
Task<Result<std::vector<PackId>>> packsOfOpenSessions(Engine &engine);

// The packs that an index object names; from whichever account has it.
Task<Result<std::vector<PackId>>> packsOfIndex(Engine &engine, ObjectHash index);

// The accounts of the library that are not retired, away or not.
std::vector<AccountId> accountsThatCount(const Engine &engine);

} // namespace mf
