// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "ui/activity/redaction.h"
#include "ui/common/service.h"

#include <QDateTime>
#include <QStringList>

namespace mf::ui {

// Stand-ins for all names that the library knows.
Redaction redactionOf(const Service &service);

// What helps to find a defect, with nothing in it that tells who somebody is: versions, accounts, models, transfers,
// issues, and the end of the log.
QString diagnosticsOf(const Service &service, const QStringList &log, const QDateTime &now);

Result<> writeText(const QString &path, const QString &text);

} // namespace mf::ui
