// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"

#include <set>

namespace mf {

// Puts a small object (manifest, index) on every verified account: it is needed to find
// everything else, and costs next to nothing.
//
// Enough is: accounts in at least `domains` failure domains (or all domains there are, if the
// library has fewer), and for every set in `covering` at least one of its accounts. Returns who
// has it; Network "MF-META-PLACES" if that is not enough.
Task<Result<std::vector<AccountId>>> putMetadata(
    Engine &engine, BlobName name, QByteArray bytes, int domains, std::vector<std::vector<AccountId>> covering);

// Whether these accounts are enough in that sense.
bool isEnough(const Engine &engine, const std::vector<AccountId> &have, int domains,
    const std::vector<std::vector<AccountId>> &covering);

} // namespace mf
