// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/servers/server_process.h"

#include <QList>
#include <QUrl>

#include <memory>

namespace mf {

// A WebDAV server with one user.
struct DavServer {
    std::unique_ptr<ServerProcess> process;
    QUrl url; // of its root
    QString user = QStringLiteral("me");
    QString certificate; // its SHA-256, which nobody vouches for; empty: it speaks no TLS
    QString password = QStringLiteral("s€cret: word"); // what a form may send
};

enum class DavAuth { Basic, Digest };
DavServer startApache(DavAuth auth); // mod_dav
void setPassword(DavServer &apache, const QString &password); // from the next request on
// By TLS and, for clients that offer it, HTTP/2; requests() then tells the protocol of each.
DavServer startApacheTls();
// "HTTP/2.0 PUT 201" for each request that it answered, oldest first.
QList<QByteArray> requests(const DavServer &apacheTls);
// rclone's "serve webdav"; program: "rclone", the distribution's, or "rclone_servers", the newest.
DavServer startRclone(const QString &program = QStringLiteral("rclone"));

} // namespace mf
