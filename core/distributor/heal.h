// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/pack_reader.h"

namespace mf {

struct HealResult {
    int rebuilt = 0; // fragments
    QString problem; // why not all was mended; empty: it was
};

// Mends what reading met: notes the damaged and missing fragments in the registry, rebuilds and replaces them. Only of
// accounts whose marker can be read: an account that is not there has lost nothing. Best effort, never fails.
Task<HealResult> healDamages(Engine &engine, std::shared_ptr<Shares> shares, std::vector<Damage> damages);

} // namespace mf
