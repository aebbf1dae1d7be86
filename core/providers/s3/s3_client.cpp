// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/s3/s3_client.h"

#include "core/crypto/sha256.h"
#include "core/http/http_range.h"
#include "core/providers/s3/s3_error.h"

#include <QCryptographicHash>
#include <QRegularExpression>

#include <cstdlib>

namespace mf::s3 {
namespace {

constexpr char kUnsigned[] = "UNSIGNED-PAYLOAD";
constexpr qint64 kClocksDiffer = 300; // s; servers allow 900
constexpr int kMostCorrections = 2; // region and clock
// How a list goes on: by the server's own token, or, where it knows the older kind of list only and gives none, after
// the last key.
constexpr QChar kToken(u'=');
constexpr QChar kAfter(u'>');

struct Digests {
    QByteArray md5;
    QByteArray sha256; // hex
};

Digests digestsOf(const QByteArray &bytes, bool withSha256)
{
    Digests digests;
    digests.md5 = QCryptographicHash::hash(bytes, QCryptographicHash::Md5);
    if (withSha256)
        digests.sha256 = toHex(sha256(viewOf(bytes)).bytes).toLatin1();
    return digests;
}

// Amazon has a host for each region.
QString hostOf(const QUrl &endpoint, const QByteArray &region)
{
    static const QRegularExpression amazon(QStringLiteral(R"(^s3([.-][a-z0-9-]+)?(\.amazonaws\.com(\.cn)?)$)"));
    const auto match = amazon.match(endpoint.host());
    return match.hasMatch() ? QString(QStringLiteral("s3.") + QString::fromLatin1(region) + match.captured(2))
                            : endpoint.host();
}

} // namespace

struct S3Client::Request {
    QByteArray method;
    bool isOfBucket = true; // false: of the whole service
    QString key = {}; // empty: the bucket itself
    Query query = {};
    HttpHeaders headers = {};
    QByteArray body = {};
    QByteArray sha256 = {}; // hex, of the body; empty: worked out here, for short ones
};

S3Client::S3Client(Place place, Keys keys, HttpSettings settings, Clock &clock, Pool &io)
    : m_place(std::move(place))
    , m_keys(std::move(keys))
    , m_tuning { m_place.region, 0 }
    , m_clock(clock)
    , m_io(io)
    , m_http(std::move(settings), clock)
{
}

QUrl S3Client::urlOf(const Request &request, const QByteArray &region) const
{
    QUrl url = m_place.endpoint;
    const bool isVirtual = m_place.isVirtual && request.isOfBucket;
    const QString host = hostOf(url, region);
    url.setHost(isVirtual ? QString(m_place.bucket + u'.' + host) : host);
    QByteArray path = m_place.endpoint.path(QUrl::FullyEncoded).toLatin1();
    if (request.isOfBucket && !isVirtual)
        path += '/' + encoded(m_place.bucket.toUtf8(), false);
    if (!request.key.isEmpty())
        path += '/' + encoded(request.key.toUtf8(), true);
    url.setPath(QString::fromLatin1(path.isEmpty() ? QByteArray("/") : path), QUrl::StrictMode);
    const QByteArray query = encodedQuery(request.query);
    if (!query.isEmpty())
        url.setQuery(QString::fromLatin1(query), QUrl::StrictMode);
    return url;
}

HttpRequest S3Client::signedRequest(const Request &request, const Tuning &tuning) const
{
    HttpRequest out;
    out.method = request.method;
    out.url = urlOf(request, tuning.region);
    out.body = request.body;
    out.largestAnswer = HttpRequest::kLargestBody;
    out.followsRedirects = false; // the new address would have to be signed
    const QByteArray date = amzDate(m_clock.now().addSecs(tuning.clock));
    ToSign toSign;
    toSign.method = request.method;
    toSign.path = out.url.path(QUrl::FullyEncoded).toLatin1();
    toSign.query = out.url.query(QUrl::FullyEncoded).toLatin1();
    const bool isGuarded = out.url.scheme() == QLatin1String("https");
    toSign.payload = isGuarded      ? QByteArray(kUnsigned)
        : !request.sha256.isEmpty() ? request.sha256
                                    : digestsOf(request.body, true).sha256;
    toSign.headers = request.headers;
    toSign.headers.emplace_back("x-amz-date", date);
    toSign.headers.emplace_back("x-amz-content-sha256", toSign.payload);
    out.headers = toSign.headers;
    toSign.headers.emplace_back("host", out.url.authority(QUrl::FullyEncoded).toLatin1());
    out.headers.emplace_back(
        "Authorization", authorization(toSign, m_keys.access, m_keys.secret.utf8(), date, tuning.region));
    return out;
}

void S3Client::learnFrom(const HttpAnswer &answer)
{
    QByteArray region = answer.header("x-amz-bucket-region");
    if (!isRegion(region))
        region = readFault(answer.body).region;
    if (isRegion(region))
        m_tuning.region = region;
    constexpr int forbidden = 403;
    const QDateTime date = httpTime(answer.header("Date"));
    if (answer.status != forbidden || !date.isValid())
        return;
    const qint64 ahead = m_clock.now().secsTo(date);
    if (std::abs(ahead - m_tuning.clock) > kClocksDiffer)
        m_tuning.clock = ahead;
}

Task<Result<HttpAnswer>> S3Client::send(Request request)
{
    for (int corrections = 0;; ++corrections) {
        const Tuning used = m_tuning;
        auto answer = co_await m_http.send(signedRequest(request, used));
        if (!answer || answer->isSuccess() || answer->status == 404 || corrections == kMostCorrections)
            co_return answer;
        learnFrom(*answer);
        if (m_tuning == used) // also another request may have learned meanwhile
            co_return answer;
    }
}

Error S3Client::errorOf(const HttpAnswer &answer, const QString &what) const
{
    return faultError(answer, what, m_place.bucket, m_clock);
}

Task<Result<bool>> S3Client::put(QString key, QByteArray bytes)
{
    const bool isGuarded = m_place.endpoint.scheme() == QLatin1String("https");
    auto hashing = [bytes, isGuarded] { return digestsOf(bytes, !isGuarded); };
    const Digests digests = co_await onPool(m_io, hashing);
    Request sending { "PUT", true, key };
    sending.headers.emplace_back("Content-MD5", digests.md5.toBase64());
    sending.body = std::move(bytes);
    sending.sha256 = digests.sha256;
    const auto answer = co_await send(std::move(sending));
    if (!answer)
        co_return answer.error();
    if (!answer->isSuccess())
        co_return errorOf(*answer, QStringLiteral("cannot store"));
    co_return answer->header("ETag").replace('"', "").trimmed().toLower() == digests.md5.toHex();
}

Task<Result<HttpAnswer>> S3Client::get(QString key, Range range)
{
    Request asking { "GET", true, key };
    if (const QByteArray bytes = rangeHeader(range.offset, range.length); !bytes.isEmpty())
        asking.headers.emplace_back("Range", bytes);
    auto answer = co_await send(std::move(asking));
    constexpr int unsatisfiable = 416;
    if (answer && !answer->isSuccess() && answer->status != unsatisfiable)
        co_return errorOf(*answer, QStringLiteral("cannot read"));
    co_return answer;
}

Task<Result<>> S3Client::remove(QString key)
{
    Request deleting { "DELETE", true, key };
    const auto answer = co_await send(std::move(deleting));
    if (!answer)
        co_return answer.error();
    if (answer->isSuccess())
        co_return Result<>();
    const Error error = errorOf(*answer, QStringLiteral("cannot delete"));
    if (error.id == QStringLiteral("MF-HTTP-MISSING"))
        co_return Result<>();
    co_return error;
}

Task<Result<KeyPage>> S3Client::list(QString prefix, QString token, int most)
{
    Request asking { "GET", true };
    asking.query = { { "list-type", "2" }, { "prefix", prefix.toUtf8() }, { "encoding-type", "url" },
        { "max-keys", QByteArray::number(most) } };
    if (token.startsWith(kAfter)) {
        const QByteArray last = token.mid(1).toUtf8();
        asking.query.emplace_back("start-after", last);
        asking.query.emplace_back("marker", last);
    } else if (!token.isEmpty()) {
        asking.query.emplace_back("continuation-token", token.mid(1).toUtf8());
    }
    const auto answer = co_await send(std::move(asking));
    if (!answer)
        co_return answer.error();
    if (!answer->isSuccess())
        co_return errorOf(*answer, QStringLiteral("cannot list the bucket"));
    auto page = readKeyPage(answer->body);
    if (!page || !page->isTruncated)
        co_return page;
    if (page->token.isEmpty() && page->keys.empty())
        co_return Error(Error::Kind::Invalid, QStringLiteral("MF-S3-NONE"),
            QStringLiteral("%1 does not say how its list goes on").arg(m_place.endpoint.host()));
    page->token = page->token.isEmpty() ? QString(kAfter + page->keys.back().key) : QString(kToken + page->token);
    co_return page;
}

Task<Result<>> S3Client::makeBucket()
{
    Request making { "PUT", true };
    const QByteArray &region = m_tuning.region;
    if (region != "us-east-1" && region != "auto")
        making.body = "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                      "<LocationConstraint>"
            + region + "</LocationConstraint></CreateBucketConfiguration>";
    const auto answer = co_await send(std::move(making));
    if (!answer)
        co_return answer.error();
    if (answer->isSuccess() || readFault(answer->body).code == "BucketAlreadyOwnedByYou")
        co_return Result<>();
    co_return errorOf(*answer, QStringLiteral("cannot make the bucket"));
}

Task<Result<QStringList>> S3Client::buckets()
{
    Request asking { "GET", false };
    const auto answer = co_await send(std::move(asking));
    if (!answer)
        co_return answer.error();
    if (!answer->isSuccess())
        co_return errorOf(*answer, QStringLiteral("cannot list the buckets"));
    co_return readBuckets(answer->body);
}

} // namespace mf::s3
