// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/event.h"
#include "core/base/log.h"
#include "core/distributor/engine.h"
#include "core/distributor/holding.h"
#include "core/providers/catalogue.h"
#include "core/providers/rate_limiter.h"
#include "core/secrets/secret_store.h"
#include "core/settings/places.h"

namespace mf {

struct LibraryOptions {
    Places places;
    SecretStoreKind secrets = SecretStoreKind::Keychain;
    LogLevel logLevel = LogLevel::Info; // of the log in places.logs, which an open library writes
};

// A library that is open on this computer: makes the objects of core and joins them.
class Library
{
public:
    // Makes a new one. AlreadyExists "MF-LIBRARY-EXISTS" if the home has one.
    static Task<Result<std::unique_ptr<Library>>> create(LibraryOptions options);
    // Opens an existing library's keys on this computer, which is a new one to it. `library` may be null: words alone
    // do not tell which it is. The first addAccount must be of a place that holds a part of the library, and makes its
    // keys complete; recoverLibrary then finds the models.
    static Task<Result<std::unique_ptr<Library>>> createFromKit(
        LibraryOptions options, SecretKey recovery, LibraryId library);
    // NotFound "MF-LIBRARY-NONE" if there is none yet; errors of the secret store and the registry.
    static Task<Result<std::unique_ptr<Library>>> open(LibraryOptions options);
    ~Library();

    const LibraryId &id() const { return m_ring->library(); }
    const SecretKey &recovery() const { return *m_recovery; } // the kit's 32 bytes
    Registry &registry() { return *m_registry; }
    Engine &engine() { return *m_engine; }
    AccountSet &accounts() { return m_accounts; }

    // Tests it by writing, reading and deleting, gives it the library's marker, then keeps it. The draft has
    // kind, name, settings of its kind, and what else the user said; id and, if empty, domain are found here: a place
    // that was this library's before keeps its id. NotFound "MF-LIBRARY-ELSEWHERE", Unsupported "MF-LIBRARY-NEWER".
    // stop: when it is set before the account is kept, Cancelled "MF-ACCOUNT-STOPPED". Whatever the reason, an account
    // that was not kept leaves no blob at its place, as far as the place lets it, and no secret.
    Task<Result<AccountRecord>> addAccount(AccountRecord draft, QByteArray secret, Event *stop = nullptr);
    // Keeps a changed record, by its id. Name, domain and limits hold at once; settings of its kind are tried, and used
    // when the library is opened next.
    Task<Result<AccountRecord>> changeAccount(AccountRecord record);
    // Replaces the password or key, after it was tried as an account is tested (a full one need not take a blob); what
    // fails leaves the old one. Used when the library is opened next. Unsupported "MF-ACCOUNT-NO-SECRET" where the kind
    // has none. stop: as for addAccount.
    Task<Result<>> signIn(AccountRecord record, QByteArray secret, Event *stop = nullptr);
    Task<Result<AccountRecord>> account(QString name); // NotFound "MF-ACCOUNT-UNKNOWN"
    const Error *whyClosed(const AccountId &account) const; // one that could not be opened; null: it is open
    // Of an account that was given up.
    Task<Result<>> forgetSecret(AccountId account);
    // Writes, reads, lists and deletes a small blob.
    Task<Result<>> testAccount(QString name, Event *stop = nullptr); // stop: as for addAccount

    // Makes a new recovery kit, which recovery() is from then on; its epoch. Every account must be reached, for it is
    // written on all of them before anything is sealed under it: Network "MF-KIT-ACCOUNTS" names those that are away.
    // Unsupported "MF-LIBRARY-NEWER". Interrupted, the next call goes on with the same kit.
    Task<Result<EpochId>> renewKit();
    // Takes in a kit that another computer made. Unauthorised "MF-KIT-OTHER" if it opens nothing on the accounts;
    // Unsupported "MF-LIBRARY-NEWER" if it crosses one of this computer's and cannot be joined with it there.
    Task<Result<>> takeKit(SecretKey recovery);

    // Puts the speed limits of all accounts together in force, as they are now.
    Task<Result<>> applyLimits();

private:
    explicit Library(LibraryOptions options);
    Task<Result<>> openStores();
    Task<Result<>> openAccounts();
    Task<Result<>> openHolding();
    Task<Result<AccountSettings>> settle(const ProviderKind &kind, AccountSettings settings, SecretText secret);
    Task<Result<SecretText>> secretOf(const ProviderKind &kind, AccountId account); // empty where the kind has none
    Task<Result<std::unique_ptr<Account>>> openAccount(AccountRecord record); // with the secret that is kept
    Result<std::unique_ptr<Account>> makeAccount(AccountRecord record, const SecretText &secret, bool create);
    Task<Result<>> join(Account &account, std::vector<BlobName> &put);
    Task<Result<>> tryOut(Account &account, BlobName name);
    Task<Result<>> tryAccount(Account &account, Event *stop);
    Task<Result<>> claimPlace(Account &account, bool hasObject, std::vector<BlobName> &put);
    Task<Result<>> keepAccount(AccountRecord record, QByteArray secret);
    Task<Result<>> refuseSecondLibrary();
    Task<Result<std::optional<KeyRing>>> ringAt(Account &account);
    Task<Result<bool>> learnKeys(Account &account);
    Task<Result<>> keep(SecretKey recovery, KeyRing ring, ComputerId computer);
    Task<Result<>> shareLog(Account &account);
    Task<Result<>> keepLearnt();
    Task<Result<QStringList>> accountsAway();
    Task<Result<>> refuseNewerLibrary();
    void join(const SecretKey &recovery, KeyRing ring);

    LibraryOptions m_options;
    SystemClock m_clock;
    // Pools outlive what runs on them.
    Pool m_cpu;
    Pool m_io;
    std::unique_ptr<Budget> m_buffers; // as large as memoryLimit() said when the library was opened
    RateLimiter m_limits;
    std::unique_ptr<SecretStore> m_secrets;
    std::unique_ptr<Registry> m_registry;
    std::optional<SecretKey> m_recovery;
    std::optional<SecretKey> m_next; // of a kit that is being made
    std::unique_ptr<KeyRing> m_ring;
    AccountSet m_accounts;
    std::map<AccountId, Error> m_closed; // accounts that could not be opened
    std::unique_ptr<Holding> m_holding;
    std::unique_ptr<Engine> m_engine;
};

// The entry of the secret store for an account's password or key.
QString accountEntry(const AccountId &account);

} // namespace mf
