// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/providers/folder/directory.h"

namespace mf::folder {

// One page of the blobs below the root whose names begin with prefix and come after the cursor,
// in the order of their names. Blocks. Memory is bounded whatever lies in the folder.
//
// Temporary files and whatever else is no blob are passed over; a link to a directory is an
// Error, because blobs may have been moved behind it: "not there" is never taken for "empty".
Result<ListPage> listPage(const Root &root, const QString &prefix, const QString &cursor, std::size_t limit);

} // namespace mf::folder
