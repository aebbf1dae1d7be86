// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/message.h"

#include <QLocale>
#include <QRegularExpression>

#include <algorithm>

namespace mf {

QByteArray HttpAnswer::header(QByteArrayView name) const
{
    const auto found = std::find_if(headers.begin(), headers.end(),
        [name](const auto &header) { return header.first.compare(name, Qt::CaseInsensitive) == 0; });
    return found == headers.end() ? QByteArray() : found->second;
}

QDateTime httpTime(const QByteArray &text)
{
    static const char *const forms[] = {
        "d MMM yyyy 'GMT'", // IMF-fixdate
        "d MMM yyyy 'UTC'", // seen in the wild
        "dd-MMM-yy 'GMT'", // RFC 850
        "MMM d yyyy", // asctime
    };
    // The day of the week says nothing new, and Qt reads "26" as 1926, when it was another one.
    QString plain = QString::fromLatin1(text).simplified().section(u' ', 1);
    // Apart from its time of day: Qt would take both for this computer's, which has none in the hour that summer skips.
    static const QRegularExpression timeOfDay(QStringLiteral("(\\d\\d:\\d\\d:\\d\\d) ?"));
    const QTime time = QTime::fromString(timeOfDay.match(plain).captured(1), QStringLiteral("hh:mm:ss"));
    plain.remove(timeOfDay);
    for (const char *form : forms) {
        QDate date = QLocale::c().toDate(plain, QString::fromLatin1(form));
        if (!date.isValid() || !time.isValid())
            continue;
        if (plain.contains(u'-') && date.year() < 1970)
            date = date.addYears(100);
        return QDateTime(date, time, Qt::UTC);
    }
    return {};
}

} // namespace mf
