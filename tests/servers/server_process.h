// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

namespace mf {

// A real server that a test starts: on a free port of loopback, with all that it keeps in a temporary folder. Ends with
// this, by its own process id.
class ServerProcess
{
public:
    ServerProcess();
    ~ServerProcess();
    ServerProcess(const ServerProcess &) = delete;
    ServerProcess &operator=(const ServerProcess &) = delete;

    quint16 port() const { return m_port; }
    QString path(const QString &name) const { return m_folder.filePath(name); }
    void write(const QString &name, const QByteArray &bytes) const;
    // Returns when the port answers; ends the test with what the server said if it does not.
    void start(const QString &program, const QStringList &arguments, const QStringList &environment = {});
    void stop();
    void startAgain(); // as it was started, on the same port

    // Whether the program is installed, by the distribution or by tests/servers/install.sh. Where it must be (CI), its
    // absence ends the test.
    static bool isInstalled(const QString &program);

private:
    static QString find(const QString &program); // its path; empty: it is not there

    QTemporaryDir m_folder;
    QProcess m_process;
    QString m_program; // its path
    QStringList m_arguments;
    const quint16 m_port;
};

} // namespace mf
