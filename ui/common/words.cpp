// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/words.h"

#include "core/base/size_text.h"

#include <QCoreApplication>
#include <QGuiApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace mf::ui {
namespace {

QString tr(const char *text) { return QCoreApplication::translate("words", text); }

constexpr QChar kNoBreak = QChar::Nbsp;

QString together(QString text)
{
    text.replace(u' ', kNoBreak);
    return isolated(text);
}

} // namespace

QString isolated(const QString &text)
{
    constexpr QChar kFirstStrong { 0x2068 };
    constexpr QChar kPop { 0x2069 };
    if (QGuiApplication::layoutDirection() != Qt::RightToLeft || text.isEmpty())
        return text;
    QString wrapped(kFirstStrong);
    wrapped += text;
    wrapped += kPop;
    return wrapped;
}

QString sizeWords(qint64 bytes) { return together(sizeText(bytes, QLocale())); }

QString exactSizeWords(qint64 bytes) { return countWords(bytes, tr("byte"), tr("bytes")); }

QString rateWords(double bytesPerSecond) { return together(rateText(bytesPerSecond, QLocale())); }

QString countWords(qint64 n, const QString &one, const QString &many)
{
    const QString number = isolated(QLocale().toString(n));
    return tr("%1 %2").arg(number, n == 1 ? one : many);
}

QString ageWords(const QDateTime &when, const QDateTime &now)
{
    if (!when.isValid())
        return tr("never");
    constexpr qint64 kMinute = 60;
    constexpr qint64 kHour = 60 * kMinute;
    constexpr qint64 kWeek = 7;
    const qint64 seconds = when.secsTo(now);
    // A little in the future is a clock that was set, not a prophecy.
    if (seconds > -kHour && seconds < kMinute)
        return tr("just now");
    if (seconds >= 0 && seconds < kHour)
        return tr("%1 ago").arg(countWords(seconds / kMinute, tr("minute"), tr("minutes")));
    const qint64 days = when.toLocalTime().date().daysTo(now.toLocalTime().date());
    if (seconds >= 0 && days == 0)
        return tr("%1 ago").arg(countWords(seconds / kHour, tr("hour"), tr("hours")));
    if (days == 1)
        return tr("yesterday");
    if (days > 0 && days <= kWeek)
        return tr("%1 ago").arg(countWords(days, tr("day"), tr("days")));
    return together(QLocale().toString(when.toLocalTime().date(), tr("d MMM yyyy")));
}

QString exactTimeWords(const QDateTime &when)
{
    if (!when.isValid())
        return tr("never");
    return QLocale().toString(when.toLocalTime(), tr("d MMM yyyy, HH:mm:ss"));
}

QString timeLeftWords(const TimeLeft &left)
{
    switch (left.form) {
    case TimeLeft::Form::Waiting:
        return QStringLiteral("—");
    case TimeLeft::Form::Estimating:
        return tr("Estimating…");
    case TimeLeft::Form::UnderAMinute:
        return tr("less than a minute");
    case TimeLeft::Form::Minutes:
        return tr("about %1 min").arg(QLocale().toString(left.amount));
    case TimeLeft::Form::Hours:
        if (left.minutes == 0)
            return tr("about %1 h").arg(QLocale().toString(left.amount));
        return tr("about %1 h %2 min").arg(QLocale().toString(left.amount), QLocale().toString(left.minutes));
    case TimeLeft::Form::Days:
        return tr("about %1").arg(countWords(left.amount, tr("day"), tr("days")));
    case TimeLeft::Form::OverAWeek:
        break;
    }
    return tr("more than a week");
}

QString parameterWords(qint64 parameters)
{
    if (parameters <= 0)
        return QString();
    constexpr double kThousand = 1e3;
    auto value = static_cast<double>(parameters);
    const char *const units[] = { "", " K", " M", " B", " T" };
    std::size_t unit = 0;
    while (value >= kThousand && unit + 1 < std::size(units)) {
        value /= kThousand;
        ++unit;
    }
    // One decimal says what matters of billions; of millions there are enough digits.
    constexpr double kTwoDigits = 99.95;
    const int decimals = unit >= 3 && value < kTwoDigits ? 1 : 0;
    return together(QLocale().toString(value, 'f', decimals) + tr(units[unit]));
}

