// SPDX-License-Identifier: GPL-3.0-or-later
// Storing where no account can be reached: into the holding folder, until they are back.
#include "core/base/crash_point.h"
#include "core/distributor/holding.h"
#include "core/distributor/store.h"

#include <algorithm>

namespace mf {

bool Store::mayHold(const Error &why) const
{
    if (!m_engine.holding || why.id != QStringLiteral("MF-ACCOUNT-NONE"))
        return false;
    const auto &accounts = m_engine.accounts.all();
    // A newer library is not written, wherever it is.
    const bool isNewer = std::any_of(accounts.begin(), accounts.end(), [](const auto &account) {
        return account->trouble() && account->trouble()->id == QStringLiteral("MF-LIBRARY-NEWER");
    });
    return !isNewer && std::any_of(accounts.begin(), accounts.end(), [](const auto &account) {
        return !account->record().retired;
    });
}

// The same is here already, or on accounts as this computer knows it: then it need not be held.
Task<Result<bool>> Store::isHeldUnchanged()
{
    if (m_revision.number == 1)
        co_return false;
    const auto current = co_await m_engine.registry.revision(m_request.name, 0);
    if (!current)
        co_return false;
    if (isHeld(*current)) {
        const auto check = co_await checkHeld(m_engine, *current, false);
        if (!check)
            co_return check.error();
        if (check->missing > 0)
            co_return false;
    } else {
        const std::vector<AccountId> none;
        const auto spare = co_await m_engine.registry.spare(current->row, none);
        if (!spare)
            co_return spare.error();
        if (spare->value_or(m_policy.m) < m_policy.m)
            co_return false;
    }
    const auto same = co_await isAsBefore(*current);
    if (same && *same && isHeld(*current))
        m_result.onThisComputer = true;
    co_return same;
}

// All packs are in the holding folder: the manifest, too, then the registry shows the model.
Task<Result<>> Store::keepHeld()
{
    const auto turn = co_await m_engine.settling.acquire(1);
    Q_UNUSED(turn)
    auto packs = co_await notePacks();
    if (!packs)
        co_return packs.error();
    const auto allowed = co_await m_engine.registry.setHeldFor(m_revision.row, m_request.accounts);
    if (!allowed)
        co_return allowed.error();
    const auto made = co_await makeManifest(std::move(*packs));
    if (!made)
        co_return made.error();
    auto seal = [ring = m_engine.ring, manifest = *made] { return sealManifest(ring, manifest); };
    const QByteArray sealed = co_await onPool(m_engine.cpu, seal);
    m_revision.manifest = objectHash(viewOf(sealed));
    const BlobName name = manifestName(m_engine.ring, m_revision.manifest);
    const auto put = co_await m_engine.holding->put(name, sealed);
    if (!put)
        co_return put.error();
    crashPoint(CrashPoint::HoldManifestWritten);
    m_revision.state = RevisionState::Held;
    const auto held = co_await m_engine.registry.updateRevision(m_revision);
    if (!held)
        co_return held.error();
    crashPoint(CrashPoint::HoldCommitted);
    co_return Result<>();
}

// What it wrote is of no use: the room is given back at once.
Task<Result<>> Store::giveUpHeld()
{
    m_builder.reset();
    m_writer.reset();
    m_uploader.reset(); // ends what is under way
    const auto turn = co_await m_engine.settling.acquire(1);
    Q_UNUSED(turn)
    m_mark.reset();
    const auto swept = co_await sweepHolding(m_engine); // before what it is of is dropped
    if (!swept)
        co_return swept.error();
    const auto revision = co_await m_engine.registry.revisionAt(m_revision.row);
    if (revision && revision->state == RevisionState::Storing)
        co_return co_await m_engine.registry.dropRevision(m_revision.row);
    co_return Result<>();
}

} // namespace mf
