// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/target_folder.h"

#include "core/base/crash_point.h"
#include "core/base/path_text.h"
#include "core/crypto/sha256.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mf {
namespace {

class Descriptor
{
public:
    explicit Descriptor(int fd)
        : m_fd(fd)
    {
    }
    ~Descriptor()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    Descriptor(Descriptor &&other) noexcept
        : m_fd(other.release())
    {
    }
    Descriptor &operator=(Descriptor &&other) noexcept
    {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    int get() const { return m_fd; }
    int release() { return std::exchange(m_fd, -1); }

private:
    int m_fd;
};

QString cannotWrite(const QString &shown) { return QStringLiteral("cannot write %1").arg(shown); }

Error linkInside(const QString &shown)
{
    return Error(Error::Kind::Invalid, QStringLiteral("MF-PATH-UNSAFE"),
        QStringLiteral("%1 passes through a link or something that is not a folder; remove it or fetch elsewhere")
            .arg(shown));
}

QList<QByteArray> partsOf(const QString &relative)
{
    QByteArray path = pathOfText(relative);
    if (path.endsWith('/'))
        path.chop(1);
    return path.split('/');
}

// Asked of the kernel: umask() tells it only by changing it, for all threads, and two at once may never change it back.
mode_t readUmask()
{
    const Descriptor status(::open("/proc/self/status", O_RDONLY | O_CLOEXEC));
    QByteArray text(8192, '\0');
    const ssize_t n = ::read(status.get(), text.data(), static_cast<std::size_t>(text.size()));
    text.truncate(std::max<ssize_t>(n, 0));
    const QByteArray key("\nUmask:");
    const qsizetype at = text.indexOf(key);
    if (at < 0)
        return 077; // not known: for nobody else
    return static_cast<mode_t>(std::strtoul(text.constData() + at + key.size(), nullptr, 8));
}

} // namespace

void FilesInPlace::add(const struct stat &info)
{
    const std::lock_guard lock(m_mutex);
    m_files.emplace(info.st_dev, info.st_ino);
}

bool FilesInPlace::has(const struct stat &info) const
{
    if (info.st_nlink > 1)
        return false; // its other name keeps it
    const std::lock_guard lock(m_mutex);
    return m_files.contains({ info.st_dev, info.st_ino });
}

Error otherContentIsThere(const QString &path)
{
    return Error(Error::Kind::AlreadyExists, QStringLiteral("MF-FETCH-EXISTS"),
        QStringLiteral("%1 is there already with other content; add --overwrite or fetch elsewhere").arg(path));
}

PartFile::~PartFile()
{
    if (m_fd >= 0)
        ::close(m_fd);
    if (m_folder >= 0)
        ::close(m_folder);
}

Result<> PartFile::openTemporary()
{
    constexpr int kFlags = O_RDWR | O_NOFOLLOW | O_CLOEXEC;
    const char *const name = m_temporary.constData();
    for (;;) {
        Descriptor file(::openat(m_folder, name, kFlags));
        m_wasThere = file.get() >= 0;
        if (!m_wasThere && errno == ENOENT) {
            file = Descriptor(::openat(m_folder, name, kFlags | O_CREAT | O_EXCL, 0600));
            if (file.get() < 0 && errno == EEXIST)
                continue; // another one made it at this moment
        }
        if (file.get() < 0)
            return systemError(errno, cannotWrite(m_shown));
        // Not every file system has locks; without them it is as good as it can be.
        if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
            return Error(Error::Kind::Network, QStringLiteral("MF-FETCH-BUSY"),
                QStringLiteral("another download is writing %1; wait until it is done, then try again").arg(m_shown))
                .offering(Error::Action::Retry);
        struct stat mine {};
        struct stat named {};
        if (::fstat(file.get(), &mine) != 0)
            return systemError(errno, cannotWrite(m_shown));
        if (::fstatat(m_folder, name, &named, AT_SYMLINK_NOFOLLOW) == 0 && named.st_dev == mine.st_dev
            && named.st_ino == mine.st_ino) {
            m_fd = file.release();
            return {};
        } // else it got its final name between being opened and being locked
    }
}

Result<> PartFile::write(qint64 offset, ByteView bytes)
{
    const std::lock_guard turn(m_writing);
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t n = ::pwrite(m_fd, bytes.data() + done, bytes.size() - done, offset + static_cast<qint64>(done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return systemError(errno, cannotWrite(m_shown));
        done += static_cast<std::size_t>(n);
    }
    crashPoint(CrashPoint::FetchPartWritten);
    return {};
}

Result<> PartFile::clear(qint64 offset, qint64 length)
{
    const qint64 end = offset + length;
    qint64 at = offset;
    while (at < end) {
        off_t data = ::lseek(m_fd, at, SEEK_DATA);
        if (data < 0 && errno != ENXIO)
            data = at; // not known
        if (data < 0 || data >= end)
            return {}; // nothing but holes, or beyond the end of the file
        const off_t hole = ::lseek(m_fd, data, SEEK_HOLE);
        const qint64 to = hole > data ? std::min<qint64>(hole, end) : end;
        const auto cleared = clearData(data, to - data);
        if (!cleared)
            return cleared;
        at = to;
    }
    return {};
}

Result<> PartFile::clearData(qint64 offset, qint64 length)
{
    int refused = 0;
    do
        refused = ::fallocate(m_fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, length);
    while (refused != 0 && errno == EINTR);
    if (refused == 0)
        return {};
    const QByteArray zeros(std::min<qint64>(length, 1 << 20), '\0'); // a file system without holes
    for (qint64 done = 0; done < length; done += zeros.size()) {
        const auto n = static_cast<std::size_t>(std::min<qint64>(zeros.size(), length - done));
        const auto written = write(offset + done, viewOf(zeros).first(n));
        if (!written)
            return written;
    }
    return {};
}

bool PartFile::holds(qint64 offset, MutableBytes scratch) const
{
    const auto end = offset + static_cast<qint64>(scratch.size());
    const off_t data = ::lseek(m_fd, offset, SEEK_DATA);
    if (data < 0 || data >= end)
        return false; // nothing but a hole
    std::size_t done = 0;
    while (done < scratch.size()) {
        const ssize_t n
            = ::pread(m_fd, scratch.data() + done, scratch.size() - done, offset + static_cast<qint64>(done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        done += static_cast<std::size_t>(n);
    }
    return true;
}

Result<> PartFile::rename(bool overwrite)
{
    const char *const from = m_temporary.constData();
    const char *const to = m_name.constData();
    if (!overwrite) {
        // What came under the name since hashOf() looked stays, too.
        if (::renameat2(m_folder, from, m_folder, to, RENAME_NOREPLACE) == 0)
            return {};
        if (errno == EEXIST)
            return otherContentIsThere(m_shown);
        if (errno != EINVAL && errno != ENOSYS)
            return systemError(errno, cannotWrite(m_shown));
    } // else, or the file system cannot do that: look, then rename
    struct stat there {};
    if (::fstatat(m_folder, to, &there, AT_SYMLINK_NOFOLLOW) == 0) {
        if (!overwrite)
            return otherContentIsThere(m_shown);
        if (m_inPlace->has(there))
            return Error(Error::Kind::AlreadyExists, QStringLiteral("MF-FETCH-EXISTS"),
                QStringLiteral("%1 has the same name here as another file of the model: this folder does not tell "
                               "capital letters from small ones; fetch elsewhere")
                    .arg(m_shown));
    } else if (errno != ENOENT) {
        return systemError(errno, cannotWrite(m_shown));
    }
    if (::renameat(m_folder, from, m_folder, to) != 0)
        return systemError(errno, cannotWrite(m_shown));
    return {};
}

Result<> PartFile::finish(qint64 size, bool executable, const QDateTime &modified, bool overwrite)
{
    crashPoint(CrashPoint::FetchPartComplete);
    if (::ftruncate(m_fd, size) != 0)
        return systemError(errno, cannotWrite(m_shown));
    static const mode_t mask = readUmask();
    if (::fchmod(m_fd, (executable ? 0777U : 0666U) & ~mask) != 0)
        return systemError(errno, cannotWrite(m_shown));
    if (modified.isValid()) {
        const qint64 ms = modified.toMSecsSinceEpoch();
        timespec times[2] {};
        times[0].tv_nsec = UTIME_OMIT;
        times[1].tv_sec = ms >= 0 ? ms / 1000 : 0;
        times[1].tv_nsec = ms >= 0 ? (ms % 1000) * 1'000'000 : 0;
        ::futimens(m_fd, times); // a nicety: not every file system keeps times
    }
    if (::fsync(m_fd) != 0)
        return systemError(errno, cannotWrite(m_shown));
    crashPoint(CrashPoint::FetchPartSynced);
    const auto renamed = rename(overwrite);
    if (!renamed)
        return renamed;
    struct stat info {};
    if (::fstat(m_fd, &info) == 0)
        m_inPlace->add(info);
    if (::fsync(m_folder) != 0)
        return systemError(errno, cannotWrite(m_shown));
    crashPoint(CrashPoint::FetchRenamed);
    return {};
}

Result<std::shared_ptr<TargetFolder>> TargetFolder::open(const QByteArray &path)
{
    // Above the folder links are the user's own business.
    for (qsizetype slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1))
        ::mkdir(path.left(slash).constData(), 0777);
    ::mkdir(path.constData(), 0777);
    std::shared_ptr<TargetFolder> folder(new TargetFolder);
    folder->m_shown = textOfPath(path);
    folder->m_fd = ::open(path.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder->m_fd < 0)
        return systemError(errno, cannotWrite(folder->m_shown));
    return folder;
}

TargetFolder::~TargetFolder()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

Result<int> TargetFolder::descend(const QList<QByteArray> &folders, bool make)
{
    Descriptor at(::fcntl(m_fd, F_DUPFD_CLOEXEC, 0));
    if (at.get() < 0)
        return systemError(errno, cannotWrite(m_shown));
    QString shown = m_shown;
    for (const QByteArray &name : folders) {
        shown += u'/' + textOfPath(name);
        if (make && ::mkdirat(at.get(), name.constData(), 0777) != 0 && errno != EEXIST)
            return systemError(errno, cannotWrite(shown));
        const int next = ::openat(at.get(), name.constData(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (next < 0 && (errno == ELOOP || errno == ENOTDIR))
            return linkInside(shown);
        if (next < 0)
            return systemError(errno, cannotWrite(shown));
        at = Descriptor(next);
    }
    return at.release();
}

Result<> TargetFolder::makeFolder(const QString &relative)
{
    const auto safe = checkRelativePath(relative);
    if (!safe)
        return safe;
    const auto fd = descend(partsOf(relative), true);
    if (!fd)
        return fd.error();
    ::close(*fd);
    return {};
}

Result<std::shared_ptr<PartFile>> TargetFolder::openPart(const QString &relative, const Sha256 &identity)
{
    const auto safe = checkRelativePath(relative);
    if (!safe)
        return safe.error();
    QList<QByteArray> parts = partsOf(relative);
    std::shared_ptr<PartFile> part(new PartFile);
    part->m_name = parts.takeLast();
    part->m_inPlace = m_inPlace;
    part->m_shown = m_shown + u'/' + relative;
    const auto folder = descend(parts, true);
    if (!folder)
        return folder.error();
    part->m_folder = *folder;
    // Not made of the file's name: that may be 255 bytes long already.
    const QByteArray nameHash = toHex(sha256(viewOf(part->m_name)).view()).left(16).toLatin1();
    part->m_temporary = QByteArrayLiteral(".modelfloat-part-") + identity.toHex().left(16).toLatin1() + '-' + nameHash;
    const auto opened = part->openTemporary();
    if (!opened)
        return opened.error();
    crashPoint(CrashPoint::FetchPartCreated);
    return part;
}

Result<std::optional<Sha256>> TargetFolder::hashOf(const QString &relative, qint64 size, const Sha256 &wanted)
{
    const auto safe = checkRelativePath(relative);
    if (!safe)
        return safe.error();
    QList<QByteArray> parts = partsOf(relative);
    const QByteArray name = parts.takeLast();
    const auto folder = descend(parts, true);
    if (!folder)
        return folder.error();
    const Descriptor inFolder(*folder);
    const QString shown = m_shown + u'/' + relative;
    struct stat info {};
    if (::fstatat(inFolder.get(), name.constData(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT)
            return std::optional<Sha256>();
        return systemError(errno, cannotWrite(shown));
    }
    if (!S_ISREG(info.st_mode))
        return Error(Error::Kind::AlreadyExists, QStringLiteral("MF-FETCH-EXISTS"),
            QStringLiteral("%1 is there already and is not a file; remove it or fetch elsewhere").arg(shown));
    if (info.st_size != size)
        return std::optional<Sha256>(Sha256());
    const Descriptor file(::openat(inFolder.get(), name.constData(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (file.get() < 0)
        return systemError(errno, QStringLiteral("cannot read %1").arg(shown));
    Sha256Stream stream;
    QByteArray buffer(1 << 20, Qt::Uninitialized);
    for (;;) {
        const ssize_t n = ::read(file.get(), buffer.data(), static_cast<std::size_t>(buffer.size()));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return systemError(errno, QStringLiteral("cannot read %1").arg(shown));
        if (n == 0)
            break;
        stream.update(viewOf(buffer).first(static_cast<std::size_t>(n)));
    }
    const Sha256 hash = stream.finish();
    if (hash == wanted)
        m_inPlace->add(info);
    return std::optional<Sha256>(hash);
}

} // namespace mf
