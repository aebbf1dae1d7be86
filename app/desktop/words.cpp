// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/words.h"

#include "core/base/size_text.h"

#include <QCoreApplication>

namespace mf {
namespace {

using Kind = ui::TransferEntry::Kind;
using Outcome = TransferQueue::Outcome;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(mf::Outcomes)
};

QString size(qint64 bytes) { return sizeText(bytes, QLocale()); }
QString fragments(qint64 count) { return countWords(count, Words::tr("fragment"), Words::tr("fragments")); }
QString modelWords(qint64 count) { return countWords(count, Words::tr("model"), Words::tr("models")); }

Outcome withNotes(QStringList notes, const QString &text, bool isWarning)
{
    for (QString &note : notes)
        note = sentence(note);
    notes.removeDuplicates();
    constexpr qsizetype kMostNotes = 3;
    const QString more = notes.size() > kMostNotes ? QStringLiteral(" …") : QString();
    const QString all = (QStringList(text) + notes.mid(0, kMostNotes)).join(u' ') + more;
    return Outcome(all, isWarning);
}

} // namespace

QString countWords(qint64 count, const QString &one, const QString &many)
{
    return QStringLiteral("%1 %2").arg(QLocale().toString(count), count == 1 ? one : many);
}

QString sentence(const QString &message)
{
    QString text = message.trimmed();
    if (text.isEmpty())
        return text;
    text[0] = text.at(0).toUpper();
    if (!QStringLiteral(".!?…").contains(text.back()))
        text += u'.';
    return text;
}

Outcome outcomeOf(const StoreResult &result)
{
    if (result.unchanged)
        return Outcome(Words::tr("It was stored already; nothing was sent."));
    if (result.onThisComputer)
        return withNotes(result.warnings,
            Words::tr("No account could be reached: it waits on this computer and moves there by itself."), true);
    if (result.reducedPacks > 0)
        return withNotes(result.warnings, Words::tr("Stored with less protection than you chose."), true);
    const QString text = Words::tr("%1 stored, %2 sent.").arg(size(result.bytes), size(result.uploadedBytes));
    return withNotes(result.warnings, text, false);
}

Outcome outcomeOf(const FetchResult &result)
{
    QString text = Words::tr("%1 downloaded and verified.").arg(size(result.bytes));
    if (result.healed.rebuilt > 0)
        text += u' ' + Words::tr("%1 rebuilt on the way.").arg(fragments(result.healed.rebuilt));
    if (result.healed.problem.isEmpty())
        return Outcome(text);
    const QString damage = Words::tr("Damage was found that is not mended yet: %1").arg(result.healed.problem);
    return Outcome(text + u' ' + sentence(damage), true);
}

Outcome outcomeOf(const std::vector<CheckResult> &results)
{
    qint64 looked = 0;
    qint64 wrong = 0;
    qint64 models = 0;
    QStringList notes;
    for (const CheckResult &result : results) {
        looked += result.fragments;
        notes += result.warnings;
        for (const ModelHealth &model : result.models) {
            ++models;
            wrong += model.missing + model.damaged;
        }
    }
    if (wrong > 0)
        return withNotes(notes, Words::tr("%1 missing or damaged.").arg(fragments(wrong)), true);
    const QString text = Words::tr("All %1 of %2 are there.").arg(fragments(looked), modelWords(models));
    return withNotes(notes, text, !notes.isEmpty());
}

Outcome outcomeOf(const std::vector<RepairResult> &results)
{
    qint64 rebuilt = 0;
    int lacking = 0;
    int unreadable = 0;
    QStringList notes;
    for (const RepairResult &result : results) {
        rebuilt += result.rebuilt;
        lacking = std::max(lacking, result.domainsMissing);
        unreadable += result.unreadablePacks;
        notes += result.warnings;
    }
    QString text
        = rebuilt > 0 ? Words::tr("%1 rebuilt.").arg(fragments(rebuilt)) : Words::tr("Nothing had to be rebuilt.");
    if (unreadable > 0)
        text += u' ' + Words::tr("Of some parts too little is left to rebuild them.");
    if (lacking > 0)
        text += u' '
            + Words::tr("To bring all protection back it takes %1 more.")
                  .arg(countWords(lacking, Words::tr("account"), Words::tr("accounts")));
    return withNotes(notes, text, unreadable > 0 || lacking > 0);
}

