// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocale>
#include <QString>

#include <optional>

namespace mf {

// Bytes for people: decimal units, three significant digits: "812 B", "4.68 GB", "41.1 GB", "1.00 TB".
// Digits, separator and unit as the locale has them. Negative: with its sign.
QString sizeText(qint64 bytes, const QLocale &locale = QLocale::c());

// The same a second: "3.10 MB/s"; a negative or absurd rate is "0 B/s".
QString rateText(double bytesPerSecond, const QLocale &locale = QLocale::c());

// The other way round, as people type it: "4.5GB", "500 kB", "2GiB", "1000"; "none" is 0. Units are decimal,
// and binary ones if they say so. Nothing for anything else, or for more than a qint64 holds.
std::optional<qint64> sizeFromText(const QString &text);
// The same a second; "/s" may stand behind it.
std::optional<qint64> rateFromText(const QString &text);

} // namespace mf
