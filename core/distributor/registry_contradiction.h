// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

namespace mf {

// What is said where one row of the registry does not fit the other: all are Corrupt "MF-REGISTRY-CORRUPT".

Error chunksDoNotAddUp(const QString &path); // the chunks of a file to its size
Error noSuchRecord(); // a chunk lies in a record that its pack does not have

} // namespace mf
