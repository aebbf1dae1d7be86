// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// safetensors: the JSON header that stands before the tensors' bytes.

#include "core/formats/byte_source.h"
#include "core/formats/tensor.h"

#include <QList>
#include <QPair>

#include <optional>

namespace mf {

struct SafetensorsType {
    QLatin1String name;
    int bits;
    TensorElement element;
};
// Nothing for a name that the format does not have.
const SafetensorsType *safetensorsType(QStringView name);

struct SafetensorsHeader {
    qint64 dataStart = 0;
    std::vector<Tensor> tensors; // by offset; together they cover the file from dataStart to its end
    QList<QPair<QString, QString>> metadata; // "__metadata__", in the file's order
};

inline constexpr qint64 kSafetensorsHeaderLimit = 100'000'000;

// True if these first 9 bytes of a file of that size can be a safetensors file's: a length within the bounds and a '{'.
bool looksLikeSafetensors(ByteView head, qint64 fileSize);

// Reads and checks the header as strictly as the format's reference reader, streaming: the text is never in memory as a
// whole, and nesting, texts and counts are bounded. Errors: MF-FORMAT-… of byte_source.h.
Result<SafetensorsHeader> readSafetensors(const ByteSource &source);

} // namespace mf
