// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What the Storage page and the forms say of accounts, as sentences.

#include "ui/common/snapshots.h"

namespace mf::ui {

// "9.10 GB of 21.5 GB"; without a total "9.10 GB used".
QString spaceWords(const AccountEntry &account);
QString spaceTooltip(const AccountEntry &account);
// "5 accounts, 4 independent of each other"
QString storageWords(const std::vector<AccountEntry> &accounts);
// "room for about 4.00 GB more if any 2 may be lost"; "": not known.
QString roomLeftWords(const RoomLeft &room);
// About domains that several accounts share; "": there are none.
QString sharedDomainWords(const std::vector<AccountEntry> &accounts);

// "disk:ata-WDC…" as people read it: "Disk ata-WDC…".
QString domainWords(const QString &domain);
// Why the account counts as what it counts, and what lies there too.
QString domainSentence(const AccountEntry &account, const std::vector<AccountEntry> &accounts);
// The same for an account that is about to be added: usual is its domain by default, chosen what the form says.
QString domainFormSentence(const QString &usual, const QString &chosen, const std::vector<AccountEntry> &accounts);

// What an error says, as a sentence of its own.
QString errorWords(const Error &error);

// What to look at before a server's certificate is trusted.
QString trustWords(const QString &certificate);

// "You can lose any 2 of these 5 places." for so many domains.
QString lossesSentence(int domains);
// At most `most` of the names, one a line, then how many more there are.
QString namesWords(const QStringList &names, int most);

// What is asked before an account goes. The second choice does it.
struct RemovalQuestion {
    QString title;
    QString text;
    QStringList choices;
    bool isLost = false; // it is given up; else what lies there is moved first
};
RemovalQuestion removalQuestion(
    const AccountEntry &account, const std::vector<AccountEntry> &accounts, const AccountLoss &loss);

// Why this cannot be an account's name; "": it can. except: the account itself, when it is renamed.
QString nameProblem(const QString &name, const std::vector<AccountEntry> &accounts, const AccountId &except = {});
// The last part of a path as a name that no account has.
QString suggestedName(const QString &path, const QString &kindTitle, const std::vector<AccountEntry> &accounts);

} // namespace mf::ui
