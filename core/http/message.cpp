// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/message.h"

#include <QLocale>

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
        "d MMM yyyy hh:mm:ss 'GMT'", // IMF-fixdate
        "d MMM yyyy hh:mm:ss 'UTC'", // seen in the wild
        "dd-MMM-yy hh:mm:ss 'GMT'", // RFC 850
        "MMM d hh:mm:ss yyyy", // asctime
    };
    // The day of the week says nothing new, and Qt reads "26" as 1926, when it was another one.
    const QString plain = QString::fromLatin1(text).simplified().section(u' ', 1);
    for (const char *form : forms) {
        QDateTime time = QLocale::c().toDateTime(plain, QString::fromLatin1(form));
        if (!time.isValid())
            continue;
        if (plain.contains(u'-') && time.date().year() < 1970)
            time = time.addYears(100);
        time.setTimeSpec(Qt::UTC);
        return time;
    }
    return {};
}

} // namespace mf
