// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/storage/account_words.h"

#include "ui/common/account_domains.h"
#include "ui/common/words.h"
#include "ui/storage/account_space.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <iterator>

namespace mf::ui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(mf::ui::AccountWords)
};

constexpr int kNamesInQuestion = 6;

// The names of others in that domain.
QStringList namesIn(const QString &domain, const std::vector<AccountEntry> &accounts, const AccountId &except)
{
    QStringList names;
    for (const AccountEntry &account : accounts) {
        if (account.domain == domain && account.id != except)
            names.append(Words::tr("“%1”").arg(account.name));
    }
    return names;
}

QString unreadableTitle(const AccountEntry &account, qsizetype models)
{
    if (models == 0)
        return Words::tr("Give “%1” up?").arg(account.name);
    if (models == 1)
        return Words::tr("Give “%1” up and make 1 model unreadable?").arg(account.name);
    return Words::tr("Give “%1” up and make %2 models unreadable?").arg(account.name, QLocale().toString(models));
}

QString harmWords(const AccountLoss &loss)
{
    if (!loss.unreadable.isEmpty())
        return Words::tr("These cannot be downloaded any more:\n%1").arg(namesWords(loss.unreadable, kNamesInQuestion));
    if (!loss.atRisk.isEmpty() || !loss.reduced.isEmpty())
        return Words::tr("No model becomes unreadable, but some have fewer spares:\n%1")
            .arg(namesWords(loss.atRisk + loss.reduced, kNamesInQuestion));
    return Words::tr("No model loses protection.");
}

// What lies on the account and can lie nowhere else: each fragment of a pack is in a domain of its own.
struct Crowd {
    int wanted = 0; // domains, by the model that wants most; 0: all find a place
    int left = 0; // without the account
};

Crowd crowdWithout(const AccountEntry &account, const std::vector<AccountEntry> &accounts, const AccountLoss &loss)
{
    Crowd crowd;
    for (const ModelEntry &model : loss.models) {
        const int wanted = model.protection.k + model.protection.m;
        if (wanted <= crowd.wanted || !model.accounts.contains(account.name))
            continue;
        std::vector<AccountEntry> others; // that have a fragment of it, or could take one
        std::copy_if(accounts.begin(), accounts.end(), std::back_inserter(others), [&](const AccountEntry &other) {
            return other.id != account.id && (canBeReached(other) || model.accounts.contains(other.name));
        });
        const int left = domainsOf(others);
        if (wanted > left)
            crowd = Crowd { wanted, left };
    }
    return crowd;
}

} // namespace

QString spaceWords(const AccountEntry &account)
{
    if (account.isElsewhere())
        return Words::tr("not known here");
    const AccountSpace space = spaceOf(account);
    const QString used = sizeWords(space.ours + space.others);
    return space.isKnown ? Words::tr("%1 of %2").arg(used, sizeWords(space.total)) : Words::tr("%1 used").arg(used);
}

QString spaceTooltip(const AccountEntry &account)
{
    if (account.isElsewhere())
        return {};
    const AccountSpace space = spaceOf(account);
    const QString ours = Words::tr("Used by ModelFloat: %1").arg(exactSizeWords(space.ours));
    if (!space.isKnown)
        return ours;
    return Words::tr("%1\nOther files: %2\nFree: %3")
        .arg(ours, exactSizeWords(space.others), exactSizeWords(space.free));
}

QString storageWords(const std::vector<AccountEntry> &accounts)
{
    const int domains = domainsOf(accounts);
    if (accounts.size() == 1)
        return Words::tr("1 account");
    const QString all = QLocale().toString(static_cast<qulonglong>(accounts.size()));
    if (static_cast<std::size_t>(domains) == accounts.size())
        return Words::tr("%1 accounts").arg(all);
    return Words::tr("%1 accounts, %2 independent of each other").arg(all, QLocale().toString(domains));
}

QString roomLeftWords(const RoomLeft &room)
{
    if (!room.bytes)
        return {};
    const QString size = sizeWords(*room.bytes);
    if (room.losses == 0)
        return Words::tr("room for about %1 more").arg(size);
    return Words::tr("room for about %1 more if any %2 may be lost").arg(size, QLocale().toString(room.losses));
}

QString sharedDomainWords(const std::vector<AccountEntry> &accounts)
{
    for (const AccountEntry &account : accounts) {
        const QStringList others = namesIn(account.domain, accounts, account.id);
        if (others.isEmpty())
            continue;
        const QStringList names = namesIn(account.domain, accounts, AccountId());
        return Words::tr("%1 count as one, because they fail together (%2).")
            .arg(QLocale().createSeparatedList(names), domainWords(account.domain));
    }
    return {};
}

QString domainWords(const QString &domain)
{
    const QString disk = QStringLiteral("disk:");
    if (domain == disk + QStringLiteral("memory"))
        return Words::tr("This computer’s memory");
    return domain.startsWith(disk) ? Words::tr("Disk %1").arg(domain.mid(disk.size())) : domain;
}

QString domainSentence(const AccountEntry &account, const std::vector<AccountEntry> &accounts)
{
    const QStringList others = namesIn(account.domain, accounts, account.id);
    if (others.isEmpty())
        return Words::tr("No other account lies there, so it counts by itself.");
    return Words::tr("%1 lies there, too. What happens to one happens to all, so together they count as one.")
        .arg(QLocale().createSeparatedList(others));
}

