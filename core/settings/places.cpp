// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/settings/places.h"

#include <QDir>
#include <QStandardPaths>

namespace mf {

namespace {

QString absolute(const QString &path) { return QDir::cleanPath(QDir::current().absoluteFilePath(path)); }

} // namespace

Places placesFor(const QString &home)
{
    const QString chosen = home.isEmpty() ? qEnvironmentVariable("MODELFLOAT_HOME") : home;
    Places places;
    if (chosen.isEmpty()) {
        const QString name = QStringLiteral("/modelfloat");
        places.home = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + name;
        places.cache = QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation) + name;
    } else {
        places.home = absolute(chosen);
        places.cache = places.home + QStringLiteral("/cache");
    }
    places.logs = places.home + QStringLiteral("/logs");
    const QString cache = qEnvironmentVariable("MODELFLOAT_CACHE_DIR");
    if (!cache.isEmpty())
        places.cache = absolute(cache);
    return places;
}

} // namespace mf
