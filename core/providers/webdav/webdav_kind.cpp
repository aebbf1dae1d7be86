// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/online/server_fields.h"
#include "core/providers/provider_errors.h"
#include "core/providers/webdav/cloud_folder.h"
#include "core/providers/webdav/webdav.h"

namespace mf {

using namespace webdav;

namespace {

const QString kUrl = QStringLiteral("url");
const QString kUser = QStringLiteral("user");

std::vector<FormField> fields()
{
    FormField url;
    url.key = kUrl;
    url.label = QStringLiteral("Address");
    url.help
        = QStringLiteral("Of a Nextcloud or ownCloud as you open it in the browser; else of a folder for ModelFloat "
                         "alone: https://dav.example/modelfloat");
    url.type = FormField::Type::Url;
    url.required = true;
    FormField user;
    user.key = kUser;
    user.label = QStringLiteral("User name");
    user.help = QStringLiteral("As you sign in there.");
    FormField password;
    password.key = QStringLiteral("password");
    password.label = QStringLiteral("Password");
    password.help
        = QStringLiteral("Better an app password, which you can take back: Nextcloud makes one under Security.");
    password.type = FormField::Type::Secret;
    std::vector<FormField> all { url, user, password };
    for (FormField &one : serverFields())
        all.push_back(std::move(one));
    return all;
}

Result<QUrl> folderUrl(const QString &text)
{
    QUrl url(text.trimmed()); // tolerant: spaces, as people paste them
    const bool isHttp = url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https");
    if (!url.isValid() || !isHttp || url.host().isEmpty() || url.hasQuery() || url.hasFragment())
        return badSetting(
            kUrl, QStringLiteral("“%1” is not the address of a folder: https://…").arg(withoutPassword(text)));
    if (!url.userInfo().isEmpty())
        return badSetting(kUrl, QStringLiteral("the address must not hold the password; give user and password apart"));
    const bool isHere = url.host() == QLatin1String("localhost") || url.host() == QLatin1String("127.0.0.1")
        || url.host() == QLatin1String("::1");
    if (url.scheme() == QLatin1String("http") && !isHere)
        return badSetting(kUrl, QStringLiteral("without https the password could be read on its way; use https://…"));
    QString path = url.path(QUrl::FullyEncoded);
    if (!path.endsWith(u'/'))
        path += u'/';
    url.setPath(path, QUrl::StrictMode);
    return url;
}

Result<std::unique_ptr<Provider>> make(
    const ProviderContext &context, const AccountSettings &settings, const SecretText &secret, bool create)
{
    if (const auto checked = checkSettings(webDavKind(), settings); !checked)
        return checked.error();
    const auto url = folderUrl(settings.value(kUrl));
    if (!url)
        return url.error();
    const auto http = httpSettings(settings);
    if (!http)
        return http.error();
    auto client = std::make_unique<DavClient>(*url, settings.value(kUser), secret, *http, context.clock);
    return std::unique_ptr<Provider>(std::make_unique<WebDavProvider>(std::move(client), create));
}

Task<Result<AccountSettings>> complete(const ProviderContext &context, AccountSettings settings, SecretText secret)
{
    const auto url = folderUrl(settings.value(kUrl));
    if (!url)
        co_return url.error();
    const auto how = httpSettings(settings);
    if (!how)
        co_return how.error();
    HttpClient http(*how, context.clock);
    const auto folder = co_await cloudFolder(http, *url, settings.value(kUser), std::move(secret));
    if (!folder)
        co_return folder.error();
    if (*folder)
        settings[kUrl] = (*folder)->toString(QUrl::FullyEncoded);
    co_return settings;
}

} // namespace

ProviderKind webDavKind()
{
    ProviderKind kind;
    kind.id = QStringLiteral("webdav");
    kind.title = QStringLiteral("WebDAV (Nextcloud, Koofr, pCloud, …)");
    kind.fields = fields();
    kind.normalise = [](AccountSettings settings) {
        if (const auto url = folderUrl(settings.value(kUrl)))
            settings[kUrl] = url->toString(QUrl::FullyEncoded);
        return settings;
    };
    kind.make = make;
    kind.complete = complete;
    kind.defaultDomain = [](const AccountSettings &settings) {
        return QUrl(settings.value(kUrl)).host(); // one server is one place to fail
    };
    return kind;
}

} // namespace mf
