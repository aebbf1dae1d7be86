// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayList>
#include <QStringList>

namespace mf {

// What a command line names, as the window takes it: links as they are, files and folders as absolute paths (as
// textOfPath gives them), since the program that takes them over may stand elsewhere.
//
// arguments: those of the parser. raw: the bytes of the whole command line, in which the name of a file need not be
// text. folder: where the program was started.
QStringList givenPaths(const QStringList &arguments, QByteArrayList raw, const QByteArray &folder);

} // namespace mf
