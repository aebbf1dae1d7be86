// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/source_file.h"

#include "core/base/path_text.h"

#include <QSet>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mf {
namespace {

qint64 nanoseconds(const timespec &time) { return qint64(time.tv_sec) * 1'000'000'000 + time.tv_nsec; }

QString cannotRead(const QByteArray &path) { return QStringLiteral("cannot read %1").arg(textOfPath(path)); }

Error changedWhileRead(const QByteArray &path)
{
    return Error(Error::Kind::Invalid, QStringLiteral("MF-SOURCE-CHANGED"),
        QStringLiteral("%1 changed while it was read; store it again when nothing writes to it").arg(textOfPath(path)));
}

SourceEntry entryOf(const QByteArray &path, const QByteArray &stored, const struct stat &info)
{
    return SourceEntry { path, textOfPath(stored), info.st_size, nanoseconds(info.st_mtim) };
}

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

// What a folder given as "." or ".." is called where it lies.
QByteArray folderName(const QByteArray &path)
{
    const QByteArray name = fileName(path);
    if (!name.isEmpty() && name != "." && name != "..")
        return name;
    const std::unique_ptr<char, decltype(&::free)> real(::realpath(path.constData(), nullptr), &::free);
    return real ? fileName(QByteArray(real.get())) : name;
}

// Names that every computer can make files of.
Result<> checkNames(const std::vector<SourceEntry> &entries)
{
    QSet<QString> files;
    for (const SourceEntry &entry : entries) {
        const auto safe = checkRelativePath(entry.stored);
        if (!safe)
            return safe.error();
        const qsizetype before = files.size();
        files.insert(entry.stored);
        if (files.size() == before)
            return Error(Error::Kind::Invalid, QStringLiteral("MF-SOURCE-TWICE"),
                QStringLiteral("two of the paths would both be stored as %1; store them as two models")
                    .arg(entry.stored));
    }
    for (const SourceEntry &entry : entries) {
        for (qsizetype at = entry.stored.indexOf(u'/'); at >= 0; at = entry.stored.indexOf(u'/', at + 1)) {
            if (files.contains(entry.stored.left(at)))
                return Error(Error::Kind::Invalid, QStringLiteral("MF-SOURCE-TWICE"),
                    QStringLiteral("%1 would be both a file and a folder; store the paths as two models")
                        .arg(entry.stored.left(at)));
        }
    }
    return {};
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
        out.push_back(SourceEntry { folder, textOfPath(below), 0, 0 });
    for (const QByteArray &name : names) {
        const QByteArray path = folder + '/' + name;
        struct stat info {};
        if (::lstat(path.constData(), &info) != 0)
            return systemError(errno, cannotRead(path));
        const bool isLink = S_ISLNK(info.st_mode);
        if (isLink && ::stat(path.constData(), &info) != 0)
            return systemError(errno, cannotRead(path));
        if (S_ISREG(info.st_mode)) {
            out.push_back(entryOf(path, below + name, info));
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

Error SourceFile::changed() const { return changedWhileRead(m_path); }

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
            entries.push_back(entryOf(path, fileName(path), info));
        } else if (S_ISDIR(info.st_mode)) {
            // Several folders keep their names; a single one is the model itself.
            const QByteArray below = paths.size() > 1 ? QByteArray(folderName(path) + '/') : QByteArray();
            const auto named = below.isEmpty() ? Result<>() : checkRelativePath(textOfPath(below)); // else "/" is read
            if (!named)
                return named.error();
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
    const auto named = checkNames(entries);
    if (!named)
        return named.error();
    return entries;
}

Result<> checkUnchanged(const std::vector<SourceEntry> &entries)
{
    for (const SourceEntry &entry : entries) {
        if (entry.stored.endsWith(u'/'))
            continue;
        struct stat info {};
        if (::stat(entry.path.constData(), &info) != 0)
            return systemError(errno, cannotRead(entry.path));
        if (info.st_size != entry.size || nanoseconds(info.st_mtim) != entry.modified)
            return changedWhileRead(entry.path);
    }
    return {};
}

} // namespace mf
