// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/size_text.h"

#include <QRegularExpression>

#include <cmath>
#include <limits>

namespace mf {

QString sizeText(qint64 bytes, const QLocale &locale)
{
    if (bytes < 0) {
        const qint64 positive
            = bytes == std::numeric_limits<qint64>::min() ? std::numeric_limits<qint64>::max() : -bytes;
        return locale.negativeSign() + sizeText(positive, locale);
    }
    if (bytes < 1000)
        return locale.toString(bytes) + QStringLiteral(" B");
    // Rounded to three digits first, so that 999,950 is 1.00 MB and not 1000 kB.
    qint64 step = 1;
    while (bytes / step >= 1000)
        step *= 10;
    qint64 rounded = bytes / step;
    if (bytes % step >= step - step / 2)
        ++rounded;
    if (rounded == 1000) {
        rounded = 100;
        step *= 10;
    }
    int zeros = 0;
    for (qint64 s = step; s > 1; s /= 10)
        ++zeros;
    const int decimals = zeros % 3 == 0 ? 0 : 3 - zeros % 3;
    return locale.formattedDataSize(rounded * step, decimals, QLocale::DataSizeSIFormat);
}

QString rateText(double bytesPerSecond, const QLocale &locale)
{
    constexpr double kAbsurd = 1e15;
    const bool usable = std::isfinite(bytesPerSecond) && bytesPerSecond > 0 && bytesPerSecond < kAbsurd;
    return sizeText(usable ? std::llround(bytesPerSecond) : 0, locale) + QStringLiteral("/s");
}

std::optional<qint64> sizeFromText(const QString &text)
{
    if (text == QStringLiteral("none"))
        return 0;
    static const QRegularExpression shape(
        QStringLiteral("\\A([0-9]{1,19}(?:\\.[0-9]{1,9})?)\\s?(?:([kmgtp])(i)?)?b?\\z"),
        QRegularExpression::CaseInsensitiveOption);
    const auto match = shape.match(text);
    if (!match.hasMatch())
        return std::nullopt;
    const QString unit = match.captured(2).toLower();
    const int power = unit.isEmpty() ? 0 : 1 + static_cast<int>(QStringLiteral("kmgtp").indexOf(unit));
    const double step = match.captured(3).isEmpty() ? 1000 : 1024;
    const double bytes = std::round(match.captured(1).toDouble() * std::pow(step, power));
    constexpr double kMost = 9e18;
    if (bytes > kMost)
        return std::nullopt;
    return static_cast<qint64>(bytes);
}

std::optional<qint64> rateFromText(const QString &text)
{
    const QString perSecond = QStringLiteral("/s");
    return sizeFromText(text.endsWith(perSecond) ? text.chopped(perSecond.size()) : text);
}

} // namespace mf
