// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/s3/sigv4.h"

#include "core/crypto/sha256.h"

#include <algorithm>

namespace mf::s3 {
namespace {

constexpr char kAlgorithm[] = "AWS4-HMAC-SHA256";

QByteArray bytesOf(const Sha256 &digest)
{
    return QByteArray(reinterpret_cast<const char *>(digest.bytes.data()), qsizetype(digest.bytes.size()));
}

// "20130524/us-east-1/s3/aws4_request"
QByteArray scopeOf(const QByteArray &date, const QByteArray &region)
{
    return date.left(8) + '/' + region + "/s3/aws4_request";
}

// By name in lower case, values without spaces around them and with single ones inside.
HttpHeaders sorted(HttpHeaders headers)
{
    for (auto &[name, value] : headers) {
        name = name.toLower();
        value = value.simplified();
    }
    std::sort(headers.begin(), headers.end());
    return headers;
}

} // namespace

QByteArray encoded(const QByteArray &utf8, bool keepsSlash) { return utf8.toPercentEncoding(keepsSlash ? "/" : ""); }

QByteArray encodedQuery(Query query)
{
    for (auto &[name, value] : query) {
        name = encoded(name, false);
        value = encoded(value, false);
    }
    std::sort(query.begin(), query.end());
    QByteArray text;
    for (const auto &[name, value] : query)
        text += (text.isEmpty() ? "" : "&") + name + '=' + value;
    return text;
}

QByteArray signedHeaders(const ToSign &request)
{
    QByteArray names;
    for (const auto &[name, value] : sorted(request.headers))
        names += (names.isEmpty() ? "" : ";") + name;
    return names;
}

QByteArray canonicalRequest(const ToSign &request)
{
    QByteArray headers;
    for (const auto &[name, value] : sorted(request.headers))
        headers += name + ':' + value + '\n';
    return request.method + '\n' + request.path + '\n' + request.query + '\n' + headers + '\n' + signedHeaders(request)
        + '\n' + request.payload;
}

QByteArray amzDate(const QDateTime &time)
{
    return time.toUTC().toString(QStringLiteral("yyyyMMdd'T'HHmmss'Z'")).toLatin1();
}

QByteArray stringToSign(const QByteArray &canonical, const QByteArray &date, const QByteArray &region)
{
    return QByteArray(kAlgorithm) + '\n' + date + '\n' + scopeOf(date, region) + '\n'
        + bytesOf(sha256(viewOf(canonical))).toHex();
}

QByteArray signature(
    const QByteArray &secretKey, const QByteArray &date, const QByteArray &region, const QByteArray &toSign)
{
    QByteArray key = "AWS4" + secretKey;
    for (const QByteArray &part : { date.left(8), region, QByteArray("s3"), QByteArray("aws4_request"), toSign })
        key = bytesOf(hmacSha256(viewOf(key), viewOf(part)));
    return key.toHex();
}

QByteArray authorization(const ToSign &request, const QByteArray &accessKey, const QByteArray &secretKey,
    const QByteArray &date, const QByteArray &region)
{
    const QByteArray toSign = stringToSign(canonicalRequest(request), date, region);
    return QByteArray(kAlgorithm) + " Credential=" + accessKey + '/' + scopeOf(date, region)
        + ", SignedHeaders=" + signedHeaders(request) + ", Signature=" + signature(secretKey, date, region, toSign);
}

} // namespace mf::s3
