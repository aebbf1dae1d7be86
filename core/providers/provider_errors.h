// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What every adapter says in the same words.

#include "core/base/error.h"
#include "core/base/ids.h"

namespace mf {

Error badBlobName(const QString &name); // Invalid "MF-BLOB-NAME"
Error blobMissing(const BlobName &name); // NotFound "MF-BLOB-MISSING"
Error badBlobRange(); // Invalid "MF-BLOB-RANGE"
// Invalid "MF-ACCOUNT-SETTING"; the parameter "setting" names it.
Error badSetting(const QString &key, const QString &message);

} // namespace mf
