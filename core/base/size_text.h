// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocale>
#include <QString>

namespace mf {

// Bytes for people: decimal units, three significant digits: "812 B", "4.68 GB", "41.1 GB", "1.00 TB".
// Digits, separator and unit as the locale has them. Negative: with its sign.
QString sizeText(qint64 bytes, const QLocale &locale = QLocale::c());

// The same a second: "3.10 MB/s"; a negative or absurd rate is "0 B/s".
QString rateText(double bytesPerSecond, const QLocale &locale = QLocale::c());

} // namespace mf
