// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/power_loss_files.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QRandomGenerator>

#include <cstdarg>
#include <dlfcn.h>
#include <fcntl.h>
#include <memory>
#include <mutex>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

namespace mf::powerloss {
namespace {

struct Inode {
    QByteArray current;
    QByteArray durable;
};

struct State {
    std::mutex mutex;
    bool isOn = false;
    std::string folder; // with a slash at its end
    std::map<std::string, std::shared_ptr<Inode>> names; // as programs see them
    std::map<std::string, std::shared_ptr<Inode>> durableNames;
    std::set<std::string> folders; // whose own names are durable
    std::map<int, std::string> open; // by descriptor
    std::vector<Kept> kept;
    QRandomGenerator random;
    int (*moment)() = nullptr;
    Syncs syncs = Syncs::Obeyed;
};

State &state()
{
    static State *const s = new State;
    return *s;
}

thread_local bool t_inside = false; // our own calls are not recorded

std::string folderOf(const std::string &path)
{
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

// What a descriptor is of.
std::string pathOf(int fd)
{
    char target[4096];
    const std::string link = "/proc/self/fd/" + std::to_string(fd);
    const ssize_t length = ::readlink(link.c_str(), target, sizeof target);
    return length > 0 ? std::string(target, static_cast<std::size_t>(length)) : std::string();
}

// The path below our folder; nothing if it is elsewhere.
std::optional<std::string> below(State &s, int directory, const char *name)
{
    const std::string path = name[0] == '/' ? std::string(name) : pathOf(directory) + '/' + name;
    if (path.compare(0, s.folder.size(), s.folder) != 0)
        return std::nullopt;
    return path.substr(s.folder.size());
}

bool isReachable(const State &s, std::string folder)
{
    for (; !folder.empty(); folder = folderOf(folder)) {
        if (!s.folders.contains(folder))
            return false;
    }
    return true;
}

QByteArray bytesAfter(State &s, const Inode &inode)
{
    switch (s.random.bounded(3)) {
    case 0:
        return inode.durable;
    case 1: { // the length got out, of the bytes what was synced
        QByteArray bytes(inode.current.size(), '\0');
        bytes.replace(0, std::min(bytes.size(), inode.durable.size()), inode.durable.left(bytes.size()));
        return bytes;
    }
    default:
        return inode.current.left(s.random.bounded(int(inode.current.size()) + 1));
    }
}

void keep(State &s)
{
    Kept kept;
    kept.moment = s.moment();
    std::map<std::string, std::shared_ptr<Inode>> names = s.durableNames;
    for (const auto &[path, inode] : s.names) { // a name that no sync made durable may be there
        if (s.random.bounded(2) == 0)
            names[path] = inode;
    }
    for (const auto &[path, inode] : s.durableNames) { // or one that was taken away may be gone
        if (!s.names.contains(path) && s.random.bounded(2) == 0)
            names.erase(path);
    }
    for (const auto &[path, inode] : names) {
        if (!isReachable(s, folderOf(path)))
            continue;
        kept.image.emplace(
            QString::fromStdString(path), inode->durable == inode->current ? inode->durable : bytesAfter(s, *inode));
    }
    s.kept.push_back(std::move(kept));
}

template <typename Function> Function real(const char *name)
{
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

// Records what a call did, if it concerns us; false while nothing is recorded.
template <typename Note> void record(Note note)
{
    if (t_inside)
        return;
    State &s = state();
    const std::lock_guard lock(s.mutex);
    if (!s.isOn)
        return;
    t_inside = true;
    const int error = errno;
    note(s);
    errno = error;
    t_inside = false;
}

void noteOpened(int fd, int directory, const char *name, int flags)
{
    if (fd < 0)
        return;
    record([&](State &s) {
        const auto path = below(s, directory, name);
        s.open.erase(fd);
        if (!path)
            return;
        s.open[fd] = *path;
        if ((flags & O_CREAT) != 0 && !s.names.contains(*path)) {
            s.names[*path] = std::make_shared<Inode>();
            keep(s);
        }
    });
}

} // namespace

void begin(const QString &folder, quint32 seed, int (*moment)(), Syncs syncs)
{
    State &s = state();
    const std::lock_guard lock(s.mutex);
    t_inside = true;
    s.folder = QFileInfo(folder).canonicalFilePath().toStdString() + '/';
    QDirIterator it(folder, QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDirIterator::Subdirectories);
    while (it.hasNext()) {
        const QFileInfo info(it.next());
        const std::string path = info.canonicalFilePath().toStdString().substr(s.folder.size());
        if (info.isDir()) {
            s.folders.insert(path);
            continue;
        }
        QFile file(info.filePath());
        auto inode = std::make_shared<Inode>();
        if (file.open(QIODevice::ReadOnly))
            inode->current = inode->durable = file.readAll();
        s.names[path] = s.durableNames[path] = inode;
    }
    s.random.seed(seed);
    s.moment = moment;
    s.syncs = syncs;
    s.isOn = true;
    t_inside = false;
}

std::vector<Kept> end()
{
    State &s = state();
    const std::lock_guard lock(s.mutex);
    s.isOn = false;
    s.names.clear();
    s.durableNames.clear();
    s.folders.clear();
    s.open.clear();
    return std::move(s.kept);
}

void write(const Image &image, const QString &folder)
{
    for (const auto &[path, bytes] : image) {
        const QString full = folder + u'/' + path;
        QDir().mkpath(QFileInfo(full).path());
        QFile file(full);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write the image");
    }
}

} // namespace mf::powerloss

// What the program calls instead of the C library.
using namespace mf::powerloss;

extern "C" {

int openat(int directory, const char *name, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = va_arg(arguments, mode_t);
    va_end(arguments);
    static const auto call = real<int (*)(int, const char *, int, mode_t)>("openat");
    const int fd = call(directory, name, flags, mode);
    noteOpened(fd, directory, name, flags);
    return fd;
}

int openat64(int directory, const char *name, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    const mode_t mode = va_arg(arguments, mode_t);
    va_end(arguments);
    static const auto call = real<int (*)(int, const char *, int, mode_t)>("openat64");
    const int fd = call(directory, name, flags, mode);
    noteOpened(fd, directory, name, flags);
    return fd;
}

ssize_t write(int fd, const void *bytes, size_t length)
{
    static const auto call = real<ssize_t (*)(int, const void *, size_t)>("write");
    const ssize_t written = call(fd, bytes, length);
    record([&](State &s) {
        const auto found = s.open.find(fd);
        const auto inode = found == s.open.end() ? s.names.end() : s.names.find(found->second);
        if (inode == s.names.end() || written <= 0)
            return;
        inode->second->current.append(static_cast<const char *>(bytes), static_cast<qsizetype>(written));
        keep(s);
    });
    return written;
}

int fsync(int fd)
{
    static const auto call = real<int (*)(int)>("fsync");
    record([&](State &s) { // at the end of the call, but an image before it is as good
        keep(s);
        if (s.syncs == Syncs::Ignored)
            return;
        const auto found = s.open.find(fd);
        if (found != s.open.end() && s.names.contains(found->second)) {
            Inode &inode = *s.names[found->second];
            inode.durable = inode.current;
            return;
        }
        struct stat status = {};
        if (::fstat(fd, &status) != 0 || !S_ISDIR(status.st_mode))
            return;
        std::string self = pathOf(fd) + '/';
        if (self.compare(0, s.folder.size(), s.folder) != 0)
            return;
        self = self.substr(s.folder.size());
        if (!self.empty())
            self.pop_back();
        std::erase_if(s.durableNames, [&](const auto &entry) { return folderOf(entry.first) == self; });
        for (const auto &[name, inode] : s.names) {
            if (folderOf(name) == self)
                s.durableNames[name] = inode;
        }
        const QDir dir(QString::fromStdString(s.folder + self));
        for (const QString &name : dir.entryList(QDir::Dirs | QDir::Hidden | QDir::NoDotAndDotDot))
            s.folders.insert(self.empty() ? name.toStdString() : self + '/' + name.toStdString());
    });
    return call(fd);
}

int renameat(int fromDirectory, const char *from, int toDirectory, const char *to)
{
    static const auto call = real<int (*)(int, const char *, int, const char *)>("renameat");
    const int status = call(fromDirectory, from, toDirectory, to);
    if (status == 0) {
        record([&](State &s) {
            const auto source = below(s, fromDirectory, from);
            const auto target = below(s, toDirectory, to);
            if (!source || !target || !s.names.contains(*source))
                return;
            s.names[*target] = s.names[*source];
            s.names.erase(*source);
            keep(s);
        });
    }
    return status;
}

int unlinkat(int directory, const char *name, int flags)
{
    static const auto call = real<int (*)(int, const char *, int)>("unlinkat");
    const int status = call(directory, name, flags);
    if (status == 0) {
        record([&](State &s) {
            if (const auto path = below(s, directory, name)) {
                s.names.erase(*path);
                keep(s);
            }
        });
    }
    return status;
}

} // extern "C"
