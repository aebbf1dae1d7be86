// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QTcpServer>
#include <QTcpSocket>
#include <QUrl>

#include <functional>
#include <vector>

namespace mf {

// An HTTP/1.1 server on a free port of loopback that says what a test makes it say, byte for byte, also what no real
// server would.
class ScriptedServer
{
public:
    struct Request {
        QByteArray method;
        QByteArray target; // "/a?b"
        QMap<QByteArray, QByteArray> headers; // names in lower case
        QByteArray body;
    };
    // Called when a request has come whole; writes to the socket, closes it or does nothing.
    using Answer = std::function<void(QTcpSocket &, const Request &)>;

    // server: one that is not listening yet; null: a plain one.
    explicit ScriptedServer(Answer answer, std::unique_ptr<QTcpServer> server = nullptr);
    ~ScriptedServer();

    QUrl url(const QString &path = QStringLiteral("/"), const QString &scheme = QStringLiteral("http")) const;
    void setAnswer(Answer answer) { m_answer = std::move(answer); }
    // False: connections are made, and nothing is read from them.
    void setReading(bool reading) { m_isReading = reading; }

    const std::vector<Request> &requests() const { return m_requests; }
    int connections() const { return m_connections; }
    int open() const { return m_open; } // of them

    // "HTTP/1.1 200 OK", Content-Length, these headers ("A: b\r\n…") and the body.
    static QByteArray answer(int status, const QByteArray &body = {}, const QByteArray &headers = {});

private:
    void accept();
    void read(QTcpSocket &socket, QByteArray &buffer);

    Answer m_answer;
    std::unique_ptr<QTcpServer> m_server;
    std::vector<Request> m_requests;
    bool m_isReading = true;
    int m_connections = 0;
    int m_open = 0;
};

} // namespace mf
