// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/render.h"
#include "core/distributor/collect.h"
#include "core/distributor/trash.h"

namespace mf::cli {

// {"models":[{"name","removed","until"}]}: times; both null: it is there again; until null: for ever. Beside them
// "revisions", their numbers.
QJsonObject trashJson(const std::vector<TrashEntry> &entries);
QString trashText(const std::vector<TrashEntry> &entries, int width);
QString removedText(const TrashEntry &entry);
QString restoredText(const TrashEntry &entry);

// {"freedBytes","fragments"}; beside them "waiting", sentences, and "strays": {"count","bytes"}.
QJsonObject collectJson(const CollectResult &result);
QString collectText(const CollectResult &result);

} // namespace mf::cli
