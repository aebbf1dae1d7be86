// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/byte_source.h"
#include "core/formats/tensor.h"

#include <map>
#include <optional>

namespace mf {

enum class ModelFormat : std::uint8_t { Unknown, Gguf, Safetensors, Pickle };
// The word that the registry and the command line use: "gguf", "safetensors", "pickle", "" for Unknown.
QString formatName(ModelFormat format);

// A line of a file's metadata, for people.
struct MetadataLine {
    QString key;
    QString type; // "string", "u32", "array of f32"
    QString value; // "" for a list that is too long to show
    std::uint64_t count = 0; // elements of a list, else 0
};

// What lists and details show of a model: of one file here, of files that belong together in model_set.h. Empty or 0
// where nothing is known.
struct ModelTraits {
    ModelFormat format = ModelFormat::Unknown;
    QString name; // what the model calls itself
    QString kind; // "model", "mmproj", "adapter", "imatrix", …
    QString family; // "Qwen"
    QString architecture; // "qwen2"
    QString quantization; // "Q4_K_M", "BF16"
    qint64 parameters = 0;
    qint64 contextLength = 0;
    QString license;
    QString chatTemplate;
    std::map<QString, qint64> bytesByType; // of tensors, by their type's name
    QString declared; // the quantisation as the file itself says it, which its tensors may contradict
};

struct ModelFile {
    ModelTraits traits;
    int part = 0; // of a split model, 1 … parts, as the file itself says it; 0: it does not
    int parts = 0;
    std::vector<MetadataLine> metadata;
    std::vector<Tensor> tensors;
    std::vector<TensorRegion> regions; // for cutting; empty if the format is Unknown or Pickle
    // Why the format is Unknown: MF-FORMAT-UNKNOWN (not a model file at all), MF-FORMAT-POINTER (Git LFS), another
    // MF-FORMAT-… (the header of a model file is broken or too new), or that the file could not be read.
    std::optional<Error> problem;
};

// Recognises a file by its content and reads what it says of itself; reads only its head. The name is used where the
// content is silent. Never fails: any file can be stored, at worst as plain bytes.
ModelFile readModelFile(const ByteSource &source, const QString &fileName);

// The same for a path. Error only if the file cannot be opened or is no regular file.
Result<ModelFile> readModelFile(const QString &path);

} // namespace mf
