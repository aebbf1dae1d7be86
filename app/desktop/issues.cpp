// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/issues.h"

#include "app/desktop/words.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace mf {
namespace {

using Severity = ui::IssueEntry::Severity;
using Remedy = ui::IssueEntry::Remedy;
using Health = ui::AccountEntry::Health;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(mf::Issues)
};

// What is said of a model in a bad state, alone (%1) and of several together (%1).
struct StateWords {
    const char *id;
    Severity severity;
    QString one;
    QString many;
    QString text;
    std::vector<Remedy> remedies;
};

StateWords unreadable()
{
    return { "unreadable", Severity::Bad, Words::tr("“%1” cannot be read"), Words::tr("%1 cannot be read"),
        Words::tr("Too many fragments are missing. They may come back with an account that is away; a check tells."),
        { Remedy::Check, Remedy::ShowModel, Remedy::ShowAccount } };
}

StateWords atRisk()
{
    return { "at-risk", Severity::Risk, Words::tr("“%1” is at risk"), Words::tr("%1 are at risk"),
        Words::tr("The loss of one more account would make it unreadable. Repair makes up for what is missing."),
        { Remedy::Repair, Remedy::AddStorage, Remedy::ShowModel } };
}

StateWords reduced()
{
    return { "reduced", Severity::Warning, Words::tr("“%1” has less protection than you chose"),
        Words::tr("%1 have less protection than you chose"),
        Words::tr("Fragments are missing. Repair makes up for them."),
        { Remedy::Repair, Remedy::AddStorage, Remedy::ShowModel } };
}

StateWords unknown()
{
    return { "unknown", Severity::Note, Words::tr("“%1” was not checked for more than 30 days"),
        Words::tr("%1 were not checked for more than 30 days"),
        Words::tr("A check asks every account what it has, and takes a few seconds."),
        { Remedy::Check, Remedy::ShowModel } };
}

StateWords here()
{
    return { "here", Severity::Risk, Words::tr("“%1” is on this computer only"),
        Words::tr("%1 are on this computer only"),
        Words::tr("No account could be reached when it was stored. It moves there by itself when one comes back."),
        { Remedy::ShowAccount, Remedy::AddStorage, Remedy::ShowModel } };
}

void addModels(
    std::vector<ui::IssueEntry> &issues, const std::vector<const ui::ModelEntry *> &models, const StateWords &words)
{
    const QString id = QString::fromLatin1(words.id);
    if (models.size() > kMostModelsAlone) {
        ui::IssueEntry issue;
        issue.id = QStringLiteral("models/") + id;
        issue.severity = words.severity;
        issue.title
            = words.many.arg(countWords(static_cast<qint64>(models.size()), Words::tr("model"), Words::tr("models")));
        issue.text = words.text;
        for (const Remedy remedy : words.remedies) {
            if (remedy != Remedy::ShowModel)
                issue.remedies.push_back(remedy);
        }
        issues.push_back(std::move(issue));
        return;
    }
    for (const ui::ModelEntry *model : models) {
        ui::IssueEntry issue;
        issue.id = QStringLiteral("model/%1/%2").arg(model->id.toHex(), id);
        issue.severity = words.severity;
        issue.title = words.one.arg(model->name);
        issue.text = words.text;
        issue.remedies = words.remedies;
        issue.model = model->name;
        issues.push_back(std::move(issue));
    }
}

// Why models may be better off than they look; "" if every account was added here.
QString notCounted(const std::vector<ui::AccountEntry> &accounts)
{
    QStringList names;
    for (const ui::AccountEntry &account : accounts) {
        if (account.isElsewhere())
            names.append(account.name);
    }
    return names.isEmpty() ? QString()
                           : Words::tr("What lies on %1 is not counted, as this computer cannot look there.")
                                 .arg(QLocale().createSeparatedList(names));
}

void addAllModels(std::vector<ui::IssueEntry> &issues, const IssueSources &sources)
{
    const std::vector<ui::ModelEntry> &models = sources.models;
    const QString doubt = notCounted(sources.accounts);
    const auto doubted = [&doubt](StateWords words) {
        if (!doubt.isEmpty())
            words.text += u' ' + doubt;
        return words;
    };
    const auto those = [&models](const auto &which) {
        std::vector<const ui::ModelEntry *> found;
        for (const ui::ModelEntry &model : models) {
            if (which(model))
                found.push_back(&model);
        }
        return found;
    };
    const auto in = [&those](ModelState state) {
        return those([state](const ui::ModelEntry &model) { return model.state == state && !model.onThisComputer; });
    };
    addModels(issues, in(ModelState::Unreadable), doubted(unreadable()));
    addModels(issues, in(ModelState::AtRisk), doubted(atRisk()));
    addModels(issues, in(ModelState::Reduced), doubted(reduced()));
    addModels(issues, in(ModelState::Unknown), unknown());
    addModels(issues, those([](const ui::ModelEntry &model) { return model.onThisComputer; }), here());
}

