// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// AWS Signature Version 4 as S3 takes it, in headers ("Authenticating Requests: Using the Authorization Header", Amazon
// S3 API reference). Pure functions; each step has one of its own, as Amazon's examples give each result.

#include "core/http/message.h"

namespace mf::s3 {

// Percent-encoded once: all but A-Z a-z 0-9 - . _ ~, and '/' if it is kept.
QByteArray encoded(const QByteArray &utf8, bool keepsSlash);

using Query = std::vector<std::pair<QByteArray, QByteArray>>; // names and values, not encoded
// "a=b&c=", encoded and in the order that is signed.
QByteArray encodedQuery(Query query);

struct ToSign {
    QByteArray method; // "GET"
    QByteArray path; // encoded: "/bucket/a%20b"
    QByteArray query; // of encodedQuery()
    HttpHeaders headers; // all that are signed, at least Host, x-amz-date and x-amz-content-sha256
    QByteArray payload; // the value of x-amz-content-sha256
};
QByteArray canonicalRequest(const ToSign &request);
QByteArray signedHeaders(const ToSign &request); // "host;x-amz-date"

QByteArray amzDate(const QDateTime &time); // "20130524T000000Z"
// date: of amzDate().
QByteArray stringToSign(const QByteArray &canonical, const QByteArray &date, const QByteArray &region);
QByteArray signature(
    const QByteArray &secretKey, const QByteArray &date, const QByteArray &region, const QByteArray &toSign);

// The value of the header Authorization. `date` is what x-amz-date says.
QByteArray authorization(const ToSign &request, const QByteArray &accessKey, const QByteArray &secretKey,
    const QByteArray &date, const QByteArray &region);

} // namespace mf::s3
