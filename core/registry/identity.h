// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/chunk_key.h"
#include "core/registry/connection.h"
#include "core/registry/registry.h"

namespace mf {

// Which library this is, which computer, and the settings that go with them; see Registry.
Result<std::optional<Registry::Identity>> readIdentity(Connection &db);
Result<> writeIdentity(Connection &db, const Registry::Identity &identity);
// Raises the clock of the identity, if there is one, to at least this.
Result<> witness(Connection &db, quint64 lamport);

// What an engine wrote down for itself.
Result<QByteArray> readNote(Connection &db, const QString &key);
Result<> writeNote(Connection &db, const QString &key, const QByteArray &value);
Result<QMap<QString, QString>> readSettings(Connection &db);
Result<> writeSetting(Connection &db, const QString &key, const QString &value);

// This registry's secret for the chunk index; drawn at the first call.
Result<ChunkKey> chunkKey(Connection &db, quint64 mask);

} // namespace mf
