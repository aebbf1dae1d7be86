// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/account_words.h"

#include "app/cli/layout.h"
#include "core/base/size_text.h"

namespace mf::cli {

namespace {

Error wrong(const QString &key, const QString &value, const QString &expected)
{
    return Error(Error::Kind::Invalid, QStringLiteral("MF-USAGE-VALUE"),
        QStringLiteral("%1: “%2” is not %3").arg(key, value, expected));
}

Result<bool> setRate(qint64 &rate, const QString &key, const QString &value)
{
    const auto read = rateFromText(value);
    if (!read)
        return wrong(key, value, QStringLiteral("a rate, such as 500kB, 2.5MB or none"));
    rate = *read;
    return true;
}

} // namespace

std::vector<KindHelp> kindHelpOf(const std::vector<ProviderKind> &kinds)
{
    std::vector<KindHelp> result;
    for (const ProviderKind &kind : kinds) {
        KindHelp help;
        help.id = kind.id;
        help.title = kind.title;
        for (const FormField &field : kind.fields) {
            if (field.type == FormField::Type::Secret)
                continue;
            KindHelp::Setting setting;
            setting.key = field.key;
            setting.help = field.help;
            setting.required = field.required;
            help.settings.push_back(setting);
        }
        result.push_back(help);
    }
    return result;
}

Result<bool> setCommonSetting(AccountRecord &account, const QString &key, const QString &value)
{
    if (key == QStringLiteral("domain")) {
        if (value.trimmed().isEmpty() || printable(value) != value)
            return wrong(key, printable(value), QStringLiteral("the name of a failure domain"));
        account.domain = value.trimmed();
        return true;
    }
    if (key == QStringLiteral("up"))
        return setRate(account.upLimit, key, value);
    if (key == QStringLiteral("down"))
        return setRate(account.downLimit, key, value);
    if (key == QStringLiteral("connections")) {
        constexpr int kMost = 64;
        bool isNumber = false;
        const int connections = value == QStringLiteral("none") ? 0 : value.toInt(&isNumber);
        if (value != QStringLiteral("none") && (!isNumber || connections < 1 || connections > kMost))
            return wrong(key, value, QStringLiteral("a number from 1 to 64, or none"));
        account.connections = connections;
        return true;
    }
    if (key == QStringLiteral("capacity")) {
        const auto read = sizeFromText(value);
        if (!read)
            return wrong(key, value, QStringLiteral("a size, such as 500GB, or none"));
        account.capacity = *read;
        return true;
    }
    return false;
}

Result<> checkAccountName(const QString &name)
{
    constexpr qsizetype kLongest = 60;
    if (name.isEmpty() || name.size() > kLongest || name.trimmed() != name || name.contains(u',')
        || name.startsWith(u'-') || printable(name) != name) {
        return Error(Error::Kind::Invalid, QStringLiteral("MF-USAGE-VALUE"),
            QStringLiteral("“%1” cannot name an account: 1 to 60 characters, no comma, no control character, "
                           "no minus at the beginning, no space at an end")
                .arg(elided(printable(name), int(kLongest))));
    }
    return {};
}

Error sayingHowToTrust(Error error, const QString &words)
{
    const QString certificate = error.parameters.value(QStringLiteral("certificate"));
    if (error.id == QStringLiteral("MF-HTTP-CERTIFICATE") && !certificate.isEmpty())
        error.message += QStringLiteral("; its SHA-256 is %1. If whoever runs the server gives you the same, trust it "
                                        "with: %2%1")
                             .arg(certificate, words);
    return error;
}

} // namespace mf::cli
