// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/catalogue.h"

#include "core/providers/folder/folder.h"
#include "core/providers/limited.h"
#include "core/providers/provider_errors.h"
#include "core/providers/retrying.h"
#include "core/providers/s3/s3.h"
#include "core/providers/verified.h"
#include "core/providers/webdav/webdav.h"

#include <algorithm>

namespace mf {
namespace {

bool isNamed(const QString &list, const QString &id)
{
    const QStringList names = list.split(u',', Qt::SkipEmptyParts);
    return std::any_of(names.begin(), names.end(), [&id](const QString &name) { return name.trimmed() == id; });
}

QString switchedOff() { return qEnvironmentVariable("MODELFLOAT_DISABLE"); }

} // namespace

Error noSuchKind(const QString &id)
{
    const QString text = isNamed(switchedOff(), id)
        ? QStringLiteral(
              "accounts of kind “%1” are switched off by MODELFLOAT_DISABLE; take “%1” out of it to use them")
        : QStringLiteral("there is no kind of account “%1”; `help account add` lists those that there are");
    return Error(Error::Kind::Invalid, QStringLiteral("MF-ACCOUNT-KIND"), text.arg(id));
}

bool hasSecret(const ProviderKind &kind)
{
    return std::any_of(kind.fields.begin(), kind.fields.end(),
        [](const FormField &field) { return field.type == FormField::Type::Secret; });
}

std::vector<ProviderKind> kindsWithout(const QString &disabled)
{
    std::vector<ProviderKind> kinds;
    kinds.push_back(folderKind());
    kinds.push_back(webDavKind());
    kinds.push_back(s3Kind());
    std::erase_if(kinds, [&disabled](const ProviderKind &kind) { return isNamed(disabled, kind.id); });
    return kinds;
}

const std::vector<ProviderKind> &catalogue()
{
    static const std::vector<ProviderKind> kinds = kindsWithout(switchedOff());
    return kinds;
}

const ProviderKind *findKind(QStringView id)
{
    const auto &kinds = catalogue();
    const auto found
        = std::find_if(kinds.begin(), kinds.end(), [&](const ProviderKind &kind) { return kind.id == id; });
    return found == kinds.end() ? nullptr : &*found;
}

Result<> checkSettings(const ProviderKind &kind, const AccountSettings &settings)
{
    for (auto setting = settings.begin(); setting != settings.end(); ++setting) {
        const QString &key = setting.key();
        const auto field
            = std::find_if(kind.fields.begin(), kind.fields.end(), [&](const FormField &f) { return f.key == key; });
        if (field == kind.fields.end() && key != QStringLiteral("domain"))
            return badSetting(key, QStringLiteral("accounts of kind %1 have no setting “%2”").arg(kind.id, key));
        if (setting.value().contains(QChar::Null))
            return badSetting(key, QStringLiteral("“%1” holds a character that cannot be in it").arg(key));
        if (field != kind.fields.end() && !field->choices.isEmpty() && !field->choices.contains(setting.value()))
            return badSetting(key, QStringLiteral("“%1” must be one of %2").arg(key, field->choices.join(u", ")));
    }
    for (const FormField &field : kind.fields) {
        if (field.required && field.type != FormField::Type::Secret && settings.value(field.key).isEmpty())
            return badSetting(
                field.key, QStringLiteral("an account of kind %1 needs %2: give %2=…").arg(kind.id, field.key));
    }
    return {};
}

std::unique_ptr<Provider> decorate(
    std::unique_ptr<Provider> adapter, const ProviderContext &context, const AccountLimits &limits, RateLimiter &global)
{
    // A try that fails gives its connection back, so others go on while it waits to be repeated.
    auto verified = std::make_unique<Verified>(std::move(adapter));
    auto limited = std::make_unique<Limited>(std::move(verified), context.clock, limits, global);
    return std::make_unique<Retrying>(std::move(limited), context.clock);
}

bool changeLimits(Provider &decorated, const AccountLimits &limits)
{
    auto *retrying = dynamic_cast<Retrying *>(&decorated);
    auto *limited = retrying ? dynamic_cast<Limited *>(&retrying->inner()) : nullptr;
    if (limited)
        limited->setLimits(limits);
    return limited != nullptr;
}

} // namespace mf
