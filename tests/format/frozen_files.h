// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What the programs that add to tests/data/format1 share: they read what is there, and never write over it.

#include "core/crypto/key_ring.h"
#include "core/distributor/objects/marker.h"
#include "tests/format/frozen_chunks.h"

#include <QFile>

namespace mf {

inline QByteArray readFrozen(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(path));
    return file.readAll();
}

inline void writeFrozen(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (file.exists() || !file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s, or it is there", qPrintable(path));
}

// The keys that freeze.cpp sealed with. folder: ends with a slash.
inline KeyRing frozenRing(const QString &folder)
{
    const QByteArray object = readFrozen(folder + QStringLiteral("library-1"));
    auto opened
        = openLibraryObject(KeyRing::masterOf(SecretKey(idOf<Sha256>(3).view()), idOf<LibraryId>(1)), viewOf(object));
    if (!opened)
        qFatal("the library object does not open");
    return std::move(*opened);
}

} // namespace mf
