// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/store/protection_choices.h"

#include "ui/common/account_domains.h"
#include "ui/common/words.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace mf::ui {
namespace {

QString tr(const char *text) { return QCoreApplication::translate("mf::ui::Protection", text); }

constexpr int kManyPlaces = 3;

qint64 times(qint64 bytes, double factor) { return static_cast<qint64>(static_cast<double>(bytes) * factor); }

} // namespace

double overheadOf(const Protection &protection)
{
    const int k = std::max(1, protection.k);
    return static_cast<double>(k + protection.m) / k;
}

QString overheadWords(const Protection &protection)
{
    const QLocale locale;
    QString number = locale.toString(overheadOf(protection), 'f', 2);
    while (number.endsWith(locale.zeroDigit()))
        number.chop(locale.zeroDigit().size());
    if (number.endsWith(locale.decimalPoint()))
        number.chop(locale.decimalPoint().size());
    return QString(number + QChar(0x00a0) + QChar(0x00d7)); // no-break space, ×
}

QString consequenceWords(const Protection &resolved, int accounts)
{
    const QString shape = protectionWords(resolved);
    const QString factor = overheadWords(resolved);
    if (resolved.m == 0 && resolved.k <= 1)
        return accounts >= kManyPlaces
            ? tr("Stored once, on as few accounts as possible: spread over more without spare parts, it would be lost "
                 "with any of them.")
            : tr("Stored once. Losing the account that it lies on loses this model.");
    if (resolved.m == 0)
        return tr("%1 · takes %2 · losing any one of these accounts loses the model").arg(shape, factor);
    if (resolved.k == 1 && resolved.m == 1)
        return tr("%1 · takes %2 · any one account can disappear").arg(shape, factor);
    if (accounts <= resolved.m) // not known, or two of them in one place
        return resolved.m == 1
            ? tr("%1 · takes %2 · any one account can disappear").arg(shape, factor)
            : tr("%1 · takes %2 · any %3 accounts can disappear").arg(shape, factor, QLocale().toString(resolved.m));
    if (resolved.m == 1)
        return tr("%1 · takes %2 · any one of these %3 accounts can disappear")
            .arg(shape, factor, QLocale().toString(accounts));
    return tr("%1 · takes %2 · any %3 of these %4 accounts can disappear")
        .arg(shape, factor, QLocale().toString(resolved.m), QLocale().toString(accounts));
}

QString accountsWords(const std::vector<AccountEntry> &accounts)
{
    const auto count = static_cast<int>(accounts.size());
    if (count == 0)
        return {};
    const QString words = countWords(count, tr("account"), tr("accounts"));
    const int domains = domainsOf(accounts);
    if (domains == count)
        return tr("You have %1").arg(words);
    return tr("You have %1 in %2").arg(words, countWords(domains, tr("independent place"), tr("independent places")));
}

ProtectionChange changeOf(const ModelEntry &model, const Protection &asked, int domains)
{
    const Protection now(std::max(1, model.protection.k), model.protection.m);
    ProtectionChange change;
    change.after = Protection(asked.k == 0 ? now.k : asked.k, asked.m);
    change.isSame = change.after == now;
    change.isLower = change.after.m < now.m;
    change.room = std::max(0, domains - change.after.k);
    change.bytesBefore = model.uploadedBytes;
    const double payload = static_cast<double>(model.uploadedBytes) / overheadOf(now);
    change.bytesAfter
        = change.isSame ? model.uploadedBytes : times(static_cast<qint64>(payload), overheadOf(change.after));
    // Another number of pieces means other pieces; the same number only adds or drops spare ones.
    if (change.after.k != now.k)
        change.uploaded = change.bytesAfter;
    else
        change.uploaded = std::max<qint64>(0, change.bytesAfter - change.bytesBefore);
    change.freed = std::max<qint64>(0, change.bytesBefore - change.bytesAfter);
    return change;
}

} // namespace mf::ui
