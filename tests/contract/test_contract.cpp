// SPDX-License-Identifier: GPL-3.0-or-later
// Every Provider and decorator keeps the contract. A new adapter adds one row to kSubjects.
#include "core/providers/folder/folder.h"
#include "core/providers/limited.h"
#include "core/providers/retrying.h"
#include "core/providers/verified.h"
#include "tests/contract/contract.h"
#include "tests/support/fake_clock.h"
#include "tests/support/faulty_provider.h"
#include "tests/support/memory_provider.h"

#include <QTemporaryDir>
#include <QtTest>
using namespace mf;

namespace {

// What an account under test needs around it.
struct World {
    FakeClock clock;
    Pool io { 3 };
    RateLimiter global { clock };
    // Memory where there is one: the adapter syncs thousands of times.
    QTemporaryDir dir { place() + QStringLiteral("/mf-contract-XXXXXX") };
    ProviderContext context { clock, io };
    FakeClock diskClock; // stands: where time passes whenever somebody sleeps every call to a disk would take too long
    ProviderContext diskContext { diskClock, io };

    static QString place()
    {
        const QString memory = QStringLiteral("/dev/shm");
        return QFileInfo(memory).isWritable() ? memory : QDir::tempPath();
    }
    World() { clock.setAutomatic(true); }
    std::unique_ptr<Provider> memory(MemoryProvider::Options options = MemoryProvider::Options())
    {
        return std::make_unique<MemoryProvider>(clock, options);
    }
    std::unique_ptr<Provider> folder()
    {
        AccountSettings settings;
        settings.insert(QStringLiteral("path"), dir.filePath(QStringLiteral("account")));
        auto made = findKind(u"folder")->make(diskContext, settings, SecretText(), true);
        return made ? std::move(*made) : nullptr;
    }
};

std::unique_ptr<Provider> eventual(World &world)
{
    MemoryProvider::Options options;
    options.listingLag = std::chrono::hours(12);
    return world.memory(options);
}

std::unique_ptr<Provider> atOnce(World &world)
{
    MemoryProvider::Options options;
    options.answersLater = false;
    options.capacity = qint64(1) << 30;
    return world.memory(options);
}

std::unique_ptr<Provider> narrow(World &world)
{
    AccountLimits limits;
    limits.connections = 1;
    limits.upBytesPerSecond = 5'000'000;
    limits.downBytesPerSecond = 7'000'000;
    world.global.setRates(6'000'000, 6'000'000);
    return std::make_unique<Limited>(world.memory(), world.clock, limits, world.global);
}

std::unique_ptr<Provider> flaky(World &world)
{
    auto faulty = std::make_unique<FaultyProvider>(world.memory(), world.clock);
    const Error network(Error::Kind::Network, QStringLiteral("MF-TEST"), QStringLiteral("the network is away"));
    for (const auto method : { FaultyProvider::Method::Put, FaultyProvider::Method::Get, FaultyProvider::Method::Remove,
             FaultyProvider::Method::List, FaultyProvider::Method::Quota }) {
        faulty->on(method).times(2).error(network);
        faulty->on(method).after(3).times(1).errorAfter(network);
    }
    return std::make_unique<Retrying>(std::move(faulty), world.clock);
}

struct Subject {
    const char *name;
    std::unique_ptr<Provider> (*make)(World &);
};
const Subject kSubjects[] = {
    { "memory", [](World &w) { return w.memory(); } },
    { "memory, at once", atOnce },
    { "memory, eventual listing", eventual },
    { "faulty without faults",
        [](World &w) -> std::unique_ptr<Provider> { return std::make_unique<FaultyProvider>(w.memory(), w.clock); } },
    { "retrying",
        [](World &w) -> std::unique_ptr<Provider> { return std::make_unique<Retrying>(w.memory(), w.clock); } },
    { "retrying over faults", flaky },
    { "limited",
        [](World &w) -> std::unique_ptr<Provider> {
            return std::make_unique<Limited>(w.memory(), w.clock, AccountLimits(), w.global);
        } },
    { "limited to one slow connection", narrow },
    { "verified", [](World &w) -> std::unique_ptr<Provider> { return std::make_unique<Verified>(w.memory()); } },
    { "folder", [](World &w) { return w.folder(); } },
    { "folder, decorated", [](World &w) { return decorate(w.folder(), w.context, AccountLimits(), w.global); } },
    { "memory, decorated", [](World &w) { return decorate(w.memory(), w.context, AccountLimits(), w.global); } },
    { "faults, decorated", [](World &w) { return decorate(flaky(w), w.context, AccountLimits(), w.global); } },
};

} // namespace

class TestContract : public QObject
{
    Q_OBJECT
private slots:
    void keeps_data();
    void keeps();
};

void TestContract::keeps_data()
{
    QTest::addColumn<int>("subject");
    QTest::addColumn<int>("rule");
    const auto &cases = contractCases();
    for (int s = 0; s < int(std::size(kSubjects)); ++s) {
        for (int c = 0; c < int(cases.size()); ++c)
            QTest::addRow("%s: %s", kSubjects[s].name, cases[std::size_t(c)].name) << s << c;
    }
}

void TestContract::keeps()
{
    QFETCH(int, subject);
    QFETCH(int, rule);
    World world;
    const auto provider = kSubjects[subject].make(world);
    QVERIFY(provider);
    const auto settle = [&] { world.clock.advance(provider->traits().listingLag); };
    contractCases()[std::size_t(rule)].run(*provider, settle);
}

QTEST_GUILESS_MAIN(TestContract)
#include "test_contract.moc"
