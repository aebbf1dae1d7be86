// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/store/store_choices.h"

#include "core/base/bytes.h"

#include <QSettings>

namespace mf::ui {
namespace {

constexpr int kMostPieces = 255;
const QString kRemember = QStringLiteral("store/remember");
const QString kPieces = QStringLiteral("store/k");
const QString kSpare = QStringLiteral("store/m");
const QString kAccounts = QStringLiteral("store/accounts");

} // namespace

std::optional<StoreChoices> rememberedChoices(const QSettings &memory)
{
    if (!memory.value(kRemember).toBool())
        return std::nullopt;
    StoreChoices choices;
    bool isNumber = false;
    const int k = memory.value(kPieces, -1).toInt(&isNumber);
    const int m = memory.value(kSpare, -1).toInt();
    if (isNumber && k >= 0 && m >= 0 && k <= kMostPieces && m <= kMostPieces - k)
        choices.protection = Protection(k, m);
    const QStringList ids = memory.value(kAccounts).toStringList();
    for (const QString &text : ids) {
        const QByteArray bytes = QByteArray::fromHex(text.toLatin1());
        if (const auto id = AccountId::from(viewOf(bytes)))
            choices.accounts.push_back(*id);
    }
    return choices;
}

void rememberChoices(QSettings &memory, const StoreChoices &choices)
{
    forgetChoices(memory);
    memory.setValue(kRemember, true);
    if (choices.protection) {
        memory.setValue(kPieces, choices.protection->k);
        memory.setValue(kSpare, choices.protection->m);
    }
    QStringList ids;
    for (const AccountId &id : choices.accounts)
        ids.append(id.toHex());
    memory.setValue(kAccounts, ids);
}

void forgetChoices(QSettings &memory)
{
    for (const QString &key : { kRemember, kPieces, kSpare, kAccounts })
        memory.remove(key);
}

} // namespace mf::ui
