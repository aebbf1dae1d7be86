// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"
#include "core/distributor/objects/segment.h"

namespace mf {

// The library's log on the accounts: reading what others wrote, adding to it.
class LibraryLog
{
public:
    explicit LibraryLog(Engine &engine)
        : m_engine(engine)
    {
    }

    // Lists log/ on these accounts, takes in segments that are not known yet. Returns the accounts whose
    // log was read completely; a damaged segment counts as absent there (its account is not returned).
    Task<Result<std::vector<AccountId>>> sync(std::vector<Account *> accounts);

    struct Appended {
        ObjectHash hash;
        std::vector<AccountId> acknowledged;
    };
    // Writes one segment with these events on all verified accounts and remembers it. Fails if no account takes it.
    Task<Result<Appended>> append(Cbor events);

private:
    Engine &m_engine;
};

} // namespace mf
