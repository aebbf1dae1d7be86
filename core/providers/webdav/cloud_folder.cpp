// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/webdav/cloud_folder.h"

#include "core/providers/webdav/dav_client.h"

#include <nlohmann/json.hpp>

namespace mf::webdav {
namespace {

using nlohmann::json;

constexpr qint64 kLongestAnswer = qint64(64) << 10; // bytes; theirs have some hundred

// "/cloud/index.php/apps/files" -> "/cloud/": without the page, what was copied from a browser is the place itself.
QString withoutPage(QString path)
{
    for (const char *page : { "/index.php", "/apps/", "/login", "/status.php" }) {
        const qsizetype at = path.indexOf(QLatin1String(page));
        if (at >= 0)
            path.truncate(at);
    }
    return path.endsWith(u'/') ? path : path + u'/';
}

QUrl below(const QUrl &base, const QByteArray &encoded)
{
    QUrl url = base;
    url.setPath(base.path(QUrl::FullyEncoded) + QString::fromLatin1(encoded), QUrl::StrictMode);
    return url;
}

HttpRequest asking(const QUrl &url)
{
    HttpRequest request;
    request.method = "GET";
    request.url = url;
    request.largestAnswer = kLongestAnswer;
    return request;
}

json parsed(const HttpAnswer &answer) { return json::parse(answer.body.begin(), answer.body.end(), nullptr, false); }

bool isTrue(const json &object, const char *key)
{
    const auto value = object.find(key);
    return value != object.end() && value->is_boolean() && value->get<bool>();
}

// {"ocs": {"data": {"id": "me"}}} -> "me"; empty: it does not say.
QByteArray idIn(const json &answer)
{
    const json *at = &answer;
    for (const char *key : { "ocs", "data", "id" }) {
        if (!at->is_object() || !at->contains(key))
            return {};
        at = &at->at(key);
    }
    return at->is_string() ? QByteArray::fromStdString(at->get<std::string>()) : QByteArray();
}

Error refused(const QString &host, const QString &product)
{
    return Error(Error::Kind::Unauthorised, QStringLiteral("MF-CLOUD-PASSWORD"),
        QStringLiteral(
            "%1 at %2 refuses the user name or the password; with a second factor, or where you sign in "
            "through another service, it takes only an app password: make one in its settings under Security")
            .arg(product, host))
        .with(QStringLiteral("host"), host)
        .offering(Error::Action::SignIn);
}

Error inMaintenance(const QString &host, const QString &product)
{
    return Error(Error::Kind::Network, QStringLiteral("MF-CLOUD-MAINTENANCE"),
        QStringLiteral("%1 at %2 is being maintained; try again later").arg(product, host))
        .with(QStringLiteral("host"), host)
        .offering(Error::Action::Retry);
}

// The password goes to no other server than the one that was named.
Error moved(const QString &host, const QUrl &to)
{
    return Error(Error::Kind::Invalid, QStringLiteral("MF-CLOUD-MOVED"),
        QStringLiteral("%1 leads to %2; give that address if it is yours").arg(host, to.host()))
        .with(QStringLiteral("host"), host)
        .with(QStringLiteral("setting"), QStringLiteral("url"));
}

} // namespace

Task<Result<std::optional<QUrl>>> cloudFolder(HttpClient &http, QUrl address, QString user, SecretText password)
{
    const std::optional<QUrl> none;
    const QString path = address.path(QUrl::FullyEncoded);
    if (path.contains(QLatin1String("/remote.php/")) || path.contains(QLatin1String("/dav/")))
        co_return none;
    QUrl base = address;
    base.setPath(withoutPage(path), QUrl::StrictMode);
    const auto status = co_await http.send(asking(below(base, "status.php")));
    if (!status || !status->isSuccess())
        co_return none; // what is wrong, WebDAV will say
    const json about = parsed(*status);
    if (!about.is_object() || !about.contains("installed") || !about.contains("versionstring"))
        co_return none;
    if (status->url.host() != base.host())
        co_return moved(base.host(), status->url);
    base = status->url; // another path, or https
    base.setPath(withoutPage(status->url.path(QUrl::FullyEncoded)), QUrl::StrictMode);
    const auto name = about.find("productname");
    const QString product = name != about.end() && name->is_string()
        ? QString::fromStdString(name->get<std::string>()).left(40)
        : QStringLiteral("ownCloud"); // old ones do not say
    if (isTrue(about, "maintenance") || isTrue(about, "needsDbUpgrade"))
        co_return inMaintenance(base.host(), product);

    HttpRequest who = asking(below(base, "ocs/v1.php/cloud/user"));
    who.url.setQuery(QStringLiteral("format=json"));
    who.headers.emplace_back("OCS-APIRequest", "true");
    who.headers.emplace_back("Authorization", basicAuthorization(user, password).utf8());
    const auto answer = co_await http.send(std::move(who));
    if (!answer)
        co_return answer.error();
    constexpr int unauthorised = 401;
    if (answer->status == unauthorised)
        co_return refused(base.host(), product);
    const QByteArray told = answer->isSuccess() ? idIn(parsed(*answer)) : QByteArray();
    const QByteArray id = told.isEmpty() ? user.toUtf8() : told; // people may sign in by mail address
    const std::optional<QUrl> folder
        = below(base, "remote.php/dav/files/" + QByteArray(id.toPercentEncoding()) + "/ModelFloat/");
    co_return folder;
}

} // namespace mf::webdav
