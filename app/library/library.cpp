// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/library.h"

#include "app/library/library_keys.h"
#include "core/base/log.h"
#include "core/distributor/memory_limit.h"
#include "core/providers/closed.h"
#include "core/providers/folder/folder.h"

#include <QDir>
#include <QFile>

namespace mf {
namespace {

// Blocking calls wait for disks, not for cores: some more of them than cores.
constexpr int kIoThreads = 8;

QString registryPath(const Places &places) { return places.home + QStringLiteral("/registry.sqlite"); }

} // namespace

QString accountEntry(const AccountId &account) { return QStringLiteral("account/") + toBase32(account.view()); }

Library::Library(LibraryOptions options)
    : m_options(std::move(options))
    , m_cpu(Pool::cores())
    , m_io(kIoThreads)
    , m_limits(m_clock)
{
}

Library::~Library() = default;

Task<Result<>> Library::openStores()
{
    if (!QDir().mkpath(m_options.places.home))
        co_return Error(Error::Kind::Invalid, QStringLiteral("MF-HOME"),
            QStringLiteral("cannot make the folder %1; check its permissions or choose another with --home")
                .arg(m_options.places.home));
    QFile::setPermissions(
        m_options.places.home, QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
    auto registry = co_await Registry::open(registryPath(m_options.places));
    if (!registry)
        co_return registry.error();
    m_registry = std::move(*registry);
    const auto logging = openLog(m_options.places.logs, m_options.logLevel); // ours alone: the registry is locked
    if (!logging)
        co_return logging.error();
    const auto settings = co_await m_registry->settings();
    if (!settings)
        co_return settings.error();
    m_buffers = std::make_unique<Budget>(memoryLimit(*settings));
    auto secrets = co_await openSecretStore(m_options.secrets, m_options.places.home, m_cpu);
    if (!secrets)
        co_return secrets.error();
    m_secrets = std::move(*secrets);
    co_return Result<>();
}

void Library::join(const SecretKey &recovery, KeyRing ring)
{
    m_recovery = recovery;
    m_ring = std::make_unique<KeyRing>(std::move(ring));
    m_engine.reset(new Engine { *m_registry, *m_ring, m_accounts, m_clock, m_cpu, m_io, *m_buffers });
}

Task<Result<>> Library::refuseSecondLibrary()
{
    const auto existing = co_await m_registry->identity();
    if (!existing)
        co_return existing.error();
    if (*existing)
        co_return Error(Error::Kind::AlreadyExists, QStringLiteral("MF-LIBRARY-EXISTS"),
            QStringLiteral("there is a library in %1 already; use it, or choose another place with --home")
                .arg(m_options.places.home));
    co_return Result<>();
}

Task<Result<std::unique_ptr<Library>>> Library::create(LibraryOptions options)
{
    std::unique_ptr<Library> library(new Library(std::move(options)));
    const auto opened = co_await library->openStores();
    if (!opened)
        co_return opened.error();
    const auto none = co_await library->refuseSecondLibrary();
    if (!none)
        co_return none.error();
    const auto id = randomId<LibraryId>();
    const SecretKey recovery = randomKey();
    const KeyRing ring(id, KeyRing::masterOf(recovery, id));
    const auto kept = co_await library->keep(recovery, ring, randomId<ComputerId>());
    if (!kept)
        co_return kept.error();
    library->join(recovery, ring);
    co_return library;
}

Task<Result<std::unique_ptr<Library>>> Library::open(LibraryOptions options)
{
    if (!QFile::exists(registryPath(options.places)))
        co_return Error(Error::Kind::NotFound, QStringLiteral("MF-LIBRARY-NONE"),
            QStringLiteral("there is no library in %1 yet; `modelfloat-cli init` makes one").arg(options.places.home));
    std::unique_ptr<Library> library(new Library(std::move(options)));
    const auto opened = co_await library->openStores();
    if (!opened)
        co_return opened.error();
    const auto identity = co_await library->m_registry->identity();
    if (!identity)
        co_return identity.error();
    if (!*identity)
        co_return Error(Error::Kind::NotFound, QStringLiteral("MF-LIBRARY-NONE"),
            QStringLiteral("there is no library in %1 yet; `modelfloat-cli init` makes one")
                .arg(library->m_options.places.home));
    const LibraryId id = (*identity)->library;
    const auto bytes = co_await library->m_secrets->read(keysEntry(id));
    if (!bytes)
        co_return bytes.error();
    auto keys = decodeKeys(id, *bytes);
    if (!keys)
        co_return keys.error();
    library->join(keys->recovery, std::move(keys->ring));
    library->m_next = keys->next;
    const auto limited = co_await library->applyLimits();
    if (!limited)
        co_return limited.error();
    const auto accounts = co_await library->openAccounts();
    if (!accounts)
        co_return accounts.error();
    const auto holding = co_await library->openHolding();
    if (!holding)
        co_return holding.error();
    const auto learnt = co_await library->keepLearnt();
    if (!learnt)
        co_return learnt.error();
    co_return library;
}

// Where packs wait while no account can be reached. Without it a store then fails, nothing else.
Task<Result<>> Library::openHolding()
{
    const auto settings = co_await m_registry->settings();
    if (!settings)
        co_return settings.error();
    Holding::Limits limits;
    limits.most = holdingLimit(*settings);
    const ProviderContext context { m_clock, m_io };
    const AccountSettings place { { QStringLiteral("path"), m_options.places.home + QStringLiteral("/holding") } };
    auto folder = folderKind().make(context, place, SecretText(), true); // ours, also where folders are switched off
    if (!folder) {
        logWarning("library", folder.error().message);
        co_return Result<>();
    }
    m_holding = std::make_unique<Holding>(std::move(*folder), limits);
    m_engine->holding = m_holding.get();
    co_return Result<>();
}

Task<Result<>> Library::openAccounts()
{
    const auto records = co_await m_registry->accounts();
    if (!records)
        co_return records.error();
    for (const AccountRecord &record : *records) {
        if (record.isElsewhere()) {
            m_accounts.add(accountElsewhere(record));
            continue;
        }
        auto account = co_await openAccount(record);
        if (account) {
            m_accounts.add(std::move(*account));
            continue;
        }
        // The others must still be of use; and this one counts as one that cannot be reached.
        logWarning("library", record.name + QStringLiteral(" cannot be opened: ") + account.error().message);
        m_closed.insert_or_assign(record.id, account.error());
        m_accounts.add(std::make_unique<Account>(record, std::make_unique<Closed>(record.name, account.error())));
    }
    co_return Result<>();
}

const Error *Library::whyClosed(const AccountId &account) const
{
    const auto found = m_closed.find(account);
    return found == m_closed.end() ? nullptr : &found->second;
}

Task<Result<SecretText>> Library::secretOf(const ProviderKind &kind, AccountId account)
{
    if (!hasSecret(kind))
        co_return SecretText();
    const auto bytes = co_await m_secrets->read(accountEntry(account));
    if (!bytes)
        co_return bytes.error();
    co_return SecretText(*bytes);
}

Result<std::unique_ptr<Account>> Library::makeAccount(AccountRecord record, const SecretText &secret, bool create)
{
    const ProviderKind *kind = findKind(record.kind);
    if (!kind)
        return noSuchKind(record.kind).at(record.name);
    const ProviderContext context { m_clock, m_io };
    auto adapter = kind->make(context, record.settings, secret, create);
    if (!adapter)
        return adapter.error();
    AccountLimits limits;
    limits.connections = record.connections;
    limits.upBytesPerSecond = record.upLimit;
    limits.downBytesPerSecond = record.downLimit;
    auto provider = decorate(std::move(*adapter), context, limits, m_limits);
    return std::make_unique<Account>(std::move(record), std::move(provider));
}

Task<Result<std::unique_ptr<Account>>> Library::openAccount(AccountRecord record)
{
    const ProviderKind *kind = findKind(record.kind);
    if (!kind)
        co_return noSuchKind(record.kind).at(record.name);
    const auto secret = co_await secretOf(*kind, record.id);
    if (!secret)
        co_return secret.error();
    co_return makeAccount(std::move(record), *secret, false);
}

} // namespace mf
