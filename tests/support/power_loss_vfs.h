// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <map>
#include <vector>

namespace mf {

// SQLite's files as a disk without power would leave them: what was written after the last sync of a file is lost, or
// got out in part, sector by sector, in any order.
//
// install() puts itself before SQLite's own VFS, once per process, before the first database is opened. Thread-safe.
class PowerLossVfs
{
public:
    // What the disk would hold, by path.
    using Image = std::map<QString, QByteArray>;

    static void install();
    // Obeyed: a sync makes what was written durable. Ignored: it does not, as if nobody had asked for it; a test whose
    // images hold all the same looks at nothing.
    enum class Syncs { Obeyed, Ignored };
    // Forgets all files, and begins to keep images: of one call to the disk in `every`, by chance. moment() is asked at
    // each: how far the test was.
    static void begin(quint32 seed, int every, int (*moment)(), Syncs syncs = Syncs::Obeyed);
    struct Kept {
        Image image;
        int moment = 0;
    };
    static std::vector<Kept> end();
    // Writes the image's files into a folder, under their own names.
    static void write(const Image &image, const QString &folder);
};

} // namespace mf
