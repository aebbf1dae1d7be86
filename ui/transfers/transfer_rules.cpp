// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transfers/transfer_rules.h"

#include "ui/common/desk.h"
#include "ui/common/words.h"

#include <QCoreApplication>

#include <algorithm>

namespace mf::ui {
namespace {

using Kind = TransferEntry::Kind;
using Stage = TransferEntry::State;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(mf::ui::TransferRules)
};

} // namespace

bool belongsTo(const TransferEntry &transfer, TransferTab tab)
{
    if (tab == TransferTab::All)
        return true;
    switch (transfer.state) {
    case Stage::Running:
        return tab == TransferTab::Active;
    case Stage::Queued:
    case Stage::Paused:
    case Stage::Waiting:
        return tab == TransferTab::Waiting;
    case Stage::Done:
    case Stage::Cancelled:
        return tab == TransferTab::Done;
    case Stage::Failed:
        break;
    }
    return tab == TransferTab::Failed;
}

bool isEnded(const TransferEntry &transfer)
{
    return transfer.state == Stage::Done || transfer.state == Stage::Failed || transfer.state == Stage::Cancelled;
}

bool canPause(const TransferEntry &transfer)
{
    return transfer.state == Stage::Running || transfer.state == Stage::Queued || transfer.state == Stage::Waiting;
}

bool canResume(const TransferEntry &transfer) { return transfer.state == Stage::Paused; }

bool canCancel(const TransferEntry &transfer) { return !isEnded(transfer); }

bool canRetry(const TransferEntry &transfer)
{
    return transfer.state == Stage::Failed || transfer.state == Stage::Cancelled;
}

bool canStartNow(const TransferEntry &transfer) { return !isEnded(transfer) && transfer.state != Stage::Running; }

bool canOpenFolder(const TransferEntry &transfer)
{
    return transfer.kind == Kind::Fetch && transfer.state == Stage::Done && !transfer.folder.isEmpty();
}

bool asksBeforeCancel(const TransferEntry &transfer)
{
    return transfer.kind == Kind::Store && canCancel(transfer) && transfer.progress.total > 0
        && transfer.progress.bytes > transfer.progress.total / 20;
}

std::optional<WaitRemedy> remedyOf(const TransferEntry &transfer)
{
    if (transfer.state != Stage::Waiting || !transfer.error)
        return std::nullopt;
    const Error &error = *transfer.error;
    const QString storage = QStringLiteral("storage");
    for (const Error::Action action : error.actions) {
        switch (action) {
        case Error::Action::SignIn:
            return WaitRemedy { Words::tr("Sign In…"), storage, signInKey(error.account) };
        case Error::Action::FreeSpace:
            return WaitRemedy { Words::tr("Free Space…"), storage, error.account };
        case Error::Action::AddStorage:
            return WaitRemedy { Words::tr("Add Storage…"), storage, QStringLiteral("add") };
        case Error::Action::Retry:
        case Error::Action::ChooseAnother:
        case Error::Action::LowerProtection:
        case Error::Action::Unlock:
        case Error::Action::Details:
            break;
        }
    }
    if (!error.account.isEmpty())
        return WaitRemedy { Words::tr("Show Account"), storage, error.account };
    return WaitRemedy { Words::tr("Show Storage"), storage, QString() };
}

QStringList remedyTexts()
{
    return { Words::tr("Sign In…"), Words::tr("Free Space…"), Words::tr("Add Storage…"), Words::tr("Show Account"),
        Words::tr("Show Storage") };
}

int placeOf(const std::vector<TransferEntry> &transfers, TransferId id)
{
    int place = 0;
    for (const TransferEntry &transfer : transfers) {
        if (transfer.id == id)
            return isEnded(transfer) ? -1 : place;
        if (!isEnded(transfer))
            ++place;
    }
    return -1;
}

Places placesOf(const std::vector<TransferEntry> &transfers, TransferId id)
{
    const auto found = std::ranges::find(transfers, id, &TransferEntry::id);
    Places places;
    if (found == transfers.end() || isEnded(*found))
        return places;
    for (const TransferEntry &transfer : transfers) {
        if (isEnded(transfer))
            continue;
        places.begin += transfer.priority < found->priority ? 1 : 0;
        places.end += transfer.priority <= found->priority ? 1 : 0;
    }
    return places;
}

