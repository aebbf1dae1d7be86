// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QString>

namespace mf {

// The program's log: a text file that rotates (5 files of 5 MB), thread-safe.
//
// No secret is ever passed to it, and no name of a model or of a user's file at
// Info or above: those go to Debug, which the user switches on knowingly.
enum class LogLevel { Debug, Info, Warning, Error, Off };

std::optional<LogLevel> logLevelFrom(QStringView word); // "debug", "info", "warning", "error", "off"

// Opens (or reopens) the log in this directory, which is created. Until then,
// and after closeLog, lines go nowhere. Files: modelfloat.log, modelfloat.log.1 … .4
Result<> openLog(const QString &directory, LogLevel level);
void closeLog();

// One line: time (UTC), level, area, text; line breaks and control characters in the text become spaces.
void logLine(LogLevel level, const char *area, const QString &text);

inline void logDebug(const char *area, const QString &text) { logLine(LogLevel::Debug, area, text); }
inline void logInfo(const char *area, const QString &text) { logLine(LogLevel::Info, area, text); }
inline void logWarning(const char *area, const QString &text) { logLine(LogLevel::Warning, area, text); }
inline void logError(const char *area, const QString &text) { logLine(LogLevel::Error, area, text); }

} // namespace mf
