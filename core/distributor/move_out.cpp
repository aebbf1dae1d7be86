// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/move_out.h"

#include "core/base/all_of.h"
#include "core/base/crash_point.h"
#include "core/base/log.h"
#include "core/distributor/confirm.h"
#include "core/distributor/fragment_sender.h"
#include "core/distributor/holding.h"
#include "core/distributor/metadata_writer.h"
#include "core/distributor/pending_pack.h"
#include "core/distributor/publish.h"
#include "core/distributor/ready_accounts.h"

#include <algorithm>

namespace mf {
namespace {

Error waits(const QString &why)
{
    return Error(Error::Kind::Network, QStringLiteral("MF-HELD-WAITS"), why).offering(Error::Action::Retry);
}

// One revision on its way out.
class MoveOut
{
public:
    MoveOut(Engine &engine, RevisionRecord revision, std::vector<PlacementAccount> places)
        : m_engine(engine)
        , m_revision(std::move(revision))
        , m_shares(std::make_shared<Shares>())
        , m_sender(engine, std::move(places), m_shares)
    {
    }
    Task<Result<>> run();
    qint64 uploaded() const { return m_shares->bytes(); }

private:
    Task<Result<>> movePacks();
    Task<Result<>> movePack(PendingRecord pending);
    Task<Result<std::vector<QByteArray>>> blobsOf(PendingRecord pending, std::vector<bool> there);
    Task<Result<bool>> plan(PendingRecord &pending, int index, std::vector<AccountId> &taken);
    Task<Result<>> publish();
    Task<Result<>> openSession();

