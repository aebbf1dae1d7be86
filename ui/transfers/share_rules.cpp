// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transfers/share_rules.h"

#include "ui/common/words.h"
#include "ui/transfers/transfer_rules.h"

#include <QCoreApplication>

#include <algorithm>

namespace mf::ui {
namespace {

using Doing = AccountShare::Doing;
using Stage = TransferEntry::State;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(mf::ui::ShareRules)
};

bool isRunning(const TransferEntry &transfer) { return transfer.state == Stage::Running; }

// Words for what an account does while its transfer runs.
QString doingWords(const ShareEntry &share)
{
    switch (share.doing) {
    case Doing::Sending:
        return Words::tr("Uploading");
    case Doing::Receiving:
        return Words::tr("Downloading");
    case Doing::Nothing:
    case Doing::Waiting: // for a reason that is not known
    case Doing::Refusing:
        break;
    }
    return Words::tr("Idle");
}

// It is tried again, now or when the transfer goes on; else what was wrong is over, or for good.
bool isHeldUp(const TransferEntry &transfer, const ShareEntry &share)
{
    if (isEnded(transfer))
        return false;
    return share.doing == Doing::Waiting || (transfer.state == Stage::Waiting && share.why->isTransient());
}

QString movedWords(const ShareEntry &share)
{
    const qint64 moved = share.sent + share.received;
    if (share.planned > moved)
        return Words::tr("%1 of %2").arg(sizeWords(moved), sizeWords(share.planned));
    if (share.sent > 0 && share.received > 0)
        return Words::tr("%1 up, %2 down").arg(sizeWords(share.sent), sizeWords(share.received));
    return moved > 0 ? sizeWords(moved) : QString();
}

} // namespace

QString shareWords(const TransferEntry &transfer, const ShareEntry &share)
{
    if (share.why)
        return (isHeldUp(transfer, share) ? Words::tr("Waiting: %1") : Words::tr("Failed: %1")).arg(share.why->message);
    switch (transfer.state) {
    case Stage::Running:
        return doingWords(share);
    case Stage::Done:
        return Words::tr("Done");
    case Stage::Queued:
        return Words::tr("Queued");
    case Stage::Waiting:
        return Words::tr("Waiting");
    case Stage::Paused:
        return Words::tr("Paused");
    case Stage::Failed:
    case Stage::Cancelled:
        break;
    }
    return Words::tr("Stopped");
}

Token shareColour(const TransferEntry &transfer, const ShareEntry &share)
{
    if (share.why)
        return isHeldUp(transfer, share) ? Token::Warn : Token::Bad;
    return isRunning(transfer) && share.doing != Doing::Nothing ? Token::Info : Token::MutedText;
}

QString shareLine(const TransferEntry &transfer, const ShareEntry &share)
{
    const QString moved = movedWords(share);
    const QString words = shareWords(transfer, share);
    return moved.isEmpty() ? words : QString(words + QStringLiteral(" · ") + moved);
}

std::optional<double> sharePart(const TransferEntry &transfer, const ShareEntry &share)
{
    if (share.planned <= 0 || transfer.state == Stage::Done || transfer.state == Stage::Cancelled)
        return std::nullopt;
    const double part = static_cast<double>(share.sent + share.received) / static_cast<double>(share.planned);
    return std::clamp(part, 0.0, 1.0);
}

QString sharePercent(const ShareEntry &share)
{
    Progress progress;
    progress.bytes = share.sent + share.received;
    progress.total = share.planned;
    progress.phase = progress.bytes < progress.total ? Progress::Phase::Storing : Progress::Phase::Done;
    return percentWords(progress);
}

QString shareTitle(const TransferEntry &transfer, const ShareEntry &share)
{
    return Words::tr("%1 for %2", "name of an account, name of a model").arg(share.name, transferSubject(transfer));
}

QString shareSpoken(const TransferEntry &transfer, const ShareEntry &share)
{
    QStringList parts { shareLine(transfer, share) };
    if (sharePart(transfer, share))
        parts.append(sharePercent(share));
    if (isRunning(transfer) && share.bytesPerSecond > 0)
        parts.append(rateWords(share.bytesPerSecond));
    if (share.why && share.why->retryAt && share.doing == Doing::Waiting)
        parts.append(Words::tr("tries again at %1")
                .arg(QLocale().toString(share.why->retryAt->toLocalTime().time(), QLocale::ShortFormat)));
    return parts.join(QStringLiteral(", "));
}

} // namespace mf::ui
