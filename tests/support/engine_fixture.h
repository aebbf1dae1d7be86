// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/fetch.h"
#include "core/distributor/holding.h"
#include "core/distributor/objects/marker.h"
#include "core/distributor/store.h"
#include "tests/support/faulty_provider.h"
#include "tests/support/memory_provider.h"
#include "tests/support/run_task.h"

#include <QTemporaryDir>

namespace mf {

// An engine over in-memory accounts, each behind a FaultyProvider and in a domain of its own, with a real
// registry in a temporary folder. reopen() is a new process on the same library.
class EngineFixture
{
    // The system's, whose date a test can move.
    class MovedClock final : public Clock
    {
    public:
        QDateTime now() const override { return m_system.now().addMSecs(moved.count()); }
        Duration elapsed() const override { return m_system.elapsed(); }
        Task<void> sleep(Duration interval) override { return m_system.sleep(interval); }
        Duration moved { 0 };

    private:
        SystemClock m_system;
    };

public:
    struct Place {
        std::shared_ptr<MemoryProvider> memory;
        FaultyProvider *faulty = nullptr; // of the open account
        AccountRecord record;
        bool isClosed = false; // it cannot be opened, from the next reopen() on
    };

    explicit EngineFixture(int accounts);
    // Another computer of the same library, with a registry of its own that knows the accounts and nothing else.
    // This one must live as long.
    std::unique_ptr<EngineFixture> anotherComputer() const;

    Engine &engine() { return *m_engine; }
    QString path(const QString &name) const { return m_folder.filePath(name); }
    int accounts() const { return static_cast<int>(m_places.size()); } // retired ones, too
    Place &place(int i) { return m_places[static_cast<std::size_t>(i)]; }
    Account *account(int i) { return m_accounts->find(place(i).record.id); }
    void reopen();
    // Copies the registry, as a backup program would between two runs; then brings that state back.
    void backUpRegistry(const QString &backup);
    void restoreRegistry(const QString &backup);
    // The account's blobs are gone, the marker too.
    void destroy(int i);
    // A further account, empty, in a domain of its own.
    void addAccount();
    // What it fails together with; empty: it fails alone.
    void setDomain(int i, const QString &domain);
    // The account is given up for good; it cannot be used any more.
    void retire(int i);
    // With a holding folder, path("holding"), from now on.
    void useHolding(Holding::Limits limits);
    FaultyProvider &holdingFaults() { return *m_holdingFaults; } // of the open one
    // No account can be reached, or all can again; a new process.
    void setAllGone(bool gone);
    void passTime(Clock::Duration time) { m_clock.moved += time; }

    QByteArray write(const QString &name, const QByteArray &bytes); // below path(); returns the path
    Result<StoreResult> store(
        const QByteArray &path, std::optional<Protection> protection = {}, const QString &name = {});
    Result<FetchResult> fetch(const QString &model, const QString &to);
    qint64 putBytes() const; // sent to all accounts

private:
    explicit EngineFixture(const EngineFixture &library);
    void makeRegistry();
    void openAll();
    void makePlace(int number);

    QTemporaryDir m_folder;
    MovedClock m_clock;
    Pool m_cpu { 2 };
    Pool m_io { 2 };
    Budget m_buffers { kBufferBudget };
    SecretKey m_recovery;
    LibraryId m_library;
    std::unique_ptr<KeyRing> m_ring;
    std::vector<Place> m_places;
    std::unique_ptr<Registry> m_registry;
    std::unique_ptr<AccountSet> m_accounts;
    std::optional<Holding::Limits> m_holdingLimits;
    FaultyProvider *m_holdingFaults = nullptr;
    std::unique_ptr<Holding> m_holding;
    std::unique_ptr<Engine> m_engine;
};

QByteArray readFile(const QString &path);
// Not compressible, different for every seed.
QByteArray randomBytes(qint64 size, quint32 seed);

} // namespace mf
