// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/make_model.h"
#include "tests/support/weights.h"

#include <vector>

namespace mf {

// A tensor of a model to be made.
struct PlannedTensor {
    QByteArray name;
    QByteArray type; // "Q4_K", "BF16"
    WeightKind kind = WeightKind::F32;
    std::vector<qint64> shape; // rows, then row length
    double sigma = 0.02;
    qint64 bytes = 0;
};

// The numbers of a llama-like model.
struct ModelShape {
    qint64 hidden = 256;
    qint64 feedForward = 768;
    qint64 layers = 0;
    qint64 heads = 4;
    qint64 keyHeads = 1;
    qint64 vocabulary = 256;
};

// One file of weights: a header that is ready to write, and what follows it.
struct PlannedFile {
    QString name; // of a shard; empty for a model of one file
    QByteArray header; // with its padding
    int alignment = 1; // of each tensor's end
    std::vector<PlannedTensor> tensors;
    qint64 size() const;
};

struct ModelPlan {
    ModelShape shape;
    std::vector<PlannedFile> files;
    qint64 size() const;
};

// The largest model of the recipe's kind that is not larger than its size.
Result<ModelPlan> planModel(const ModelRecipe &recipe);

// The text of token `index`, the same in every file that lists tokens.
QByteArray tokenText(qint64 index);

// Headers. GGUF pads to 32 bytes, safetensors to 8.
QByteArray ggufHeaderOf(const ModelRecipe &recipe, const ModelShape &shape, const std::vector<PlannedTensor> &tensors);
QByteArray safetensorsHeaderOf(const std::vector<PlannedTensor> &tensors);

} // namespace mf