QString domainFormSentence(const QString &usual, const QString &chosen, const std::vector<AccountEntry> &accounts)
{
    if (chosen.isEmpty())
        return Words::tr("What would be lost together counts as one: folders on one disk, accounts at one service.");
    const QStringList others = namesIn(chosen, accounts, AccountId());
    if (chosen != usual && !usual.isEmpty()) {
        return Words::tr("Your own choice. If it is in truth lost together with another account, models are less safe "
                         "than they look.");
    }
    if (others.isEmpty())
        return Words::tr("No other account is on it: one more that may fail by itself.");
    return Words::tr("%1 is on it, too. They are lost together, so both count as one.")
        .arg(QLocale().createSeparatedList(others));
}

QString errorWords(const Error &error)
{
    QString words = error.message;
    if (!words.isEmpty())
        words[0] = words[0].toUpper();
    return words.isEmpty() || words.back().isPunct() ? words : QString(words + u'.');
}

QString trustWords(const QString &certificate)
{
    const qsizetype half = (certificate.size() + 1) / 2; // in two lines, as there is no space to break it at
    return Words::tr("Trust it only if whoever runs the server gives you the same SHA-256:\n%1\n%2")
        .arg(certificate.left(half), certificate.mid(half));
}

QString lossesSentence(int domains)
{
    constexpr int kForTwo = 5; // from so many on, two may be lost by default
    if (domains >= kForTwo)
        return Words::tr("With %1 independent accounts you can lose any 2.").arg(QLocale().toString(domains));
    if (domains >= 2)
        return Words::tr("With %1 independent accounts you can lose any 1.").arg(QLocale().toString(domains));
    return Words::tr("With one more on another disk, you can lose either.");
}

QString namesWords(const QStringList &names, int most)
{
    if (names.size() <= most)
        return names.join(u'\n');
    const QString more = Words::tr("and %1 more").arg(QLocale().toString(names.size() - most + 1));
    return names.mid(0, most - 1).join(u'\n') + u'\n' + more;
}

RemovalQuestion removalQuestion(
    const AccountEntry &account, const std::vector<AccountEntry> &accounts, const AccountLoss &loss)
{
    RemovalQuestion question;
    const qint64 room = roomElsewhere(accounts, account);
    const bool isReached = canBeReached(account);
    const Crowd crowd = crowdWithout(account, accounts, loss);
    if (isReached && room >= account.ours && crowd.wanted == 0) {
        question.title = Words::tr("Remove “%1”?").arg(account.name);
        question.text = account.fragments == 0
            ? Words::tr("Nothing of your models lies there.")
            : Words::tr("%1 of fragments move to your other accounts first. No model loses protection.")
                  .arg(sizeWords(account.ours));
        question.choices = { Words::tr("Keep"),
            account.fragments == 0 ? Words::tr("Remove Account") : Words::tr("Move and Remove") };
        return question;
    }
    const QLocale locale;
    const QString cause = account.isElsewhere()
        ? Words::tr("Another computer added it, and this one cannot tell which models lie there. Look at them there, "
                    "or add it here, too, before you give it up.")
        : !isReached ? Words::tr("It cannot be reached, so nothing can be moved away from it first.")
        : room < account.ours
        ? Words::tr("There is not enough room elsewhere: %1 is missing.").arg(sizeWords(account.ours - room))
        : Words::tr("What lies there has no other place: models are spread over %1 independent accounts, and without "
                    "it there would be %2. Add another account first, and no model loses protection.")
              .arg(locale.toString(crowd.wanted), locale.toString(crowd.left));
    question.isLost = true;
    question.title = unreadableTitle(account, loss.unreadable.size());
    QStringList parts(cause);
    if (!account.isElsewhere())
        parts.append(harmWords(loss));
    parts.append(Words::tr("What lies on it counts no more, even if it comes back."));
    question.text = parts.join(QStringLiteral("\n\n"));
    question.choices = { Words::tr("Keep"), Words::tr("Give Account Up") };
    return question;
}

QString nameProblem(const QString &name, const std::vector<AccountEntry> &accounts, const AccountId &except)
{
    constexpr qsizetype kLongest = 60;
    const QString trimmed = name.trimmed();
    if (trimmed.isEmpty())
        return Words::tr("Give the account a name.");
    const bool isPlain = std::all_of(trimmed.begin(), trimmed.end(), [](QChar c) { return c.isPrint(); });
    if (trimmed.size() > kLongest || !isPlain || trimmed.contains(u',') || trimmed.startsWith(u'-'))
        return Words::tr("A name has at most 60 characters, no comma, and no minus at its beginning.");
    for (const AccountEntry &account : accounts) {
        if (account.id != except && account.name == trimmed)
            return Words::tr("There is an account “%1” already.").arg(trimmed);
    }
    return {};
}

QString suggestedName(const QString &path, const QString &kindTitle, const std::vector<AccountEntry> &accounts)
{
    constexpr qsizetype kLongest = 50;
    QString name = path.section(u'/', -1, -1, QString::SectionSkipEmpty).remove(u',').left(kLongest).trimmed();
    while (name.startsWith(u'-'))
        name.remove(0, 1);
    if (name.isEmpty())
        name = kindTitle;
    QString free = name;
    for (int number = 2; !nameProblem(free, accounts).isEmpty() && number < 1000; ++number)
        free = name + u' ' + QString::number(number);
    return free;
}

} // namespace mf::ui
