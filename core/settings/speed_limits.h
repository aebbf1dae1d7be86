// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QDateTime>
#include <QMap>

#include <optional>

namespace mf {

// The speed limits of all accounts together, and a schedule on which others take their place.
struct SpeedLimits {
    enum class Days { Every, Weekdays, Weekends };

    qint64 up = 0; // bytes/s; 0: none
    qint64 down = 0;
    std::optional<qint64> alternativeUp; // during the schedule; nothing: as always
    std::optional<qint64> alternativeDown;
    QTime from; // local; both invalid: no schedule. May lie after `to`: then it ends on the next day
    QTime to;
    Days days = Days::Every; // on which it begins

    struct Rates {
        qint64 up = 0;
        qint64 down = 0;
        friend bool operator==(const Rates &, const Rates &) = default;
    };
    bool hasSchedule() const { return from.isValid() && to.isValid() && from != to; }
    bool isAlternative(const QDateTime &local) const;
    // What holds at this local time.
    Rates at(const QDateTime &local) const;

    // One K=V of `limits`: up, down, alt-up, alt-down = a rate ("2MB", "none"; of the latter two also "same":
    // as always); alt-from, alt-to = "HH:MM" or "none"; alt-days = every-day, weekdays, weekends. Invalid "MF-USAGE-VALUE".
    Result<> set(const QString &key, const QString &value);

    // As the registry's settings keep it ("limits/up" -> "2000000"); what is not set has an empty value.
    QMap<QString, QString> toSettings() const;
    // What cannot be read counts as not set.
    static SpeedLimits fromSettings(const QMap<QString, QString> &settings);

    friend bool operator==(const SpeedLimits &, const SpeedLimits &) = default;
};

QString daysWord(SpeedLimits::Days days); // "every-day"

} // namespace mf
