// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/store.h"

#include "core/registry/identity.h"
#include "core/registry/migrations.h"
#include "core/registry/registry_copy.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLockFile>

#include <sys/file.h>
#include <sys/stat.h>

#include <chrono>
#include <thread>

namespace mf {
namespace {

// A process that was killed before it wrote its number into the lock file leaves an empty one, which says of nobody
// that he is dead. Who holds a lock also holds flock() on its file: what nobody holds is removed, and taken.
bool takeAbandoned(QLockFile &lock, const QString &path)
{
    if (!QFileInfo::exists(path) || QFileInfo(path).size() > 0)
        return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(100)); // somebody may be about to write into it
    QFile file(path);
    struct stat held {};
    struct stat there {};
    const bool isAbandoned = file.open(QIODevice::ReadOnly) && file.size() == 0
        && ::flock(file.handle(), LOCK_EX | LOCK_NB) == 0 && ::fstat(file.handle(), &held) == 0 && held.st_size == 0
        && ::stat(QFile::encodeName(path).constData(), &there) == 0 && there.st_ino == held.st_ino;
    return isAbandoned && QFile::remove(path) && lock.tryLock(); // with the old one held: nobody else does the same
}

} // namespace

Registry::Store::Store(QString path, Seams seams)
    : m_path(std::move(path))
    , m_seams(seams)
{
}

Registry::Store::~Store() = default;

Result<> Registry::Store::open()
{
    auto done = lock();
    if (done)
        done = prepareFile();
    if (!done)
        close();
    return done;
}

void Registry::Store::close()
{
    m_chunks.reset();
    m_connection.reset();
    m_lock.reset(); // last: until then nobody else may open the file
}

Result<> Registry::Store::lock()
{
    const QString folder = QFileInfo(m_path).absolutePath();
    if (!QDir().mkpath(folder)) {
        return Error(Error::Kind::Invalid, QStringLiteral("MF-REGISTRY-OPEN"),
            QStringLiteral("The folder %1 for the registry cannot be made; check its permissions").arg(folder));
    }
    const QString path = m_path + QStringLiteral(".lock");
    m_lock = std::make_unique<QLockFile>(path);
    m_lock->setStaleLockTime(0); // a process that lives holds it for days
    if (m_lock->tryLock() || takeAbandoned(*m_lock, path))
        return {};
    if (m_lock->error() != QLockFile::LockFailedError) {
        return Error(Error::Kind::Invalid, QStringLiteral("MF-REGISTRY-OPEN"),
            QStringLiteral("The lock file %1 cannot be made; check the permissions and the room there").arg(path));
    }
    qint64 process = 0;
    QString host;
    QString program;
    m_lock->getLockInfo(&process, &host, &program);
    return Error(Error::Kind::AlreadyExists, QStringLiteral("MF-REGISTRY-BUSY"),
        QStringLiteral("Another ModelFloat uses this library (process %1 on %2); close it and try again. "
                       "If none runs, remove %3")
            .arg(QString::number(process), host, path))
        .offering(Error::Action::Retry);
}

Result<> Registry::Store::prepareFile()
{
    m_connection = std::make_unique<Connection>(m_path);
    auto done = m_connection->open();
    if (done)
        done = checkVersion(*m_connection);
    if (done)
        done = m_connection->configure(m_seams.mostPages);
    if (done)
        done = migrate(*m_connection);
    if (!done)
        return done;
    auto readKey = [this](Store &store) { return chunkKey(store.db(), m_seams.chunkKeyMask); };
    const auto key = transact(true, readKey);
    if (!key)
        return key.error();
    m_chunks = std::make_unique<ChunkIndex>(*m_connection, *key);
    return {};
}

Result<> Registry::Store::copyTo(const QString &path)
{
    return m_connection ? copyRegistry(*m_connection, path) : Result<>(closedError());
}

Result<> Registry::Store::adopt(const QString &path)
{
    return m_connection ? adoptCopy(*m_connection, *m_chunks, path) : Result<>(closedError());
}

Error Registry::Store::closedError()
{
    return Error(Error::Kind::Internal, QStringLiteral("MF-REGISTRY-SQL"),
        QStringLiteral("The registry is closed; start ModelFloat again"));
}

} // namespace mf
