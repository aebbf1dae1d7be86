// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/render.h"

#include <QLocale>

#include <cmath>

namespace mf::cli {

QString protectionWord(const Protection &protection)
{
    if (protection.m == 0)
        return QStringLiteral("none");
    if (protection.k <= 1)
        return QStringLiteral("copies %1").arg(protection.m + 1);
    return QStringLiteral("%1+%2").arg(protection.k).arg(protection.m);
}

Protection resolved(const Protection &asked, int k)
{
    return asked.k > 0 ? asked : Protection(std::max(1, k), asked.m);
}

QString stateWord(ModelState state)
{
    switch (state) {
    case ModelState::Safe:
        return QStringLiteral("safe");
    case ModelState::Reduced:
        return QStringLiteral("reduced");
    case ModelState::AtRisk:
        return QStringLiteral("at-risk");
    case ModelState::SingleCopy:
        return QStringLiteral("single-copy");
    case ModelState::Unreadable:
        return QStringLiteral("unreadable");
    case ModelState::Storing:
        return QStringLiteral("storing");
    case ModelState::Unknown:
        break;
    }
    return QStringLiteral("unknown");
}

QString stateText(ModelState state, int spare)
{
    switch (state) {
    case ModelState::Safe:
        return QStringLiteral("Safe · %1 spare").arg(spare);
    case ModelState::Reduced:
        return QStringLiteral("Reduced · %1 spare").arg(spare);
    case ModelState::AtRisk:
        return QStringLiteral("At risk · 0 spare");
    case ModelState::SingleCopy:
        return QStringLiteral("Single copy");
    case ModelState::Unreadable:
        return QStringLiteral("Unreadable");
    case ModelState::Storing:
        return QStringLiteral("Storing…");
    case ModelState::Unknown:
        break;
    }
    return QStringLiteral("Not checked");
}

QString stateText(ModelState state, int spare, bool onThisComputer)
{
    if (onThisComputer && state != ModelState::Unreadable)
        return QStringLiteral("On this computer only");
    return stateText(state, spare);
}

QString durationText(std::chrono::milliseconds duration)
{
    const double seconds = secondsOf(duration);
    if (seconds < 9.95)
        return QStringLiteral("%1 s").arg(seconds, 0, 'f', 1);
    const qint64 whole = std::llround(seconds);
    if (whole < 60)
        return QStringLiteral("%1 s").arg(whole);
    if (whole < 3600)
        return QStringLiteral("%1 min %2 s").arg(whole / 60).arg(whole % 60);
    return QStringLiteral("%1 h %2 min").arg(whole / 3600).arg(whole % 3600 / 60);
}

double secondsOf(std::chrono::milliseconds duration) { return static_cast<double>(duration.count()) / 1000; }

QJsonValue timeJson(const QDateTime &time)
{
    return time.isValid() ? QJsonValue(time.toUTC().toString(Qt::ISODate)) : QJsonValue(QJsonValue::Null);
}

QString timeText(const QDateTime &time)
{
    return time.isValid() ? time.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm")) : QStringLiteral("never");
}

QString counted(qint64 number, const char *one, const char *many)
{
    const QString digits = QLocale(QLocale::English).toString(number);
    return digits + u' ' + QString::fromUtf8(number == 1 ? one : many);
}

} // namespace mf::cli
