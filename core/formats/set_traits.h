// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/model_set.h"

namespace mf {

enum class SetKind { Gguf, Weights }; // of one GGUF model; of safetensors or PyTorch files

// A group of files before anything is said about it.
struct SetDraft {
    SetKind kind = SetKind::Weights;
    QString folder; // of its main files; "" for none
    bool isFolder = false; // the folder as a whole is the model, so that it gives the name
    std::vector<std::size_t> files;
    std::vector<std::size_t> counted; // those whose tensors are the model; the others may repeat them
    QStringList missing;
    qsizetype missingCount = 0;
    void addMissing(const QString &name)
    {
        // A file may claim to be one of thousands.
        if (++missingCount <= ModelSet::kNamedMissing)
            missing.append(name);
    }
};

bool isGguf(const SetFile &file);
// safetensors, or a pickle of PyTorch.
bool isWeights(const SetFile &file);

QString folderOf(const QString &name); // "a/b" of "a/b/c", "" of "c"
QString fileNameOf(const QString &name); // "c" of both

// Names and describes a draft.
ModelSet describeSet(std::span<const SetFile> files, SetDraft draft, const QString &title);

} // namespace mf
