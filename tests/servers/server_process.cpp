// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/servers/server_process.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QRandomGenerator>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTcpSocket>
#include <QThread>

namespace mf {

// Below those that the system gives to outgoing connections (from 32,768 on): of these, one could take the port before
// the server does, or while it is stopped.
static quint16 freePort()
{
    constexpr int tries = 1000;
    for (int n = 0; n < tries; ++n) {
        QTcpServer free;
        if (free.listen(QHostAddress::LocalHost, quint16(QRandomGenerator::system()->bounded(10'000, 32'000))))
            return free.serverPort();
    }
    qFatal("no free port");
}

ServerProcess::ServerProcess()
    : m_port(freePort())
{
    m_process.setProcessChannelMode(QProcess::MergedChannels);
}

ServerProcess::~ServerProcess() { stop(); }

void ServerProcess::write(const QString &name, const QByteArray &bytes) const
{
    QFile file(path(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(file.fileName()));
}

void ServerProcess::start(const QString &program, const QStringList &arguments, const QStringList &environment)
{
    QStringList all = QProcess::systemEnvironment() + environment;
    all.append(QStringLiteral("HOME=") + m_folder.path());
    m_process.setEnvironment(all);
    m_program = find(program);
    m_arguments = arguments;
    startAgain();
}

void ServerProcess::startAgain()
{
    constexpr int limit = 20'000; // ms
    m_process.start(m_program, m_arguments);
    QElapsedTimer timer;
    timer.start();
    while (m_process.waitForStarted() && m_process.state() == QProcess::Running && timer.elapsed() < limit) {
        QTcpSocket socket;
        socket.connectToHost(QHostAddress::LocalHost, m_port);
        if (socket.waitForConnected(200))
            return;
        m_process.waitForFinished(50);
    }
    qFatal("%s did not start: %s", qPrintable(m_program), m_process.readAll().constData());
}

void ServerProcess::stop()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.terminate();
    if (!m_process.waitForFinished(10'000)) {
        m_process.kill();
        m_process.waitForFinished();
    }
}

QString ServerProcess::find(const QString &program)
{
    const QString path = QStandardPaths::findExecutable(program);
    if (!path.isEmpty())
        return path;
    const QString built = QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation)
        + QStringLiteral("/modelfloat/servers");
    return QStandardPaths::findExecutable(
        program, { QStringLiteral("/usr/sbin"), QStringLiteral("/usr/bin"), QStringLiteral("/usr/local/bin"), built });
}

bool ServerProcess::isInstalled(const QString &program)
{
    const bool isThere = !find(program).isEmpty();
    if (!isThere && qEnvironmentVariableIsSet("CI"))
        qFatal("%s is not installed", qPrintable(program));
    return isThere;
}

} // namespace mf
