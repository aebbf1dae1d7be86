// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace mf::folder {

// The failure domain of a path: "disk:" and a text that is the same for all paths on one disk,
// whatever their partitions, and for the same disk at another time, and that people may read:
// "disk:usb-Samsung_PSSD_T7_S5T2NS0-0:0", "disk:server:/export", "disk:memory". The path need
// not exist. May block.
QString diskOf(const QString &path);

} // namespace mf::folder
