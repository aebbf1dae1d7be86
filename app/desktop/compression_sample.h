// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/model_set.h"

namespace mf {

// About how many bytes these files (indices into scan.files) take once they are compressed: pieces of at most 1 MiB at
// `samples` places, as far apart as they can be, are encoded as a store encodes them. What cannot be read counts as it
// is, and so does all without samples. Blocking: for the pool.
qint64 compressedSize(const ModelScan &scan, const std::vector<std::size_t> &files, int samples);

} // namespace mf
