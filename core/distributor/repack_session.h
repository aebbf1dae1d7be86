// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/library_log.h"

namespace mf {

// What tells others, and the next run of this computer, that packs are being made which no revision names yet: a
// transfer in the registry, and a session in the log with the packs' index objects.
class RepackSession
{
public:
    explicit RepackSession(Engine &engine)
        : m_engine(engine)
        , m_log(engine)
    {
    }

    // An interrupted one is taken up: what it sealed is kept for this run. Nobody else in this process settles what is
    // under way in it from then on.
    Task<Result<>> begin();
    // In the log, before the first fragment is on an account.
    Task<Result<>> announce();
    // Index objects for packs that have none, as long as there are so many.
    Task<Result<>> writeIndexes(int domains, int atLeast);
    Task<Result<>> end();

    const SessionId &id() const { return m_id; }
    const std::vector<ObjectHash> &indexes() const { return m_indexes; } // of this run

private:
    Engine &m_engine;
    LibraryLog m_log;
    qint64 m_transfer = 0;
    SessionId m_id;
    bool m_isOpen = false;
    bool m_wasOpen = false; // perhaps, by the interrupted run
    std::vector<ObjectHash> m_indexes;
    std::unique_ptr<RunningMark> m_mark;
};

} // namespace mf
