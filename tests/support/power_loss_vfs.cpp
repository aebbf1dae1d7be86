// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/power_loss_vfs.h"

#include <QFile>
#include <QFileInfo>
#include <QRandomGenerator>

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <new>

namespace mf {
namespace {

constexpr int kSector = 4096;
constexpr std::size_t kMostImages = 80;

struct Content {
    QByteArray durable; // as of the last sync
    QByteArray current;
    bool isDurable = false; // the file itself would be there
};

struct State {
    std::mutex mutex;
    bool isOn = false;
    std::map<QString, Content> files;
    std::vector<PowerLossVfs::Kept> kept;
    QRandomGenerator random;
    int every = 1;
    int (*moment)() = nullptr;
    PowerLossVfs::Syncs syncs = PowerLossVfs::Syncs::Obeyed;
    sqlite3_vfs *real = nullptr;
};

State &state()
{
    static State *const s = new State;
    return *s;
}

// What a sector would hold: all before the last sync, and by chance some of what came later.
QByteArray afterTheLoss(const Content &content, State &s)
{
    QByteArray bytes = content.durable;
    if (content.current == content.durable || s.random.bounded(2) == 0)
        return bytes;
    const bool longer = content.current.size() > bytes.size();
    if (longer && s.random.bounded(2) == 0)
        bytes.resize(content.current.size(), '\0');
    for (qsizetype at = 0; at < std::min(bytes.size(), content.current.size()); at += kSector) {
        const auto length = std::min<qsizetype>({ kSector, bytes.size() - at, content.current.size() - at });
        if (s.random.bounded(2) == 0)
            std::memcpy(bytes.data() + at, content.current.constData() + at, static_cast<std::size_t>(length));
    }
    return bytes;
}

// Called with the lock held, before the call reaches the disk.
void mayKeep(State &s)
{
    if (!s.isOn || s.kept.size() >= kMostImages || s.random.bounded(s.every) != 0)
        return;
    PowerLossVfs::Kept kept;
    kept.moment = s.moment();
    for (const auto &[path, content] : s.files) {
        if (content.isDurable)
            kept.image.emplace(path, afterTheLoss(content, s));
    }
    s.kept.push_back(std::move(kept));
}

struct File {
    sqlite3_file base;
    Content *content; // null: a file that no power loss concerns
    sqlite3_file *real() { return reinterpret_cast<sqlite3_file *>(this + 1); }
};

File *fileOf(sqlite3_file *file) { return reinterpret_cast<File *>(file); }
sqlite3_file *realOf(sqlite3_file *file) { return fileOf(file)->real(); }

int closeFile(sqlite3_file *file) { return realOf(file)->pMethods->xClose(realOf(file)); }
int readFile(sqlite3_file *file, void *to, int length, sqlite3_int64 offset)
{
    return realOf(file)->pMethods->xRead(realOf(file), to, length, offset);
}
int writeFile(sqlite3_file *file, const void *from, int length, sqlite3_int64 offset)
{
    State &s = state();
    const std::lock_guard lock(s.mutex);
    mayKeep(s);
    if (Content *content = fileOf(file)->content) {
        if (content->current.size() < offset + length)
            content->current.resize(static_cast<qsizetype>(offset + length), '\0');
        std::memcpy(content->current.data() + offset, from, static_cast<std::size_t>(length));
    }
    return realOf(file)->pMethods->xWrite(realOf(file), from, length, offset);
}
int truncateFile(sqlite3_file *file, sqlite3_int64 size)
{
    State &s = state();
    const std::lock_guard lock(s.mutex);
    mayKeep(s);
    if (Content *content = fileOf(file)->content)
        content->current.resize(static_cast<qsizetype>(size), '\0');
    return realOf(file)->pMethods->xTruncate(realOf(file), size);
}
int syncFile(sqlite3_file *file, int flags)
{
    State &s = state();
    const std::lock_guard lock(s.mutex);
    mayKeep(s);
    Content *content = fileOf(file)->content;
    if (content && s.syncs == PowerLossVfs::Syncs::Obeyed) {
        content->durable = content->current;
        content->isDurable = true; // SQLite syncs the folder with a new file's first sync
    }
    return realOf(file)->pMethods->xSync(realOf(file), flags);
}
int fileSize(sqlite3_file *file, sqlite3_int64 *size) { return realOf(file)->pMethods->xFileSize(realOf(file), size); }
int lockFile(sqlite3_file *file, int level) { return realOf(file)->pMethods->xLock(realOf(file), level); }
int unlockFile(sqlite3_file *file, int level) { return realOf(file)->pMethods->xUnlock(realOf(file), level); }
int checkReserved(sqlite3_file *file, int *result)
{
    return realOf(file)->pMethods->xCheckReservedLock(realOf(file), result);
}
int fileControl(sqlite3_file *file, int operation, void *argument)
{
    return realOf(file)->pMethods->xFileControl(realOf(file), operation, argument);
}
int sectorSize(sqlite3_file *) { return kSector; }
// Nothing is promised about the order of writes, nor that they are atomic.
int characteristics(sqlite3_file *) { return 0; }
int shmMap(sqlite3_file *file, int page, int size, int extend, void volatile **at)
{
    return realOf(file)->pMethods->xShmMap(realOf(file), page, size, extend, at);
}
int shmLock(sqlite3_file *file, int offset, int n, int flags)
{
    return realOf(file)->pMethods->xShmLock(realOf(file), offset, n, flags);
}
void shmBarrier(sqlite3_file *file) { realOf(file)->pMethods->xShmBarrier(realOf(file)); }
int shmUnmap(sqlite3_file *file, int remove) { return realOf(file)->pMethods->xShmUnmap(realOf(file), remove); }

const sqlite3_io_methods kMethods
    = { 2, closeFile, readFile, writeFile, truncateFile, syncFile, fileSize, lockFile, unlockFile, checkReserved,
          fileControl, sectorSize, characteristics, shmMap, shmLock, shmBarrier, shmUnmap, nullptr, nullptr };

int openFile(sqlite3_vfs *, const char *name, sqlite3_file *file, int flags, int *outFlags)
{
    State &s = state();
    File *const mine = fileOf(file);
    new (mine) File { {}, nullptr };
    const int status = s.real->xOpen(s.real, name, mine->real(), flags, outFlags);
    if (status != SQLITE_OK)
        return status;
    mine->base.pMethods = &kMethods;
    constexpr int kConcerned = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL;
    const std::lock_guard lock(s.mutex);
    if (name && (flags & kConcerned) != 0) {
        const QString path = QString::fromUtf8(name);
        Content &content = s.files[path];
        if (QFile there(path); content.current.isEmpty() && there.open(QIODevice::ReadOnly) && there.size() > 0) {
            content.current = content.durable = there.readAll();
            content.isDurable = true;
        }
        mine->content = &content; // std::map keeps it where it is
    }
    return status;
}

int removeFile(sqlite3_vfs *, const char *name, int syncFolder)
{
    State &s = state();
    const std::lock_guard lock(s.mutex);
    mayKeep(s);
    const auto found = s.files.find(QString::fromUtf8(name));
    if (found != s.files.end()) {
        found->second.current.clear();
        if (syncFolder != 0) {
            found->second.durable.clear();
            found->second.isDurable = false;
        }
    }
    return s.real->xDelete(s.real, name, syncFolder);
}

} // namespace

void PowerLossVfs::install()
{
    State &s = state();
    if (s.real)
        return;
    s.real = sqlite3_vfs_find(nullptr);
    static sqlite3_vfs vfs = *s.real;
    vfs.pNext = nullptr;
    vfs.zName = "modelfloat-power-loss";
    vfs.szOsFile = static_cast<int>(sizeof(File)) + s.real->szOsFile;
    vfs.xOpen = openFile;
    vfs.xDelete = removeFile;
    sqlite3_vfs_register(&vfs, 1);
}

void PowerLossVfs::begin(quint32 seed, int every, int (*moment)(), Syncs syncs)
{
    State &s = state();
    const std::lock_guard lock(s.mutex);
    s.files.clear();
    s.kept.clear();
    s.random.seed(seed);
    s.every = every;
    s.moment = moment;
    s.syncs = syncs;
    s.isOn = true;
}

std::vector<PowerLossVfs::Kept> PowerLossVfs::end()
{
    State &s = state();
    const std::lock_guard lock(s.mutex);
    s.isOn = false;
    return std::move(s.kept);
}

void PowerLossVfs::write(const Image &image, const QString &folder)
{
    for (const auto &[path, bytes] : image) {
        QFile file(folder + u'/' + QFileInfo(path).fileName());
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write the image");
    }
}

} // namespace mf
