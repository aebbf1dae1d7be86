// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/engine_fixture.h"

#include "core/providers/closed.h"
#include "core/providers/folder/folder.h"
#include "tests/support/must.h"
#include "tests/support/shared_provider.h"

#include <QDir>
#include <QFile>
#include <QRandomGenerator>

namespace mf {
EngineFixture::EngineFixture(int accounts)
    : m_recovery(randomKey())
    , m_library(randomId<LibraryId>())
{
    m_ring = std::make_unique<KeyRing>(m_library, KeyRing::masterOf(m_recovery, m_library));
    for (int i = 0; i < accounts; ++i)
        makePlace(i);
    makeRegistry();
    openAll();
}

EngineFixture::EngineFixture(const EngineFixture &library)
    : m_recovery(library.m_recovery)
    , m_library(library.m_library)
    , m_ring(std::make_unique<KeyRing>(*library.m_ring))
    , m_places(library.m_places)
{
    makeRegistry();
    openAll();
}

std::unique_ptr<EngineFixture> EngineFixture::anotherComputer() const
{
    return std::unique_ptr<EngineFixture>(new EngineFixture(*this));
}

void EngineFixture::makeRegistry()
{
    auto registry = must(runTask(Registry::open(path(QStringLiteral("registry.sqlite")))));
    Registry::Identity identity;
    identity.library = m_library;
    identity.computer = randomId<ComputerId>();
    must(runTask(registry->setIdentity(identity)));
    for (const Place &place : m_places)
        must(runTask(registry->putAccount(place.record)));
}

void EngineFixture::makePlace(int number)
{
    Place place;
    place.memory = std::make_shared<MemoryProvider>(m_clock);
    place.record.id = randomId<AccountId>();
    place.record.name = QStringLiteral("account%1").arg(number);
    place.record.domain = QStringLiteral("domain%1").arg(number);
    place.record.kind = QStringLiteral("memory");
    Marker marker;
    marker.library = m_library;
    marker.account = place.record.id;
    must(runTask(place.memory->put(markerName(*m_ring), sealMarker(*m_ring, marker))));
    m_places.push_back(std::move(place));
}

void EngineFixture::addAccount()
{
    makePlace(static_cast<int>(m_places.size()));
    must(runTask(m_registry->putAccount(m_places.back().record)));
    reopen();
}

void EngineFixture::setDomain(int i, const QString &domain)
{
    place(i).record.domain = domain;
    must(runTask(m_registry->putAccount(place(i).record)));
    reopen();
}

void EngineFixture::retire(int i)
{
    place(i).record.retired = true;
    must(runTask(m_registry->putAccount(place(i).record)));
    reopen();
}

void EngineFixture::openAll()
{
    m_registry = must(runTask(Registry::open(path(QStringLiteral("registry.sqlite")))));
    m_accounts = std::make_unique<AccountSet>();
    for (Place &place : m_places) {
        place.faulty = nullptr;
        if (place.record.retired || place.isClosed) { // nothing is (left) to open it with
            const Error why(Error::Kind::NotFound, QStringLiteral("MF-SECRETS-MISSING"), QStringLiteral("no password"));
            m_accounts->add(std::make_unique<Account>(place.record, std::make_unique<Closed>(place.record.name, why)));
            continue;
        }
        auto faulty = std::make_unique<FaultyProvider>(std::make_unique<SharedProvider>(place.memory), m_clock);
        place.faulty = faulty.get();
        m_accounts->add(std::make_unique<Account>(place.record, std::move(faulty)));
    }
    m_engine.reset(new Engine { *m_registry, *m_ring, *m_accounts, m_clock, m_cpu, m_io, m_buffers });
    if (!m_holdingLimits)
        return;
    const ProviderContext context { m_clock, m_io };
    const AccountSettings place { { QStringLiteral("path"), path(QStringLiteral("holding")) } };
    auto folder = must(folderKind().make(context, place, SecretText(), true));
    auto faulty = std::make_unique<FaultyProvider>(std::move(folder), m_clock);
    m_holdingFaults = faulty.get();
    m_holding = std::make_unique<Holding>(std::move(faulty), *m_holdingLimits);
    m_engine->holding = m_holding.get();
}

void EngineFixture::useHolding(Holding::Limits limits)
{
    m_holdingLimits = limits;
    reopen();
}

void EngineFixture::setAllGone(bool gone)
{
    for (Place &place : m_places)
        place.memory->setGone(gone);
    reopen();
}

void EngineFixture::reopen()
{
    m_engine.reset();
    m_holding.reset();
    m_accounts.reset();
    m_registry.reset();
    openAll();
}

void EngineFixture::backUpRegistry(const QString &backup)
{
    m_engine.reset();
    m_holding.reset();
    m_accounts.reset();
    m_registry.reset(); // its last connection writes the log into the file
    if (!QFile::copy(path(QStringLiteral("registry.sqlite")), path(backup)))
        qFatal("cannot copy");
    openAll();
}

void EngineFixture::restoreRegistry(const QString &backup)
{
    m_engine.reset();
    m_holding.reset();
    m_accounts.reset();
    m_registry.reset();
    for (const char *suffix : { "", "-wal", "-shm" })
        QFile::remove(path(QStringLiteral("registry.sqlite") + QLatin1String(suffix)));
    if (!QFile::copy(path(backup), path(QStringLiteral("registry.sqlite"))))
        qFatal("no backup");
    openAll();
}

void EngineFixture::destroy(int i)
{
    const auto blobs = runTask(listAll(*place(i).memory, QString()));
    for (const BlobInfo &blob : *blobs)
        must(runTask(place(i).memory->remove(blob.name)));
}

QByteArray EngineFixture::write(const QString &name, const QByteArray &bytes)
{
    const QString full = path(name);
    QDir().mkpath(full.section(u'/', 0, -2));
    QFile file(full);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write");
    return QFile::encodeName(full);
}

Result<StoreResult> EngineFixture::store(
    const QByteArray &path, std::optional<Protection> protection, const QString &name)
{
    StoreRequest request;
    request.paths.push_back(path);
    request.protection = protection;
    request.name = name;
    Store store(engine(), std::move(request), nullptr);
    return runTask(store.run());
}

Result<FetchResult> EngineFixture::fetch(const QString &model, const QString &to)
{
    FetchRequest request;
    request.model = model;
    request.to = QFile::encodeName(path(to));
    Fetch fetch(engine(), std::move(request), nullptr);
    return runTask(fetch.run());
}

qint64 EngineFixture::putBytes() const
{
    qint64 bytes = 0;
    for (const Place &place : m_places)
        bytes += place.memory->counters().put.bytes;
    return bytes;
}

QByteArray readFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray randomBytes(qint64 size, quint32 seed)
{
    QRandomGenerator random(seed);
    QByteArray bytes((size + 3) / 4 * 4, Qt::Uninitialized);
    random.fillRange(reinterpret_cast<quint32 *>(bytes.data()), bytes.size() / 4);
    bytes.truncate(size);
    return bytes;
}

} // namespace mf
