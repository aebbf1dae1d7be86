// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/folder/disk.h"

#include <QDir>
#include <QFileInfo>
#include <QStorageInfo>

#include <sys/stat.h>
#include <sys/sysmacros.h>

namespace mf::folder {
namespace {

QString sysPathOf(dev_t number)
{
    return QFileInfo(QStringLiteral("/sys/dev/block/%1:%2").arg(gnu_dev_major(number)).arg(gnu_dev_minor(number)))
        .canonicalFilePath();
}

// "sda" for /dev/sda2, for an encrypted or logical volume on it too.
QString wholeDisk(QString sysPath)
{
    constexpr int kDeepest = 8; // volumes upon volumes
    for (int i = 0; i < kDeepest; ++i) {
        if (QFileInfo::exists(sysPath + QStringLiteral("/partition"))) {
            sysPath = QFileInfo(sysPath + QStringLiteral("/..")).canonicalFilePath();
            continue;
        }
        const QDir below(sysPath + QStringLiteral("/slaves"));
        const QStringList slaves = below.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        if (slaves.size() != 1) // 0: a disk; more: an array, which is a disk of its own
            break;
        sysPath = QFileInfo(below.filePath(slaves.first())).canonicalFilePath();
    }
    return QFileInfo(sysPath).fileName();
}

// The name that udev keeps for a disk wherever it is plugged in; empty if there is none.
QString lastingName(const QString &disk)
{
    const QDir ids(QStringLiteral("/dev/disk/by-id"));
    const QFileInfoList links = ids.entryInfoList(QDir::Files | QDir::System, QDir::Name);
    QString found;
    for (const QFileInfo &link : links) {
        const bool isNumber = link.fileName().startsWith(QStringLiteral("wwn-"))
            || link.fileName().startsWith(QStringLiteral("nvme-eui."));
        if (QFileInfo(link.symLinkTarget()).fileName() != disk)
            continue;
        if (!isNumber)
            return link.fileName();
        found = link.fileName();
    }
    return found;
}

QString existingPartOf(QString path)
{
    while (!QFileInfo::exists(path) && path != QStringLiteral("/") && !path.isEmpty())
        path = QDir::cleanPath(path + QStringLiteral("/.."));
    return path;
}

} // namespace

QString diskOf(const QString &path)
{
    const QString there = existingPartOf(QDir::cleanPath(QDir::current().absoluteFilePath(path)));
    const QStorageInfo storage(there);
    const QString device = QString::fromLocal8Bit(storage.device());
    const QByteArray type = storage.fileSystemType();
    const QString disk = QStringLiteral("disk:");
    struct stat status = {};
    if (device.startsWith(u'/') && ::stat(storage.device().constData(), &status) == 0 && S_ISBLK(status.st_mode)) {
        const QString name = wholeDisk(sysPathOf(status.st_rdev));
        const QString lasting = lastingName(name);
        if (!lasting.isEmpty())
            return disk + lasting;
        if (!name.isEmpty())
            return disk + name;
    }
    if (type == "tmpfs" || type == "ramfs")
        return disk + QStringLiteral("memory");
    if (type == "zfs") // "pool/dataset"
        return disk + device.section(u'/', 0, 0);
    // In a root of its own (chroot) the list of mounts does not say what lies below it.
    if (device.isEmpty() && type.isEmpty() && ::stat(QFile::encodeName(there).constData(), &status) == 0) {
        const QString sysPath = sysPathOf(status.st_dev);
        const QString number
            = QStringLiteral("%1:%2").arg(gnu_dev_major(status.st_dev)).arg(gnu_dev_minor(status.st_dev));
        return disk + (sysPath.isEmpty() ? number : wholeDisk(sysPath));
    }
    return disk + (device.isEmpty() ? QString::fromLocal8Bit(type) : device);
}

} // namespace mf::folder
