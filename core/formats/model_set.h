// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Which files belong together as one model.

#include "core/formats/model_file.h"

#include <QStringList>

#include <span>

namespace mf {

// A file to be grouped. Where nothing of it could be read (a listing of a server), its name alone decides.
struct SetFile {
    QString name; // relative, parts separated by '/'; the last part of its folder names the model where needed
    qint64 size = 0;
    ModelFile model; // as readModelFile() gave it
    QByteArray text; // of the files for which hubFileLimit() is not 0
};

struct ModelSet {
    // What to call it: its own name or that of its folder or file, without extension and part; never empty.
    QString name;
    // The same with the quantisation, for where another model has that name already.
    QString distinctName;
    ModelTraits traits; // of all its files together
    std::vector<std::size_t> files; // indices, in the order of their names
    // Names of the parts that should be there, relative as the others; the first kNamedMissing of missingCount.
    QStringList missing;
    qsizetype missingCount = 0;
    static constexpr qsizetype kNamedMissing = 100;
    qint64 size = 0; // of the files that are there
};

struct ModelSets {
    std::vector<ModelSet> sets; // ordered by name of their first file
    std::vector<std::size_t> others; // what belongs to no model
};

// Groups files, by these rules:
// - a folder with model_index.json (diffusers) is one model with all below it;
// - a folder with config.json and safetensors or PyTorch weights is one, with all files in it but GGUF ones, and with
//   subfolders without weights;
// - else each GGUF file, each set of parts (by metadata, index file or name) and each single weights file is one;
//   tokenizer, configuration, README and licence join it if it is the only one in its folder, and so does a vision
//   projector (mmproj);
// - parts that lie in several folders are one model if their names are those of one set, no part is there twice, and
//   at most one of the folders is a model as a whole.
// `title` names a model whose files have no folder.
ModelSets groupModels(std::span<const SetFile> files, const QString &title = {});

// Files and folders as the user gave them, looked into: for the pool, it reads the head of every file.
struct ModelScan {
    std::vector<SetFile> files;
    QStringList paths; // where each file is, parallel to files
    ModelSets sets;
    bool isComplete = true; // false: there were more than kMostFiles
    static constexpr int kMostFiles = 100'000;
};
// Hidden folders are left out; links to files are followed, links to folders are not. A path that cannot be read is
// there with model.problem. Within a folder that was given, names begin with the folder's name. What would have the
// name of something that was given before gets folders before it, so that no two files have one name.
ModelScan scanModels(const QStringList &paths);

// The name a folder gives to a model; for the hub's cache ("models--ORG--NAME/snapshots/HASH") that of the model.
QString folderTitle(const QString &path);

} // namespace mf
