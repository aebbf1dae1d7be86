// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"

namespace mf {

constexpr int kSmallIndexes = 16; // so many may be there before they are joined

// Joins small index objects of stores that are over, when there are more than `most`: into objects of at most 16 MiB
// that say which ones they supersede. Only while every account is there. Those superseded go by collect. How many.
Task<Result<int>> mergeIndexes(Engine &engine, int most = kSmallIndexes);

} // namespace mf
