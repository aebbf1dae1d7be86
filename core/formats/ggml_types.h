// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/tensor.h"

#include <QLatin1String>

#include <optional>

namespace mf {

// A row of ggml's table of tensor types: `elements` weights take `bytes` bytes.
struct GgmlType {
    std::uint32_t id;
    QLatin1String name;
    int elements;
    int bytes;
    TensorElement element;
    bool isQuantised() const { return elements > 1; }
};

// Nothing for an id that ggml removed or that is newer than our table.
const GgmlType *ggmlType(std::uint32_t id);
const GgmlType *ggmlType(QStringView name);

// The name of a general.file_type ("Q4_K_M"; the "guessed" flag is ignored), or nothing if it is unknown.
std::optional<QString> ggufFileTypeName(std::uint64_t fileType);

} // namespace mf
