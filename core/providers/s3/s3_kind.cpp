// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/online/server_fields.h"
#include "core/providers/provider_errors.h"
#include "core/providers/s3/s3.h"

#include <algorithm>

namespace mf {

using namespace s3;

namespace {

const QString kEndpoint = QStringLiteral("endpoint");
const QString kRegion = QStringLiteral("region");
const QString kBucket = QStringLiteral("bucket");
const QString kPrefix = QStringLiteral("prefix");
const QString kAccessKey = QStringLiteral("access-key");
const QString kAddressing = QStringLiteral("addressing");
const QString kPath = QStringLiteral("path");
const QString kVirtual = QStringLiteral("virtual");

FormField field(const QString &key, const QString &label, const QString &help, bool required = false)
{
    FormField made;
    made.key = key;
    made.label = label;
    made.help = help;
    made.required = required;
    return made;
}

std::vector<FormField> fields()
{
    FormField endpoint = field(kEndpoint, QStringLiteral("Endpoint"),
        QStringLiteral("Where the service answers: https://s3.eu-central-1.amazonaws.com"), true);
    endpoint.type = FormField::Type::Url;
    FormField secret = field(QStringLiteral("secret"), QStringLiteral("Secret key"),
        QStringLiteral("It is shown once, when the access key is made."), true);
    secret.type = FormField::Type::Secret;
    FormField addressing = field(kAddressing, QStringLiteral("Addressing"),
        QStringLiteral("How the bucket is named: path, or virtual (as the first part of the host)."));
    addressing.type = FormField::Type::Choice;
    addressing.initial = kPath;
    addressing.choices = QStringList { kPath, kVirtual };
    std::vector<FormField> all {
        endpoint,
        field(kBucket, QStringLiteral("Bucket"), QStringLiteral("Made if it does not exist and the keys may do that."),
            true),
        field(kAccessKey, QStringLiteral("Access key"),
            QStringLiteral("Of keys that may list, read, write and delete in this bucket."), true),
        secret,
        field(kRegion, QStringLiteral("Region"), QStringLiteral("As the service calls it; most need none.")),
        field(kPrefix, QStringLiteral("Folder"), QStringLiteral("In the bucket, if it holds other things too.")),
        addressing,
    };
    for (FormField &one : serverFields())
        all.push_back(std::move(one));
    return all;
}

// Addresses as the services' own pages give them (November 2026).
std::vector<FormPreset> presets()
{
    const auto preset = [](const char *title, const char *endpoint, const char *region, const QString &addressing) {
        return FormPreset { QString::fromUtf8(title),
            { { kEndpoint, QString::fromLatin1(endpoint) }, { kRegion, QString::fromLatin1(region) },
                { kAddressing, addressing } } };
    };
    return {
        preset("Amazon S3", "https://s3.us-east-1.amazonaws.com", "us-east-1", kVirtual),
        preset("Backblaze B2", "https://s3.us-west-004.backblazeb2.com", "us-west-004", kPath),
        preset("Cloudflare R2", "https://ACCOUNT.r2.cloudflarestorage.com", "auto", kPath),
        preset("Filebase", "https://s3.filebase.com", "us-east-1", kPath),
        preset("Hetzner", "https://fsn1.your-objectstorage.com", "fsn1", kPath),
        preset("Scaleway", "https://s3.fr-par.scw.cloud", "fr-par", kPath),
        preset("Storj", "https://gateway.storjshare.io", "us-east-1", kPath),
        preset("Wasabi", "https://s3.wasabisys.com", "us-east-1", kPath),
        preset("MinIO", "http://127.0.0.1:9000", "us-east-1", kPath),
    };
}

Result<QUrl> endpointOf(const QString &text)
{
    QUrl url(text.trimmed()); // tolerant: spaces, as people paste them
    const bool isHttp = url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https");
    if (!url.isValid() || !isHttp || url.host().isEmpty() || url.hasQuery() || url.hasFragment())
        return badSetting(kEndpoint, QStringLiteral("“%1” is not an endpoint: https://…").arg(withoutPassword(text)));
    if (!url.userInfo().isEmpty())
        return badSetting(kEndpoint, QStringLiteral("the endpoint must not hold keys; give them apart"));
    if (url.port() == (url.scheme() == QLatin1String("https") ? 443 : 80))
        url.setPort(-1); // as it stands in what is signed
    QString path = url.path(QUrl::FullyEncoded);
    while (path.endsWith(u'/'))
        path.chop(1);
    url.setPath(path, QUrl::StrictMode);
    return url;
}

// Ends with a slash, or is empty.
Result<QString> prefixOf(const QString &text)
{
    const QStringList parts = text.trimmed().split(u'/', Qt::SkipEmptyParts);
    if (parts.contains(QStringLiteral(".")) || parts.contains(QStringLiteral("..")))
        return badSetting(kPrefix, QStringLiteral("“%1” cannot be a folder in a bucket").arg(text));
    return parts.isEmpty() ? QString() : QString(parts.join(u'/') + u'/');
}

// What goes into a signed request as it is.
Result<QByteArray> word(const AccountSettings &settings, const QString &key, const QByteArray &otherwise)
{
    const QString text = settings.value(key).trimmed();
    const bool isPlain
        = std::all_of(text.begin(), text.end(), [](QChar c) { return c.unicode() > 32 && c.unicode() < 127; });
    if (!isPlain)
        return badSetting(key, QStringLiteral("“%1” holds a character that cannot be in it").arg(key));
    return text.isEmpty() ? otherwise : text.toLatin1();
}

Result<std::unique_ptr<Provider>> make(
    const ProviderContext &context, const AccountSettings &settings, const SecretText &secret, bool create)
{
    const auto checked = checkSettings(s3Kind(), settings);
    if (!checked)
        return checked.error();
    const auto endpoint = endpointOf(settings.value(kEndpoint));
    if (!endpoint)
        return endpoint.error();
    const auto prefix = prefixOf(settings.value(kPrefix));
    if (!prefix)
        return prefix.error();
    const auto region = word(settings, kRegion, "us-east-1");
    if (!region)
        return region.error();
    if (!isRegion(*region))
        return badSetting(kRegion, QStringLiteral("a region has small letters, digits and hyphens: eu-central-1"));
    const auto access = word(settings, kAccessKey, {});
    if (!access)
        return access.error();
    const QString bucket = settings.value(kBucket).trimmed();
    if (bucket.contains(u'/'))
        return badSetting(kBucket, QStringLiteral("the bucket's name alone; what is inside it goes into prefix="));
    const auto http = httpSettings(settings);
    if (!http)
        return http.error();
    // A dot in the name: the certificate for *.host does not cover it.
    const bool isVirtual = settings.value(kAddressing) == kVirtual && !bucket.contains(u'.');
    auto client = std::make_unique<S3Client>(Place { *endpoint, *region, bucket, isVirtual },
        Keys { *access, SecretText(secret.utf8().trimmed()) }, *http, context.clock, context.io);
    return std::unique_ptr<Provider>(std::make_unique<S3Provider>(std::move(client), *prefix, create));
}

} // namespace

ProviderKind s3Kind()
{
    ProviderKind kind;
    kind.id = QStringLiteral("s3");
    kind.title = QStringLiteral("S3 (Amazon, Backblaze B2, Cloudflare R2, MinIO, …)");
    kind.fields = fields();
    kind.presets = presets();
    kind.normalise = [](AccountSettings settings) {
        if (const auto endpoint = endpointOf(settings.value(kEndpoint)))
            settings[kEndpoint] = endpoint->toString(QUrl::FullyEncoded);
        return settings;
    };
    kind.make = make;
    kind.defaultDomain = [](const AccountSettings &settings) {
        return QUrl(settings.value(kEndpoint)).host(); // one service is one place to fail
    };
    return kind;
}

} // namespace mf