    Engine &m_engine;
    RevisionRecord m_revision;
    std::vector<PackRow> m_packs;
    std::shared_ptr<Shares> m_shares;
    FragmentSender m_sender;
};

Task<Result<>> MoveOut::run()
{
    auto packs = co_await m_engine.registry.packsRelied(m_revision.row);
    if (!packs)
        co_return packs.error();
    m_packs = std::move(*packs);
    const auto logged = co_await m_engine.registry.isLogged(m_revision.id);
    if (!logged)
        co_return logged.error();
    if (!*logged) { // else an earlier run came so far
        const auto moved = co_await movePacks();
        if (!moved)
            co_return moved.error();
        const auto published = co_await publish();
        if (!published)
            co_return published.error();
    }
    const auto confirmed = co_await confirmRevision(m_engine, m_revision.row, m_revision.protection.m);
    if (!confirmed)
        co_return confirmed.error();
    if (!*confirmed)
        co_return waits(QStringLiteral("another computer deletes packs that it moved to the accounts; fetch it to a "
                                       "folder and store it again"));
    auto fresh = co_await m_engine.registry.revisionAt(m_revision.row);
    if (!fresh)
        co_return fresh.error();
    fresh->state = RevisionState::Live;
    fresh->uploadedBytes = 0;
    for (const PackRow row : m_packs) {
        const auto pack = co_await m_engine.registry.pack(row);
        if (!pack)
            co_return pack.error();
        const auto there = std::count_if(
            pack->fragments.begin(), pack->fragments.end(), [](const FragmentPlace &f) { return f.acknowledged; });
        fresh->uploadedBytes += there * fragmentSize(pack->shape.dataLength);
    }
    const auto live = co_await m_engine.registry.updateRevision(*fresh);
    if (!live)
        co_return live.error();
    crashPoint(CrashPoint::MoveOutCommitted);
    co_return co_await sweepHolding(m_engine);
}

// Intent is in the log before the first fragment is, as for any store.
Task<Result<>> MoveOut::openSession()
{
    LibraryLog log(m_engine);
    Cbor events = Cbor::array();
    events.push_back(events::sessionOpened(m_revision.session));
    const auto logged = co_await log.append(std::move(events));
    if (!logged)
        co_return logged.error();
    crashPoint(CrashPoint::MoveOutSessionOpened);
    co_return Result<>();
}

Task<Result<>> MoveOut::movePacks()
{
    auto pending = co_await m_engine.registry.pendingPacks();
    if (!pending)
        co_return pending.error();
    std::erase_if(*pending, [this](const PendingRecord &record) {
        return std::find(m_packs.begin(), m_packs.end(), record.row) == m_packs.end();
    });
    int most = 0;
    for (const PendingRecord &record : *pending)
        most = std::max(most, record.pack.shape.k);
    const int usable = static_cast<int>(m_sender.places().size());
    if (usable < most)
        co_return waits(QStringLiteral("it takes %1 accounts that can be reached, and there are %2; connect more, or "
                                       "fetch it to a folder and store it again")
                .arg(most)
                .arg(usable));
    if (!pending->empty()) {
        const auto opened = co_await openSession();
        if (!opened)
            co_return opened.error();
    }
    for (const PendingRecord &record : *pending) {
        const auto moved = co_await movePack(record);
        if (!moved)
            co_return moved.error();
    }
    co_return Result<>();
}

Task<Result<std::vector<QByteArray>>> MoveOut::blobsOf(PendingRecord pending, std::vector<bool> there)
{
    auto have = co_await m_engine.holding->fragments(m_engine.ring, pending.pack.id, pending.pack.shape.k);
    if (static_cast<int>(have.size()) < pending.pack.shape.k) {
        auto arrived = co_await readPending(m_engine, pending, there);
        have.merge(arrived);
    }
    auto decode = [ring = m_engine.ring, pack = pending.pack, have = std::move(have)] {
        return blobsOfPending(ring, pack, have);
    };
    auto blobs = co_await onPool(m_engine.cpu, decode);
    if (!blobs)
        co_return Error(Error::Kind::Corrupt, QStringLiteral("MF-HELD-DAMAGED"),
            QStringLiteral("what this computer holds of it is damaged; store it again"));
    co_return std::move(*blobs);
}

// Chooses the account for a fragment: the one that it was meant for, if that can be used now. False: none has room.
Task<Result<bool>> MoveOut::plan(PendingRecord &pending, int index, std::vector<AccountId> &taken)
{
    const auto i = static_cast<std::size_t>(index);
    const qint64 bytes = fragmentSize(pending.pack.shape.dataLength);
    std::optional<AccountId> to;
    for (PlacementAccount &place : m_sender.places()) {
        if (place.id == taken[i] && (!place.room || *place.room >= bytes))
            to = place.id;
    }
    if (!to) {
        to = placeElsewhere(m_sender.places(), taken, bytes);
        if (!to)
            co_return false;
        const auto moved = co_await m_engine.registry.moveFragment(pending.row, index, *to);
        if (!moved)
            co_return moved.error();
        taken[i] = *to;
    }
    for (PlacementAccount &place : m_sender.places()) {
        if (place.id == *to && place.room)
            *place.room -= bytes;
        if (place.id == *to)
            place.placed += bytes;
    }
    co_return true;
}

Task<Result<>> MoveOut::movePack(PendingRecord pending)
{
    auto found = co_await surveyPending(m_engine, pending);
    if (!found)
        co_return found.error();
    const int fragments = pending.pack.shape.fragments;
    const qint64 bytes = fragmentSize(pending.pack.shape.dataLength);
    auto lease = co_await m_engine.buffers.acquire(bytes * fragments * 2);
    std::vector<QByteArray> blobs;
    if (found->count < fragments) {
        auto made = co_await blobsOf(pending, found->there);
        if (!made)
            co_return made.error();
        blobs = std::move(*made);
    }
    auto taken = std::make_shared<std::vector<AccountId>>(pending.pack.accounts);
    std::vector<int> missing;
    std::vector<int> sent;
    std::vector<Task<FragmentSender::Outcome>> puts;
    for (int index = 0; index < fragments; ++index) {
        const auto i = static_cast<std::size_t>(index);
        if (found->there[i]) {
            const auto noted = co_await m_engine.registry.acknowledge(pending.row, index);
            if (!noted)
                co_return noted.error();
            continue;
        }
        const auto planned = co_await plan(pending, index, *taken);
        if (!planned)
            co_return planned.error();
        if (!*planned) {
            missing.push_back(index);
            continue;
        }
        const BlobName name = fragmentName(m_engine.ring, pending.pack.id, index);
        Budget::Lease part = lease.split(bytes);
        puts.push_back(m_sender.put(pending.row, index, name, std::move(blobs[i]), taken, std::move(part)));
        sent.push_back(index);
    }
    blobs.clear();
    const std::size_t atOnce = puts.size();
    const auto outcomes = co_await allOf(std::move(puts), atOnce);
    std::optional<Error> why;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        if (outcomes[i].account)
            continue;
        missing.push_back(sent[i]);
        why = outcomes[i].error;
    }
    if (fragments - static_cast<int>(missing.size()) < pending.pack.shape.k)
        co_return why.value_or(waits(QStringLiteral("the accounts that can be reached have no room for it; free some "
                                                    "space or connect more")));
    const auto completed = co_await m_engine.registry.completePack(pending.row, std::move(missing));
    if (!completed)
        co_return completed.error();
    crashPoint(CrashPoint::MoveOutPackComplete);
    co_return Result<>();
}

Task<Result<>> MoveOut::publish()
{
    const int domains = m_revision.protection.m + 1;
    for (bool more = true; more;) {
        const auto written = co_await writeIndexObject(m_engine, domains);
        if (!written)
            co_return written.error();
        more = written->has_value();
    }
    Publication publication;
    publication.domains = domains;
    publication.manifest.revision = m_revision;
    for (const PackRow row : m_packs) {
        const auto pack = co_await m_engine.registry.pack(row);
        if (!pack)
            co_return pack.error();
        publication.manifest.packs.push_back(pack->id);
    }
    auto indexes = co_await m_engine.registry.indexesOf(m_revision.row);
    if (!indexes)
        co_return indexes.error();
    publication.indexes = std::move(*indexes);
    auto covering = co_await accountsOfPacks(m_engine, m_packs);
    if (!covering)
        co_return covering.error();
    publication.covering = std::move(*covering);
    publication.further.push_back(events::sessionEnded(m_revision.session));

    // The same bytes each time: nothing is left behind by a run that was cut off here.
    const auto manifest = co_await m_engine.holding->manifest(m_engine.ring, m_revision.manifest);
    if (!manifest)
        co_return manifest.error();
    const BlobName name = manifestName(m_engine.ring, m_revision.manifest);
    const auto put = co_await putMetadata(m_engine, name, *manifest, domains, publication.covering);
    if (!put)
        co_return put.error();
    crashPoint(CrashPoint::MoveOutManifestPut);
    const auto logged = co_await logRevision(m_engine, std::move(publication), m_revision.manifest);
    if (!logged)
        co_return logged.error();
    crashPoint(CrashPoint::MoveOutLogged);
    co_return Result<>();
}

} // namespace

