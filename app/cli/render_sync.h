// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/sync_library.h"

#include <QJsonObject>

namespace mf::cli {

// {"models","added","changed","removed"}: how many; beside them "waiting", "warnings".
QJsonObject syncJson(const SyncResult &result);
QString syncText(const SyncResult &result);

// {"models","readable","unreadable"}: how many; beside them "warnings".
QJsonObject recoverJson(const RecoverResult &result);
QString recoverText(const RecoverResult &result);

} // namespace mf::cli
