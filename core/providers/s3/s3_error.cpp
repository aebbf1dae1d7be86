// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/s3/s3_error.h"

#include "core/http/http_error.h"
#include "core/providers/s3/s3_answers.h"

#include <algorithm>
#include <iterator>

namespace mf::s3 {
namespace {

using Kind = Error::Kind;

// Sources: "Error responses", Amazon S3 API reference; names of compatible servers (MinIO, Ceph, Backblaze B2) below.
struct Meaning {
    const char *code;
    Kind kind;
    const char *id;
    const char *text; // %1: the host, %2: the bucket
};
constexpr Meaning kMeanings[] = {
    { "NoSuchBucket", Kind::NotFound, "MF-ACCOUNT-GONE", "the keys work, but the bucket “%2” does not exist on %1" },
    { "NoSuchKey", Kind::NotFound, "MF-HTTP-MISSING", "%1 does not hold it" },
    { "InvalidAccessKeyId", Kind::Unauthorised, "MF-S3-KEYS", "the access key is not known to %1" },
    { "XAdminUserNotFound", Kind::Unauthorised, "MF-S3-KEYS", "the access key is not known to %1" }, // Versity
    { "SignatureDoesNotMatch", Kind::Unauthorised, "MF-S3-KEYS", "the secret key does not fit the access key" },
    { "ExpiredToken", Kind::Unauthorised, "MF-S3-KEYS", "the keys are no longer valid; make new ones" },
    { "AccessDenied", Kind::Unauthorised, "MF-S3-DENIED", "%1 does not let these keys do that in the bucket “%2”" },
    { "AllAccessDisabled", Kind::Unauthorised, "MF-S3-DENIED", "%1 has closed the bucket “%2”" },
    { "AccountProblem", Kind::Unauthorised, "MF-S3-DENIED", "%1 has closed the account; sign in there to see why" },
    { "RequestTimeTooSkewed", Kind::Unauthorised, "MF-S3-CLOCK",
        "this computer's clock is not that of %1; set it right" },
    { "AuthorizationHeaderMalformed", Kind::Invalid, "MF-S3-REGION", "%1 has another region than the one given" },
    { "PermanentRedirect", Kind::Invalid, "MF-S3-REGION", "the bucket “%2” is in another region than the one given" },
    { "TemporaryRedirect", Kind::Invalid, "MF-S3-REGION", "the bucket “%2” is in another region than the one given" },
    { "InvalidBucketName", Kind::Invalid, "MF-S3-BUCKET",
        "“%2” cannot be the name of a bucket: 3 to 63 small letters, digits, hyphens" },
    { "BucketAlreadyExists", Kind::AlreadyExists, "MF-S3-TAKEN",
        "somebody else has a bucket of the name “%2”; choose another name" },
    { "QuotaExceeded", Kind::Quota, "MF-HTTP-FULL", "%1 has no room left; free some, or add storage" },
    { "InsufficientStorage", Kind::Quota, "MF-HTTP-FULL", "%1 has no room left; free some, or add storage" },
    { "XMinioStorageFull", Kind::Quota, "MF-HTTP-FULL", "%1 has no room left; free some, or add storage" },
    // Damage on the way, and what another request at the same time causes.
    { "RequestTimeout", Kind::Network, "MF-HTTP-SERVER", "%1 did not get all of it in time" },
    { "BadDigest", Kind::Network, "MF-HTTP-SERVER", "the bytes changed on their way to %1" },
    { "XAmzContentSHA256Mismatch", Kind::Network, "MF-HTTP-SERVER", "the bytes changed on their way to %1" },
    { "IncompleteBody", Kind::Network, "MF-HTTP-SERVER", "%1 did not get all of it" },
    { "OperationAborted", Kind::Network, "MF-HTTP-SERVER", "%1 was doing something else with it" },
    { "ConditionalRequestConflict", Kind::Network, "MF-HTTP-SERVER", "%1 was doing something else with it" },
};

} // namespace

Error faultError(const HttpAnswer &answer, const QString &what, const QString &bucket, const Clock &clock)
{
    Error error = statusError(answer, what, clock);
    const QByteArray code = readFault(answer.body).code;
    // An answer in words of its own is that of something before the service, which knows of no key whether it is there.
    if (code.isEmpty() && error.kind == Error::Kind::NotFound && !answer.body.trimmed().isEmpty())
        return Error(Error::Kind::Network, QStringLiteral("MF-S3-NONE"),
            QStringLiteral("%1: %2 answered with status %3, but not as an S3 service does; check the address, or try "
                           "again when the service behind it is up")
                .arg(what, answer.url.host(), QString::number(answer.status)))
            .offering(Error::Action::Retry);
    if (code.isEmpty())
        return error;
    error.parameters.insert(QStringLiteral("code"), QString::fromLatin1(code));
    const auto meaning
        = std::find_if(std::begin(kMeanings), std::end(kMeanings), [&](const Meaning &m) { return code == m.code; });
    if (meaning == std::end(kMeanings))
        return error;
    if (meaning->kind != error.kind)
        error.actions.clear(); // they were the status's
    error.kind = meaning->kind;
    error.id = QString::fromLatin1(meaning->id);
    error.message = QString(what + QStringLiteral(": ") + QString::fromUtf8(meaning->text))
                        .replace(QStringLiteral("%1"), answer.url.host())
                        .replace(QStringLiteral("%2"), bucket);
    return error;
}

} // namespace mf::s3