bool goesUp(TransferEntry::Kind kind) { return kind != Kind::Fetch && kind != Kind::Check; }

Rates ratesOf(const std::vector<TransferEntry> &transfers)
{
    Rates rates;
    for (const TransferEntry &transfer : transfers) {
        if (transfer.state == Stage::Running)
            (goesUp(transfer.kind) ? rates.up : rates.down) += transfer.bytesPerSecond;
    }
    return rates;
}

QString transferSubject(const TransferEntry &transfer)
{
    return transfer.name.isEmpty() ? transferTitle(transfer) : transfer.name;
}

QString transferIcon(const TransferEntry &transfer)
{
    switch (transfer.state) {
    case Stage::Done:
        return transfer.isWarning ? QStringLiteral("triangle-alert") : QStringLiteral("circle-check");
    case Stage::Failed:
        return QStringLiteral("circle-x");
    case Stage::Queued:
    case Stage::Running:
    case Stage::Paused:
    case Stage::Waiting:
    case Stage::Cancelled:
        break;
    }
    switch (transfer.kind) {
    case Kind::Store:
        return QStringLiteral("upload");
    case Kind::Fetch:
        return QStringLiteral("download");
    case Kind::Check:
        return QStringLiteral("stethoscope");
    case Kind::Repair:
        return QStringLiteral("wrench");
    case Kind::Protect:
        return QStringLiteral("shield");
    case Kind::Collect:
        return QStringLiteral("trash-2");
    case Kind::MoveAway:
        break;
    }
    return QStringLiteral("hard-drive");
}

Token transferColour(const TransferEntry &transfer)
{
    switch (transfer.state) {
    case Stage::Running:
        return Token::Info;
    case Stage::Waiting:
        return Token::Warn;
    case Stage::Failed:
        return Token::Bad;
    case Stage::Done:
        return transfer.isWarning ? Token::Warn : Token::Ok;
    case Stage::Queued:
    case Stage::Paused:
    case Stage::Cancelled:
        break;
    }
    return Token::MutedText;
}

QString priorityIcon(TransferPriority priority)
{
    switch (priority) {
    case TransferPriority::High:
        return QStringLiteral("chevrons-up");
    case TransferPriority::Low:
        return QStringLiteral("chevrons-down");
    case TransferPriority::Normal:
        break;
    }
    return QString();
}

QString priorityWords(TransferPriority priority)
{
    switch (priority) {
    case TransferPriority::High:
        return Words::tr("High priority");
    case TransferPriority::Low:
        return Words::tr("Low priority");
    case TransferPriority::Normal:
        break;
    }
    return QString();
}

QString transferLine(const TransferEntry &transfer, const QDateTime &now)
{
    QStringList parts { transferWords(transfer) };
    if (transfer.state == Stage::Done && !transfer.outcome.isEmpty())
        parts = QStringList { transfer.outcome };
    if (isEnded(transfer)) {
        if (transfer.ended.isValid())
            parts.append(ageWords(transfer.ended, now));
    } else if (transfer.progress.total > 0) {
        const QString size = sizeWords(transfer.progress.total);
        parts.append(
            transfer.progress.bytes > 0 ? Words::tr("%1 of %2").arg(sizeWords(transfer.progress.bytes), size) : size);
    }
    if (transfer.rateLimit > 0 && !isEnded(transfer))
        parts.append(Words::tr("at most %1").arg(rateWords(static_cast<double>(transfer.rateLimit))));
    return parts.join(QStringLiteral(" · "));
}

QString transferSpoken(const TransferEntry &transfer, const QDateTime &now)
{
    QStringList parts { transferLine(transfer, now) };
    const QString priority = priorityWords(transfer.priority);
    if (!priority.isEmpty() && !isEnded(transfer))
        parts.prepend(priority);
    if (!isEnded(transfer) && transfer.progress.total > 0)
        parts.append(percentWords(transfer.progress));
    if (transfer.state == Stage::Running) {
        if (transfer.bytesPerSecond > 0)
            parts.append(rateWords(transfer.bytesPerSecond));
        if (transfer.left.form != TimeLeft::Form::Waiting)
            parts.append(timeLeftWords(transfer.left));
    }
    return parts.join(QStringLiteral(", "));
}

} // namespace mf::ui
