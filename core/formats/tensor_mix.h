// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What the mix of a model's tensor types says about its quantisation.

#include "core/formats/model_file.h"

namespace mf {

// Adds tensors to the parameter count and to the bytes by type.
void addTensors(ModelTraits &traits, const std::vector<Tensor> &tensors);

// The type that holds most bytes, "" if there is none.
QString dominantType(const std::map<QString, qint64> &bytesByType);

// The file's own word for it, unless it contradicts the tensors (it says F16 where blocks are quantised, or the other
// way round) or is missing; then the name of the file if that fits, then the dominant type.
QString ggufQuantization(
    const QString &declared, const std::map<QString, qint64> &bytesByType, const QString &nameSays);

// The dominant type as people say it: "BF16", "F16", "FP8".
QString safetensorsQuantization(const std::map<QString, qint64> &bytesByType);

} // namespace mf
