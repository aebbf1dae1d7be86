// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/webdav/dav_client.h"

#include "core/http/http_error.h"
#include "core/http/http_range.h"

namespace mf::webdav {
namespace {

constexpr char kAsked[] = R"(<?xml version="1.0" encoding="utf-8"?>
<d:propfind xmlns:d="DAV:"><d:prop><d:resourcetype/><d:getcontentlength/><d:getlastmodified/></d:prop>)"
                          R"(</d:propfind>)";
constexpr char kAskedWithQuota[] = R"(<?xml version="1.0" encoding="utf-8"?>
<d:propfind xmlns:d="DAV:"><d:prop><d:resourcetype/><d:getcontentlength/><d:quota-available-bytes/>)"
                                   R"(<d:quota-used-bytes/></d:prop></d:propfind>)";

HttpRequest requestOf(const QByteArray &method, const QUrl &url)
{
    HttpRequest request;
    request.method = method;
    request.url = url;
    return request;
}

HttpSettings withDigest(HttpSettings settings, const QString &user, const SecretText &password)
{
    settings.user = user;
    settings.password = password;
    return settings;
}

// Some servers write accents as signs of their own, whatever they were asked for.
QString comparable(const QString &path) { return path.normalized(QString::NormalizationForm_C); }

// As MultistatusReader has them.
QString withoutSlash(QString path)
{
    while (path.size() > 1 && path.endsWith(u'/'))
        path.chop(1);
    return path;
}

Error elsewhere(const QUrl &url)
{
    return Error(Error::Kind::Invalid, QStringLiteral("MF-DAV-ELSEWHERE"),
        QStringLiteral("%1 was asked for %2 and tells of something else; check the address")
            .arg(url.host(), url.path()))
        .with(QStringLiteral("host"), url.host());
}

} // namespace

SecretText basicAuthorization(const QString &user, const SecretText &password)
{
    if (user.isEmpty() && password.isEmpty())
        return {};
    return SecretText("Basic " + QByteArray(user.toUtf8() + ':' + password.utf8()).toBase64());
}

DavClient::DavClient(QUrl folder, const QString &user, const SecretText &password, HttpSettings settings, Clock &clock)
    : m_folder(std::move(folder))
    , m_basic(basicAuthorization(user, password))
    , m_clock(clock)
    , m_http(withDigest(std::move(settings), user, password), clock)
{
}

QUrl DavClient::urlOf(const QString &path, bool isCollection) const
{
    QUrl url = m_folder;
    QByteArray encoded = m_folder.path(QUrl::FullyEncoded).toLatin1() + path.toLatin1();
    if (isCollection && !encoded.endsWith('/'))
        encoded += '/';
    url.setPath(QString::fromLatin1(encoded), QUrl::StrictMode);
    return url;
}

Task<Result<HttpAnswer>> DavClient::send(HttpRequest request)
{
    if (!m_asksForDigest && !m_basic.isEmpty()) {
        HttpRequest first = request;
        first.headers.emplace_back("Authorization", m_basic.utf8());
        const auto answer = co_await m_http.send(std::move(first));
        constexpr int unauthorised = 401;
        const bool isRefused = answer && answer->status == unauthorised;
        if (!isRefused || !answer->header("WWW-Authenticate").trimmed().toLower().startsWith("digest"))
            co_return answer;
        m_asksForDigest = true;
    }
    co_return co_await m_http.send(std::move(request));
}

Error DavClient::errorOf(const HttpAnswer &answer, const QString &what) const
{
    return statusError(answer, what, m_clock);
}

Task<Result<DavClient::Listing>> DavClient::propfind(QString path, int depth)
{
    HttpRequest asking = requestOf("PROPFIND", urlOf(path, depth > 0 || path.isEmpty()));
    asking.headers.emplace_back("Depth", QByteArray::number(depth));
    asking.headers.emplace_back("Content-Type", "application/xml; charset=utf-8");
    asking.body = path.isEmpty() && depth == 0 ? kAskedWithQuota : kAsked;
    MultistatusReader reader;
    asking.sink = [&reader](ByteView bytes) { return reader.add(bytes); };
    const auto answer = co_await send(std::move(asking));
    if (!answer)
        co_return answer.error();
    if (!answer->isSuccess())
        co_return errorOf(*answer, QStringLiteral("cannot list the folder"));
    auto resources = reader.finish();
    if (!resources)
        co_return resources.error();
    Listing listing;
    listing.resources = std::move(*resources);
    listing.url = answer->url;
    co_return listing;
}