Task<Result<MovedOut>> moveOutHeld(Engine &engine)
{
    MovedOut result;
    if (!engine.holding)
        co_return result;
    const auto turn = co_await engine.settling.acquire(1);
    Q_UNUSED(turn)
    const auto swept = co_await sweepHolding(engine);
    if (!swept)
        logWarning("holding", swept.error().message); // what is left there takes room, nothing else
    const auto held = co_await engine.registry.revisionsIn(RevisionState::Held);
    if (!held)
        co_return held.error();
    for (const RevisionRecord &revision : *held) {
        auto allowed = co_await engine.registry.heldFor(revision.row);
        if (!allowed)
            co_return allowed.error();
        MoveOut moveOut(engine, revision, placementAccounts(engine.accounts, *allowed));
        const auto moved = co_await moveOut.run();
        result.uploaded += moveOut.uploaded();
        const auto now = co_await engine.registry.revisionAt(revision.row);
        if (!now)
            co_return now.error();
        if (!isHeld(*now)) { // its files here may be left: they go next time
            ++result.models;
            continue;
        }
        ++result.waiting;
        const Error why = moved ? Error() : moved.error();
        logWarning("holding", revision.name + QStringLiteral(": ") + why.message);
        result.warnings.append(QStringLiteral("%1 is still on this computer only: %2").arg(revision.name, why.message));
    }
    co_return result;
}

} // namespace mf
