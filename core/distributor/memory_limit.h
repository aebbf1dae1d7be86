// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"

#include <QMap>

namespace mf {

// A setting of the registry: how much of Engine::buffers there is on this computer, in bytes. Empty: kBufferBudget.
inline constexpr char kMemoryLimit[] = "memory.limit";
// A pack is in memory as a whole, whatever the limit; with less than this nothing else would be beside it.
inline constexpr qint64 kLeastMemory = 16'000'000;

// What the settings say; what cannot be read counts as not set.
inline qint64 memoryLimit(const QMap<QString, QString> &settings)
{
    const qint64 limit = settings.value(QString::fromLatin1(kMemoryLimit)).toLongLong();
    return limit >= kLeastMemory ? limit : kBufferBudget;
}

} // namespace mf
