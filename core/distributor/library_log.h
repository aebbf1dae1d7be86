// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"
#include "core/distributor/objects/segment.h"

#include <QSet>

namespace mf {

// Whether it says that nothing may be written: the library is a newer ModelFloat's, or under a newer kit.
bool forbidsWriting(const Error &error);

// Looks at the clocks, so that the registry knows how much time has passed.
Task<Result<Registry::Age>> noteTime(Engine &engine);

// The library's log on the accounts: reading what others wrote, adding to it.
class LibraryLog
{
public:
    explicit LibraryLog(Engine &engine)
        : m_engine(engine)
    {
    }

    // Lists log/ on these accounts, takes in segments that are not known yet. Returns the accounts whose
    // log was read completely; a damaged segment counts as absent there (its account is not returned), and
    // one that lacks segments which are known elsewhere is stale (Account::isStale), and not returned either.
    // Unsupported "MF-LIBRARY-NEWER" if any, or a library object, was written by a newer ModelFloat: nothing may be
    // written then.
    Task<Result<std::vector<AccountId>>> sync(std::vector<Account *> accounts);

    // Gives each account that sync() found stale what it lacks. What cannot be had or put waits for another time.
    Task<Result<>> heal();
    // Whether heal() found segments that this computer knows and no account has any more.
    bool hasLost() const { return m_hasLost; }

    struct Appended {
        ObjectHash hash;
        std::vector<AccountId> acknowledged;
    };
    // Writes one segment with these events on all verified accounts and remembers it. Fails if no account takes it;
    // Invalid "MF-SEGMENT-SIZE", and nothing is written, if nobody would read one so large.
    // Accounts that were added here and that the log does not tell of yet are told of in it.
    Task<Result<Appended>> append(Cbor events);

    // Tells of such accounts, if there are any: before anything is put there.
    Task<Result<>> tellAccounts();

private:
    Task<Result<>> findStale(std::vector<Account *> accounts, std::vector<QSet<QString>> listed);

    Engine &m_engine;
    std::vector<std::pair<AccountId, Registry::SegmentName>> m_lacking;
    bool m_hasLost = false;
};

// Reads the log on all verified accounts and gives each what it lacks of it, which a command that was killed, or an
// account that was away, left: an account without it confirms nothing. Tells of accounts. What precedes each command
// that changes something.
Task<Result<>> readLog(Engine &engine);

} // namespace mf
