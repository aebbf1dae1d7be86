// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/exit_code.h"
#include "app/cli/render.h"
#include "core/distributor/protect.h"

namespace mf::cli {

// {"models":[{"name","state","spare","missing","damaged"}]}; beside them "fragments", "packsRead", "findings",
// "warnings".
QJsonObject checkJson(const CheckResult &result);
QString checkText(const CheckResult &result, int width, std::chrono::milliseconds elapsed);

// {"models":[{"name","rebuilt","state","spare"}]}; beside them "uploadedBytes", "domainsMissing", "unreadablePacks",
// "warnings".
QJsonObject repairJson(const RepairResult &result);
QString repairText(const RepairResult &result, int width, std::chrono::milliseconds elapsed);

// {"model","protection","uploadedBytes"}; beside them "fragments", "unchanged", "warnings".
QJsonObject protectJson(const ProtectResult &result);
QString protectText(const ProtectResult &result, std::chrono::milliseconds elapsed);

// By the worst of the models: 4 below its protection, 5 unreadable.
ExitCode exitCodeOf(const std::vector<ModelState> &states);
// The same; what is on this computer only is below its protection.
ExitCode exitCodeOf(const std::vector<ModelHealth> &models);
ExitCode exitCodeOf(const std::vector<ModelRepair> &models);

} // namespace mf::cli
