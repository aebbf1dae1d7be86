// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"
#include "core/distributor/placement.h"
#include "core/distributor/shares.h"

namespace mf {

// Puts fragments of pending packs: each where it is meant to go, or, if it cannot go there, to another account that
// has none of the pack. The registry knows of every change before the bytes leave.
class FragmentSender
{
public:
    // places: accounts that may be used, with their room; kept up to date. shares: told what each of them took.
    FragmentSender(Engine &engine, std::vector<PlacementAccount> places, std::shared_ptr<Shares> shares)
        : m_engine(engine)
        , m_places(std::move(places))
        , m_shares(std::move(shares))
    {
    }

    struct Outcome {
        std::optional<AccountId> account; // that acknowledged it; nothing: no account takes it
        Error error;
        Outcome() = default;
    };
    // taken: by fragment index the accounts that the pack's fragments are meant for, then those tried instead; shared
    // by all puts of the pack. lease: of the blob's bytes.
    Task<Outcome> put(PackRow row, int index, BlobName name, QByteArray blob,
        std::shared_ptr<std::vector<AccountId>> taken, Budget::Lease lease);

    // Where the next pack goes, by what is known now; see placePack. fragment: bytes of each of its fragments.
    Result<PackPlacement> placeNext(Protection resolved, qint64 payload, qint64 fragment);

    std::vector<PlacementAccount> &places() { return m_places; }
    const std::vector<PlacementAccount> &places() const { return m_places; }
    Shares &shares() { return *m_shares; }

private:
    PlacementAccount *place(const AccountId &id);
    Task<Result<BlobInfo>> tryPut(AccountId to, BlobName name, QByteArray blob);

    Engine &m_engine;
    std::vector<PlacementAccount> m_places;
    std::shared_ptr<Shares> m_shares;
};

} // namespace mf
