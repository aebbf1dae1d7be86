// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/source_file.h"
#include "core/formats/model_file.h"
#include "core/packing/chunker.h"
#include "core/registry/records.h"

namespace mf {

// What the formats say of a file, in the distributor's terms: where to cut it, what to show of it.
struct SourceFormat {
    std::vector<Region> regions;
    std::vector<TensorRecord> tensors;
    ModelFacts facts;
    QMap<QString, QString> metadata;
};

// As what the codecs compress a tensor of these elements.
ElementKind elementKindOf(TensorElement element);

// Blocking; reads the file's head. A file of no known format, or with a broken header, gives an empty
// one: it is stored all the same, byte for byte.
SourceFormat inspectSource(const SourceFile &file, const QString &storedPath);

// One set of facts for all files of a model: the largest model file leads, parameters add up.
ModelFacts mergeFacts(const std::vector<std::pair<ModelFacts, qint64>> &factsAndSizes);

// The name of a model made of these files, when the user gives none.
QString defaultModelName(const std::vector<SourceEntry> &entries, const std::vector<QByteArray> &paths);

} // namespace mf
