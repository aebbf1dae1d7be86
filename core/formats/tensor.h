// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>
#include <vector>

namespace mf {

// What the bytes of a tensor are, as far as a codec cares. The same words as core/packing's ElementKind, which this
// library may not include.
enum class TensorElement : std::uint8_t {
    Bytes, // quantised blocks, integers, anything else
    BF16,
    FP16,
    FP32,
    FP8, // one byte a value, any of the F8 kinds
};

// A tensor as its file's table lists it.
struct Tensor {
    QString name;
    QString type; // as the format spells it: "Q4_K", "BF16", "F8_E4M3"
    qint64 offset = 0; // from the start of the file
    qint64 length = 0; // bytes, without padding
    std::vector<qint64> shape; // in the file's own order: GGUF row length first, safetensors row length last
    qint64 elements = 0; // product of the shape
    TensorElement element = TensorElement::Bytes;
    int block = 1; // bytes of the smallest piece that can be cut off (a Q4_K block: 144, a BF16: 2)
};

// A part of a file to be cut in multiples of `block` from `offset`. Lists of them are in order, without overlap, inside
// the file, and never empty parts; what no region covers (headers, padding) has no known structure.
struct TensorRegion {
    qint64 offset = 0;
    qint64 length = 0;
    TensorElement element = TensorElement::Bytes;
    int block = 1;
};

} // namespace mf
