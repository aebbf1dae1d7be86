// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/daily_copy.h"

#include "core/base/all_of.h"
#include "core/base/crash_point.h"
#include "core/base/log.h"
#include "core/crypto/sha256.h"
#include "core/distributor/fetch_object.h"
#include "core/distributor/objects/copy_object.h"
#include "core/distributor/objects/segment.h"
#include "core/registry/registry_copy.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <map>

namespace mf {
namespace {

constexpr qint64 kDay = qint64(24) * 3'600'000; // ms
constexpr qint64 kLargestHead = 1 << 20;
constexpr int kCopiesTried = 3;
const QString kWhen = QStringLiteral("copied"); // ms since 1970
const QString kClock = QStringLiteral("copied-lamport"); // of the one on the accounts
const QString kNames = QStringLiteral("copied-names"); // of its objects, and of older ones that are still there

Error cannotWrite(const QString &path)
{
    return Error(Error::Kind::Invalid, QStringLiteral("MF-REGISTRY-BACKUP"),
        QStringLiteral("The copy %1 of the registry cannot be written; check the room and the permissions there")
            .arg(path));
}

Task<Result<QByteArray>> readPiece(Engine &engine, QString path, qint64 offset)
{
    auto read = [path, offset]() -> Result<QByteArray> {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly) || !file.seek(offset))
            return cannotWrite(path);
        const QByteArray piece = file.read(kCopyPartBytes);
        if (file.error() != QFileDevice::NoError)
            return Error(Error::Kind::Invalid, QStringLiteral("MF-REGISTRY-BACKUP"),
                QStringLiteral("The copy %1 of the registry cannot be read: %2").arg(path, file.errorString()));
        return piece;
    };
    co_return co_await onPool(engine.io, read);
}

// Puts one copy on the accounts.
class Sealing
{
public:
    explicit Sealing(Engine &engine)
        : m_engine(engine)
    {
    }

    Task<Result<>> run(QString file)
    {
        for (Account *account : m_engine.accounts.verified()) {
            if (!account->record().retired)
                m_accounts.push_back(account);
        }
        if (m_accounts.empty())
            co_return Result<>();
        const auto old = co_await m_engine.registry.note(kNames);
        const auto identity = co_await m_engine.registry.identity();
        if (!old || !identity)
            co_return old ? identity.error() : old.error();
        m_names = QString::fromLatin1(*old).split(u'\n', Qt::SkipEmptyParts);
        const QStringList before = m_names;
        m_copy.computer = (*identity)->computer;
        m_copy.lamport = (*identity)->lamport;
        const auto put = co_await putAll(file);
        if (!put)
            co_return put.error();
        if (m_accounts.empty())
            co_return Result<>(); // the one before stays
        crashPoint(CrashPoint::CopySealed);
        const auto noted = co_await m_engine.registry.setNote(kClock, QByteArray::number(m_copy.lamport));
        if (!noted)
            co_return noted.error();
        co_return co_await removeAll(before);
    }

private:
    Task<Result<>> putAll(QString file)
    {
        Sha256Stream hash;
        for (;;) {
            const auto lease = co_await m_engine.buffers.acquire(2 * kCopyPartBytes);
            Q_UNUSED(lease)
            auto plain = co_await readPiece(m_engine, file, m_copy.bytes);
            if (!plain)
                co_return plain.error();
            if (plain->isEmpty())
                break;
            m_copy.bytes += plain->size();
            hash.update(viewOf(*plain));
            auto seal = [ring = m_engine.ring, bytes = *plain] { return sealCopyPart(ring, viewOf(bytes)); };
            const QByteArray sealed = co_await onPool(m_engine.cpu, seal);
            m_copy.parts.push_back(objectHash(viewOf(sealed)));
            const BlobName name = copyPartName(m_engine.ring, m_copy.parts.back());
            const auto put = co_await putOne(name, sealed);
            if (!put)
                co_return put.error();
        }
        m_copy.sha256 = hash.finish();
        const QByteArray head = sealCopyHead(m_engine.ring, m_copy);
        const BlobName name = copyHeadName(m_engine.ring, objectHash(viewOf(head)));
        co_return co_await putOne(name, head);
    }

