// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/world.h"

#include "core/distributor/objects/marker.h"
#include "tests/simulation/seeded_entropy.h"
#include "tests/support/must.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

namespace mf::simulation {
namespace {

// Registries live in memory where that is possible: a simulated day must not wait for a disk.
QString workTemplate()
{
    const QString memory = QStringLiteral("/dev/shm");
    return (QFileInfo(memory).isWritable() ? memory : QDir::tempPath()) + QStringLiteral("/mf-simulation-XXXXXX");
}

// The way from one computer to one account.
class Wire final : public Provider
{
public:
    Wire(QString label, const Place &place, Weather &weather, Dice &dice)
        : m_label(std::move(label))
        , m_storage(place.storage)
        , m_weather(weather)
        , m_dice(dice)
    {
    }
    Traits traits() const override { return m_storage->traits(); }
    Task<Result<BlobInfo>> put(BlobName name, QByteArray data) override
    {
        const auto fine = co_await pass("put", name.value);
        if (!fine)
            co_return fine.error();
        if (m_weather.watch)
            m_weather.watch(name, data);
        auto put = m_storage->put(name, data);
        co_return co_await put;
    }
    Task<Result<QByteArray>> get(BlobName name, Range range) override
    {
        const auto fine = co_await pass("get", name.value);
        if (!fine)
            co_return fine.error();
        auto got = m_storage->get(name, range);
        co_return co_await got;
    }
    Task<Result<>> remove(BlobName name) override
    {
        const auto fine = co_await pass("remove", name.value);
        if (!fine)
            co_return fine.error();
        auto removed = m_storage->remove(name);
        co_return co_await removed;
    }
    Task<Result<ListPage>> list(QString prefix, QString cursor) override
    {
        const auto fine = co_await pass("list", prefix);
        if (!fine)
            co_return fine.error();
        auto listing = m_storage->list(prefix, cursor);
        auto listed = co_await listing;
        const auto isHidden = [this](const BlobInfo &blob) { return m_weather.hidden->contains(blob.name.value); };
        if (listed && m_weather.hidden && std::any_of(listed->blobs.begin(), listed->blobs.end(), isHidden))
            co_return Error(Error::Kind::Network, QStringLiteral("MF-SIMULATED"), QStringLiteral("broke off"));
        co_return listed;
    }
    Task<Result<Quota>> quota() override { return m_storage->quota(); }

private:
    Task<Result<>> pass(const char *call, QString name)
    {
        if (m_weather.turnstile) {
            const QString what = m_label + u' ' + QLatin1StringView(call) + u' ' + name.section(u'/', 0, 0);
            co_await m_weather.turnstile->pass(what);
        }
        if (m_weather.callsLeft == 0) {
            m_weather.hasPower = false;
            if (m_weather.powerLost)
                m_weather.powerLost();
            Event never;
            co_await never;
        }
        if (m_weather.callsLeft > 0)
            --m_weather.callsLeft;
        if (m_weather.failOneIn > 0 && m_dice.oneIn(m_weather.failOneIn))
            co_return Error(Error::Kind::Throttled, QStringLiteral("MF-SIMULATED"), QStringLiteral("slow down"));
        co_return Result<>();
    }

