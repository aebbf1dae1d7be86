// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/connection.h"
#include "core/registry/records.h"

namespace mf {

// What only this computer knows: transfers that go on next time, and what happened; see Registry.
Result<qint64> beginTransfer(Connection &db, const TransferRecord &transfer);
Result<> noteTransfer(Connection &db, qint64 row, qint64 done, qint64 total);
Result<> changeSession(Connection &db, qint64 row, const SessionId &session);
Result<> endTransfer(Connection &db, qint64 row);
Result<std::vector<TransferRecord>> readTransfers(Connection &db);
Result<> addEvent(Connection &db, const QDateTime &when, const QString &kind, const QString &text);

} // namespace mf
