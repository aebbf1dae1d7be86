// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/servers/s3_servers.h"

#include <QDir>

namespace mf {

S3Server startVersity(const QStringList &options, const QStringList &posix)
{
    S3Server server;
    server.process = std::make_unique<ServerProcess>();
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
    server.endpoint = QUrl(QStringLiteral("http://%1").arg(address));
    return server;
}

} // namespace mf
