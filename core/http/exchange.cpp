// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/exchange.h"

#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslError>

#include <algorithm>

namespace mf::detail {
namespace {

// Bytes that Qt may hold before we take them. Where an answer comes faster than it is taken, Qt's events of it keep
// timers waiting until its whole buffer was delivered: 4 MiB made the event loop up to 17 ms late (p99), 128 KiB 4 ms,
// at the same speed (tests/bench/bench_clouds).
constexpr qint64 kReadAhead = qint64(128) << 10;

int statusOf(const QNetworkReply &reply) { return reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(); }

// Qt makes an error of most statuses; those are answers.
bool isOfStatus(QNetworkReply::NetworkError error)
{
    using E = QNetworkReply;
    return error == E::NoError || (error >= E::ContentAccessDenied && error <= E::UnknownContentError)
        || error == E::ProtocolInvalidOperationError
        || (error >= E::InternalServerError && error <= E::UnknownServerError)
        || error == E::ProxyAuthenticationRequiredError;
}

QByteArray digestOf(const QSslCertificate &certificate) { return certificate.digest(QCryptographicHash::Sha256); }

} // namespace

Exchange::Exchange(QNetworkReply &reply, const HttpRequest &request, const HttpSettings &settings,
    const QByteArray &pinned, bool isProxied)
    : m_reply(reply)
    , m_request(request)
    , m_settings(settings)
    , m_pinned(pinned)
    , m_isProxied(isProxied)
{
    if (!isProxied) // Qt does not go on reading from a tunnel when there is room again
        m_reply.setReadBufferSize(kReadAhead);
    connect(&m_reply, &QNetworkReply::readyRead, this, [this] { take(); });
    watchTime();
    watchCertificate();
}

void Exchange::watchTime()
{
    for (QTimer *timer : { &m_connecting, &m_idle, &m_total })
        timer->setSingleShot(true);
    connect(&m_connecting, &QTimer::timeout, this,
        [this] { end(timeout(QStringLiteral("connect"), QStringLiteral("no connection came about"))); });
    connect(&m_idle, &QTimer::timeout, this,
        [this] { end(timeout(QStringLiteral("idle"), QStringLiteral("nothing came or went any more"))); });
    connect(&m_total, &QTimer::timeout, this,
        [this] { end(timeout(QStringLiteral("total"), QStringLiteral("it took too long"))); });
    connect(&m_reply, &QNetworkReply::requestSent, this, [this] { isAlive(); });
    connect(&m_reply, &QNetworkReply::metaDataChanged, this, [this] { isAlive(); });
    connect(&m_reply, &QNetworkReply::uploadProgress, this, [this](qint64 sent, qint64) {
        if (sent > m_sent) {
            m_sent = sent;
            isAlive();
        }
    });
    m_connecting.start(m_settings.connectLimit);
    m_total.start(m_settings.totalLimit);
}

void Exchange::watchCertificate()
{
    connect(&m_reply, &QNetworkReply::sslErrors, this, [this](const QList<QSslError> &errors) {
        const QSslCertificate certificate = m_reply.sslConfiguration().peerCertificate();
        if (!m_pinned.isEmpty() && digestOf(certificate) == m_pinned) {
            m_reply.ignoreSslErrors(errors);
            return;
        }
        m_certificate = QString::fromLatin1(digestOf(certificate).toHex(':'));
        if (!m_pinned.isEmpty())
            m_distrust = QStringLiteral("it is not the one that was chosen for this account");
        else if (!errors.isEmpty())
            m_distrust = errors.first().errorString();
    });
}

void Exchange::isAlive()
{
    m_connecting.stop();
    m_idle.start(m_settings.idleLimit);
}

void Exchange::take()
{
    isAlive();
    const int status = statusOf(m_reply);
    if (m_request.sink && status >= 200 && status < 300) {
        const QByteArray bytes = m_reply.readAll();
        m_received += bytes.size();
        if (const auto taken = m_request.sink(viewOf(bytes)); !taken)
            end(taken.error());
        return;
    }
    const qint64 coming = m_reply.bytesAvailable();
    if (m_received + coming > m_request.largestAnswer) {
        end(Error(Error::Kind::Invalid, QStringLiteral("MF-HTTP-TOO-LONG"),
            QStringLiteral("%1 answers with more than the %2 bytes that can be right; check the address")
                .arg(m_request.url.host())
                .arg(m_request.largestAnswer)));
        return;
    }
    if (m_body.isEmpty()) // at once what it will be, where that is told
        m_body.reserve(
            std::min(m_reply.header(QNetworkRequest::ContentLengthHeader).toLongLong(), m_request.largestAnswer));
    m_body.resize(m_received + coming);
    const qint64 read = std::max<qint64>(m_reply.read(m_body.data() + m_received, coming), 0);
    m_received += read;
    m_body.truncate(m_received);
}

void Exchange::end(Error error)
{
    if (m_error)
        return;
    error.parameters.insert(QStringLiteral("host"), m_request.url.host());
    m_error = std::move(error);
    m_reply.abort(); // which finishes it
}

Error Exchange::timeout(const QString &limit, const QString &what) const
{
    return Error(Error::Kind::Network, QStringLiteral("MF-HTTP-TIMEOUT"),
        QStringLiteral("%1 does not answer: %2").arg(m_request.url.host(), what))
        .with(QStringLiteral("limit"), limit)
        .offering(Error::Action::Retry);
}

// Why there is no answer.
Error Exchange::failure() const
{
    using E = QNetworkReply;
    const QString host = m_request.url.host();
    const auto code = m_reply.error();
    if (!m_certificate.isEmpty() || code == E::SslHandshakeFailedError) {
        const QString why = m_distrust.isEmpty() ? m_reply.errorString() : m_distrust;
        return Error(Error::Kind::Unauthorised, QStringLiteral("MF-HTTP-CERTIFICATE"),
            QStringLiteral("the certificate of %1 cannot be trusted: %2").arg(host, why))
            .with(QStringLiteral("host"), host)
            .with(QStringLiteral("certificate"), m_certificate)
            .offering(Error::Action::Details);
    }
    const bool isUnreachable = code == E::ConnectionRefusedError || code == E::HostNotFoundError
        || code == E::TimeoutError || code == E::TemporaryNetworkFailureError || code == E::UnknownNetworkError
        || (code >= E::ProxyConnectionRefusedError && code <= E::UnknownProxyError);
    // Not ProtocolUnknownError: so ends what waits for an HTTP/2 connection that takes no more (GOAWAY).
    if (code == E::ProtocolInvalidOperationError)
        return Error(Error::Kind::Invalid, QStringLiteral("MF-HTTP-REQUEST"),
            QStringLiteral("the request to %1 cannot be sent: %2").arg(host, m_reply.errorString()))
            .with(QStringLiteral("host"), host);
    if (isUnreachable && statusOf(m_reply) == 0 && m_sent == 0)
        return Error(Error::Kind::Network, QStringLiteral("MF-HTTP-UNREACHABLE"),
            QStringLiteral("%1 cannot be reached%2: %3")
                .arg(host, m_isProxied ? QStringLiteral(" through its proxy") : QString(), m_reply.errorString()))
            .with(QStringLiteral("host"), host)
            .offering(Error::Action::Retry);
    return Error(Error::Kind::Network, QStringLiteral("MF-HTTP-CUT"),
        QStringLiteral("the connection to %1 ended before its answer did").arg(host))
        .with(QStringLiteral("host"), host)
        .offering(Error::Action::Retry);
}

bool Exchange::isComplete(const HttpAnswer &answer) const
{
    // Of what asks for credentials Qt drops the body by HTTP/2.
    const bool isChallenge = answer.status == 401 || answer.status == 407;
    const bool hasBody = m_request.method != "HEAD" && answer.status >= 200 && answer.status != 204
        && answer.status != 304 && !isChallenge;
    bool isNumber = false;
    const qint64 length = answer.header("Content-Length").toLongLong(&isNumber);
    return !hasBody || !isNumber || !answer.header("Content-Encoding").isEmpty() || length == m_received;
}

Result<HttpAnswer> Exchange::result()
{
    if (!m_error && m_reply.bytesAvailable() > 0)
        take();
    if (m_error)
        return *m_error;
    HttpAnswer answer;
    answer.status = statusOf(m_reply);
    if (answer.status == 0 || !isOfStatus(m_reply.error()))
        return failure();
    for (const auto &header : m_reply.rawHeaderPairs())
        answer.headers.emplace_back(header.first, header.second);
    if (!isComplete(answer))
        return failure();
    answer.body = std::move(m_body);
    answer.url = m_request.url;
    return answer;
}

} // namespace mf::detail
