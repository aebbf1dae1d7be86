// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/event.h"
#include "core/base/task.h"
#include "core/crypto/secret_text.h"
#include "core/http/message.h"

#include <QNetworkAccessManager>
#include <QNetworkProxy>

#include <optional>

class QNetworkReply;

namespace mf {

// How one account's server is reached.
struct HttpSettings {
    enum class Proxy { System, None, Manual };
    Proxy proxy = Proxy::System;
    QNetworkProxy manualProxy; // of Manual
    // SHA-256 of the one certificate (DER) that the server must show, in lower-case hex, colons allowed: the user's
    // explicit choice for a server that no authority vouches for. Empty: the system's authorities decide.
    QString pinnedCertificate;
    // Digest authentication, for servers that ask for it (RFC 7616). Basic goes into the request's headers.
    QString user;
    SecretText password;

    Clock::Duration connectLimit { 20'000 }; // until the request is on its way
    Clock::Duration idleLimit { 30'000 }; // without a byte in either direction
    Clock::Duration totalLimit { 3'600'000 };
};

// Requests to the server of one account, over connections of their own: up to six at once by HTTP/1.1, any number by
// HTTP/2 where the server offers it. Belongs to the event loop's thread. Destroying the task of send() aborts the
// request. Neither retries nor limits; keeps neither cookies nor a cache.
class HttpClient
{
public:
    HttpClient(HttpSettings settings, Clock &clock);
    ~HttpClient();
    HttpClient(const HttpClient &) = delete;
    HttpClient &operator=(const HttpClient &) = delete;

    // The whole answer, whatever its status. An Error if there is none:
    //   Network "MF-HTTP-UNREACHABLE"     no connection: name, address, proxy
    //   Network "MF-HTTP-TIMEOUT"         one of the limits passed; parameter "limit": connect, idle, total
    //   Network "MF-HTTP-CUT"             the connection ended before the answer did, or broke the protocol
    //   Unauthorised "MF-HTTP-CERTIFICATE"  the server cannot be trusted; parameter "certificate": what it showed
    //   Invalid "MF-HTTP-TOO-LONG"        more than HttpRequest::largestAnswer
    //   Invalid "MF-HTTP-REQUEST"         the request itself cannot be sent
    // or the sink's. The parameter "host" names the server. Never holds a header, a query or a body.
    Task<Result<HttpAnswer>> send(HttpRequest request);

private:
    // isHome: at the server that the user and password are for.
    Task<Result<HttpAnswer>> exchange(HttpRequest request, bool isHome);
    QNetworkReply *begin(const HttpRequest &request);

    HttpSettings m_settings;
    Clock &m_clock;
    QByteArray m_pinned; // SHA-256, raw; empty: none
    std::optional<bool> m_isProxied; // the last connection; nothing: there was none
    // Qt lets further requests wait for one of its six connections by HTTP/1.1, and time to connect would pass for
    // them: they wait here instead.
    static constexpr qint64 kConnections = 6;
    Budget m_connections { kConnections };
    bool m_isShared = false; // the last answer came by HTTP/2: one connection is enough for all
    QNetworkAccessManager m_manager;
};

// The certificate as people compare it: "ab:cd:…", from hex with or without colons; nothing if that is no SHA-256.
std::optional<QString> certificateText(const QString &hex);

} // namespace mf
