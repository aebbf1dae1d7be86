// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"

#include <map>

namespace mf {

struct RescuePack {
    PackId id;
    int most = 0; // fragments that it may have had
};

// Packs whose index objects are lost, from their own fragments: header, footer, directory. What cannot be read is
// left out; Unsupported "MF-LIBRARY-NEWER" if a newer ModelFloat wrote one. The class is not written in a pack: they
// come as Data.
Task<Result<std::vector<PackRecord>>> rescuePacks(Engine &engine, std::vector<RescuePack> packs);

} // namespace mf
