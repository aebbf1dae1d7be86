// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/folder/files.h"

#include <QFile>
#include <QRandomGenerator>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

namespace mf::folder {
namespace {

constexpr mode_t kFileMode = 0644;
constexpr qsizetype kPiece = qsizetype(4) << 20; // bytes written between two looks at the cancel flag

} // namespace

Descriptor openRootDirectory(const QString &path)
{
    const QByteArray encoded = QFile::encodeName(path);
    return Descriptor(
        retryInterrupted([&] { return ::open(encoded.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
}

Descriptor openDirectoryAt(int parent, const char *name)
{
    return Descriptor(
        retryInterrupted([&] { return ::openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC); }));
}

Descriptor openFile(int directory, const QByteArray &name)
{
    // O_NONBLOCK: a planted pipe must not hang us.
    return Descriptor(retryInterrupted(
        [&] { return ::openat(directory, name.constData(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC); }));
}

Descriptor createFile(int directory, const QByteArray &name)
{
    constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    return Descriptor(retryInterrupted([&] { return ::openat(directory, name.constData(), kFlags, kFileMode); }));
}

QByteArray temporaryName()
{
    const quint64 random = QRandomGenerator::system()->generate64();
    return QByteArray(kTemporaryPrefix) + QByteArray::number(random, 16).rightJustified(16, '0');
}

int writeAll(int fd, const QByteArray &data, const CancelFlag &cancelled)
{
    qsizetype written = 0;
    while (written < data.size()) {
        if (cancelled && *cancelled)
            return ECANCELED;
        const auto piece = static_cast<std::size_t>(std::min(kPiece, data.size() - written));
        const ssize_t n = retryInterrupted([&] { return ::write(fd, data.constData() + written, piece); });
        if (n < 0)
            return errno;
        if (n == 0)
            return ENOSPC; // some file systems say it like this
        written += n;
    }
    return 0;
}

int syncAndClose(Descriptor &file)
{
    if (retryInterrupted([&] { return ::fsync(file.fd()); }) != 0)
        return errno;
    return file.close() != 0 && errno != EINTR ? errno : 0;
}

Result<> syncDirectory(int fd, const QString &path)
{
    if (retryInterrupted([&] { return ::fsync(fd); }) == 0 || errno == EINVAL || errno == EOPNOTSUPP)
        return {};
    return systemError(errno, QStringLiteral("cannot write the folder of %1").arg(path));
}

int forEachEntry(int directory, const std::function<void(const char *, unsigned char)> &visit)
{
    // Opened anew: a duplicate would share the reading position.
    const int fd = ::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno;
    DIR *stream = ::fdopendir(fd);
    if (!stream) {
        const int failure = errno;
        ::close(fd);
        return failure;
    }
    int failure = 0;
    while (true) {
        errno = 0;
        const struct dirent *entry = ::readdir(stream);
        if (!entry) {
            failure = errno;
            break;
        }
        if (qstrcmp(entry->d_name, ".") != 0 && qstrcmp(entry->d_name, "..") != 0)
            visit(entry->d_name, entry->d_type);
    }
    ::closedir(stream);
    return failure;
}

} // namespace mf::folder
