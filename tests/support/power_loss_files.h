// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <map>
#include <vector>

namespace mf {

// A file system that loses power. A program that links this has its calls of open, write, fsync, rename, unlink and
// mkdir recorded below one folder: of each file what a sync made durable, of each folder which names. An image is what
// a disk might hold after a power cut at some moment: all that is durable, and of the rest a part by chance, with
// zeros where the bytes did not get out. Thread-safe.
namespace powerloss {

using Image = std::map<QString, QByteArray>; // path below the folder -> bytes

// Ignored: a sync makes nothing durable, as if nobody had asked for it; a test whose images hold all the same looks at
// nothing.
enum class Syncs { Obeyed, Ignored };
// Begins to record below `folder`, which is taken as durable as it is, and to keep an image at each call.
void begin(const QString &folder, quint32 seed, int (*moment)(), Syncs syncs = Syncs::Obeyed);
struct Kept {
    Image image;
    int moment = 0;
};
std::vector<Kept> end();
void write(const Image &image, const QString &folder);

} // namespace powerloss

} // namespace mf