Task<Result<Resource>> DavClient::resource(QString path)
{
    auto found = co_await propfind(path, 0);
    if (!found)
        co_return found.error();
    if (found->resources.size() != 1)
        co_return elsewhere(found->url);
    co_return std::move(found->resources.front());
}

Task<Result<std::vector<Resource>>> DavClient::children(QString path)
{
    const auto found = co_await propfind(path, 1);
    if (!found)
        co_return found.error();
    const QString folder = comparable(withoutSlash(found->url.path(QUrl::FullyDecoded)));
    const QString base = folder.endsWith(u'/') ? folder : folder + u'/';
    bool hasItself = false; // RFC 4918 section 9.1: of what is asked for, too
    std::vector<Resource> inside;
    for (Resource resource : found->resources) {
        const QString at = comparable(resource.path);
        hasItself = hasItself || at == folder;
        resource.path = at.startsWith(base) ? at.mid(base.size()) : QString();
        if (!resource.path.isEmpty() && !resource.path.contains(u'/'))
            inside.push_back(std::move(resource));
    }
    if (!hasItself)
        co_return elsewhere(found->url);
    co_return inside;
}

// Another computer may make it at the same time, or the server still does what was given up: Apache refuses one of the
// two then (403), rclone has it locked (423).
Task<Result<>> DavClient::mkcol(QString path)
{
    constexpr int isThere = 405;
    constexpr int isLocked = 423;
    for (bool again = false;; again = true) {
        const auto answer = co_await send(requestOf("MKCOL", urlOf(path, true)));
        if (!answer)
            co_return answer.error();
        if (answer->isSuccess() || answer->status == isThere)
            co_return Result<>();
        const auto found = co_await resource(path);
        if (found && found->isCollection)
            co_return Result<>();
        if (again || answer->status != isLocked)
            co_return errorOf(*answer, QStringLiteral("cannot make a folder"));
        auto sleeping = m_clock.sleep(Clock::Duration(50));
        co_await sleeping;
    }
}

Task<Result<>> DavClient::put(QString path, QByteArray bytes)
{
    HttpRequest sending = requestOf("PUT", urlOf(path, false));
    sending.headers.emplace_back("Content-Type", "application/octet-stream");
    sending.body = std::move(bytes);
    const auto answer = co_await send(std::move(sending));
    if (!answer)
        co_return answer.error();
    if (!answer->isSuccess())
        co_return errorOf(*answer, QStringLiteral("cannot store"));
    co_return Result<>();
}

Task<Result<HttpAnswer>> DavClient::get(QString path, Range range)
{
    HttpRequest asking = requestOf("GET", urlOf(path, false));
    asking.largestAnswer = HttpRequest::kLargestBody;
    if (const QByteArray bytes = rangeHeader(range.offset, range.length); !bytes.isEmpty())
        asking.headers.emplace_back("Range", bytes);
    co_return co_await send(std::move(asking));
}

Task<Result<>> DavClient::remove(QString path)
{
    const auto answer = co_await send(requestOf("DELETE", urlOf(path, false)));
    if (!answer)
        co_return answer.error();
    constexpr int partly = 207; // some of it is still there
    if ((answer->isSuccess() && answer->status != partly) || answer->status == 404 || answer->status == 410)
        co_return Result<>();
    co_return errorOf(*answer, QStringLiteral("cannot delete"));
}

Task<Result<>> DavClient::move(QString from, QString to)
{
    HttpRequest moving = requestOf("MOVE", urlOf(from, false));
    moving.headers.emplace_back("Destination", urlOf(to, false).toEncoded()); // absolute: Apache takes nothing else
    moving.headers.emplace_back("Overwrite", "T");
    const auto answer = co_await send(std::move(moving));
    if (!answer)
        co_return answer.error();
    constexpr int partly = 207;
    if (!answer->isSuccess() || answer->status == partly)
        co_return errorOf(*answer, QStringLiteral("cannot store"));
    co_return Result<>();
}

} // namespace mf::webdav
