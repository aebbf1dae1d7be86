// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/computers.h"

#include "core/distributor/objects/marker.h"
#include "core/providers/folder/folder.h"
#include "tests/support/must.h"
#include "tests/support/shared_provider.h"

#include <QDir>
#include <QFile>

namespace mf {

Computers::Computers(int accounts, MemoryProvider::Options options, Decorate decorate)
    : m_recovery(randomKey())
    , m_library(randomId<LibraryId>())
    , m_options(options)
    , m_decorate(std::move(decorate))
{
    m_ring = std::make_unique<KeyRing>(m_library, KeyRing::masterOf(m_recovery, m_library));
    m_computers.push_back(std::make_unique<Computer>());
    at(0).registryPath = path(QStringLiteral("registry0.sqlite"));
    {
        auto registry = must(runTask(Registry::open(at(0).registryPath)));
        Registry::Identity identity;
        identity.library = m_library;
        identity.computer = randomId<ComputerId>();
        must(runTask(registry->setIdentity(identity)));
    }
    for (int i = 0; i < accounts; ++i)
        addAccount(QStringLiteral("domain%1").arg(i));
    open(0);
}

Computers::~Computers()
{
    for (int i = 0; i < static_cast<int>(m_computers.size()); ++i)
        close(i);
}

void Computers::addAccount(const QString &domain)
{
    Place place;
    place.memory = std::make_shared<MemoryProvider>(m_clock, m_options);
    place.record.id = randomId<AccountId>();
    place.record.name = QStringLiteral("account%1").arg(m_places.size());
    place.record.domain = domain;
    place.record.kind = QStringLiteral("memory");
    Marker marker;
    marker.library = m_library;
    marker.account = place.record.id;
    must(runTask(place.memory->put(markerName(*m_ring), sealMarker(*m_ring, marker))));
    m_places.push_back(std::move(place));
}

void Computers::open(int computer)
{
    Computer &c = at(computer);
    c.registry = must(runTask(Registry::open(c.registryPath)));
    for (const Place &place : m_places)
        must(runTask(c.registry->putAccount(place.record)));
    const auto records = must(runTask(c.registry->accounts()));
    c.accounts = std::make_unique<AccountSet>();
    for (std::size_t i = 0; i < m_places.size(); ++i) {
        std::unique_ptr<Provider> provider = std::make_unique<SharedProvider>(m_places[i].memory);
        if (m_decorate)
            provider = m_decorate(std::move(provider), computer, static_cast<int>(i));
        auto faulty = std::make_unique<FaultyProvider>(std::move(provider), m_clock);
        c.faulty.push_back(faulty.get());
        for (const AccountRecord &record : records) {
            if (record.id == m_places[i].record.id)
                c.accounts->add(std::make_unique<Account>(record, std::move(faulty)));
        }
    }
    c.engine.reset(new Engine { *c.registry, *m_ring, *c.accounts, m_clock, m_cpu, m_io, m_buffers });
    if (!m_holds)
        return;
    const ProviderContext context { m_clock, m_io };
    const QString folder = path(QStringLiteral("holding%1").arg(computer));
    const AccountSettings settings { { QStringLiteral("path"), folder } };
    c.holding = std::make_unique<Holding>(
        must(folderKind().make(context, settings, SecretText(), true)), Holding::Limits(1'000'000'000, 0));
    c.engine->holding = c.holding.get();
}

void Computers::setAllGone(bool gone)
{
    for (int i = 0; i < accounts(); ++i)
        setGone(i, gone);
}

void Computers::close(int computer)
{
    Computer &c = at(computer);
    c.engine.reset();
    c.holding.reset();
    c.faulty.clear();
    c.accounts.reset();
    c.registry.reset();
}

void Computers::reopen(int computer)
{
    close(computer);
    open(computer);
}

int Computers::join(int from)
{
    close(from);
    const int number = static_cast<int>(m_computers.size());
    m_computers.push_back(std::make_unique<Computer>());
    at(number).registryPath = path(QStringLiteral("registry%1.sqlite").arg(number));
    for (const QString &suffix : { QString(), QStringLiteral("-wal") })
        QFile::copy(QString(at(from).registryPath + suffix), QString(at(number).registryPath + suffix));
    {
        auto registry = must(runTask(Registry::open(at(number).registryPath)));
        auto identity = must(runTask(registry->identity()));
        identity->computer = randomId<ComputerId>();
        must(runTask(registry->setIdentity(*identity)));
    }
    open(from);
    open(number);
    return number;
}

QByteArray Computers::write(const QString &name, const QByteArray &bytes)
{
    const QString full = path(name);
    QDir().mkpath(full.section(u'/', 0, -2));
    QFile file(full);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write");
    return QFile::encodeName(full);
}

StoreRequest Computers::request(const QByteArray &path, Protection protection, const QString &name) const
{
    StoreRequest request;
    request.paths.push_back(path);
    request.protection = protection;
    request.name = name;
    return request;
}

Result<StoreResult> Computers::store(const QByteArray &path, Protection protection, const QString &name, int computer)
{
    Store store(engine(computer), request(path, protection, name), nullptr);
    return runTask(store.run());
}

bool Computers::comesBack(const QString &model, const QByteArray &bytes, int computer)
{
    const QString to = path(QStringLiteral("back%1").arg(++m_fetches));
    FetchRequest request;
    request.model = model;
    request.to = QFile::encodeName(to);
    Fetch fetch(engine(computer), std::move(request), nullptr);
    const auto fetched = runTask(fetch.run());
    if (!fetched) {
        qWarning("%s", qPrintable(fetched.error().message));
        return false;
    }
    const QStringList files = QDir(to).entryList(QDir::Files);
    QFile file(to + u'/' + files.value(0));
    return files.size() == 1 && file.open(QIODevice::ReadOnly) && file.readAll() == bytes;
}

int Computers::fragments(int account) const
{
    const auto &place = m_places[static_cast<std::size_t>(account)];
    return static_cast<int>(place.memory->names().filter(QStringLiteral("f/")).size());
}

int Computers::fragments() const
{
    int sum = 0;
    for (int i = 0; i < accounts(); ++i)
        sum += fragments(i);
    return sum;
}

} // namespace mf
