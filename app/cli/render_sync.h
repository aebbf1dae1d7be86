// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/render_health.h"
#include "core/distributor/sync_library.h"

#include <QJsonObject>

namespace mf::cli {

// How the models stand after a sync.
struct Upkeep {
    std::vector<ModelState> states; // of all models
    bool isRepaired = false; // what was below its protection before; else that is left to the user
    qint64 rebuilt = 0; // fragments
    int below() const; // models that are below their protection
    ExitCode exitCode() const; // of what was not left to the user
};

// {"models","added","changed","removed"}: how many; beside them "waiting", "movedOut", "onThisComputer", "below",
// "rebuilt", "warnings".
QJsonObject syncJson(const SyncResult &result, const Upkeep &upkeep);
QString syncText(const SyncResult &result, const Upkeep &upkeep);

// {"models","readable","unreadable"}: how many; beside them "warnings".
QJsonObject recoverJson(const RecoverResult &result);
QString recoverText(const RecoverResult &result);

} // namespace mf::cli
