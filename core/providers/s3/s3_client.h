// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/pool.h"
#include "core/http/http_client.h"
#include "core/providers/provider.h"
#include "core/providers/s3/s3_answers.h"
#include "core/providers/s3/sigv4.h"

namespace mf::s3 {

struct Place {
    QUrl endpoint; // http or https, perhaps with a path, without a slash at its end
    QByteArray region; // the one to sign for
    QString bucket;
    bool isVirtual = false; // https://bucket.endpoint/key, not https://endpoint/bucket/key
};

struct Keys {
    QByteArray access;
    SecretText secret;
};

// The requests of S3 that a store of blobs needs, on one bucket, signed by Signature V4: with the hash of the body over
// http, without it ("UNSIGNED-PAYLOAD") where TLS guards it. What is used is what every compatible server knows:
// ListObjectsV2 and Content-MD5, no newer checksums, no multipart (no blob is that large), no HEAD (which says nothing
// about its failures).
//
// A server that says that the bucket is in another region, or whose clock is more than five minutes from ours, is
// asked again with what it said, which holds from then on.
//
// Errors are statusError()'s and HttpClient's and, by what the server calls them:
//   NotFound "MF-ACCOUNT-GONE"     the bucket does not exist
//   NotFound "MF-HTTP-MISSING"     the key does not exist
//   Unauthorised "MF-S3-KEYS"      the access key is unknown, or the secret key does not fit it
//   Unauthorised "MF-S3-DENIED"    the keys may not do this
//   Unauthorised "MF-S3-CLOCK"     the clocks still differ
//   Invalid "MF-S3-REGION"         the bucket is in another region, which the server does not tell
//   Invalid "MF-S3-BUCKET"         no bucket can have this name
//   AlreadyExists "MF-S3-TAKEN"    somebody else has a bucket of this name
//   Quota "MF-HTTP-FULL"           no room left
class S3Client
{
public:
    S3Client(Place place, Keys keys, HttpSettings settings, Clock &clock, Pool &io);

    // True: the server's checksum is that of the bytes. False: it tells none that can be compared.
    Task<Result<bool>> put(QString key, QByteArray bytes);
    // Status 200, 206 or 416. Precondition: range.length != 0.
    Task<Result<HttpAnswer>> get(QString key, Range range);
    Task<Result<>> remove(QString key); // success also if it is not there
    // Keys with this prefix, in order, `most` at once. token: of the page before, else empty.
    Task<Result<KeyPage>> list(QString prefix, QString token, int most);
    Task<Result<>> makeBucket(); // success also if it is there and ours
    Task<Result<QStringList>> buckets(); // all that these keys may see

    const Place &place() const { return m_place; }

private:
    struct Request;
    // What a server taught us.
    struct Tuning {
        QByteArray region;
        qint64 clock = 0; // seconds that its clock is ahead of ours
        friend bool operator==(const Tuning &, const Tuning &) = default;
    };
    QUrl urlOf(const Request &request, const QByteArray &region) const;
    HttpRequest signedRequest(const Request &request, const Tuning &tuning) const;
    Task<Result<HttpAnswer>> send(Request request);
    void learnFrom(const HttpAnswer &answer);
    Error errorOf(const HttpAnswer &answer, const QString &what) const;

    Place m_place;
    Keys m_keys;
    Tuning m_tuning;
    Clock &m_clock;
    Pool &m_io;
    HttpClient m_http;
};

} // namespace mf::s3
