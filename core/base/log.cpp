// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/log.h"

#include <QDateTime>
#include <QDir>
#include <QFile>

#include <algorithm>
#include <mutex>

namespace mf {
namespace {

constexpr qint64 kLargestFile = 5'000'000; // bytes
constexpr int kFiles = 5;

struct State {
    std::mutex mutex;
    QFile file;
    LogLevel level = LogLevel::Off;
};

// Never destroyed: threads may log while the program ends.
State &state()
{
    static State *const s = new State;
    return *s;
}

QString numbered(const QString &path, int n) { return n == 0 ? path : path + u'.' + QString::number(n); }

// For the user's eyes only, from the first byte on.
bool open(QFile &file)
{
    return file.open(QIODevice::WriteOnly | QIODevice::Append, QFileDevice::ReadOwner | QFileDevice::WriteOwner);
}

void rotate(QFile &file)
{
    const QString path = file.fileName();
    file.close();
    QFile::remove(numbered(path, kFiles - 1));
    for (int n = kFiles - 2; n >= 0; --n)
        QFile::rename(numbered(path, n), numbered(path, n + 1));
    open(file);
}

// Also what a terminal would obey: names from outside may hold anything.
bool breaksLine(QChar c)
{
    return c.category() == QChar::Other_Control || c == QChar::LineSeparator || c == QChar::ParagraphSeparator;
}

const char *word(LogLevel level)
{
    switch (level) {
    case LogLevel::Debug:
        return "debug";
    case LogLevel::Info:
        return "info";
    case LogLevel::Warning:
        return "warning";
    case LogLevel::Error:
        return "error";
    case LogLevel::Off:
        break;
    }
    return "off";
}

} // namespace

std::optional<LogLevel> logLevelFrom(QStringView text)
{
    for (const LogLevel level :
        { LogLevel::Debug, LogLevel::Info, LogLevel::Warning, LogLevel::Error, LogLevel::Off }) {
        if (text == QLatin1StringView(word(level)))
            return level;
    }
    return std::nullopt;
}

Result<> openLog(const QString &directory, LogLevel level)
{
    State &s = state();
    const std::lock_guard lock(s.mutex);
    s.file.close();
    s.level = level;
    if (level == LogLevel::Off)
        return {};
    if (!QDir().mkpath(directory))
        return Error(Error::Kind::Invalid, QStringLiteral("MF-LOG-OPEN"),
            QStringLiteral("cannot make the log folder %1; check its permissions").arg(directory));
    s.file.setFileName(directory + QStringLiteral("/modelfloat.log"));
    if (!open(s.file))
        return Error(Error::Kind::Invalid, QStringLiteral("MF-LOG-OPEN"),
            QStringLiteral("cannot write %1: %2").arg(s.file.fileName(), s.file.errorString()));
    return {};
}

void closeLog()
{
    State &s = state();
    const std::lock_guard lock(s.mutex);
    s.file.close();
    s.level = LogLevel::Off;
}

void logLine(LogLevel level, const char *area, const QString &text)
{
    State &s = state();
    const std::lock_guard lock(s.mutex);
    if (level < s.level || !s.file.isOpen())
        return;
    QString line = QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs) + u' ' + QLatin1StringView(word(level))
        + u' ' + QLatin1StringView(area) + QStringLiteral(": ") + text;
    std::replace_if(line.begin(), line.end(), breaksLine, u' ');
    s.file.write(line.toUtf8() + '\n');
    s.file.flush();
    if (s.file.size() > kLargestFile)
        rotate(s.file);
}

} // namespace mf