void addAccount(std::vector<ui::IssueEntry> &issues, const ui::AccountEntry &account)
{
    ui::IssueEntry issue;
    issue.account = account.name;
    issue.text = account.trouble ? sentence(account.trouble->message) : QString();
    QString what;
    switch (account.health) {
    case Health::Connected:
    case Health::Connecting:
        return;
    case Health::Unreachable:
        what = QStringLiteral("away");
        issue.severity = account.fragments > 0 ? Severity::Warning : Severity::Note;
        issue.title = Words::tr("%1 cannot be reached").arg(account.name);
        issue.remedies = { Remedy::ShowAccount, Remedy::MoveAway };
        if (account.isElsewhere()) {
            issue.title = Words::tr("%1 was not added to this computer").arg(account.name);
            issue.text = Words::tr("Another computer added it. What lies there is not counted here, and nothing is "
                                   "deleted from here. Add it here, too, or give it up if it is gone for good.");
            issue.remedies = { Remedy::AddStorage, Remedy::ShowAccount };
        }
        break;
    case Health::SignIn:
        what = QStringLiteral("sign-in");
        issue.title = Words::tr("%1 wants you to sign in again").arg(account.name);
        if (account.hasSecret)
            issue.remedies.push_back(Remedy::SignIn);
        issue.remedies.push_back(Remedy::ShowAccount);
        break;
    case Health::Stale:
        what = QStringLiteral("stale");
        issue.severity = Severity::Note;
        issue.title = Words::tr("%1 is out of date").arg(account.name);
        issue.text
            = Words::tr("It lacks part of what was written to it, as after somebody put an old copy back. It gets "
                        "what it lacks; until then, nothing is deleted because of what it shows.");
        issue.remedies = { Remedy::ShowAccount };
        break;
    case Health::Newer:
        what = QStringLiteral("newer");
        issue.title = Words::tr("A newer ModelFloat wrote to %1").arg(account.name);
        issue.remedies = { Remedy::ShowAccount };
        break;
    case Health::Full:
        what = QStringLiteral("full");
        issue.title = Words::tr("%1 is full").arg(account.name);
        issue.text = Words::tr("Nothing more can be stored there. Add storage, or free some space.");
        issue.remedies = { Remedy::AddStorage, Remedy::ShowAccount };
        break;
    case Health::AlmostFull:
        what = QStringLiteral("almost-full");
        issue.severity = Severity::Note;
        issue.title = Words::tr("%1 is almost full").arg(account.name);
        issue.text = Words::tr("Add storage before it is full.");
        issue.remedies = { Remedy::AddStorage, Remedy::ShowAccount };
        break;
    }
    issue.id = QStringLiteral("account/%1/%2").arg(account.id.toHex(), what);
    issues.push_back(std::move(issue));
}

void addTransfer(std::vector<ui::IssueEntry> &issues, const ui::TransferEntry &transfer)
{
    if (transfer.state != ui::TransferEntry::State::Failed)
        return;
    ui::IssueEntry issue;
    issue.id = QStringLiteral("transfer/%1").arg(transfer.id);
    issue.title = failedWords(transfer.kind, transfer.name);
    issue.text = transfer.error ? sentence(transfer.error->message) : QString();
    issue.remedies.push_back(Remedy::Retry);
    if (transfer.error) {
        issue.account = transfer.error->account;
        if (transfer.error->kind == Error::Kind::Quota)
            issue.remedies.push_back(Remedy::AddStorage);
        if (!issue.account.isEmpty())
            issue.remedies.push_back(Remedy::ShowAccount);
    }
    if (transfer.kind != ui::TransferEntry::Kind::MoveAway)
        issue.model = transfer.name;
    issue.transfer = transfer.id;
    issues.push_back(std::move(issue));
}

} // namespace

std::vector<ui::IssueEntry> issuesOf(const IssueSources &sources)
{
    std::vector<ui::IssueEntry> issues;
    addAllModels(issues, sources);
    for (const ui::AccountEntry &account : sources.accounts)
        addAccount(issues, account);
    for (const ui::TransferEntry &transfer : sources.transfers)
        addTransfer(issues, transfer);
    if (!sources.isKitSaved) {
        ui::IssueEntry issue;
        issue.id = QStringLiteral("kit");
        issue.title = Words::tr("Your recovery kit is not saved yet");
        issue.text = Words::tr("Without it nobody can open the library when this computer is gone.");
        issue.remedies = { Remedy::SaveKit };
        issues.push_back(std::move(issue));
    }
    std::stable_sort(issues.begin(), issues.end(),
        [](const ui::IssueEntry &a, const ui::IssueEntry &b) { return a.severity > b.severity; });
    return issues;
}

} // namespace mf
