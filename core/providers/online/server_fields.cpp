// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/online/server_fields.h"

#include "core/providers/provider_errors.h"

namespace mf {
namespace {

const QString kCertificate = QStringLiteral("certificate");
const QString kProxy = QStringLiteral("proxy");
const QString kNone = QStringLiteral("none");

// "http://proxy.example:3128" or "socks5://…".
Result<QNetworkProxy> proxyAt(const QString &text)
{
    const QUrl url(text, QUrl::StrictMode);
    const bool isSocks = url.scheme() == QLatin1String("socks5");
    const bool isKnown = isSocks || url.scheme() == QLatin1String("http");
    const bool isPlain
        = (url.path().isEmpty() || url.path() == QLatin1String("/")) && !url.hasQuery() && !url.hasFragment();
    if (!url.userInfo().isEmpty())
        return badSetting(kProxy,
            QStringLiteral(
                "a proxy with a password of its own cannot be used: it would be kept where all can read it"));
    if (!url.isValid() || !isKnown || url.host().isEmpty() || url.port() < 1 || !isPlain)
        return badSetting(kProxy,
            QStringLiteral("“%1” is no proxy: http://HOST:PORT, socks5://HOST:PORT, or none")
                .arg(withoutPassword(text)));
    return QNetworkProxy(
        isSocks ? QNetworkProxy::Socks5Proxy : QNetworkProxy::HttpProxy, url.host(), static_cast<quint16>(url.port()));
}

} // namespace

QString withoutPassword(const QString &address)
{
    const qsizetype end = address.lastIndexOf(u'@');
    const qsizetype scheme = address.indexOf(QLatin1String("//"));
    if (end < 0)
        return address;
    const QString before = scheme >= 0 && scheme < end ? address.left(scheme + 2) : QString();
    return before + u'…' + address.mid(end);
}

std::vector<FormField> serverFields()
{
    FormField certificate;
    certificate.key = kCertificate;
    certificate.label = QStringLiteral("Certificate");
    certificate.help = QStringLiteral("SHA-256 of the server's certificate, only if it made that itself.");
    FormField proxy;
    proxy.key = kProxy;
    proxy.label = QStringLiteral("Proxy");
    proxy.help = QStringLiteral("Empty: as the system has it. Else http://HOST:PORT, socks5://HOST:PORT, or none.");
    return { certificate, proxy };
}

Result<HttpSettings> httpSettings(const AccountSettings &settings)
{
    HttpSettings http;
    http.pinnedCertificate = settings.value(kCertificate);
    if (!http.pinnedCertificate.isEmpty() && !certificateText(http.pinnedCertificate))
        return badSetting(kCertificate, QStringLiteral("the certificate must be 64 hexadecimal digits (SHA-256)"));
    const QString proxy = settings.value(kProxy).trimmed();
    if (proxy == kNone) {
        http.proxy = HttpSettings::Proxy::None;
    } else if (!proxy.isEmpty()) {
        const auto manual = proxyAt(proxy);
        if (!manual)
            return manual.error();
        http.proxy = HttpSettings::Proxy::Manual;
        http.manualProxy = *manual;
    }
    return http;
}

} // namespace mf
