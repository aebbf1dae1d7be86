// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

namespace mf {

// Writes a small GGUF model (v3, a handful of FP16 tensors of normally distributed weights, some 24 MB) for
// the demo: real enough that cutting, compression and coding show what they do. Blocking.
Result<> makeDemoModel(const QString &path);

} // namespace mf
