// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/issue_control.h"

#include "ui/common/desk.h"
#include "ui/common/words.h"

namespace mf::ui {

using Remedy = IssueEntry::Remedy;

QString remedyText(Remedy remedy)
{
    switch (remedy) {
    case Remedy::Repair:
        return IssueControl::tr("Repair");
    case Remedy::Check:
        return IssueControl::tr("Check Now");
    case Remedy::AddStorage:
        return IssueControl::tr("Add Storage…");
    case Remedy::MoveAway:
        return IssueControl::tr("Move Fragments…");
    case Remedy::ShowAccount:
        return IssueControl::tr("Show Account");
    case Remedy::ShowModel:
        return IssueControl::tr("Show Model");
    case Remedy::Retry:
        return IssueControl::tr("Try Again");
    case Remedy::SaveKit:
        return IssueControl::tr("Save Recovery Kit…");
    case Remedy::SignIn:
        return IssueControl::tr("Sign In…");
    case Remedy::None:
        break;
    }
    return {};
}

SeverityLook severityLook(IssueEntry::Severity severity)
{
    switch (severity) {
    case IssueEntry::Severity::Note:
        return { QStringLiteral("info"), Token::Info, IssueControl::tr("Note") };
    case IssueEntry::Severity::Warning:
        return { QStringLiteral("triangle-alert"), Token::Warn, IssueControl::tr("Warning") };
    case IssueEntry::Severity::Risk:
        return { QStringLiteral("shield-alert"), Token::Risk, IssueControl::tr("Risk") };
    case IssueEntry::Severity::Bad:
        break;
    }
    return { QStringLiteral("circle-x"), Token::Bad, IssueControl::tr("Problem") };
}

IssueControl::IssueControl(Service &service, QObject *parent)
    : QObject(parent)
    , m_service(service)
{
    connect(&m_service, &Service::transfersChanged, this, [this] {
        for (const QString &issue : m_mending.keys())
            emit mendingChanged(issue);
    });
    connect(&m_service, &Service::transferMoved, this, [this](qint64 transfer) {
        const QString issue = m_mending.key(transfer);
        if (!issue.isEmpty())
            emit mendingChanged(issue);
    });
}

std::optional<ModelId> IssueControl::modelOf(const QString &name) const
{
    for (const ModelEntry &model : m_service.models()) {
        if (!name.isEmpty() && model.name == name)
            return model.id;
    }
    return std::nullopt;
}

const TransferEntry *IssueControl::transferOf(const QString &issue) const
{
    const TransferId wanted = m_mending.value(issue);
    for (const TransferEntry &transfer : m_service.transfers()) {
        if (wanted != 0 && transfer.id == wanted)
            return &transfer;
    }
    return nullptr;
}

void IssueControl::note(const QString &issue, TransferId transfer)
{
    m_mending.insert(issue, transfer);
    emit mendingChanged(issue);
}

void IssueControl::mend(const IssueEntry &issue, Remedy remedy)
{
    const std::optional<ModelId> model = modelOf(issue.model);
    switch (remedy) {
    case Remedy::Repair:
    case Remedy::Check: {
        // A model that is gone must not become "all of them".
        if (!issue.model.isEmpty() && !model)
            return;
        const std::vector<ModelId> models = model ? std::vector<ModelId> { *model } : std::vector<ModelId>();
        note(issue.id, remedy == Remedy::Repair ? m_service.repair(models) : m_service.check(models, false));
        return;
    }
    case Remedy::Retry:
        m_service.retry(issue.transfer);
        note(issue.id, issue.transfer);
        return;
    case Remedy::AddStorage:
        emit asksFor(QStringLiteral("storage"), QStringLiteral("add"));
        return;
    case Remedy::MoveAway:
    case Remedy::ShowAccount:
        emit asksFor(QStringLiteral("storage"), issue.account);
        return;
    case Remedy::SignIn:
        emit asksFor(QStringLiteral("storage"), signInKey(issue.account));
        return;
    case Remedy::ShowModel:
        emit asksFor(QStringLiteral("models"), issue.model);
        return;
    case Remedy::SaveKit:
        emit asksFor(QStringLiteral("kit"), QString());
        return;
    case Remedy::None:
        return;
    }
}

QString IssueControl::mendingWords(const QString &issue) const
{
    const TransferEntry *transfer = transferOf(issue);
    if (!transfer)
        return {};
    const QString words = transferWords(*transfer);
    switch (transfer->state) {
    case TransferEntry::State::Done:
        return transfer->outcome.isEmpty() ? words : transfer->outcome;
    case TransferEntry::State::Running:
        return transfer->progress.total > 0 ? tr("%1 · %2").arg(words, percentWords(transfer->progress)) : words;
    case TransferEntry::State::Queued:
    case TransferEntry::State::Paused:
    case TransferEntry::State::Waiting:
    case TransferEntry::State::Failed:
    case TransferEntry::State::Cancelled:
        break;
    }
    return words;
}

bool IssueControl::isMending(const QString &issue) const
{
    const TransferEntry *transfer = transferOf(issue);
    return transfer && transfer->state != TransferEntry::State::Done && transfer->state != TransferEntry::State::Failed
        && transfer->state != TransferEntry::State::Cancelled;
}

} // namespace mf::ui
