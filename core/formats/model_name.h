// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What the name of a model or of its file tells: always second to what the file's header says.

#include <QString>
#include <QStringList>

namespace mf {

// "Qwen2.5-7B-Instruct-Q4_K_M-00001-of-00003.gguf" taken apart.
struct ModelFileName {
    QString stem; // "Qwen2.5-7B-Instruct-Q4_K_M": no folder, extension or part
    QString extension; // "gguf", lower case
    int part = 0; // 1 … parts; 0: the name has no part
    int parts = 0;
    QString quantization; // "Q4_K_M", upper case; "" if the name has none
    QString base; // the stem without a quantisation at its end: "Qwen2.5-7B-Instruct"
};
// Names of more parts than this are taken for names without a part: no real model has so many.
inline constexpr int kMostParts = 10'000;
ModelFileName splitModelFileName(const QString &fileName);

// The name of part `part` of a set that has `name` as another part: splitModelFileName(name).parts > 0.
QString nameOfPart(const QString &name, int part);

// "Qwen" of architecture "qwen2" (GGUF) or model_type (Hugging Face). Architectures that many families share (llama)
// are told apart by the names, the most trusted first; without an architecture the names alone decide. "" if nothing is
// known.
QString modelFamily(const QString &architecture, const QStringList &names);

} // namespace mf
