// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Whole small files that only their owner may read. Blocking: for the pool.

#include "core/base/result.h"

#include <QByteArray>

#include <optional>

namespace mf {

// Nothing if there is no such file; Corrupt "MF-SECRETS-DAMAGED" if it is longer than `most` bytes.
Result<std::optional<QByteArray>> readPrivateFile(const QString &path, qsizetype most);

// Replaces the file at once, mode 0600, and makes it durable: after a crash the old or the new one is there.
// Its folder is made (mode 0700) if it is missing.
Result<> replacePrivateFile(const QString &path, const QByteArray &bytes);

// The same for a file that must not be there yet: AlreadyExists "MF-FILE-EXISTS" if it is.
Result<> createPrivateFile(const QString &path, const QByteArray &bytes);

} // namespace mf
