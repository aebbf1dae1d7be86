// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/crypto/key_ring.h"
#include "core/distributor/transfer_pace.h"
#include "core/providers/provider.h"
#include "core/registry/records.h"

#include <list>
#include <memory>
#include <optional>

namespace mf {

// How fast an account answers, learnt from its answers: what Fetch ranks and hedges by.
class SpeedEstimate
{
public:
    using Duration = std::chrono::duration<double>; // seconds
    void note(qint64 bytes, Duration took);
    // It did not answer within `waited`: it is at least that slow.
    void noteLate(qint64 bytes, Duration waited);
    bool isKnown() const { return m_known; }
    // Of a request for so many bytes.
    Duration expected(qint64 bytes) const;

private:
    bool m_known = false;
    double m_latency = 0; // s
    double m_secondsPerByte = 0;
};

// An account that is open in this run.
class Account
{
public:
    Account(AccountRecord record, std::unique_ptr<Provider> provider);

    const AccountRecord &record() const { return m_record; }
    AccountRecord &record() { return m_record; }
    const AccountId &id() const { return m_record.id; }
    const QString &name() const { return m_record.name; }
    Provider &provider() { return *m_provider; }
    SpeedEstimate &speed() { return m_speed; }
    TransferPace &sending() { return m_sending; }
    TransferPace &receiving() { return m_receiving; }

    // Reads the marker: nothing is written to, and no absence believed of, an account that was not
    // verified in this run. Errors: NotFound "MF-ACCOUNT-GONE" when the place or the marker is not
    // there, AlreadyExists "MF-ACCOUNT-TWICE" when it is another account's place, Unsupported "MF-LIBRARY-NEWER" when a
    // newer ModelFloat wrote the marker, and the provider's.
    Task<Result<>> verify(const KeyRing &ring);
    bool isVerified() const { return m_verified; }
    // Its log lacks segments that are known elsewhere (LibraryLog::sync): it was away, or set back to an older state.
    // It is shown, and what it does not list is no evidence.
    bool isStale() const { return m_stale; }
    void setStale(bool stale) { m_stale = stale; }
    // Its library objects were looked at in this run: none is of a newer version (LibraryLog::sync).
    bool areKeysRead() const { return m_areKeysRead; }
    void setKeysRead() { m_areKeysRead = true; }
    // It was asked and did not answer in time: it is not there, whatever was known of it.
    void noteUnanswered();
    // What keeps it from being used, if anything was found so far.
    const std::optional<Error> &trouble() const { return m_trouble; }
    void setTrouble(Error error) { m_trouble = std::move(error); }

    // Bytes of fragments that may still be put there, kLogRoom being left for the log; nothing: unknown, taken as
    // enough. Kept up to date by refreshRoom and by what this run puts.
    std::optional<qint64> room() const { return m_room; }
    Task<Result<>> refreshRoom();
    void take(qint64 bytes);
    void limitRoom(qint64 bytes); // never more than this, whatever the provider says

private:
    AccountRecord m_record;
    std::unique_ptr<Provider> m_provider;
    SpeedEstimate m_speed;
    TransferPace m_sending;
    TransferPace m_receiving;
    bool m_verified = false;
    bool m_stale = false;
    bool m_areKeysRead = false;
    std::optional<Error> m_trouble;
    std::optional<qint64> m_room;
};

// What fragments leave free where the room is known. Deleting begins with a segment of the log on every account that
// holds some of it (storage.md section 5): an account without room for that could never be freed again.
constexpr qint64 kLogRoom = qint64(16) << 20;

// Of a record that isElsewhere(): it cannot be reached, and says why.
std::unique_ptr<Account> accountElsewhere(const AccountRecord &record);
Error notAddedHere(); // that reason, Network "MF-ACCOUNT-ELSEWHERE"

// All accounts of the library, in the order of their names; those that cannot be opened here are there, too, with a
// provider that says why (closed.h): nothing may be concluded, and above all nothing deleted, without them.
class AccountSet
{
public:
    // In the place of the one of its id, if there is one.
    void add(std::unique_ptr<Account> account);
    // Whoever waits while going through them goes on: what is added meanwhile comes last.
    const std::list<std::unique_ptr<Account>> &all() const { return m_accounts; }
    Account *find(const AccountId &id) const;
    Account *findByName(const QString &name) const; // not one that was given up: its name is free again

    // Verifies all that are not yet, at once; waits at most `limit` for each. Never fails: look at
    // isVerified() and trouble() of each.
    Task<void> verifyAll(KeyRing ring, Clock &clock, Clock::Duration limit);
    std::vector<Account *> verified() const; // without those that were given up meanwhile

private:
    std::list<std::unique_ptr<Account>> m_accounts;
    std::vector<std::unique_ptr<Account>> m_replaced; // somebody may still be waiting for its answer
};

} // namespace mf
