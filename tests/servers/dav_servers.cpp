// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/servers/dav_servers.h"

#include "tests/support/tls_identity.h"

#include <QCryptographicHash>
#include <QDir>

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mf {

namespace {

const QByteArray kRealm = "models";

QByteArray hex(const QByteArray &text) { return QCryptographicHash::hash(text, QCryptographicHash::Md5).toHex(); }

// Apache gives up root's rights; then its files must be that user's.
void giveTo(const QString &path, const char *user)
{
    const struct passwd *entry = ::geteuid() == 0 ? ::getpwnam(user) : nullptr;
    if (entry && ::chown(QFile::encodeName(path).constData(), entry->pw_uid, entry->pw_gid) != 0)
        qFatal("cannot give %s to %s", qPrintable(path), user);
}

} // namespace

void setPassword(DavServer &apache, const QString &password)
{
    apache.password = password;
    const QByteArray user = apache.user.toUtf8();
    const QByteArray word = password.toUtf8();
    const ServerProcess &process = *apache.process;
    process.write(QStringLiteral("basic"),
        user + ":{SHA}" + QCryptographicHash::hash(word, QCryptographicHash::Sha1).toBase64() + '\n');
    process.write(QStringLiteral("digest"), user + ':' + kRealm + ':' + hex(user + ':' + kRealm + ':' + word) + '\n');
}

static DavServer apache(DavAuth auth, bool isTls)
{
    DavServer server;
    server.process = std::make_unique<ServerProcess>();
    const ServerProcess &process = *server.process;
    for (const char *folder : { "files", "lock" }) {
        QDir().mkpath(process.path(QString::fromLatin1(folder)));
        giveTo(process.path(QString::fromLatin1(folder)), "www-data");
    }
    ::chmod(QFile::encodeName(process.path(QStringLiteral("."))).constData(), 0755);
    setPassword(server, server.password);

    QByteArray text;
    const auto line = [&text](const QByteArray &words) { text += words + '\n'; };
    const QByteArray root = QFile::encodeName(process.path(QString()));
    line("ServerRoot " + root);
    line("ServerName 127.0.0.1");
    line("Listen 127.0.0.1:" + QByteArray::number(process.port()));
    QList<QByteArray> modules { "mpm_event", "authn_core", "authn_file", "authz_core", "authz_user", "auth_basic",
        "auth_digest", "dav", "dav_fs" };
    if (isTls)
        modules += { "ssl", "http2" };
    for (const QByteArray &name : std::as_const(modules))
        line("LoadModule " + name + "_module /usr/lib/apache2/modules/mod_" + name + ".so");
    line("User www-data\nGroup www-data");
    line("PidFile " + root + "/pid\nErrorLog " + root + "/error.log");
    line("DavLockDB " + root + "/lock/db\nDocumentRoot " + root + "/files");
    if (isTls) {
        const TlsIdentity who = selfSigned(10);
        server.certificate = who.digest;
        process.write(QStringLiteral("certificate"), who.certificate);
        process.write(QStringLiteral("key"), who.key);
        line("SSLEngine on\nSSLCertificateFile " + root + "/certificate\nSSLCertificateKeyFile " + root + "/key");
        line("Protocols h2 http/1.1\nCustomLog " + root + "/requests \"%H %m %s\"");
    }
    line("<Directory " + root + "/files>\nDav On");
    const bool isBasic = auth == DavAuth::Basic;
    line(QByteArray("AuthType ") + (isBasic ? "Basic" : "Digest"));
    line("AuthUserFile " + root + (isBasic ? "/basic" : "/digest"));
    line("AuthName " + kRealm + "\nRequire valid-user\n</Directory>");
    process.write(QStringLiteral("conf"), text);
    server.process->start(QStringLiteral("apache2"),
        { QStringLiteral("-f"), process.path(QStringLiteral("conf")), QStringLiteral("-DFOREGROUND") });
    server.url = QUrl(QStringLiteral("%1://127.0.0.1:%2/")
            .arg(isTls ? QStringLiteral("https") : QStringLiteral("http"))
            .arg(process.port()));
    return server;
}

DavServer startApache(DavAuth auth) { return apache(auth, false); }

DavServer startApacheTls() { return apache(DavAuth::Basic, true); }

QList<QByteArray> requests(const DavServer &apacheTls)
{
    QFile file(apacheTls.process->path(QStringLiteral("requests")));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no log of requests");
    return file.readAll().trimmed().split('\n');
}

DavServer startRclone(const QString &program)
{
    DavServer server;
    server.process = std::make_unique<ServerProcess>();
    const ServerProcess &process = *server.process;
    QDir().mkpath(process.path(QStringLiteral("files")));
    const QString address = QStringLiteral("127.0.0.1:%1").arg(process.port());
    server.process->start(program,
        { QStringLiteral("serve"), QStringLiteral("webdav"), QStringLiteral("--addr"), address,
            QStringLiteral("--user"), server.user, QStringLiteral("--pass"), server.password,
            process.path(QStringLiteral("files")) });
    server.url = QUrl(QStringLiteral("http://%1/").arg(address));
    return server;
}

} // namespace mf
