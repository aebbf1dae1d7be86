// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/secrets/private_file.h"

#include "core/base/path_text.h"

#include <QFileInfo>

#include <array>
#include <cerrno>
#include <fcntl.h>
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
    ~Descriptor() { close(); }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    explicit operator bool() const { return m_fd >= 0; }
    int get() const { return m_fd; }
    // False with errno if the system could not keep what was written.
    bool close()
    {
        const int fd = std::exchange(m_fd, -1);
        return fd < 0 || ::close(fd) == 0;
    }

private:
    int m_fd;
};

bool writeAll(int fd, const QByteArray &bytes)
{
    qsizetype done = 0;
    while (done < bytes.size()) {
        const auto n = ::write(fd, bytes.constData() + done, static_cast<std::size_t>(bytes.size() - done));
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            done += n;
    }
    return true;
}

// mkdir -p with mode 0700 for what is made.
bool makeFolder(const QString &path)
{
    const QByteArray name = pathOfText(path);
    if (::mkdir(name.constData(), 0700) == 0 || errno == EEXIST)
        return true;
    if (errno != ENOENT)
        return false;
    const QString parent = QFileInfo(path).path();
    return parent != path && makeFolder(parent) && (::mkdir(name.constData(), 0700) == 0 || errno == EEXIST);
}

enum class Existing { Replace, Refuse };

// Writes a temporary file beside the target, makes it durable and gives it the target's name.
Result<> placePrivateFile(const QString &path, const QByteArray &bytes, Existing existing)
{
    const QString folder = QFileInfo(path).path();
    const QString what = QStringLiteral("cannot write ") + path;
    if (!makeFolder(folder))
        return systemError(errno, QStringLiteral("cannot make the folder ") + folder);
    const QByteArray target = pathOfText(path);
    const QByteArray temporary = target + ".new";
    // What an interrupted run left may have another mode.
    if (::unlink(temporary.constData()) != 0 && errno != ENOENT)
        return systemError(errno, what);
    Descriptor file(::open(temporary.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file)
        return systemError(errno, what);
    const auto name = [&] {
        // link() refuses a name that is taken, rename() takes it.
        return existing == Existing::Replace ? ::rename(temporary.constData(), target.constData()) == 0
                                             : ::link(temporary.constData(), target.constData()) == 0;
    };
    const bool done = writeAll(file.get(), bytes) && ::fsync(file.get()) == 0 && file.close() && name();
    const int number = errno;
    if (!done || existing == Existing::Refuse)
        ::unlink(temporary.constData());
    if (!done)
        return systemError(number, what);
    const Descriptor directory(::open(pathOfText(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory || ::fsync(directory.get()) != 0)
        return systemError(errno, what);
    return {};
}

} // namespace

Result<std::optional<QByteArray>> readPrivateFile(const QString &path, qsizetype most)
{
    const Descriptor file(::open(pathOfText(path).constData(), O_RDONLY | O_CLOEXEC));
    if (!file) {
        if (errno == ENOENT)
            return std::optional<QByteArray>();
        return systemError(errno, QStringLiteral("cannot open ") + path);
    }
    QByteArray bytes;
    std::array<char, 16384> buffer;
    for (;;) {
        const auto n = ::read(file.get(), buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return systemError(errno, QStringLiteral("cannot read ") + path);
        if (n == 0)
            return std::optional<QByteArray>(std::move(bytes));
        if (bytes.size() + n > most) {
            return Error(Error::Kind::Corrupt, QStringLiteral("MF-SECRETS-DAMAGED"),
                QStringLiteral("%1 is far too long for a secret store").arg(path));
        }
        bytes.append(buffer.data(), n);
    }
}

Result<> replacePrivateFile(const QString &path, const QByteArray &bytes)
{
    return placePrivateFile(path, bytes, Existing::Replace);
}

Result<> createPrivateFile(const QString &path, const QByteArray &bytes)
{
    return placePrivateFile(path, bytes, Existing::Refuse);
}

} // namespace mf
