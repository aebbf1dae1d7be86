// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "core/base/event.h"
#include "core/base/pool.h"
#include "core/crypto/key_ring.h"
#include "core/distributor/account.h"
#include "core/registry/registry.h"

#include <functional>
#include <set>

namespace mf {

class Holding;
class Shares;

// All buffers of fragments in memory, of all transfers together (storage.md section 3).
constexpr qint64 kBufferBudget = qint64(224) << 20;

// What every operation of the distributor works with; made and joined by app/, outlives them all.
struct Engine {
    Registry &registry;
    KeyRing &ring;
    AccountSet &accounts;
    Clock &clock;
    Pool &cpu; // hashing, coding, compression
    Pool &io; // blocking file calls
    Budget &buffers; // kBufferBudget
    Holding *holding = nullptr; // where packs wait while no account can be reached; null: they do not
    std::multiset<SessionId> running = {}; // of stores under way in this process (RunningMark)
    Budget settling { 1 }; // taken by whoever finishes or drops what is unfinished: one at a time
};

// While it lives, what is unfinished of the session is not left over: others that settle leave it alone.
class RunningMark
{
public:
    RunningMark(Engine &engine, const SessionId &session)
        : m_engine(engine)
        , m_session(session)
    {
        m_engine.running.insert(session);
    }
    ~RunningMark() { m_engine.running.extract(m_session); }
    RunningMark(const RunningMark &) = delete;
    RunningMark &operator=(const RunningMark &) = delete;

private:
    Engine &m_engine;
    SessionId m_session;
};

// How far something is. `bytes` never goes back and reaches `total` only when all is verified.
struct Progress {
    enum class Phase { Preparing, Reading, Storing, Confirming, Downloading, Verifying, Done };
    Phase phase = Phase::Preparing;
    qint64 bytes = 0; // of the model: confirmed by accounts, or verified on disk
    qint64 total = 0;
    qint64 network = 0; // bytes of fragments sent or received in this run, redundancy included
    std::shared_ptr<Shares> shares; // which account moved how much of it; null: no account moves fragments
};
using ProgressSink = std::function<void(const Progress &)>;

} // namespace mf
