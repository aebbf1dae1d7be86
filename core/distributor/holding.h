// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"

#include <QMap>

#include <map>

namespace mf {

// The holding folder of this computer: where sealed packs wait while no account can be reached. Not an account: nothing
// is placed there, nothing there counts as spare or as a hit, and it is in no AccountSet. Of a pack it holds the data
// fragments (0 … k-1), under their names; of a revision its sealed manifest.
class Holding
{
public:
    struct Limits {
        qint64 most = 20'000'000'000; // bytes of all that is held
        qint64 reserve = 2'000'000'000; // that its disk keeps free
        Limits() = default;
        Limits(qint64 m, qint64 r)
            : most(m)
            , reserve(r)
        {
        }
    };
    // provider: the folder as a place for blobs; it acknowledges what is durable.
    Holding(std::unique_ptr<Provider> provider, Limits limits);

    // To read from, like any account.
    Account &account() { return m_account; }
    const Limits &limits() const { return m_limits; }
    void setLimits(Limits limits) { m_limits = limits; }

    // Bytes that are about to be written; let go once the registry counts them.
    class Claim
    {
    public:
        Claim() = default;
        Claim(Holding &holding, qint64 bytes)
            : m_holding(&holding)
            , m_bytes(bytes)
        {
            holding.m_claimed += bytes;
        }
        Claim(Claim &&other) noexcept
            : m_holding(std::exchange(other.m_holding, nullptr))
            , m_bytes(std::exchange(other.m_bytes, 0))
        {
        }
        Claim &operator=(Claim &&other) noexcept
        {
            if (this != &other) {
                release();
                m_holding = std::exchange(other.m_holding, nullptr);
                m_bytes = std::exchange(other.m_bytes, 0);
            }
            return *this;
        }
        ~Claim() { release(); }
        void release()
        {
            if (m_holding)
                m_holding->m_claimed -= m_bytes;
            m_holding = nullptr;
        }

    private:
        Holding *m_holding = nullptr;
        qint64 m_bytes = 0;
    };
    // Quota "MF-HOLDING-FULL" if that is more than may be.
    Task<Result<Claim>> claim(Registry &registry, qint64 bytes);

    Task<Result<>> put(BlobName name, QByteArray bytes); // durable when it returns
    // The first k fragments of a pack, as far as they are there.
    Task<std::map<int, QByteArray>> fragments(KeyRing ring, PackId pack, int k);
    Task<Result<QByteArray>> manifest(KeyRing ring, ObjectHash hash); // NotFound, Corrupt "MF-HELD-DAMAGED"
    Task<Result<>> removePack(KeyRing ring, PackId pack, int k);

private:
    Account m_account;
    Limits m_limits;
    qint64 m_claimed = 0;
};

// A setting of the registry: the most that may be held, in bytes.
inline constexpr char kHoldingLimit[] = "holding.limit";
// What the settings say; what cannot be read counts as not set.
qint64 holdingLimit(const QMap<QString, QString> &settings);

// Whether this revision is on this computer only.
inline bool isHeld(const RevisionRecord &revision) { return revision.state == RevisionState::Held; }

// Deletes what no held revision needs any more: of stores into it that were interrupted, and of models that moved out
// before a crash. Nothing that the registry does not know. Called with Engine::settling taken.
Task<Result<>> sweepHolding(Engine &engine);

// How a held revision stands.
struct HeldCheck {
    int fragments = 0;
    int missing = 0;
    int damaged = 0; // with isDeep
    QStringList findings;
};
Task<Result<HeldCheck>> checkHeld(Engine &engine, RevisionRecord revision, bool isDeep);

// Deletes a held revision and its files. One that the log names already is withdrawn from it, which takes an account.
Task<Result<>> removeHeld(Engine &engine, RevisionRecord revision);

} // namespace mf
