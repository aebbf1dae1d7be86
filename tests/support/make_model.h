// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Models for tests and the bench: real headers, tensor names and weight distributions of a llama-like model, of any
// size. Shares no code with core/formats, so that the readers are tested against something else than themselves.

#include "core/base/result.h"

#include <QStringList>

namespace mf {

struct ModelRecipe {
    enum class Format { Gguf, Safetensors, SafetensorsSharded };
    Format format = Format::Gguf;
    // GGUF: "Q4_K_M" (a mix of Q4_K, Q6_K and F32), "Q6_K", "Q8_0", "Q4_0", "F16", "BF16", "F32".
    // safetensors: "BF16", "F16", "F32", "F8_E4M3".
    QString dtype = QStringLiteral("Q4_K_M");
    qint64 size = 16 << 20; // of the weights' files together: reached within some ten KiB, never passed from 64 KiB on
    std::uint64_t seed = 1; // other seeds have no chunk in common
    int changedLayer = -1; // the weights of this layer are others than without it, all else is the same
    int shards = 3; // of SafetensorsSharded
    QString name = QStringLiteral("Test-Llama");
};

// Writes the model to `path`: a file, or for SafetensorsSharded a folder (made if need be) with shards, index,
// configuration, tokenizer and README. Returns the paths written. Invalid for a dtype that the format does not have.
Result<QStringList> makeModel(const ModelRecipe &recipe, const QString &path);

// Writes `count` small files (text, JSON, binary, some empty, names with spaces and accents) in nested folders.
// No two have the same content unless empty. Returns their paths relative to `folder`.
Result<QStringList> makeTree(const QString &folder, int count, std::uint64_t seed = 1);

} // namespace mf
