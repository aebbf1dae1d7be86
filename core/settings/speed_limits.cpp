// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/settings/speed_limits.h"

#include "core/base/size_text.h"

#include <array>
#include <optional>

namespace mf {

namespace {

using Days = SpeedLimits::Days;
constexpr std::array<Days, 3> kAllDays = { Days::Every, Days::Weekdays, Days::Weekends };
const QString kTimeFormat = QStringLiteral("HH:mm");
const QString kPrefix = QStringLiteral("limits/");

std::optional<Days> daysFrom(const QString &word)
{
    for (const Days days : kAllDays) {
        if (word == daysWord(days))
            return days;
    }
    return std::nullopt;
}

Error wrong(const QString &key, const QString &value, const QString &expected)
{
    return Error(Error::Kind::Invalid, QStringLiteral("MF-USAGE-VALUE"),
        QStringLiteral("%1: “%2” is not %3").arg(key, value, expected));
}

bool beginsOn(Days days, const QDate &date)
{
    const bool isWeekend = date.dayOfWeek() >= Qt::Saturday;
    return days == Days::Every || isWeekend == (days == Days::Weekends);
}

QString numberOrNothing(qint64 number) { return number > 0 ? QString::number(number) : QString(); }

} // namespace

QString daysWord(SpeedLimits::Days days)
{
    switch (days) {
    case Days::Every:
        return QStringLiteral("every-day");
    case Days::Weekdays:
        return QStringLiteral("weekdays");
    case Days::Weekends:
        break;
    }
    return QStringLiteral("weekends");
}

bool SpeedLimits::isAlternative(const QDateTime &local) const
{
    if (!hasSchedule())
        return false;
    const QTime time = local.time();
    if (from < to)
        return time >= from && time < to && beginsOn(days, local.date());
    return (time >= from && beginsOn(days, local.date())) || (time < to && beginsOn(days, local.date().addDays(-1)));
}

SpeedLimits::Rates SpeedLimits::at(const QDateTime &local) const
{
    Rates rates;
    const bool alternative = isAlternative(local);
    rates.up = alternative ? alternativeUp.value_or(up) : up;
    rates.down = alternative ? alternativeDown.value_or(down) : down;
    return rates;
}

Result<> SpeedLimits::set(const QString &key, const QString &value)
{
    const auto setRate = [&](qint64 &rate) -> Result<> {
        const auto read = rateFromText(value);
        if (!read)
            return wrong(key, value, QStringLiteral("a rate, such as 500kB, 2.5MB or none"));
        rate = *read;
        return {};
    };
    const auto setAlternative = [&](std::optional<qint64> &rate) -> Result<> {
        if (value == QStringLiteral("same")) {
            rate.reset();
            return {};
        }
        return setRate(rate.emplace());
    };
    const auto setTime = [&](QTime &time) -> Result<> {
        const QTime read = QTime::fromString(value, kTimeFormat);
        if (!read.isValid() && value != QStringLiteral("none"))
            return wrong(key, value, QStringLiteral("a time of day, such as 22:00, or none"));
        time = read;
        return {};
    };
    if (key == QStringLiteral("up"))
        return setRate(up);
    if (key == QStringLiteral("down"))
        return setRate(down);
    if (key == QStringLiteral("alt-up"))
        return setAlternative(alternativeUp);
    if (key == QStringLiteral("alt-down"))
        return setAlternative(alternativeDown);
    if (key == QStringLiteral("alt-from"))
        return setTime(from);
    if (key == QStringLiteral("alt-to"))
        return setTime(to);
    if (key == QStringLiteral("alt-days")) {
        const auto read = daysFrom(value);
        if (!read)
            return wrong(key, value, QStringLiteral("every-day, weekdays or weekends"));
        days = *read;
        return {};
    }
    return Error(Error::Kind::Invalid, QStringLiteral("MF-USAGE-VALUE"),
        QStringLiteral("there is no limit “%1”: there are up, down, alt-up, alt-down, alt-from, alt-to and "
                       "alt-days")
            .arg(key));
}

QMap<QString, QString> SpeedLimits::toSettings() const
{
    return { { kPrefix + QStringLiteral("up"), numberOrNothing(up) },
        { kPrefix + QStringLiteral("down"), numberOrNothing(down) },
        { kPrefix + QStringLiteral("alt-up"), alternativeUp ? QString::number(*alternativeUp) : QString() },
        { kPrefix + QStringLiteral("alt-down"), alternativeDown ? QString::number(*alternativeDown) : QString() },
        { kPrefix + QStringLiteral("alt-from"), from.toString(kTimeFormat) },
        { kPrefix + QStringLiteral("alt-to"), to.toString(kTimeFormat) },
        { kPrefix + QStringLiteral("alt-days"), days == Days::Every ? QString() : daysWord(days) } };
}

SpeedLimits SpeedLimits::fromSettings(const QMap<QString, QString> &settings)
{
    SpeedLimits limits;
    for (auto setting = settings.begin(); setting != settings.end(); ++setting) {
        if (!setting.key().startsWith(kPrefix) || setting.value().isEmpty())
            continue;
        // A value of a newer version is no reason to stop the program.
        [[maybe_unused]] const auto read = limits.set(setting.key().mid(kPrefix.size()), setting.value());
    }
    return limits;
}

} // namespace mf
