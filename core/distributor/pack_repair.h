// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"
#include "core/distributor/pack_verdict.h"
#include "core/distributor/placement.h"
#include "core/distributor/shares.h"

namespace mf {

// Gives packs back the fragments that they lack, or further ones. Nothing is written before the whole pack was put
// together from what is there, every record opened and compared with its hash; what is written is the same bytes as
// when it was stored. It only adds, but for one case: a fragment that is still damaged when it is read again is replaced
// where it lies, once the pack can be read without it.
class PackRepairer
{
public:
    struct Outcome {
        int rebuilt = 0; // fragments that count again, or that are where they were not before
        qint64 uploaded = 0; // bytes
        int domainsMissing = 0; // further failure domains with room that it would take
        bool isUnreadable = false; // too little is there; nothing was written
        QStringList warnings;
    };

    // lost: accounts that do not count any more. places: where fragments may go, with their room; kept up to date.
    // shares: told what each account gave and took.
    PackRepairer(Engine &engine, Shares &shares, std::vector<AccountId> lost, std::vector<PlacementAccount> places);

    // Until the pack survives need.losses domains and none of its fragments is damaged, as far as that can be done.
    // Several may run at once. Errors are those of the registry.
    Task<Result<Outcome>> repair(PackNeed need);

private:
    struct Job; // one pack
    struct Sent {
        qint64 bytes = 0;
        std::optional<Error> why; // it was not taken
    };
    Task<Result<>> read(Job &job);
    Task<Result<>> readMore(Job &job, std::vector<FragmentPlace> places);
    Task<Result<>> reload(Job &job);
    Task<Result<>> replaceDamaged(Job &job);
    Task<Result<>> addFragments(Job &job);
    Task<Result<Sent>> send(Account *account, BlobName name, QByteArray blob, bool inPlace);
    Task<Result<bool>> put(Job &job, int index, AccountId to, bool inPlace);
    std::optional<AccountId> choose(const Job &job, int index, int most) const;
    bool isLost(const AccountId &account) const;
    bool isUsable(const AccountId &account) const;
    QString domainOf(const AccountId &account) const;

    Engine &m_engine;
    Shares &m_shares;
    std::vector<AccountId> m_lost;
    std::vector<PlacementAccount> m_places;
};

} // namespace mf
