// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/snapshots.h"

namespace mf {

struct IssueSources {
    std::vector<ui::ModelEntry> models;
    std::vector<ui::AccountEntry> accounts;
    std::vector<ui::TransferEntry> transfers;
    bool isKitSaved = true;
};

// What needs the user, worst first: one for each cause. More than kMostModelsAlone models in one bad state make one
// issue together.
std::vector<ui::IssueEntry> issuesOf(const IssueSources &sources);
constexpr int kMostModelsAlone = 4;

} // namespace mf
