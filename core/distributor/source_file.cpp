// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/source_file.h"

#include "core/base/path_text.h"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mf {
namespace {

qint64 nanoseconds(const timespec &time) { return qint64(time.tv_sec) * 1'000'000'000 + time.tv_nsec; }

QString cannotRead(const QByteArray &path) { return QStringLiteral("cannot read %1").arg(textOfPath(path)); }

Error special(const QByteArray &path)
{
    return Error(Error::Kind::Invalid, QStringLiteral("MF-SOURCE-SPECIAL"),
        QStringLiteral("%1 is not a file or folder; leave it out").arg(textOfPath(path)));
}

// Not followed, as it may lead round in a circle or to half of the disk; not left out, as what was stored would not be
// all of the model.
Error linkToFolder(const QByteArray &path)
{
    return Error(Error::Kind::Invalid, QStringLiteral("MF-SOURCE-SPECIAL"),
        QStringLiteral("%1 is a link to a folder; put the folder itself in its place, or leave it out")
            .arg(textOfPath(path)));
}

QByteArray fileName(QByteArray path)
{
    while (path.size() > 1 && path.endsWith('/'))
        path.chop(1);
    return path.mid(path.lastIndexOf('/') + 1);
}

// Adds what lies in the folder; `below` is its path in the model, with '/' at its end, or empty.
Result<> scanFolder(const QByteArray &folder, const QByteArray &below, std::vector<SourceEntry> &out)
{
    DIR *const dir = ::opendir(folder.constData());
    if (!dir)
        return systemError(errno, cannotRead(folder));
    std::vector<QByteArray> names;
    errno = 0;
    while (const dirent *entry = ::readdir(dir)) {
        const QByteArray name(entry->d_name);
        if (name != "." && name != "..")
            names.push_back(name);
    }
    const int problem = errno;
    ::closedir(dir);
    if (problem != 0)
        return systemError(problem, cannotRead(folder));
    std::sort(names.begin(), names.end());
    if (names.empty() && !below.isEmpty())
        out.push_back(SourceEntry { folder, textOfPath(below), 0 });
    for (const QByteArray &name : names) {
        const QByteArray path = folder + '/' + name;
        struct stat info {};
        if (::lstat(path.constData(), &info) != 0)
            return systemError(errno, cannotRead(path));
        const bool isLink = S_ISLNK(info.st_mode);
        if (isLink && ::stat(path.constData(), &info) != 0)
            return systemError(errno, cannotRead(path));
        if (S_ISREG(info.st_mode)) {
            out.push_back(SourceEntry { path, textOfPath(below + name), info.st_size });
        } else if (S_ISDIR(info.st_mode) && !isLink) {
            const auto inside = scanFolder(path, below + name + '/', out);
            if (!inside)
                return inside;
        } else {
            return S_ISDIR(info.st_mode) ? linkToFolder(path) : special(path);
        }
    }
    return {};
}

} // namespace

Result<std::shared_ptr<SourceFile>> SourceFile::open(const QByteArray &path)
{
    // O_NONBLOCK: opening a pipe must not wait for its writer; for files it means nothing.
    const int fd = ::open(path.constData(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return systemError(errno, cannotRead(path));
    std::shared_ptr<SourceFile> file(new SourceFile);
    file->m_fd = fd;
    file->m_path = path;
    struct stat info {};
    if (::fstat(fd, &info) != 0)
        return systemError(errno, cannotRead(path));
    if (!S_ISREG(info.st_mode))
        return special(path);
    file->m_size = info.st_size;
    file->m_modifiedNs = nanoseconds(info.st_mtim);
    file->m_inode = info.st_ino;
    file->m_device = info.st_dev;
    file->m_executable = (info.st_mode & S_IXUSR) != 0;
    ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    return file;
}

SourceFile::~SourceFile()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

QDateTime SourceFile::modified() const { return QDateTime::fromMSecsSinceEpoch(m_modifiedNs / 1'000'000, Qt::UTC); }

Error SourceFile::changed() const
{
    return Error(Error::Kind::Invalid, QStringLiteral("MF-SOURCE-CHANGED"),
        QStringLiteral("%1 changed while it was read; store it again when nothing writes to it")
            .arg(textOfPath(m_path)));
}

Result<QByteArray> SourceFile::read(qint64 offset, qint64 length) const
{
    QByteArray bytes(length, Qt::Uninitialized);
    const auto filled = read(offset, mutableViewOf(bytes));
    return filled ? Result<QByteArray>(std::move(bytes)) : filled.error();
}

Result<> SourceFile::read(qint64 offset, MutableBytes into) const
{
    while (!into.empty()) {
        const ssize_t n = ::pread(m_fd, into.data(), into.size(), offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return systemError(errno, cannotRead(m_path));
        if (n == 0)
            return changed();
        offset += n;
        into = into.subspan(static_cast<std::size_t>(n));
    }
    return {};
}

Result<> SourceFile::checkUnchanged() const
{
    struct stat info {};
    if (::fstat(m_fd, &info) != 0)
        return systemError(errno, cannotRead(m_path));
    if (info.st_size != m_size || nanoseconds(info.st_mtim) != m_modifiedNs || info.st_ino != m_inode
        || info.st_dev != m_device)
        return changed();
    return {};
}

Result<std::vector<SourceEntry>> scanSources(const std::vector<QByteArray> &paths)
{
    std::vector<SourceEntry> entries;
    for (const QByteArray &path : paths) {
        struct stat info {};
        if (::stat(path.constData(), &info) != 0)
            return systemError(errno, cannotRead(path));
        if (S_ISREG(info.st_mode)) {
            entries.push_back(SourceEntry { path, textOfPath(fileName(path)), info.st_size });
        } else if (S_ISDIR(info.st_mode)) {
            // Several folders keep their names; a single one is the model itself.
            const QByteArray below = paths.size() > 1 ? QByteArray(fileName(path) + '/') : QByteArray();
            const auto inside = scanFolder(path, below, entries);
            if (!inside)
                return inside.error();
        } else {
            return special(path);
        }
    }
    if (entries.empty())
        return Error(Error::Kind::Invalid, QStringLiteral("MF-SOURCE-EMPTY"),
            QStringLiteral("there is nothing to store: the folder has no files"));
    std::sort(
        entries.begin(), entries.end(), [](const SourceEntry &a, const SourceEntry &b) { return a.stored < b.stored; });
    for (std::size_t i = 1; i < entries.size(); ++i) {
        if (entries[i].stored == entries[i - 1].stored)
            return Error(Error::Kind::Invalid, QStringLiteral("MF-SOURCE-TWICE"),
                QStringLiteral("two of the paths would both be stored as %1; store them as two models")
                    .arg(entries[i].stored));
    }
    return entries;
}

} // namespace mf
