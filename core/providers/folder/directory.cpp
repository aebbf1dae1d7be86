// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/folder/directory.h"

#include "core/base/crash_point.h"
#include "core/providers/provider_errors.h"

#include <QDir>
#include <QFile>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <limits>

namespace mf::folder {
namespace {

constexpr mode_t kDirectoryMode = 0755;

constexpr char kReadMeText[] = "This folder belongs to ModelFloat.\n"
                               "\n"
                               "The files in it are encrypted pieces of the models that you stored. Please do not\n"
                               "change, rename, move or delete them: each may be needed to get a model back.\n"
                               "To give this space back, remove the account in ModelFloat.\n";

Error gone(const QString &path)
{
    return Error(Error::Kind::NotFound, QStringLiteral("MF-ACCOUNT-GONE"),
        QStringLiteral("the folder %1 is not there; is its disk connected?").arg(path))
        .with(QStringLiteral("folder"), path)
        .offering(Error::Action::Retry);
}

std::optional<Identity> identityOf(int fd)
{
    struct stat status = {};
    if (::fstat(fd, &status) != 0)
        return std::nullopt;
    Identity identity;
    identity.device = status.st_dev;
    identity.inode = status.st_ino;
    return identity;
}

bool isEmpty(int directory)
{
    bool isEmpty = true;
    const auto visit = [&isEmpty](const char *, unsigned char) { isEmpty = false; };
    return forEachEntry(directory, visit) == 0 && isEmpty;
}

bool isBlobDirectory(const char *name) { return isValidBlobName(BlobName(QString::fromLatin1(name))); }

void sweepBelow(int directory, qint64 before, int depth)
{
    constexpr int kDeepest = 60; // parts that a blob's name can have
    std::vector<QByteArray> below;
    const auto visit = [&](const char *name, unsigned char type) {
        struct stat status = {};
        const bool isTemporary = qstrncmp(name, kTemporaryPrefix, sizeof kTemporaryPrefix - 1) == 0;
        const bool mayBeDirectory = (type == DT_DIR || type == DT_UNKNOWN) && depth < kDeepest && isBlobDirectory(name);
        if ((!isTemporary && !mayBeDirectory) || ::fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
            return;
        if (isTemporary && S_ISREG(status.st_mode) && status.st_mtim.tv_sec < before)
            ::unlinkat(directory, name, 0);
        else if (mayBeDirectory && S_ISDIR(status.st_mode))
            below.emplace_back(name);
    };
    forEachEntry(directory, visit);
    for (const QByteArray &name : below) {
        const Descriptor next = openDirectoryAt(directory, name.constData());
        if (next.isOpen())
            sweepBelow(next.fd(), before, depth + 1);
    }
}

} // namespace

Error hung(const QString &path)
{
    return Error(Error::Kind::Network, QStringLiteral("MF-FOLDER-HUNG"),
        QStringLiteral("the disk or network folder of %1 does not answer; is it connected, and is its server up? It is "
                       "used again as soon as it answers")
            .arg(path))
        .with(QStringLiteral("folder"), path)
        .offering(Error::Action::Retry);
}

Error cancelledError()
{
    return Error(Error::Kind::Cancelled, QStringLiteral("MF-CANCELLED"), QStringLiteral("cancelled"));
}

Result<Root> Root::open(const QString &path, std::optional<Identity> known)
{
    Directory directory;
    directory.descriptor = openRootDirectory(path);
    if (!directory.descriptor.isOpen()) {
        if (errno == ENOENT || errno == ENOTDIR)
            return gone(path);
        return systemError(errno, QStringLiteral("cannot open the folder %1").arg(path));
    }
    const auto identity = identityOf(directory.descriptor.fd());
    if (!identity)
        return systemError(errno, QStringLiteral("cannot open the folder %1").arg(path));
    directory.identity = *identity;
    const bool hasReadMe = ::faccessat(directory.descriptor.fd(), kReadMe, F_OK, 0) == 0;
    if (!hasReadMe && ((known && *known != *identity) || isEmpty(directory.descriptor.fd())))
        return gone(path);
    return Root(path, std::move(directory));
}

QString Root::pathOf(const QString &name) const { return name.isEmpty() ? m_path : QString(m_path + u'/' + name); }

Error Root::foreign(const QString &name) const
{
    const QString path = pathOf(name);
    return Error(Error::Kind::Invalid, QStringLiteral("MF-FOLDER-FOREIGN"),
        QStringLiteral("%1 was not made by ModelFloat, which follows no links in its folder; "
                       "move it away and try again")
            .arg(path))
        .with(QStringLiteral("path"), path);
}

// A part that is not there may mean that the whole folder was deleted meanwhile.
Error Root::goneOr(int errorNumber, const QString &what) const
{
    struct stat status = {};
    if (errorNumber == ENOENT && ::fstat(fd(), &status) == 0 && status.st_nlink == 0)
        return gone(m_path);
    return systemError(errorNumber, what);
}

Result<Directory> Root::descend(const QString &relative, bool make, qsizetype durableParts) const
{
    Directory current;
    current.descriptor = openDirectoryAt(fd(), ".");
    if (!current.descriptor.isOpen())
        return goneOr(errno, QStringLiteral("cannot open the folder %1").arg(m_path));
    current.identity = identity();

    const QStringList parts = relative.split(u'/', Qt::SkipEmptyParts);
    for (qsizetype i = 0; i < parts.size(); ++i) {
        const QByteArray part = parts[i].toLatin1();
        const QString name = parts.mid(0, i + 1).join(u'/');
        const QString path = pathOf(name);
        const int parent = current.descriptor.fd();
        Descriptor next = openDirectoryAt(parent, part.constData());
        const bool isMissing = !next.isOpen() && errno == ENOENT;
        if (isMissing && !make)
            return goneOr(ENOENT, QStringLiteral("cannot open %1").arg(path));
        if (isMissing) {
            if (::mkdirat(parent, part.constData(), kDirectoryMode) != 0 && errno != EEXIST)
                return goneOr(errno, QStringLiteral("cannot make the folder %1").arg(path));
            next = openDirectoryAt(parent, part.constData());
        }
        if (!next.isOpen()) {
            const int failure = errno;
            struct stat status = {};
            if (failure != ENOTDIR && failure != ELOOP)
                return goneOr(failure, QStringLiteral("cannot open the folder %1").arg(path));
            if (!make && ::fstatat(parent, part.constData(), &status, AT_SYMLINK_NOFOLLOW) == 0
                && S_ISREG(status.st_mode))
                return goneOr(ENOENT, QStringLiteral("cannot open %1").arg(path)); // a blob has no blobs in it
            return foreign(name);
        }
        if (make && (isMissing || i >= durableParts)) {
            const auto synced = syncDirectory(parent, path);
            if (!synced)
                return synced.error();
        }
        current.descriptor = std::move(next);
    }
    if (const auto found = identityOf(current.descriptor.fd()))
        current.identity = *found;
    return current;
}

Result<Directory> Root::openDirectory(const QString &relative) const { return descend(relative, false, 0); }

Result<Directory> Root::makeDirectory(const QString &relative, qsizetype durableParts) const
{
    return descend(relative, true, durableParts);
}

Result<> Root::write(
    const Directory &directory, const BlobName &name, const QByteArray &data, const CancelFlag &cancelled) const
{
    const QString what = QStringLiteral("cannot write %1").arg(pathOf(name.value));
    const QByteArray temporary = temporaryName();
    const int target = directory.descriptor.fd();
    Descriptor file = createFile(target, temporary);
    int failure = file.isOpen() ? writeAll(file.fd(), data, cancelled) : errno;
    if (failure == 0) {
        crashPoint(CrashPoint::FolderTemporaryWritten);
        failure = syncAndClose(file);
    }
    if (failure == 0) {
        crashPoint(CrashPoint::FolderSynced);
        if (cancelled && *cancelled)
            failure = ECANCELED;
        else if (::renameat(target, temporary.constData(), target, fileOf(name).constData()) != 0)
            failure = errno;
    }
    if (failure == 0) {
        crashPoint(CrashPoint::FolderRenamed);
        return {};
    }
    ::unlinkat(target, temporary.constData(), 0);
    if (failure == ECANCELED)
        return cancelledError();
    Error error = goneOr(failure, what);
    if (failure == ENOENT && error.id != QStringLiteral("MF-ACCOUNT-GONE")) {
        // Somebody tidies up while we write; the next try makes the directory again.
        error.kind = Error::Kind::Network;
        error.id = QStringLiteral("MF-FOLDER-CHANGED");
    }
    return error;
}

Result<QByteArray> Root::read(const BlobName &name, Range range, qint64 largest) const
{
    const QString what = QStringLiteral("cannot read %1").arg(pathOf(name.value));
    const auto directory = openDirectory(directoryOf(name));
    if (!directory)
        return directory.error().id == QStringLiteral("MF-FILE-MISSING") ? blobMissing(name) : directory.error();
    const Descriptor file = openFile(directory->descriptor.fd(), fileOf(name));
    if (!file.isOpen()) {
        if (errno == ENOENT)
            return blobMissing(name);
        return errno == ELOOP ? foreign(name.value) : systemError(errno, what);
    }
    struct stat status = {};
    if (::fstat(file.fd(), &status) != 0)
        return systemError(errno, what);
    if (!S_ISREG(status.st_mode))
        return S_ISDIR(status.st_mode) ? blobMissing(name) : foreign(name.value);

    const qint64 size = status.st_size;
    const qint64 length = range.length < 0 ? size - range.offset : range.length;
    if (range.offset < 0 || range.offset > size || length > size - range.offset)
        return Error(Error::Kind::Invalid, QStringLiteral("MF-BLOB-RANGE"),
            QStringLiteral("%1 has %2 bytes, fewer than were asked for").arg(name.value).arg(size));
    if (length > largest)
        return Error(Error::Kind::Corrupt, QStringLiteral("MF-BLOB-SIZE"),
            QStringLiteral("%1 has %2 bytes, more than any blob").arg(pathOf(name.value)).arg(size));

    QByteArray bytes(length, Qt::Uninitialized);
    qint64 done = 0;
    while (done < length) {
        const ssize_t n = retryInterrupted([&] {
            return ::pread(
                file.fd(), bytes.data() + done, static_cast<std::size_t>(length - done), range.offset + done);
        });
        if (n < 0)
            return systemError(errno, what);
        if (n == 0)
            return Error(Error::Kind::Corrupt, QStringLiteral("MF-BLOB-SHORT"),
                QStringLiteral("%1 became shorter while it was read").arg(pathOf(name.value)));
        done += n;
    }
    return bytes;
}

Result<bool> Root::remove(const Directory &directory, const BlobName &name) const
{
    struct stat status = {};
    const QByteArray file = fileOf(name);
    const int parent = directory.descriptor.fd();
    if (::fstatat(parent, file.constData(), &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status.st_mode))
        return false; // no blob
    if (::unlinkat(parent, file.constData(), 0) == 0)
        return true;
    if (errno == ENOENT)
        return false;
    return systemError(errno, QStringLiteral("cannot delete %1").arg(pathOf(name.value)));
}

Result<Quota> Root::quota() const
{
    struct statvfs status = {};
    if (::fstatvfs(fd(), &status) != 0)
        return systemError(errno, QStringLiteral("cannot ask for the room in %1").arg(m_path));
    const auto block = static_cast<qint64>(status.f_frsize);
    if (status.f_blocks == 0 || block <= 0
        || status.f_blocks > static_cast<quint64>(std::numeric_limits<qint64>::max() / block))
        return Error(Error::Kind::Unsupported, QStringLiteral("MF-QUOTA-UNKNOWN"),
            QStringLiteral("the file system of %1 does not say how much room it has").arg(m_path));
    Quota quota;
    quota.total = static_cast<qint64>(status.f_blocks) * block;
    // What is kept back for the administrator counts as used: free() is what we can have.
    quota.used = *quota.total - static_cast<qint64>(status.f_bavail) * block;
    return quota;
}

void Root::sweep(qint64 beforeSecondsSinceEpoch) const { sweepBelow(fd(), beforeSecondsSinceEpoch, 0); }

Result<> create(const QString &path)
{
    const QString what = QStringLiteral("cannot make the folder %1").arg(path);
    QStringList made; // the directories that are not there, innermost first
    for (QString at = path; ::access(QFile::encodeName(at).constData(), F_OK) != 0 && at != QStringLiteral("/");
        at = QDir::cleanPath(at + QStringLiteral("/..")))
        made.append(at);
    for (auto at = made.crbegin(); at != made.crend(); ++at) {
        if (::mkdir(QFile::encodeName(*at).constData(), kDirectoryMode) != 0 && errno != EEXIST)
            return systemError(errno, what);
        const Descriptor directory = openRootDirectory(QDir::cleanPath(*at + QStringLiteral("/..")));
        if (directory.isOpen()) { // a parent that we may not read is not ours to sync
            const auto synced = syncDirectory(directory.fd(), *at);
            if (!synced)
                return synced.error();
        }
    }
    const Descriptor root = openRootDirectory(path);
    if (!root.isOpen())
        return errno == ENOTDIR ? gone(path) : systemError(errno, what);
    Descriptor file = createFile(root.fd(), QByteArray(kReadMe));
    if (!file.isOpen() && errno == EEXIST)
        return {};
    int failure = file.isOpen() ? writeAll(file.fd(), QByteArray(kReadMeText), nullptr) : errno;
    if (failure == 0)
        failure = syncAndClose(file);
    if (failure != 0)
        return systemError(failure, QStringLiteral("cannot write %1/%2").arg(path, QString::fromLatin1(kReadMe)));
    return syncDirectory(root.fd(), path);
}

QString directoryOf(const BlobName &name)
{
    return name.value.left(std::max<qsizetype>(name.value.lastIndexOf(u'/'), 0));
}

QByteArray fileOf(const BlobName &name) { return name.value.mid(name.value.lastIndexOf(u'/') + 1).toLatin1(); }

} // namespace mf::folder
