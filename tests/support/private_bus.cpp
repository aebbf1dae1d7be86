// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/private_bus.h"

#include <QFile>
#include <QStandardPaths>

#include <utility>

namespace {

const QString kProgram = QStringLiteral("dbus-daemon");

// No servicedir: nothing starts by itself.
const char *const kConfiguration = R"(<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>%1</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
)";

} // namespace

PrivateBus::PrivateBus(QString folder)
    : m_folder(std::move(folder))
{
}

PrivateBus::~PrivateBus()
{
    if (m_daemon.state() == QProcess::NotRunning)
        return;
    m_daemon.terminate();
    if (!m_daemon.waitForFinished(5000)) {
        m_daemon.kill();
        m_daemon.waitForFinished(5000);
    }
}

bool PrivateBus::isInstalled() { return !QStandardPaths::findExecutable(kProgram).isEmpty(); }

QString PrivateBus::address() const { return QStringLiteral("unix:path=") + m_folder + QStringLiteral("/bus"); }

bool PrivateBus::start()
{
    const QString configuration = m_folder + QStringLiteral("/bus.conf");
    QFile file(configuration);
    if (!file.open(QIODevice::WriteOnly))
        return false;
    file.write(QString::fromLatin1(kConfiguration).arg(address()).toUtf8());
    file.close();
    m_daemon.setStandardErrorFile(m_folder + QStringLiteral("/bus.log"));
    m_daemon.start(kProgram,
        { QStringLiteral("--config-file=") + configuration, QStringLiteral("--nofork"), QStringLiteral("--nopidfile"),
            QStringLiteral("--print-address") });
    return m_daemon.waitForReadyRead(10'000); // the address is printed when the bus listens
}
