// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/model_set.h"
#include "ui/common/snapshots.h"

namespace mf {

// The models among the files and folders that a user gave (for the pool: it looks into all of them), and what belongs
// to none, one entry for each given path. isKnown is left out.
std::vector<ui::FoundModel> findModels(const QStringList &paths);

} // namespace mf
