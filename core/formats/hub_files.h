// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The small files that lie beside a model's weights, as the Hugging Face hub has them.

#include "core/base/result.h"

#include <QByteArrayView>
#include <QStringList>

#include <optional>

namespace mf {

// What config.json says. Empty or 0 where it says nothing.
struct HubConfig {
    QString architecture; // model_type: "qwen2"
    qint64 contextLength = 0;
    QString dtype; // as GGUF would spell it: "BF16"
    QString quantization; // "AWQ 4-bit", "FP8"; empty if the weights are as trained
    int packedBits = 0; // bits of a weight where integers hold several
};
// Nothing if it is not a JSON object of at most kLargestConfig bytes.
std::optional<HubConfig> readHubConfig(QByteArrayView json);
inline constexpr qint64 kLargestConfig = 4 << 20;

// The distinct files that a "….safetensors.index.json" or "….bin.index.json" names, sorted. Invalid if it is no such
// file, or a name in it is not a plain file name: no '/', '\', "..", or control character.
Result<QStringList> readShardNames(QByteArrayView json);
inline constexpr qint64 kLargestIndex = 32 << 20;

// "license:" of the block between "---" lines at the head of a README.md; license_name where it says "other".
QString licenseOfReadme(QByteArrayView markdown);

// The chat template in a tokenizer_config.json or chat_template.json, the default one where there are several.
QString chatTemplateOf(QByteArrayView json);

// How much of a file of that name (without folder) is worth reading for the above; 0: not one of them.
qint64 hubFileLimit(const QString &fileName);

} // namespace mf
