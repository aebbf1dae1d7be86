// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/servers/server_process.h"

#include <QUrl>

#include <memory>

namespace mf {

// A WebDAV server with one user.
struct DavServer {
    std::unique_ptr<ServerProcess> process;
    QUrl url; // of its root
    QString user = QStringLiteral("me");
    QString password = QStringLiteral("s€cret: word"); // what a form may send
};

enum class DavAuth { Basic, Digest };
DavServer startApache(DavAuth auth); // mod_dav
DavServer startRclone(); // rclone serve webdav

} // namespace mf