QString formatWords(const QString &format)
{
    if (format == QStringLiteral("gguf"))
        return QStringLiteral("GGUF");
    return format == QStringLiteral("pickle") ? QStringLiteral("PyTorch") : format;
}

QString protectionWords(const Protection &protection)
{
    if (protection.m <= 0)
        return together(tr("1 copy"));
    if (protection.k == 1)
        return together(countWords(protection.m + 1, tr("copy"), tr("copies")));
    if (protection.k <= 0)
        return tr("any %1 may be lost").arg(QLocale().toString(protection.m));
    return together(tr("%1 + %2").arg(QLocale().toString(protection.k), QLocale().toString(protection.m)));
}

QString transferTitle(const TransferEntry &transfer)
{
    using Kind = TransferEntry::Kind;
    const QString name = isolated(transfer.name);
    const bool isAll = transfer.name.isEmpty();
    switch (transfer.kind) {
    case Kind::Store:
        return isAll ? tr("Store a model") : tr("Store %1").arg(name);
    case Kind::Fetch:
        return isAll ? tr("Download a model") : tr("Download %1").arg(name);
    case Kind::Check:
        return isAll ? tr("Check all models") : tr("Check %1").arg(name);
    case Kind::Repair:
        return isAll ? tr("Repair all models") : tr("Repair %1").arg(name);
    case Kind::Protect:
        return isAll ? tr("Change the protection") : tr("Change the protection of %1").arg(name);
    case Kind::Collect:
        return tr("Free space");
    case Kind::MoveAway:
        break;
    }
    return isAll ? tr("Move fragments away") : tr("Move fragments away from %1").arg(name);
}

namespace {

QString runningWords(const TransferEntry &transfer)
{
    using Kind = TransferEntry::Kind;
    using Phase = Progress::Phase;
    switch (transfer.progress.phase) {
    case Phase::Preparing:
        return tr("Preparing");
    case Phase::Reading:
        return tr("Reading files");
    case Phase::Confirming:
        return tr("Confirming");
    case Phase::Verifying:
        return tr("Verifying");
    case Phase::Done:
        return tr("Finishing");
    case Phase::Storing:
    case Phase::Downloading:
        break;
    }
    // Checks, repairs and moves do both, and are named by what they are for.
    switch (transfer.kind) {
    case Kind::Check:
        return tr("Checking");
    case Kind::Repair:
        return tr("Rebuilding");
    case Kind::Protect:
        return tr("Changing the protection");
    case Kind::Collect:
        return tr("Freeing space");
    case Kind::MoveAway:
        return tr("Moving");
    case Kind::Store:
    case Kind::Fetch:
        break;
    }
    return transfer.progress.phase == Phase::Storing ? tr("Storing") : tr("Downloading");
}

} // namespace

QString transferWords(const TransferEntry &transfer)
{
    using State = TransferEntry::State;
    const QString why = transfer.error ? transfer.error->message : QString();
    switch (transfer.state) {
    case State::Queued:
        return tr("Queued");
    case State::Running:
        return runningWords(transfer);
    case State::Paused:
        return tr("Paused");
    case State::Waiting:
        return why.isEmpty() ? tr("Waiting") : tr("Waiting: %1").arg(why);
    case State::Failed:
        return why.isEmpty() ? tr("Failed") : tr("Failed: %1").arg(why);
    case State::Done:
        return transfer.outcome.isEmpty() ? tr("Done") : tr("Done: %1").arg(transfer.outcome);
    case State::Cancelled:
        break;
    }
    return tr("Cancelled");
}

QString percentWords(const Progress &progress)
{
    constexpr int kAll = 100;
    int percent = kAll;
    if (progress.phase != Progress::Phase::Done) {
        percent = 0;
        if (progress.total > 0) {
            const double share = static_cast<double>(progress.bytes) / static_cast<double>(progress.total);
            percent = std::clamp(static_cast<int>(std::floor(share * kAll)), 0, kAll - 1);
        }
    }
    return together(tr("%1 %").arg(QLocale().toString(percent)));
}

} // namespace mf::ui
