// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Words that several results share, in JSON and for people.

#include "core/distributor/model_state.h"

#include <QJsonObject>
#include <QString>

#include <chrono>
#include <optional>

namespace mf::cli {

// "2+1", "copies 2" or "none". Precondition: k > 0, the caller knows what k came to.
QString protectionWord(const Protection &protection);
// The inverse question: which k did the packs of a revision with k = 0 ("chosen per pack") come to?
// That of the pack with the most; callers give the shape they found.
Protection resolved(const Protection &asked, int k);

QString stateWord(ModelState state); // JSON: "at-risk"
QString stateText(ModelState state, int spare); // people: "Safe · 2 spare"
QString stateText(ModelState state, int spare, bool onThisComputer); // "On this computer only"

// "0.4 s", "12 s", "3 min 20 s", "1 h 5 min"
QString durationText(std::chrono::milliseconds duration);
// Seconds with three decimals, for JSON.
double secondsOf(std::chrono::milliseconds duration);
// UTC, RFC 3339: "2026-11-21T10:00:00Z"; null for an invalid time.
QJsonValue timeJson(const QDateTime &time);
// "2026-11-21 11:00", local; "never" for an invalid time.
QString timeText(const QDateTime &time);

// "1 file", "3 files"
QString counted(qint64 number, const char *one, const char *many);

} // namespace mf::cli
