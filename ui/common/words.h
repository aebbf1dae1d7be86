// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Values in words and numbers, as all pages say them (ux.md sections 0, 2 and 3.4). In the locale of QLocale().

#include "ui/common/snapshots.h"
#include "ui/common/theme.h"

namespace mf::ui {

// Every number keeps together with its unit, and keeps its direction where the window is read from right to left.
QString sizeWords(qint64 bytes); // "4.68 GB", with a no-break space
QString exactSizeWords(qint64 bytes); // "4,683,074,240 bytes", for tooltips
QString rateWords(double bytesPerSecond); // "3.1 MB/s"
QString countWords(qint64 n, const QString &one, const QString &many); // "1 model", "10,000 models"
// A name, path or hash that keeps its direction in text that is read from right to left.
QString isolated(const QString &text);
// "just now", "3 hours ago", "yesterday", "3 days ago", then the date; "never" if invalid. now: the clock of the
// caller.
QString ageWords(const QDateTime &when, const QDateTime &now);
// The date and time of the place where the user is, for tooltips: "20 Nov 2026, 14:00:05".
QString exactTimeWords(const QDateTime &when);
QString timeLeftWords(const TimeLeft &left); // "about 7 min", "Estimating…", "—"
QString parameterWords(qint64 parameters); // "7.6 B"; "" for 0
QString protectionWords(const Protection &protection); // "3 + 2", "2 copies"
QString formatWords(const QString &format); // "GGUF"; "" for none

// How a state looks: icon, colour, and the short label of a row ("Reduced · 1 spare", at most 18 characters).
struct StateLook {
    QString icon;
    Token colour = Token::Muted;
    QString label;
};
// now: with it, a state that is old says how old ("Not checked · 41 d").
StateLook stateLook(const ModelEntry &model, const QDateTime &now = {});
// "You can lose only 1 more account. Repair restores 2."
QString stateSentence(const ModelEntry &model, const QDateTime &now = {});

// "Connected", "Unreachable since 09:00"; now: with it, the day is left out if it is today.
QString healthWords(const AccountEntry &account, const QDateTime &now = {});
StateLook healthLook(const AccountEntry &account); // the label: one or two words

QString transferTitle(const TransferEntry &transfer); // "Store Qwen2.5-3B", "Check all models"
QString transferWords(const TransferEntry &transfer); // its state: "Storing", "Waiting: …", "Failed: …"
QString percentWords(const Progress &progress); // "62 %", floored; 100 only when done

} // namespace mf::ui