    QString m_label; // whose way, and where to
    std::shared_ptr<MemoryProvider> m_storage;
    Weather &m_weather;
    Dice &m_dice;
};

} // namespace

Computer::Computer(World &world, int number, std::vector<AccountRecord> accounts)
    : m_world(world)
    , m_name(QStringLiteral("computer%1").arg(number))
    , m_folder(workTemplate())
    , m_ring(std::make_unique<KeyRing>(world.library, KeyRing::masterOf(world.recovery, world.library)))
{
    begin(std::move(accounts));
}

void Computer::begin(std::vector<AccountRecord> accounts)
{
    openRegistry();
    Registry::Identity identity;
    identity.library = m_world.library;
    identity.computer = randomId<ComputerId>();
    must(runTask(m_registry->setIdentity(identity)));
    for (AccountRecord &record : accounts)
        must(runTask(m_registry->putAccount(std::move(record))));
    boot();
}

void Computer::openRegistry()
{
    Registry::Seams seams;
    seams.hasWorker = false;
    m_registry = must(runTask(Registry::open(path(QStringLiteral("registry.sqlite")), seams)));
}

void Computer::boot()
{
    m_accounts = std::make_unique<AccountSet>();
    const auto records = must(runTask(m_registry->accounts()));
    for (const AccountRecord &record : records) {
        if (record.retired)
            continue;
        if (record.isElsewhere()) {
            m_accounts->add(accountElsewhere(record));
            continue;
        }
        for (const auto &place : m_world.places) {
            if (place->record.id == record.id)
                m_accounts->add(std::make_unique<Account>(record,
                    std::make_unique<Wire>(QString(m_name + u' ' + record.name), *place, m_weather, m_world.dice)));
        }
    }
    m_engine.reset(new Engine { *m_registry, *m_ring, *m_accounts, m_world.clock, m_world.cpu, m_world.io, m_buffers });
}

void Computer::restart()
{
    m_engine.reset();
    m_accounts.reset();
    m_registry.reset();
    m_weather = Weather();
    openRegistry();
    boot();
}

void Computer::loseRegistry()
{
    m_engine.reset();
    m_accounts.reset();
    m_registry.reset();
    const QDir folder(m_folder.path());
    for (const QString &name : folder.entryList({ QStringLiteral("registry*") }, QDir::Files)) {
        if (!QFile::remove(folder.filePath(name)))
            qFatal("cannot remove %s", qPrintable(name));
    }
    std::vector<AccountRecord> accounts;
    for (const auto &place : m_world.places) {
        if (!place->isDestroyed)
            accounts.push_back(place->record);
    }
    begin(std::move(accounts));
}

void Computer::addAccount(const AccountRecord &record)
{
    must(runTask(m_registry->putAccount(record)));
    restart();
}

std::vector<AccountRecord> Computer::lacks() const
{
    const auto known = must(runTask(m_registry->accounts()));
    std::vector<AccountRecord> lacking;
    for (const auto &place : m_world.places) {
        const bool isAdded = std::any_of(known.begin(), known.end(), [&place](const AccountRecord &record) {
            return record.id == place->record.id && !record.isElsewhere();
        });
        if (!isAdded && !place->isDestroyed)
            lacking.push_back(place->record);
    }
    return lacking;
}

void Computer::skipCopy()
{
    const QByteArray now = QByteArray::number(m_world.clock.now().toMSecsSinceEpoch());
    must(runTask(m_registry->setNote(QStringLiteral("copied"), now)));
}

World::World(quint32 seed, const std::vector<std::chrono::hours> &lags, int computerCount, Order order)
    : dice(seed)
{
    seedEntropy(seed);
    library = randomId<LibraryId>();
    recovery = randomKey();
    for (const std::chrono::hours lag : lags)
        addPlace(lag);
    for (int i = 0; i < computerCount; ++i)
        addComputer(order);
}

Computer &World::addComputer(Order order)
{
    const int number = static_cast<int>(computers.size());
    std::vector<AccountRecord> accounts;
    for (const auto &place : places)
        accounts.push_back(place->record);
    if (order == Order::Mirrored && number % 2 == 1)
        std::reverse(accounts.begin(), accounts.end());
    computers.push_back(std::make_unique<Computer>(*this, number, std::move(accounts)));
    return *computers.back();
}

Place &World::addPlace(std::chrono::hours listingLag)
{
    auto place = std::make_unique<Place>();
    MemoryProvider::Options options;
    options.answersLater = true;
    if (listingLag.count() > 0) {
        options.listingLag = listingLag;
        options.traits.listsImmediately = false;
        options.traits.listingLag = listingLag;
    }
    place->storage = std::make_shared<MemoryProvider>(clock, options);
    place->record.id = randomId<AccountId>();
    place->record.name = QStringLiteral("account%1").arg(places.size());
    place->record.domain = QStringLiteral("domain%1").arg(places.size());
    place->record.kind = QStringLiteral("memory");
    const KeyRing ring(library, KeyRing::masterOf(recovery, library));
    Marker marker;
    marker.library = library;
    marker.account = place->record.id;
    must(runTask(place->storage->put(markerName(ring), sealMarker(ring, marker))));
    places.push_back(std::move(place));
    return *places.back();
}

} // namespace mf::simulation
