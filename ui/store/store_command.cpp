// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/store/store_command.h"

#include <QStringDecoder>

#include <algorithm>

namespace mf::ui {
namespace {

bool isPlain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
        || QByteArrayView("/._-+=:,@%").contains(c);
}

// Text that a terminal shows as it is; what is not would be lost on the clipboard or end the line.
bool isShowable(const QByteArray &bytes, QString &text)
{
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    text = decoder.decode(bytes);
    return !decoder.hasError()
        && std::all_of(text.cbegin(), text.cend(), [](QChar c) { return c.isPrint() || c.isSurrogate(); });
}

QString protectionOption(const Protection &protection)
{
    if (protection.k == 0)
        return QStringLiteral("--lose %1").arg(protection.m);
    if (protection.k == 1)
        return QStringLiteral("--copies %1").arg(protection.m + 1);
    return QStringLiteral("--erasure %1+%2").arg(protection.k).arg(protection.m);
}

} // namespace

QString shellWord(const QByteArray &bytes)
{
    if (!bytes.isEmpty() && std::all_of(bytes.begin(), bytes.end(), isPlain))
        return QString::fromLatin1(bytes);
    QString text;
    if (isShowable(bytes, text)) {
        text.replace(u'\'', QStringLiteral("'\\''"));
        return QString(u'\'' + text + u'\'');
    }
    QString word = QStringLiteral("$'");
    for (const char c : bytes) {
        if (c == '\'' || c == '\\')
            word += u'\\';
        if (c >= ' ' && c < 127)
            word += QLatin1Char(c);
        else // always two digits: a shell takes no more
            word += QStringLiteral("\\x%1").arg(static_cast<unsigned char>(c), 2, 16, QLatin1Char('0'));
    }
    word += u'\'';
    return word;
}

QString shellWord(const QString &text) { return shellWord(text.toUtf8()); }

QString storeCommand(const std::vector<StoreOrder> &orders, const std::vector<AccountEntry> &accounts)
{
    QStringList lines;
    for (const StoreOrder &order : orders) {
        QStringList words { QStringLiteral("modelfloat-cli"), QStringLiteral("store") };
        for (const QByteArray &path : order.paths)
            words += shellWord(path);
        // With "=", a name that begins with a dash is no option.
        if (!order.name.isEmpty())
            words += QStringLiteral("--name=") + shellWord(order.name);
        if (order.protection)
            words += protectionOption(*order.protection);
        QStringList names;
        for (const AccountId &id : order.accounts) {
            for (const AccountEntry &account : accounts) {
                if (account.id == id)
                    names += account.name;
            }
        }
        if (!names.isEmpty())
            words += QStringLiteral("--accounts ") + shellWord(names.join(u','));
        lines += words.join(u' ');
    }
    return lines.join(u'\n');
}

} // namespace mf::ui
