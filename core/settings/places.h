// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace mf {

// Where the program keeps its files; absolute paths, not yet made.
struct Places {
    QString home; // settings, registry, the secret file
    QString cache; // local copies; may be deleted at any time
    QString logs;
};

// `home`: the value of --home, or empty: then MODELFLOAT_HOME, then the platform's places for this user.
// With a home all lies below it; MODELFLOAT_CACHE_DIR moves the cache alone.
Places placesFor(const QString &home);

} // namespace mf
