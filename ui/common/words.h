// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Values in words and numbers, as all pages say them (ux.md sections 0, 2 and 3.4). In the locale of QLocale().

#include "ui/common/snapshots.h"
#include "ui/common/theme.h"

namespace mf::ui {

QString sizeWords(qint64 bytes); // "4.68 GB", with a no-break space
QString exactSizeWords(qint64 bytes); // "4,683,074,240 bytes", for tooltips
QString rateWords(double bytesPerSecond); // "3.1 MB/s"
// "3 weeks ago"; after 7 days the date. now: the clock of the caller.
QString ageWords(const QDateTime &when, const QDateTime &now);
QString timeLeftWords(const TimeLeft &left); // "about 7 min", "Estimating…", "—"
QString parameterWords(qint64 parameters); // "7.6 B"; "" for 0
QString protectionWords(const Protection &protection); // "3 + 2", "2 copies"

// How a state looks: icon, colour, and the short label of a row ("Reduced · 1 spare", at most 18 characters).
struct StateLook {
    QString icon;
    Token colour = Token::Muted;
    QString label;
};
StateLook stateLook(const ModelEntry &model);
// "You can lose only 1 more account. Repair restores 2."
QString stateSentence(const ModelEntry &model);

QString healthWords(const AccountEntry &account); // "Connected", "Unreachable since …"
StateLook healthLook(const AccountEntry &account);

QString transferTitle(const TransferEntry &transfer); // "Store Qwen2.5-3B", "Check all models"
QString transferWords(const TransferEntry &transfer); // its state: "Storing", "Waiting: …", "Failed: …"
QString percentWords(const Progress &progress); // "62 %", floored; 100 only when done

} // namespace mf::ui
