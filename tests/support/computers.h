// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/fetch.h"
#include "core/distributor/holding.h"
#include "core/distributor/store.h"
#include "tests/support/fake_clock.h"
#include "tests/support/faulty_provider.h"
#include "tests/support/memory_provider.h"
#include "tests/support/run_task.h"

#include <QTemporaryDir>

#include <functional>

namespace mf {

// Several computers of one library over the same accounts in memory, on one clock that moves only when told.
// The first computer is there from the beginning; another one begins with what an earlier one knew.
class Computers
{
public:
    // Something between a computer and an account: gets the provider below, gives the one above.
    using Decorate = std::function<std::unique_ptr<Provider>(std::unique_ptr<Provider>, int computer, int account)>;

    explicit Computers(int accounts, MemoryProvider::Options options = {}, Decorate decorate = nullptr);
    ~Computers();

    FakeClock &clock() { return m_clock; }
    KeyRing &ring() { return *m_ring; }
    MemoryProvider &memory(int account) { return *m_places[static_cast<std::size_t>(account)].memory; }
    const AccountRecord &record(int account) const { return m_places[static_cast<std::size_t>(account)].record; }
    int computers() const { return static_cast<int>(m_computers.size()); }
    int accounts() const { return static_cast<int>(m_places.size()); }
    // One more account, known to all computers from their next reopen() on.
    void addAccount(const QString &domain);

    // Every computer has a holding folder from its next reopen() on.
    void useHolding() { m_holds = true; }
    void setAllGone(bool gone);

    // A further computer, with a copy of what this one knows.
    int join(int from);
    // A new process on that computer.
    void reopen(int computer);

    Engine &engine(int computer = 0) { return *at(computer).engine; }
    FaultyProvider &faulty(int account, int computer = 0)
    {
        return *at(computer).faulty[static_cast<std::size_t>(account)];
    }
    void setGone(int account, bool gone) { memory(account).setGone(gone); }

    QString path(const QString &name) const { return m_folder.filePath(name); }
    QByteArray write(const QString &name, const QByteArray &bytes);
    StoreRequest request(const QByteArray &path, Protection protection, const QString &name) const;
    Result<StoreResult> store(const QByteArray &path, Protection protection, const QString &name, int computer = 0);
    // Whether the model comes back with exactly these bytes.
    bool comesBack(const QString &model, const QByteArray &bytes, int computer = 0);
    int fragments(int account) const; // blobs below f/
    int fragments() const; // on all accounts

private:
    struct Place {
        std::shared_ptr<MemoryProvider> memory;
        AccountRecord record;
    };
    struct Computer {
        QString registryPath;
        std::unique_ptr<Registry> registry;
        std::unique_ptr<AccountSet> accounts;
        std::vector<FaultyProvider *> faulty;
        std::unique_ptr<Holding> holding;
        std::unique_ptr<Engine> engine;
    };
    Computer &at(int computer) { return *m_computers[static_cast<std::size_t>(computer)]; }
    void open(int computer);
    void close(int computer);

    QTemporaryDir m_folder;
    FakeClock m_clock;
    Pool m_cpu { 2 };
    Pool m_io { 2 };
    Budget m_buffers { kBufferBudget };
    SecretKey m_recovery;
    LibraryId m_library;
    std::unique_ptr<KeyRing> m_ring;
    MemoryProvider::Options m_options;
    Decorate m_decorate;
    std::vector<Place> m_places;
    std::vector<std::unique_ptr<Computer>> m_computers;
    bool m_holds = false;
    int m_fetches = 0;
};

} // namespace mf
