// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"
#include "tests/simulation/dice.h"
#include "tests/simulation/turnstile.h"
#include "tests/support/fake_clock.h"
#include "tests/support/memory_provider.h"
#include "tests/support/run_task.h"

#include <QEventLoop>
#include <QSet>
#include <QTemporaryDir>
#include <QTimer>

#include <functional>

namespace mf::simulation {

// One account of the world: storage that all computers see.
struct Place {
    std::shared_ptr<MemoryProvider> storage;
    AccountRecord record;
    bool isAway = false;
    bool isDestroyed = false;
};

// How the calls of one computer fare at present.
struct Weather {
    int callsLeft = -1; // then the computer loses power: calls are not answered any more; < 0: it does not
    bool hasPower = true;
    std::function<void()> powerLost;
    int failOneIn = 0; // calls that fail as a throttled service does; 0: none
    Turnstile *turnstile = nullptr; // calls wait their turn there
    std::function<void(const BlobName &, const QByteArray &)> watch; // is told of every put
    QSet<QString> *hidden = nullptr; // names at which a listing breaks off for this computer
};

class World;

// A computer with the library on it: a registry of its own, all accounts or most of them.
class Computer
{
public:
    Computer(World &world, int number, std::vector<AccountRecord> accounts);

    Engine &engine() { return *m_engine; }
    QString name() const { return m_name; }
    QString path(const QString &file) const { return m_folder.filePath(file); }
    void addAccount(const AccountRecord &record);
    // Accounts of the library that were not added to this computer.
    std::vector<AccountRecord> lacks() const;
    // The next sync makes no daily copy of the registry, which takes as long as everything else together.
    void skipCopy();
    // Runs an operation; nothing if the power went meanwhile: then this is a computer that has just been switched on.
    template <typename T> std::optional<T> run(Task<T> task);
    // Switches it on again after its power went; nothing of it may run any more. The weather is fine then.
    void restart();
    // Its disk dies: what is left is the kit, and what it can be told of the accounts that are there.
    void loseRegistry();
    Weather &weather() { return m_weather; }

private:
    void openRegistry();
    void begin(std::vector<AccountRecord> accounts); // with an empty registry
    void boot(); // with the accounts that the registry knows

    World &m_world;
    QString m_name;
    QTemporaryDir m_folder;
    Weather m_weather;
    std::unique_ptr<KeyRing> m_ring;
    std::unique_ptr<Registry> m_registry;
    std::unique_ptr<AccountSet> m_accounts;
    Budget m_buffers { kBufferBudget };
    std::unique_ptr<Engine> m_engine;
};

// Accounts and computers, and one time for all of them. One thread does everything, and nothing is by chance that does
// not come from the seed.
class World
{
public:
    // In which order the computers came to know the accounts: all in the same, or every other one the other way round.
    enum class Order { Same, Mirrored };
    // lags: how late each account lists what was written.
    World(quint32 seed, const std::vector<std::chrono::hours> &lags, int computers, Order order = Order::Same);

    FakeClock clock;
    Dice dice;
    LibraryId library; // and its key
    SecretKey recovery;
    Pool cpu { 0 };
    Pool io { 0 };

    std::vector<std::unique_ptr<Place>> places;
    std::vector<std::unique_ptr<Computer>> computers;

    Computer &addComputer(Order order = Order::Same); // with an empty registry
    Place &addPlace(std::chrono::hours listingLag = {}); // known to no computer yet
    Computer &anyComputer() { return *computers[static_cast<std::size_t>(dice.below(int(computers.size())))]; }
};

template <typename T> std::optional<T> Computer::run(Task<T> task)
{
    std::optional<T> value;
    QEventLoop loop;
    struct Body {
        static Task<void> run(Task<T> t, std::optional<T> &out, QEventLoop &running)
        {
            out.emplace(co_await t);
            running.quit();
        }
    };
    m_weather.powerLost = [&loop] { loop.quit(); };
    {
        TaskScope scope;
        scope.start(Body::run(std::move(task), value, loop));
        QTimer deadline;
        const auto late = [this] { qFatal("%s: an operation does not end", qPrintable(m_name)); };
        QObject::connect(&deadline, &QTimer::timeout, late);
        deadline.start(std::chrono::minutes(2));
        if (!value && m_weather.hasPower)
            loop.exec();
    }
    if (!m_weather.hasPower) {
        value.reset();
        restart();
    }
    m_weather = Weather();
    return value;
}

} // namespace mf::simulation
