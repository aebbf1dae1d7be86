// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/servers/s3_servers.h"

#include "tests/support/tls_identity.h"

#include <QDir>

namespace mf {

namespace {

void start(S3Server &server, const QStringList &options, const QStringList &posix)
{
    const ServerProcess &process = *server.process;
    QDir().mkpath(process.path(QStringLiteral("files")));
    QDir().mkpath(process.path(QStringLiteral("sidecar"))); // what a file system without attributes cannot keep
    const QString address = QStringLiteral("127.0.0.1:%1").arg(process.port());
    server.process->start(QStringLiteral("versitygw"),
        QStringList { QStringLiteral("--port"), address, QStringLiteral("--region"), server.region,
            QStringLiteral("--keep-alive"), QStringLiteral("--quiet") }
            + options
            + QStringList { QStringLiteral("posix"), QStringLiteral("--sidecar"),
                process.path(QStringLiteral("sidecar")) }
            + posix + QStringList { process.path(QStringLiteral("files")) },
        { QStringLiteral("ROOT_ACCESS_KEY=") + server.accessKey,
            QStringLiteral("ROOT_SECRET_KEY=") + server.secretKey });
    server.endpoint = QUrl(QStringLiteral("%1://%2").arg(
        server.certificate.isEmpty() ? QStringLiteral("http") : QStringLiteral("https"), address));
}

} // namespace

S3Server startVersity(const QStringList &options, const QStringList &posix)
{
    S3Server server;
    server.process = std::make_unique<ServerProcess>();
    start(server, options, posix);
    return server;
}

S3Server startVersityTls()
{
    S3Server server;
    server.process = std::make_unique<ServerProcess>();
    const TlsIdentity who = selfSigned(10);
    server.certificate = who.digest;
    server.process->write(QStringLiteral("certificate"), who.certificate);
    server.process->write(QStringLiteral("key"), who.key);
    start(server,
        { QStringLiteral("--cert"), server.process->path(QStringLiteral("certificate")), QStringLiteral("--key"),
            server.process->path(QStringLiteral("key")) },
        {});
    return server;
}

S3Server startRcloneS3()
{
    S3Server server;
    server.process = std::make_unique<ServerProcess>();
    QDir().mkpath(server.process->path(QStringLiteral("files")));
    const QString address = QStringLiteral("127.0.0.1:%1").arg(server.process->port());
    server.process->start(QStringLiteral("rclone_servers"),
        { QStringLiteral("serve"), QStringLiteral("s3"), QStringLiteral("--addr"), address,
            QStringLiteral("--auth-key"), server.accessKey + u',' + server.secretKey,
            server.process->path(QStringLiteral("files")) },
        { QStringLiteral("RCLONE_CONFIG=") });
    server.endpoint = QUrl(QStringLiteral("http://") + address);
    return server;
}

} // namespace mf
