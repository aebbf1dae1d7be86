// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/http_client.h"

#include "core/base/awaitables.h"
#include "core/base/log.h"
#include "core/http/exchange.h"

#include <QAuthenticator>
#include <QNetworkProxyFactory>
#include <QSslConfiguration>

#include <algorithm>

namespace mf {
namespace {

constexpr int kMostRedirects = 5;
constexpr char kMayAsk[] = "mf-credentials"; // property of a reply: tries left of giving user and password

bool isProxy(const QNetworkProxy &proxy)
{
    return proxy.type() != QNetworkProxy::NoProxy && proxy.type() != QNetworkProxy::DefaultProxy;
}

// What the desktop says, asked anew for each connection.
class SystemProxies final : public QNetworkProxyFactory
{
public:
    // isProxied: is told whether the last connection goes through one.
    explicit SystemProxies(std::optional<bool> &isProxied)
        : m_isProxied(isProxied)
    {
    }
    QList<QNetworkProxy> queryProxy(const QNetworkProxyQuery &query) override
    {
        const QList<QNetworkProxy> proxies = systemProxyForQuery(query);
        m_isProxied = isProxy(proxies.value(0));
        return proxies;
    }

private:
    std::optional<bool> &m_isProxied;
};

bool isSameServer(const QUrl &a, const QUrl &b)
{
    const auto portOf = [](const QUrl &url) { return url.port(url.scheme() == QLatin1String("https") ? 443 : 80); };
    return a.scheme() == b.scheme() && a.host() == b.host() && portOf(a) == portOf(b);
}

bool isRedirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// Where an answer leads to; nothing if that is not followed.
std::optional<QUrl> redirectOf(const HttpAnswer &answer)
{
    const QByteArray location = answer.header("Location");
    if (!isRedirect(answer.status) || location.isEmpty())
        return std::nullopt;
    const QUrl url = answer.url.resolved(QUrl::fromEncoded(location));
    const bool isBetter = url.scheme() == QLatin1String("https") || url.scheme() == answer.url.scheme();
    if (!url.isValid() || url.host().isEmpty() || !url.userInfo().isEmpty() || !isBetter)
        return std::nullopt;
    return url;
}

void turnTo(HttpRequest &request, const QUrl &url, int status)
{
    if (!isSameServer(request.url, url))
        std::erase_if(request.headers, [](const auto &header) {
            return header.first.compare("Authorization", Qt::CaseInsensitive) == 0
                || header.first.compare("Cookie", Qt::CaseInsensitive) == 0;
        });
    if (status == 303 && request.method != "HEAD") {
        request.method = "GET";
        request.body.clear();
    }
    request.url = url;
}

QByteArray userAgent() { return QByteArrayLiteral("ModelFloat/" MF_VERSION); }

QNetworkRequest networkRequestOf(const HttpRequest &request)
{
    QNetworkRequest out(request.url);
    out.setRawHeader("User-Agent", userAgent()); // not Qt's "Mozilla/5.0", which some servers take for a browser
    out.setRawHeader("Accept-Encoding", "identity"); // lengths and ranges mean bytes as they are
    if (!request.body.isEmpty()) // else Qt guesses one
        out.setRawHeader("Content-Type", "application/octet-stream");
    for (const auto &[name, value] : request.headers)
        out.setRawHeader(name, value);
    out.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    out.setAttribute(QNetworkRequest::CacheLoadControlAttribute, QNetworkRequest::AlwaysNetwork);
    out.setAttribute(QNetworkRequest::CacheSaveControlAttribute, false);
    out.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    out.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    return out;
}

Error cannotSend(const HttpRequest &request, const QString &why)
{
    return Error(Error::Kind::Invalid, QStringLiteral("MF-HTTP-REQUEST"),
        QStringLiteral("the request to %1 cannot be sent: %2").arg(request.url.host(), why))
        .with(QStringLiteral("host"), request.url.host());
}

Result<> check(const HttpRequest &request)
{
    const bool isHttp = request.url.scheme() == QLatin1String("https") || request.url.scheme() == QLatin1String("http");
    if (!request.url.isValid() || !isHttp || request.url.host().isEmpty())
        return cannotSend(request, QStringLiteral("its address is not one of http or https"));
    if (!request.url.userInfo().isEmpty())
        return cannotSend(request, QStringLiteral("its address holds a password"));
    if (request.body.size() > HttpRequest::kLargestBody)
        return cannotSend(request, QStringLiteral("it is too large"));
    for (const auto &[name, value] : request.headers) {
        if (name.contains('\n') || value.contains('\n') || name.contains('\r') || value.contains('\r'))
            return cannotSend(request, QStringLiteral("a header holds a line break"));
    }
    return {};
}

// Never a header, a query or a body.
void logExchange(const HttpRequest &request, const Result<HttpAnswer> &answer, qint64 received, Clock::Duration took)
{
    const QString end = answer ? QString::number(answer->status) : answer.error().id;
    logDebug("http",
        QStringLiteral("%1 %2 %3: %4, %5 bytes out, %6 in, %7 ms")
            .arg(QString::fromLatin1(request.method), request.url.host(), request.url.path(), end)
            .arg(request.body.size())
            .arg(received)
            .arg(took.count()));
}

} // namespace

std::optional<QString> certificateText(const QString &hex)
{
    QByteArray plain = hex.toLatin1().toLower();
    plain.replace(':', "").replace(' ', "");
    const QByteArray digest = QByteArray::fromHex(plain);
    if (digest.size() != 32 || digest.toHex() != plain)
        return std::nullopt;
    return QString::fromLatin1(digest.toHex(':'));
}

HttpClient::HttpClient(HttpSettings settings, Clock &clock)
    : m_settings(std::move(settings))
    , m_clock(clock)
    , m_pinned(QByteArray::fromHex(certificateText(m_settings.pinnedCertificate).value_or(QString()).toLatin1()))
{
    if (m_settings.proxy == HttpSettings::Proxy::System) {
        m_manager.setProxyFactory(new SystemProxies(m_isProxied)); // the manager's
    } else {
        const bool isManual = m_settings.proxy == HttpSettings::Proxy::Manual;
        m_isProxied = isManual && isProxy(m_settings.manualProxy);
        m_manager.setProxy(isManual ? m_settings.manualProxy : QNetworkProxy(QNetworkProxy::NoProxy));
    }
    QObject::connect(&m_manager, &QNetworkAccessManager::authenticationRequired, &m_manager,
        [this](QNetworkReply *reply, QAuthenticator *authenticator) {
            const int left = reply->property(kMayAsk).toInt();
            if (left <= 0 || m_settings.user.isEmpty())
                return;
            reply->setProperty(kMayAsk, left - 1);
            // Qt hashes Latin-1, servers UTF-8 (RFC 7616 section 4): so the bytes of UTF-8, each as one character.
            authenticator->setUser(QString::fromLatin1(m_settings.user.toUtf8()));
            authenticator->setPassword(QString::fromLatin1(m_settings.password.utf8()));
        });
}

HttpClient::~HttpClient() = default;

QNetworkReply *HttpClient::begin(const HttpRequest &request)
{
    QNetworkRequest out = networkRequestOf(request);
    if (!m_pinned.isEmpty()) {
        // No authority vouches for anybody: no connection comes about that Exchange has not let pass, also not one that
        // many requests share by HTTP/2, of which only the first is told what the server showed.
        QSslConfiguration trust = out.sslConfiguration();
        trust.setCaCertificates({});
        out.setSslConfiguration(trust);
    }
    const bool hasBody = !request.body.isEmpty();
    if (request.method == "GET" && !hasBody)
        return m_manager.get(out);
    if (request.method == "HEAD" && !hasBody)
        return m_manager.head(out);
    if (request.method == "PUT")
        return m_manager.put(out, request.body);
    if (request.method == "POST")
        return m_manager.post(out, request.body);
    if (request.method == "DELETE" && !hasBody)
        return m_manager.deleteResource(out);
    return m_manager.sendCustomRequest(out, request.method, request.body);
}

Task<Result<HttpAnswer>> HttpClient::exchange(HttpRequest request, bool isHome)
{
    Budget::Lease connection;
    if (!m_isShared)
        connection = co_await m_connections.acquire(1);
    const auto start = m_clock.elapsed();
    const detail::ReplyPtr reply(begin(request));
    reply->setProperty(kMayAsk, isHome ? 1 : 0);
    if (!m_isProxied) // else as it was last time
        m_isProxied = isProxy(QNetworkProxyFactory::systemProxyForQuery(QNetworkProxyQuery(request.url)).value(0));
    detail::Exchange exchange(*reply, request, m_settings, m_pinned, *m_isProxied);
    co_await finished(*reply);
    auto result = exchange.result();
    if (result)
        m_isShared = reply->attribute(QNetworkRequest::Http2WasUsedAttribute).toBool();
    logExchange(request, result, exchange.received(), m_clock.elapsed() - start);
    co_return result;
}

Task<Result<HttpAnswer>> HttpClient::send(HttpRequest request)
{
    const auto checked = check(request);
    if (!checked)
        co_return checked.error();
    const QUrl home = request.url;
    for (int redirects = 0;; ++redirects) {
        auto answer = co_await exchange(request, isSameServer(home, request.url));
        if (!answer)
            co_return answer;
        const auto next = request.followsRedirects && redirects < kMostRedirects ? redirectOf(*answer) : std::nullopt;
        if (!next)
            co_return answer;
        turnTo(request, *next, answer->status);
    }
}

} // namespace mf