Outcome outcomeOf(const ProtectResult &result)
{
    if (result.unchanged)
        return withNotes(result.warnings, Words::tr("It has that protection already."), false);
    const QString text = result.fragments > 0 || result.uploadedBytes > 0
        ? Words::tr("Protection changed; %1 sent.").arg(size(result.uploadedBytes))
        : Words::tr("Protection changed.");
    return withNotes(result.warnings, text, false);
}

Outcome outcomeOf(const CollectResult &result)
{
    const QString text
        = result.freedBytes > 0 ? Words::tr("%1 freed.").arg(size(result.freedBytes)) : Words::tr("Nothing was freed.");
    return withNotes(result.waiting, text, false);
}

Outcome outcomeOf(const RemovedAccount &result)
{
    QStringList notes = result.waiting;
    if (!result.harmed.isEmpty())
        notes.prepend(Words::tr("Less protected now: %1").arg(result.harmed.join(QStringLiteral(", "))));
    const QString moved
        = result.moved > 0 ? Words::tr("%1 moved to other accounts.").arg(fragments(result.moved)) : QString();
    const QString end = result.isRetired ? Words::tr("The account is given up.")
                                         : Words::tr("The account is not given up yet; try again later.");
    const QString text = moved.isEmpty() ? end : QString(moved + u' ' + end);
    return withNotes(notes, text, !result.isRetired || !result.harmed.isEmpty());
}

QString failedWords(Kind kind, const QString &name)
{
    switch (kind) {
    case Kind::Store:
        return Words::tr("“%1” could not be stored").arg(name);
    case Kind::Fetch:
        return Words::tr("“%1” could not be downloaded").arg(name);
    case Kind::Check:
        return name.isEmpty() ? Words::tr("The check failed") : Words::tr("“%1” could not be checked").arg(name);
    case Kind::Repair:
        return name.isEmpty() ? Words::tr("The repair failed") : Words::tr("“%1” could not be repaired").arg(name);
    case Kind::Protect:
        return Words::tr("The protection of “%1” could not be changed").arg(name);
    case Kind::Collect:
        return Words::tr("Space could not be freed");
    case Kind::MoveAway:
        break;
    }
    return Words::tr("%1 could not be given up").arg(name);
}

QString doneWords(Kind kind, const QString &name)
{
    switch (kind) {
    case Kind::Store:
        return Words::tr("Stored “%1”").arg(name);
    case Kind::Fetch:
        return Words::tr("Downloaded “%1”").arg(name);
    case Kind::Check:
        return name.isEmpty() ? Words::tr("Checked all models") : Words::tr("Checked “%1”").arg(name);
    case Kind::Repair:
        return name.isEmpty() ? Words::tr("Repaired all models") : Words::tr("Repaired “%1”").arg(name);
    case Kind::Protect:
        return Words::tr("Changed the protection of “%1”").arg(name);
    case Kind::Collect:
        return Words::tr("Freed space");
    case Kind::MoveAway:
        break;
    }
    return Words::tr("Gave %1 up").arg(name);
}

QString historyKind(Kind kind)
{
    switch (kind) {
    case Kind::Store:
        return QStringLiteral("store");
    case Kind::Fetch:
        return QStringLiteral("fetch");
    case Kind::Check:
        return QStringLiteral("check");
    case Kind::Repair:
        return QStringLiteral("repair");
    case Kind::Protect:
        return QStringLiteral("protect");
    case Kind::Collect:
        return QStringLiteral("collect");
    case Kind::MoveAway:
        break;
    }
    return QStringLiteral("account");
}

} // namespace mf