    // An account that does not take one gets no more.
    Task<Result<>> putOne(BlobName name, QByteArray bytes)
    {
        m_names.append(name.value); // before it is there: so it is ours after a crash, too
        const auto noted = co_await m_engine.registry.setNote(kNames, m_names.join(u'\n').toLatin1());
        if (!noted)
            co_return noted.error();
        std::vector<Account *> have;
        for (Account *account : m_accounts) {
            const auto put = co_await account->provider().put(name, bytes);
            if (put)
                have.push_back(account);
            else
                logWarning("copy", account->name() + QStringLiteral(": ") + put.error().message);
        }
        m_accounts = std::move(have);
        co_return Result<>();
    }

    Task<Result<>> removeAll(QStringList names)
    {
        for (const QString &name : names) {
            bool isThere = false;
            for (const auto &account : m_engine.accounts.all()) {
                if (account->record().retired)
                    continue;
                if (!account->isVerified()) {
                    isThere = true; // perhaps
                    continue;
                }
                const auto removed = co_await account->provider().remove(BlobName(name));
                isThere = isThere || !removed;
            }
            if (!isThere)
                m_names.removeAll(name);
        }
        co_return co_await m_engine.registry.setNote(kNames, m_names.join(u'\n').toLatin1());
    }

    Engine &m_engine;
    std::vector<Account *> m_accounts; // that took everything so far
    RegistryCopy m_copy;
    QStringList m_names;
};

// Beside the registry; its path.
Task<Result<QString>> copyHere(Engine &engine)
{
    const QDir folder(copiesOf(engine.registry));
    const QString path
        = folder.filePath(engine.clock.now().toUTC().toString(QStringLiteral("yyyyMMdd-HHmmss")) + u".sqlite");
    const QString unfinished = path + QStringLiteral(".part");
    if (!folder.mkpath(QStringLiteral(".")))
        co_return cannotWrite(path);
    const QStringList left = folder.entryList({ QStringLiteral("*.part*"), QStringLiteral("*.reduced*") }, QDir::Files);
    for (const QString &name : left) // by a process that was killed; they are as large as the registry
        QFile::remove(folder.filePath(name));
    const auto copied = co_await engine.registry.copyTo(unfinished);
    if (!copied)
        co_return copied.error();
    QFile::remove(path);
    if (!QFile::rename(unfinished, path))
        co_return cannotWrite(path);
    QStringList all = folder.entryList({ QStringLiteral("*.sqlite") }, QDir::Files, QDir::Name);
    all.removeOne(QFileInfo(path).fileName()); // whatever its date says
    while (all.size() >= kCopiesKept)
        QFile::remove(folder.filePath(all.takeFirst()));
    co_return path;
}

Task<Result<>> sealOnAccounts(Engine &engine, QString copy)
{
    const auto identity = co_await engine.registry.identity();
    if (!identity)
        co_return identity.error();
    const auto last = co_await engine.registry.note(kClock);
    if (!last)
        co_return last.error();
    if (*identity && QByteArray::number((*identity)->lamport) == *last)
        co_return Result<>(); // the log has not grown
    const QString reduced = copy + QStringLiteral(".reduced");
    auto reduce = [copy, reduced]() -> Result<> {
        QFile::remove(reduced);
        if (!QFile::copy(copy, reduced))
            return cannotWrite(reduced);
        return reduceCopy(reduced);
    };
    const auto done = co_await onPool(engine.io, reduce);
    Result<> sealed = done;
    if (done) {
        Sealing sealing(engine);
        auto running = sealing.run(reduced);
        sealed = co_await running;
    }
    QFile::remove(reduced);
    co_return sealed;
}

} // namespace

QString copiesOf(const Registry &registry) { return registry.path() + QStringLiteral(".copies"); }

