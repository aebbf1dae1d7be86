// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/render.h"

#include <vector>

namespace mf::cli {

// A model as lists show it.
struct ModelView {
    RevisionRecord revision;
    Protection protection; // with the k that its packs came to
    ModelState state = ModelState::Unknown;
    int spare = 0;
    bool onThisComputer() const { return revision.state == RevisionState::Held; } // and nowhere else yet
};

// The view of a revision. k: of its packs, where the revision leaves it open; spare as Registry::spare tells.
ModelView modelView(const RevisionRecord &revision, int k, std::optional<int> spare);

// The same by what the registry tells of its packs; proof that is too old does not count.
ModelView modelView(const RevisionRecord &revision, const RevisionHealth &health, const QDateTime &now);

// All that `show` prints of one.
struct ModelDetails {
    struct Spread {
        QString account;
        qint64 count = 0; // fragments
        qint64 bytes = 0;
        qint64 missing = 0; // not there, or not acknowledged
    };
    ModelView view;
    std::vector<FileRecord> files;
    std::vector<Spread> fragments;
    bool withCid = false;
};

// {"models":[{"name","revision","bytes","storedBytes","files","format","family","quantization","parameters",
// "protection","state","spare"}]}; beside them "id", "created", "tags", "onThisComputer".
QJsonObject modelsJson(const std::vector<ModelView> &models);
QString modelsText(const std::vector<ModelView> &models, int width);

// {"model":{…,"files":[{"path","bytes","sha256","cid"}],"fragments":[{"account","count","bytes","missing"}]}};
// "cid" only where it was asked for. Beside them "metadata", "uploadedBytes", "contextLength", "license".
QJsonObject modelDetailsJson(const ModelDetails &model);
QString modelDetailsText(const ModelDetails &model, int width);

} // namespace mf::cli
