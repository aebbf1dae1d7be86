// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What the tests of the folder adapter share.

#include "core/providers/folder/folder.h"
#include "tests/support/fake_clock.h"
#include "tests/support/run_task.h"

#include <QTemporaryDir>
#include <QtTest>

#include <sys/mount.h>

namespace mf {

inline const BlobName kName(QStringLiteral("f/3a/blob"));

// A file system of its own, unmounted at the end.
class Mount
{
public:
    Mount(QString path, const char *type, const QString &options)
        : m_path(std::move(path))
    {
        QDir().mkpath(m_path);
        m_mounted = ::mount("none", m_path.toLocal8Bit().constData(), type, 0, options.toLocal8Bit().constData()) == 0;
    }
    Mount(const Mount &) = delete;
    Mount &operator=(const Mount &) = delete;
    ~Mount() { unmount(); }
    bool isMounted() const { return m_mounted; }
    bool unmount()
    {
        if (m_mounted && ::umount(m_path.toLocal8Bit().constData()) == 0)
            m_mounted = false;
        return !m_mounted;
    }
    bool makeReadOnly()
    {
        return ::mount("none", m_path.toLocal8Bit().constData(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) == 0;
    }

private:
    QString m_path;
    bool m_mounted = false;
};

// Sorted; without the read-me.
inline QStringList filesBelow(const QString &path)
{
    QStringList files;
    QDirIterator it(path, QDir::Files | QDir::Hidden | QDir::System, QDirIterator::Subdirectories);
    while (it.hasNext())
        files.append(QDir(path).relativeFilePath(it.next()));
    files.removeAll(QStringLiteral("README-ModelFloat.txt"));
    files.sort();
    return files;
}

inline void write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

// A folder account in a directory of its own. One thread, so that what was begun before an
// operation on the disk is over when that returns.
class FolderFixture
{
public:
    FakeClock clock;
    Pool io { 1 };
    QTemporaryDir dir;

    QString path() const { return dir.filePath(QStringLiteral("account")); }
    std::unique_ptr<Provider> make(const QString &at, bool create)
    {
        AccountSettings settings;
        settings.insert(QStringLiteral("path"), at);
        const ProviderContext context { clock, io };
        auto made = findKind(u"folder")->make(context, settings, SecretText(), create);
        return made ? std::move(*made) : nullptr;
    }
};

} // namespace mf