Task<Result<>> copyDaily(Engine &engine)
{
    const qint64 now = engine.clock.now().toMSecsSinceEpoch();
    const auto last = co_await engine.registry.note(kWhen);
    if (!last)
        co_return last.error();
    const qint64 passed = now - last->toLongLong();
    if (!last->isEmpty() && passed >= 0 && passed < kDay)
        co_return Result<>();
    const auto noted = co_await engine.registry.setNote(kWhen, QByteArray::number(now));
    if (!noted || last->isEmpty())
        co_return noted;
    const auto copy = co_await copyHere(engine);
    if (!copy)
        co_return copy.error();
    crashPoint(CrashPoint::CopyWritten);
    co_return co_await sealOnAccounts(engine, *copy);
}

namespace {

// Heads on all accounts, the one that knows most of the log first.
Task<Result<std::vector<RegistryCopy>>> copiesThere(Engine &engine)
{
    std::map<QString, RegistryCopy> found;
    for (Account *account : engine.accounts.verified()) {
        const QString prefix = QString::fromLatin1(kCopyHeads);
        const auto listed = co_await listAll(account->provider(), prefix);
        if (!listed)
            continue;
        for (const BlobInfo &blob : *listed) {
            if (found.contains(blob.name.value) || blob.size > kLargestHead)
                continue;
            const Range whole;
            const auto bytes = co_await account->provider().get(blob.name, whole);
            if (!bytes)
                continue;
            auto head = openCopyHead(engine.ring, blob.name, viewOf(*bytes));
            if (head)
                found.emplace(blob.name.value, std::move(*head));
            else
                logWarning("copy", account->name() + QStringLiteral(": ") + head.error().message);
        }
    }
    std::vector<RegistryCopy> copies;
    copies.reserve(found.size());
    for (auto &[name, copy] : found)
        copies.push_back(std::move(copy));
    std::sort(copies.begin(), copies.end(),
        [](const RegistryCopy &a, const RegistryCopy &b) { return a.lamport > b.lamport; });
    co_return copies;
}

Task<Result<>> download(Engine &engine, RegistryCopy copy, QString path)
{
    QFile::remove(path);
    Sha256Stream hash;
    qint64 bytes = 0;
    for (const ObjectHash &part : copy.parts) {
        const auto lease = co_await engine.buffers.acquire(2 * kCopyPartBytes);
        Q_UNUSED(lease)
        const BlobName name = copyPartName(engine.ring, part);
        const auto sealed = co_await fetchObject(engine, name, part);
        if (!sealed)
            co_return sealed.error();
        auto open = [ring = engine.ring, object = *sealed] { return openCopyPart(ring, viewOf(object)); };
        const auto plain = co_await onPool(engine.cpu, open);
        if (!plain)
            co_return plain.error();
        hash.update(viewOf(*plain));
        bytes += plain->size();
        auto append = [path, data = *plain] {
            QFile file(path);
            const bool isOpen = file.open(QIODevice::WriteOnly | QIODevice::Append);
            return isOpen && file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner)
                && file.write(data) == data.size();
        };
        const bool written = co_await onPool(engine.io, append);
        if (!written)
            co_return cannotWrite(path);
    }
    if (bytes != copy.bytes || hash.finish() != copy.sha256)
        co_return Error(Error::Kind::Corrupt, QStringLiteral("MF-OBJECT-CORRUPT"),
            QStringLiteral("a copy of the registry is not what it should be"));
    co_return Result<>();
}

} // namespace

Task<Result<bool>> beginWithCopy(Engine &engine)
{
    const auto heads = co_await engine.registry.heads();
    if (!heads)
        co_return heads.error();
    const QString path = engine.registry.path() + QStringLiteral(".found");
    QFile::remove(path); // a process that was killed left it
    if (!heads->empty())
        co_return false;
    const auto copies = co_await copiesThere(engine);
    if (!copies)
        co_return copies.error();
    bool adopted = false;
    for (std::size_t i = 0; i < copies->size() && i < kCopiesTried && !adopted; ++i) {
        const auto there = co_await download(engine, (*copies)[i], path);
        Result<> done = there;
        if (there)
            done = co_await engine.registry.adopt(path);
        adopted = static_cast<bool>(done);
        if (!adopted)
            logWarning("copy", done.error().message);
    }
    QFile::remove(path);
    co_return adopted;
}

} // namespace mf
