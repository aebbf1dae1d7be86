// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"
#include "core/providers/catalogue.h"
#include "core/providers/rate_limiter.h"
#include "core/secrets/secret_store.h"

#include <QMap>

namespace mf {

// Where a library's files are on this computer; all below `home`.
struct LibraryPaths {
    QString home;
    QString registry() const { return home + QStringLiteral("/registry.sqlite"); }
    QString logs() const { return home + QStringLiteral("/logs"); }
    // home: as --home says, else MODELFLOAT_HOME, else the platform's place.
    static LibraryPaths find(const QString &homeOption);
};

struct LibraryOptions {
    LibraryPaths paths;
    SecretStoreKind secrets = SecretStoreKind::Keychain;
};

// A library that is open on this computer: makes the objects of core and joins them.
class Library
{
public:
    // Makes a new one. AlreadyExists "MF-LIBRARY-EXISTS" if the home has one.
    static Task<Result<std::unique_ptr<Library>>> create(LibraryOptions options);
    // NotFound "MF-LIBRARY-NONE" if there is none yet; errors of the secret store and the registry.
    static Task<Result<std::unique_ptr<Library>>> open(LibraryOptions options);
    ~Library();

    const LibraryId &id() const { return m_ring->library(); }
    const SecretKey &recovery() const { return *m_recovery; } // the kit's 32 bytes
    Registry &registry() { return *m_registry; }
    Engine &engine() { return *m_engine; }
    AccountSet &accounts() { return m_accounts; }

    // What may be said of an account besides its kind and name.
    struct AccountChanges {
        AccountSettings settings; // of its kind
        std::optional<QString> domain;
        std::optional<qint64> up;   // bytes/s; 0 = none
        std::optional<qint64> down;
        std::optional<int> connections; // 0 = as the provider likes
        std::optional<qint64> capacity; // bytes; 0 = all there is
        QByteArray secret;
    };
    // Tests it by writing, reading and deleting, gives it the library's marker, then keeps it.
    Task<Result<AccountRecord>> addAccount(QString kind, QString name, AccountChanges with);
    // Changes settings; the account is verified again if settings of its kind changed.
    Task<Result<AccountRecord>> setAccount(QString name, AccountChanges changes);
    // Writes, reads, lists and deletes a small blob.
    Task<Result<>> testAccount(QString name);

    // Puts the speed limits of all accounts together in force, as they are at this local time. Settings of
    // the registry: "limits/up", "limits/down" (bytes a second) and "limits/alt-…" (app/cli/commands/limits.cpp).
    void applyLimits(const QMap<QString, QString> &settings, const QDateTime &localTime);

private:
    explicit Library(LibraryOptions options);
    Task<Result<>> openStores();
    Task<Result<>> openAccounts();
    Task<Result<std::unique_ptr<Account>>> openAccount(AccountRecord record, bool create);
    Task<Result<>> probe(Account &account);
    Task<Result<>> claimPlace(Account &account);
    void join(const SecretKey &recovery, KeyRing ring);

    LibraryOptions m_options;
    SystemClock m_clock;
    // Pools outlive what runs on them.
    Pool m_cpu;
    Pool m_io;
    Budget m_buffers{kBufferBudget};
    RateLimiter m_limits;
    std::unique_ptr<SecretStore> m_secrets;
    std::unique_ptr<Registry> m_registry;
    std::optional<SecretKey> m_recovery;
    std::unique_ptr<KeyRing> m_ring;
    AccountSet m_accounts;
    std::unique_ptr<Engine> m_engine;
};

} // namespace mf
