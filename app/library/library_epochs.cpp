// SPDX-License-Identifier: GPL-3.0-or-later
// New recovery kits: those that this computer makes, and those that it is given.
#include "app/library/library.h"

#include "app/library/library_keys.h"
#include "core/base/crash_point.h"
#include "core/distributor/library_keys.h"
#include "core/distributor/library_log.h"
#include "core/distributor/ready_accounts.h"
#include "core/distributor/take_in.h"

namespace mf {

// The accounts that count and cannot be reached, by name.
Task<Result<QStringList>> Library::accountsAway()
{
    const auto records = co_await m_registry->accounts();
    if (!records)
        co_return records.error();
    QStringList away;
    for (const AccountRecord &record : *records) {
        const Account *account = m_accounts.find(record.id);
        if (!record.retired && (!account || !account->isVerified()))
            away.append(record.name);
    }
    co_return away;
}

// By what the accounts hold now, and without giving them anything, as readLog would: whatever writes keys asks first.
Task<Result<>> Library::refuseNewerLibrary()
{
    LibraryLog log(*m_engine);
    const auto synced = co_await log.sync(m_accounts.verified());
    if (!synced)
        co_return synced.error();
    co_return co_await refuseNewerObjects(*m_engine);
}

Task<Result<EpochId>> Library::renewKit()
{
    QStringList warnings;
    const auto ready = co_await readyAccounts(*m_engine, warnings);
    if (!ready)
        co_return ready.error();
    const auto away = co_await accountsAway();
    if (!away)
        co_return away.error();
    if (!away->isEmpty())
        co_return Error(Error::Kind::Network, QStringLiteral("MF-KIT-ACCOUNTS"),
            QStringLiteral("a new kit is written on every account before it is used, and these cannot be reached: %1; "
                           "connect them, or give up those that are lost (account remove NAME --force), and try again")
                .arg(away->join(QStringLiteral(", "))))
            .offering(Error::Action::Retry);
    const auto known = co_await refuseNewerLibrary();
    if (!known)
        co_return known.error();
    const auto identity = co_await m_registry->identity();
    if (!identity)
        co_return identity.error();
    if (!m_next) { // another computer may have made one
        const auto learnt = co_await keepLearnt();
        if (!learnt)
            co_return learnt.error();
        // Kept before an account hears of it: what nobody has the kit of would lock everybody out.
        const SecretKey next = randomKey();
        const LibraryKeys keys { *m_recovery, *m_ring, next };
        const auto noted = co_await m_secrets->write(keysEntry(id()), encodeKeys(keys));
        if (!noted)
            co_return noted.error();
        m_next = next;
    }
    crashPoint(CrashPoint::KitNoted);
    KeyRing ring = *m_ring;
    ring.add(KeyRing::masterOf(*m_next, id()));
    const auto shared = co_await shareKeys(*m_engine, ring, m_accounts.verified());
    if (!shared)
        co_return shared.error();
    crashPoint(CrashPoint::KitShared);
    const SecretKey recovery = *m_next;
    const auto kept = co_await keep(recovery, ring, (*identity)->computer);
    if (!kept)
        co_return kept.error();
    *m_ring = ring; // the engine refers to it
    m_recovery = recovery;
    m_next.reset();
    const auto announced = co_await announceKeys(*m_engine);
    if (!announced)
        co_return announced.error();
    co_return KeyRing::epochIdOf(KeyRing::masterOf(recovery, id()));
}

Task<Result<>> Library::takeKit(SecretKey recovery)
{
    QStringList warnings;
    const auto ready = co_await readyAccounts(*m_engine, warnings);
    if (!ready)
        co_return ready.error();
    const SecretKey master = KeyRing::masterOf(recovery, id());
    const EpochId epoch = KeyRing::epochIdOf(master);
    const auto found = co_await ringUnder(*m_engine, m_accounts.verified(), master);
    if (!found)
        co_return found.error();
    if (!*found)
        co_return Error(Error::Kind::Unauthorised, QStringLiteral("MF-KIT-OTHER"),
            QStringLiteral("this recovery kit opens nothing on the accounts that can be reached; name the newest kit "
                           "of this library, and connect the accounts that are away"));
    KeyRing ring = *m_ring;
    const bool isNew = ring.merge(**found);
    const bool isOlder = ring.newest().id != epoch; // than one that this computer has
    const auto identity = co_await m_registry->identity();
    if (!identity)
        co_return identity.error();
    const bool keepsOwn = isOlder && ring.newest().id == KeyRing::epochIdOf(KeyRing::masterOf(*m_recovery, id()));
    const SecretKey kit = keepsOwn ? *m_recovery : recovery;
    const LibraryKeys keys { kit, ring, m_next };
    const auto kept = co_await m_secrets->write(keysEntry(id()), encodeKeys(keys));
    if (!kept)
        co_return kept.error();
    const bool isMerged = ring.epochs().size() > (*found)->epochs().size();
    *m_ring = ring;
    m_recovery = kit;
    if (!isNew || !isMerged)
        co_return Result<>();
    // Two kits were made at once, and this computer has both: each opens everything from now on.
    const auto known = co_await refuseNewerLibrary();
    if (!known)
        co_return known.error();
    const auto shared = co_await shareKeys(*m_engine, ring, m_accounts.verified());
    if (!shared)
        co_return shared.error();
    co_return co_await announceKeys(*m_engine);
}

// What the accounts told of new epochs (library_keys.h) goes into the secret store.
Task<Result<>> Library::keepLearnt()
{
    const auto settings = co_await m_registry->settings();
    if (!settings)
        co_return settings.error();
    if (!settings->contains(keysLearnt()))
        co_return Result<>();
    QStringList warnings;
    const auto ready = co_await readyAccounts(*m_engine, warnings);
    if (!ready) // another time: the accounts still have it
        co_return Result<>();
    const auto learnt = co_await mf::learnKeys(*m_engine, m_accounts.verified());
    if (!learnt) {
        logWarning("keys", learnt.error().message);
        co_return Result<>();
    }
    const LibraryKeys keys { *m_recovery, *m_ring, m_next };
    const auto kept = co_await m_secrets->write(keysEntry(id()), encodeKeys(keys));
    if (!kept)
        co_return kept.error();
    co_return co_await m_registry->setSetting(keysLearnt(), QString());
}

} // namespace mf
