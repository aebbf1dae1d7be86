// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Only http_client.cpp uses this.

#include "core/http/http_client.h"

#include <QNetworkReply>
#include <QTimer>

#include <memory>

namespace mf::detail {

// A reply that is aborted and deleted with its owner.
struct EndReply {
    void operator()(QNetworkReply *reply) const
    {
        reply->abort();
        reply->deleteLater();
    }
};
using ReplyPtr = std::unique_ptr<QNetworkReply, EndReply>;

// Follows a reply to its end: takes the body as it comes, keeps the limits, looks at the certificate, and knows in
// the end what came of it.
class Exchange : public QObject
{
public:
    // pinned: SHA-256 of the certificate that must be shown; empty: the system decides. All outlive this.
    Exchange(QNetworkReply &reply, const HttpRequest &request, const HttpSettings &settings, const QByteArray &pinned,
        bool isProxied);

    // Precondition: the reply is finished.
    Result<HttpAnswer> result();

    qint64 received() const { return m_received; }

private:
    void watchTime();
    void watchCertificate();
    void isAlive();
    void take();
    void end(Error error);
    Error failure() const;
    Error timeout(const QString &limit, const QString &what) const;
    bool isComplete(const HttpAnswer &answer) const;

    QNetworkReply &m_reply;
    const HttpRequest &m_request;
    const HttpSettings &m_settings;
    const QByteArray &m_pinned;
    bool m_isProxied;
    QTimer m_connecting;
    QTimer m_idle;
    QTimer m_total;
    QByteArray m_body;
    qint64 m_received = 0; // bytes of the body
    qint64 m_sent = 0;
    QString m_certificate; // of the server, where it was not trusted
    QString m_distrust; // why
    std::optional<Error> m_error; // why we ended it
};

} // namespace mf::detail
