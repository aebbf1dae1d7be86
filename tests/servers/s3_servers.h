// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/servers/server_process.h"

#include <QUrl>

#include <memory>

namespace mf {

// An S3 server with one pair of keys and no bucket.
struct S3Server {
    std::unique_ptr<ServerProcess> process;
    QUrl endpoint;
    QString region = QStringLiteral("eu-central-1");
    QString certificate; // its SHA-256, which nobody vouches for; empty: it speaks no TLS
    QString accessKey = QStringLiteral("MFACCESSKEY");
    QString secretKey = QStringLiteral("s3cret/Key+of=the test");
};

// versitygw over a folder: checks signatures, hashes and checksums. options: of its own, before "posix"; posix: after.
S3Server startVersity(const QStringList &options = {}, const QStringList &posix = {});
S3Server startVersityTls();
// The newest rclone's "serve s3" over a folder: buckets are folders, ETags are MD5.
S3Server startRcloneS3();

} // namespace mf
