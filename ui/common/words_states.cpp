// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/words.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace mf::ui {
namespace {

QString tr(const char *text) { return QCoreApplication::translate("words", text); }

QString number(qint64 n) { return QLocale().toString(n); }

// So short that the row keeps it: "41 d", "5 mo", "2 y". Empty: not known.
QString shortAge(const QDateTime &when, const QDateTime &now)
{
    if (!when.isValid() || !now.isValid())
        return QString();
    constexpr qint64 kShownAsDays = 99;
    constexpr qint64 kMonth = 30;
    constexpr qint64 kYear = 365;
    const qint64 days = std::max<qint64>(0, when.daysTo(now));
    if (days <= kShownAsDays)
        return tr("%1 d").arg(number(days));
    // "Not checked · 10 mo" would be too long.
    constexpr qint64 kMostMonths = 9;
    if (days / kMonth <= kMostMonths)
        return tr("%1 mo").arg(number(days / kMonth));
    return tr("%1 y").arg(number(std::max<qint64>(1, (days + kYear / 2) / kYear)));
}

} // namespace

StateLook stateLook(const ModelEntry &model, const QDateTime &now)
{
    const auto noBreak = [](QString text) { return text.replace(u' ', QChar::Nbsp); };
    switch (model.state) {
    case ModelState::Safe:
        return { QStringLiteral("shield-check"), Token::Ok, noBreak(tr("Safe · %1 spare").arg(number(model.spare))) };
    case ModelState::Reduced:
        return { QStringLiteral("shield"), Token::Warn, noBreak(tr("Reduced · %1 spare").arg(number(model.spare))) };
    case ModelState::AtRisk:
        return { QStringLiteral("shield-alert"), Token::Risk,
            noBreak(tr("At risk · %1 spare").arg(number(std::max(0, model.spare)))) };
    case ModelState::SingleCopy:
        return { QStringLiteral("shield"), Token::Muted, noBreak(tr("Single copy")) };
    case ModelState::Unreadable:
        return { QStringLiteral("shield-x"), Token::Bad, tr("Unreadable") };
    case ModelState::Storing:
        if (model.percent < 0)
            return { QStringLiteral("upload"), Token::Info, tr("Not complete") };
        return { QStringLiteral("upload"), Token::Info,
            noBreak(tr("Storing… %1").arg(isolated(tr("%1 %").arg(number(model.percent))))) };
    case ModelState::Unknown:
        break;
    }
    const QString age = shortAge(model.proven, now);
    return { QStringLiteral("shield-question-mark"), Token::Muted,
        noBreak(age.isEmpty() ? tr("Not checked") : tr("Not checked · %1").arg(age)) };
}

QString stateSentence(const ModelEntry &model, const QDateTime &now)
{
    const QString promised = number(model.protection.m);
    const auto accounts = static_cast<qint64>(model.accounts.size());
    switch (model.state) {
    case ModelState::Safe:
        if (accounts == 0)
            return tr("You can lose any %1 of its accounts.").arg(number(model.spare));
        return tr("You can lose any %1 of these %2.")
            .arg(number(model.spare), countWords(accounts, tr("account"), tr("accounts")));
    case ModelState::Reduced:
        return tr("You can lose only %1. Repair restores %2.")
            .arg(countWords(model.spare, tr("more account"), tr("more accounts")), promised);
    case ModelState::AtRisk:
        return tr("Losing any one of these accounts makes this model unreadable. Repair restores %1.").arg(promised);
    case ModelState::SingleCopy:
        if (accounts == 1)
            return tr("Stored once, as you chose. Losing %1 loses this model.").arg(isolated(model.accounts.front()));
        return tr("Stored once, as you chose. Losing any one of its accounts loses this model.");
    case ModelState::Unreadable:
        if (model.spare < 0)
            return tr("%1 missing, so this model cannot be read now.")
                .arg(countWords(-qint64(model.spare), tr("fragment is"), tr("fragments are")));
        return tr("Too many fragments are missing, so this model cannot be read now.");
    case ModelState::Storing:
        if (model.percent < 0)
            return tr("It is not stored completely. Store it again to go on from the same place.");
        return tr("%1 of %2 is safe.")
            .arg(sizeWords(static_cast<qint64>(static_cast<double>(model.bytes) * model.percent / 100)),
                sizeWords(model.bytes));
    case ModelState::Unknown:
        break;
    }
    if (!model.proven.isValid())
        return tr("It was never checked. Check finds out whether all of it is there.");
    const QString when = now.isValid() ? tr("%1 ago").arg(countWords(model.proven.daysTo(now), tr("day"), tr("days")))
                                       : exactTimeWords(model.proven);
    return tr("Last checked %1. Check finds out whether all of it is still there.").arg(when);
}

QString healthWords(const AccountEntry &account, const QDateTime &now)
{
    if (account.health != AccountEntry::Health::Unreachable || !account.awaySince.isValid())
        return healthLook(account).label;
    const QDateTime since = account.awaySince.toLocalTime();
    const bool isToday = now.isValid() && now.toLocalTime().date() == since.date();
    return tr("Unreachable since %1").arg(QLocale().toString(since, isToday ? tr("HH:mm") : tr("d MMM, HH:mm")));
}

StateLook healthLook(const AccountEntry &account)
{
    switch (account.health) {
    case AccountEntry::Health::Connected:
        return { QStringLiteral("circle-check"), Token::Ok, tr("Connected") };
    case AccountEntry::Health::Connecting:
        return { QStringLiteral("clock"), Token::Muted, tr("Connecting…") };
    case AccountEntry::Health::Unreachable:
        return { QStringLiteral("wifi-off"), Token::Warn, tr("Unreachable") };
    case AccountEntry::Health::SignIn:
        return { QStringLiteral("log-in"), Token::Warn, tr("Sign in again") };
    case AccountEntry::Health::Full:
        return { QStringLiteral("triangle-alert"), Token::Warn, tr("Full") };
    case AccountEntry::Health::AlmostFull:
        return { QStringLiteral("circle-alert"), Token::Warn, tr("Almost full") };
    case AccountEntry::Health::Stale:
        return { QStringLiteral("circle-alert"), Token::Warn, tr("Out of date") };
    case AccountEntry::Health::Newer:
        break;
    }
    return { QStringLiteral("circle-x"), Token::Bad, tr("Needs a newer version") };
}

} // namespace mf::ui
