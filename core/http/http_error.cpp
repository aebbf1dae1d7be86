// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/http_error.h"

#include <algorithm>

namespace mf {
namespace {

constexpr qint64 kLongest = qint64(24) * 3600; // s; no server knows further ahead

struct Meaning {
    Error::Kind kind;
    const char *id;
    QString advice;
};

Meaning meaningOf(int status)
{
    using Kind = Error::Kind;
    switch (status) {
    case 401:
    case 403:
    case 407:
        return { Kind::Unauthorised, "MF-HTTP-REFUSED",
            QStringLiteral("it refuses access: check the user name, the password or key, and what they may do") };
    case 404:
    case 410:
        return { Kind::NotFound, "MF-HTTP-MISSING", QStringLiteral("there is no such thing there: check the address") };
    case 405:
    case 501:
        return { Kind::Unsupported, "MF-HTTP-UNSUPPORTED",
            QStringLiteral("it does not know this kind of request: check the address and the kind of storage") };
    case 409:
    case 412:
        return { Kind::AlreadyExists, "MF-HTTP-CONFLICT", QStringLiteral("something else is in the way there") };
    case 413:
    case 507:
        return { Kind::Quota, "MF-HTTP-FULL", QStringLiteral("there is no room left; free some, or add storage") };
    case 429:
    case 503:
    case 509:
        return { Kind::Throttled, "MF-HTTP-THROTTLED", QStringLiteral("it asks to wait a while") };
    case 408:
    case 423:
    case 425:
        return { Kind::Network, "MF-HTTP-SERVER", QStringLiteral("it is busy; try again") };
    default:
        break;
    }
    if (status >= 500)
        return { Kind::Network, "MF-HTTP-SERVER", QStringLiteral("it has a problem of its own; try again later") };
    if (status >= 300 && status < 400)
        return { Kind::Invalid, "MF-HTTP-REDIRECT",
            QStringLiteral("it leads to another address, which is not followed; use that address if you trust it") };
    return { Kind::Invalid, "MF-HTTP-STATUS", QStringLiteral("it does not accept the request") };
}

} // namespace

std::optional<QDateTime> retryAfter(const HttpAnswer &answer, const Clock &clock)
{
    const QByteArray text = answer.header("Retry-After").trimmed();
    bool isNumber = false;
    qint64 seconds = text.toLongLong(&isNumber);
    if (!isNumber) {
        const QDateTime then = httpTime(text);
        if (!then.isValid())
            return std::nullopt;
        const QDateTime date = httpTime(answer.header("Date"));
        seconds = (date.isValid() ? date : clock.now()).secsTo(then);
    }
    return clock.now().addSecs(std::clamp<qint64>(seconds, 0, kLongest));
}

Error statusError(const HttpAnswer &answer, const QString &what, const Clock &clock)
{
    const Meaning meaning = meaningOf(answer.status);
    const QString host = answer.url.host();
    Error error(meaning.kind, QString::fromLatin1(meaning.id),
        QStringLiteral("%1: %2 answered with status %3; %4")
            .arg(what, host, QString::number(answer.status), meaning.advice));
    error.parameters.insert(QStringLiteral("status"), QString::number(answer.status));
    error.parameters.insert(QStringLiteral("host"), host);
    // Where the server does not say when, Retrying waits longer from try to try.
    if (meaning.kind == Error::Kind::Throttled || meaning.kind == Error::Kind::Network)
        error.retryAt = retryAfter(answer, clock);
    if (meaning.kind == Error::Kind::Unauthorised)
        error.actions.push_back(Error::Action::SignIn);
    if (meaning.kind == Error::Kind::Quota)
        error.actions.push_back(Error::Action::FreeSpace);
    return error;
}

} // namespace mf
