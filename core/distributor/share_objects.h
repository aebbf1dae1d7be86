// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"

namespace mf {

// Gives manifests and index objects to the verified accounts that lack them: one that came later, or was away. Without
// it the catalogue would go with the accounts that were there when a model was stored. What cannot be had or put waits
// for another time.
Task<Result<>> shareObjects(Engine &engine);

} // namespace mf
