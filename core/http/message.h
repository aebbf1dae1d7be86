// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What goes to a server, and what comes back.

#include "core/base/bytes.h"
#include "core/base/result.h"

#include <QDateTime>
#include <QUrl>

#include <functional>
#include <utility>
#include <vector>

namespace mf {

using HttpHeaders = std::vector<std::pair<QByteArray, QByteArray>>;

// Takes the bytes of an answer as they come; an Error ends the request with it.
using HttpSink = std::function<Result<>(ByteView)>;

struct HttpRequest {
    static constexpr qint64 kLargestBody = qint64(64) << 20; // bytes, both ways

    QByteArray method; // "PUT"; any method of any RFC
    QUrl url; // absolute, http or https, without user and password; goes out in the encoding it has
    HttpHeaders headers; // besides User-Agent, Host, Content-Length. None of them is ever logged
    QByteArray body; // at most kLargestBody
    qint64 largestAnswer = qint64(8) << 20; // bytes of a body kept in memory; more is an Error
    HttpSink sink; // takes the body of a 2xx answer instead, whatever its length
    // A redirect is followed to https, or from http to http, five times at most, and to another host without
    // Authorization and Cookie; otherwise it is the answer. Methods and bodies stay what they are, but for 303.
    bool followsRedirects = true;
};

// A body that comes in chunks (RFC 9112 section 7.1) may be cut at the end of one without anybody noticing: whoever
// asked knows how long it must be, or where it ends.
struct HttpAnswer {
    int status = 0; // 200
    HttpHeaders headers;
    QByteArray body; // of a sink's request: empty if the status is 2xx
    QUrl url; // which answered, after redirects

    // Names are compared without case; the first of several; empty if it has none.
    QByteArray header(QByteArrayView name) const;
    bool isSuccess() const { return status >= 200 && status < 300; }
};

// A time as servers write it (RFC 9110 section 5.6.7, all three forms; two-digit days or one), UTC. Invalid if it is
// none.
QDateTime httpTime(const QByteArray &text);

} // namespace mf
