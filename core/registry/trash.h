// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/connection.h"
#include "core/registry/registry.h"

namespace mf {

// Which revisions and accounts the log has taken away. A revision has presences: its own id and one more for each
// restore. A trash takes away those that its author knew. The revision is there while one is left, in whatever
// order the events come in.

Result<> noteTrashed(Connection &db, const Registry::TrashEvent &trash, const QDateTime &seen);
Result<> noteRestored(Connection &db, const Registry::RestoreEvent &restore);
Result<Registry::Standing> standingInLog(Connection &db, const RevisionId &revision);
Result<std::vector<Registry::TrashedRevision>> trashedRevisions(Connection &db);
// Live ones that the library does not keep any more.
Result<std::vector<RevisionRecord>> oldRevisions(Connection &db, int kept);

// The log says that nothing on the account counts any more; also of an account that is put later.
Result<> noteRetired(Connection &db, const AccountId &account);
Result<bool> isRetiredInLog(Connection &db, const AccountId &account);

} // namespace mf
