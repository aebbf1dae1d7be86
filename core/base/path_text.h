// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>

namespace mf {

// A file's name is bytes; ours are text. Valid UTF-8 maps to itself. A byte 0x80 … 0xFF that
// is not part of valid UTF-8 maps to U+F700 + byte (private use); names that contain those
// characters themselves have their bytes mapped one by one. So every name has one text and
// comes back byte for byte.
QString textOfPath(const QByteArray &path);
QByteArray pathOfText(const QString &text);

// The text is a relative path that stays below its folder on every system: parts not empty, not
// "." or "..", no NUL, not absolute, at most 255 bytes each and 4,096 in all. A trailing '/'
// marks an empty folder. Invalid "MF-PATH-UNSAFE" otherwise.
Result<> checkRelativePath(const QString &text);

} // namespace mf
