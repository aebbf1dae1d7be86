// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"
#include "core/distributor/evidence.h"

namespace mf {

// So many segments make a checkpoint worth its bytes.
constexpr int kSegmentsPerCheckpoint = 64;

// Writes a checkpoint of the log if so many segments came since the last one. Only when the log is whole: no parent is
// unknown, and every account that can be reached lists every segment. Whether it wrote one.
Task<Result<bool>> writeCheckpoint(Engine &engine, int after = kSegmentsPerCheckpoint);

// The same when segments that this computer knows are on no account any more: all accounts were set back, or said
// "stored" and dropped them. The checkpoint says what they said, so that the log is complete again. Not while an
// account is away that may have them. Whether it wrote one.
Task<Result<bool>> tellLostAgain(Engine &engine);

// Names of segments on the accounts that a checkpoint covers.
Task<Result<QStringList>> coveredOnAccounts(Engine &engine);

// Every checkpoint is on every account of the library, read from there at this moment; what is missing is put there
// again. Else the sentence that says why covered segments stay.
Task<Result<std::optional<QString>>> whyCoveredStay(Engine &engine);

} // namespace mf
