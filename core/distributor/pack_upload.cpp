// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/pack_upload.h"

#include "core/base/crash_point.h"

namespace mf {
namespace {

// Fragments that may be on their way: as many as the accounts' connections work on. More would make none of them
// faster and only fill memory. A pack that is larger goes alone.
qint64 mostFragments(Engine &engine, const std::vector<PlacementAccount> &places)
{
    qint64 most = 0;
    for (const PlacementAccount &place : places) {
        if (Account *account = engine.accounts.find(place.id))
            most += account->provider().traits().connections;
    }
    return most;
}

} // namespace

PackUploader::PackUploader(Engine &engine, std::vector<PlacementAccount> places, SessionId session,
    std::shared_ptr<Shares> shares, FinishedSink sink)
    : m_engine(engine)
    , m_turns(mostFragments(engine, places))
    , m_sender(engine, std::move(places), std::move(shares))
    , m_session(session)
    , m_sink(std::move(sink))
{
}

void PackUploader::fail(Error error)
{
    if (!m_error)
        m_error = std::move(error);
}

Task<Result<>> PackUploader::submit(std::shared_ptr<OpenPack> pack, Protection policy)
{
    if (m_error)
        co_return *m_error;
    if (m_beforeFirst) {
        const BeforeFirst beforeFirst = std::exchange(m_beforeFirst, nullptr);
        auto announcing = beforeFirst();
        const auto announced = co_await announcing;
        if (!announced)
            co_return announced.error();
    }
    std::erase_if(m_uploads, [](const auto &upload) { return upload->isDone(); });
    if (pack->packClass == PackClass::Metadata)
        policy.k = 1;
    // A full pack is placed as one, so that its fragments are exactly a power of two.
    const qint64 payload = payloadLengthOf(pack->records);
    const PackShape full = fullShape(policy.k, policy.m);
    const PackShape tail = shapeFor(payload, policy.k, policy.m);
    // Nor is one that holds a single chunk larger than a full pack of a wide code.
    const bool isFull = payload <= full.capacity() && tail.dataLength >= full.dataLength;
    const PackShape shape = isFull ? full : tail;
    const qint64 fragment = fragmentSize(shape.dataLength);
    const qint64 bytes = shape.fragments * fragment;
    Result<Holding::Claim> claim = Holding::Claim();
    if (m_holding) {
        const qint64 held = shape.k * fragment;
        auto claiming = m_holding->claim(m_engine.registry, held);
        claim = co_await claiming;
        if (!claim)
            co_return claim.error();
    }
    auto turn = co_await m_turns.acquire(shape.fragments);
    if (!m_holding)
        co_await m_sender.shares().admit(bytes);
    auto lease = co_await m_engine.buffers.acquire(bytes); // encoded records are let go as they are sealed into it
    if (m_error)
        co_return *m_error;
    auto placed
        = m_sender.placeNext(policy, isFull ? 0 : payload, fragment); // only now: who is fast shows while it waits
    if (!placed)
        co_return placed.error();
    for (const QString &domain : placed->sharedDomains) {
        if (!m_shared.contains(domain))
            m_shared.append(domain);
    }
    m_uploads.push_back(std::make_unique<Running<bool>>(
        upload(std::move(pack), std::move(*placed), std::move(turn), std::move(lease), std::move(*claim))));
    co_return Result<>();
}

Task<Result<>> PackUploader::drain()
{
    while (!m_uploads.empty()) {
        co_await m_uploads.front()->done();
        m_uploads.erase(m_uploads.begin());
    }
    if (m_error)
        co_return *m_error;
    co_return Result<>();
}

Task<bool> PackUploader::upload(std::shared_ptr<OpenPack> pack, PackPlacement placement, Budget::Lease turn,
    Budget::Lease lease, Holding::Claim claim)
{
    // The only place where a salt is drawn; it is used with these records or never (invariant 7).
    std::array<std::uint8_t, 32> salt {};
    fillRandom(salt);
    const PackId id = pack->slot->id;
    auto seal = [ring = m_engine.ring, id, salt, shape = placement.shape, pack] {
        return sealPack(ring, id, salt, shape, pack->records, std::exchange(pack->encoded, {}));
    };
    SealedPack sealed = co_await onPool(m_engine.cpu, seal);
    crashPoint(CrashPoint::StorePackSealed);

    PendingPack pending;
    pending.id = id;
    pending.packClass = pack->packClass;
    pending.shape = sealed.shape;
    pending.salt = sealed.salt;
    pending.commitment = sealed.commitment;
    pending.epoch = sealed.epoch;
    pending.payloadLength = sealed.payloadLength;
    pending.records = sealed.records;
    pending.sources = pack->sources;
    pending.digest = sealed.digest;
    pending.session = m_session;
    pending.accounts = placement.accounts;
    pending.held = m_holding != nullptr;
    const auto row = co_await m_engine.registry.commitPending(std::move(pending));
    claim.release();
    if (!row) {
        fail(row.error());
        co_return false;
    }
    crashPoint(CrashPoint::StorePackCommitted);
    pack->slot->row = *row;

    if (m_holding) {
        const auto held = co_await hold(id, sealed.shape.k, std::move(sealed.blobs));
        if (!held) {
            fail(held.error());
            co_return false;
        }
        pack->slot->isComplete = true;
        Finished kept;
        kept.pack = pack;
        m_sink(kept);
        co_return true;
    }

    auto taken = std::make_shared<std::vector<AccountId>>(placement.accounts);
    std::vector<Task<FragmentSender::Outcome>> puts;
    for (int i = 0; i < sealed.shape.fragments; ++i) {
        QByteArray &blob = sealed.blobs[static_cast<std::size_t>(i)];
        const BlobName name = fragmentName(m_engine.ring, id, i);
        Budget::Lease part = lease.split(blob.size());
        auto put = m_sender.put(*row, i, name, std::move(blob), taken, std::move(part));
        puts.push_back(inTurn(std::move(put), turn.split(1)));
    }
    sealed.blobs.clear();
    lease.release();
    const std::size_t atOnce = puts.size();
    const auto outcomes = co_await allOf(std::move(puts), atOnce);

    Finished finished;
    finished.pack = pack;
    std::vector<int> missing;
    std::optional<Error> why;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        if (outcomes[i].account) {
            finished.accounts.push_back(*outcomes[i].account);
            finished.uploaded += fragmentSize(sealed.shape.dataLength);
        } else {
            missing.push_back(static_cast<int>(i));
            why = outcomes[i].error;
        }
    }
    finished.missing = static_cast<int>(missing.size());
    if (static_cast<int>(finished.accounts.size()) < sealed.shape.k) {
        fail(*why);
        co_return false;
    }
    crashPoint(CrashPoint::StorePackAcknowledged);
    const auto completed = co_await m_engine.registry.completePack(*row, std::move(missing));
    if (!completed) {
        fail(completed.error());
        co_return false;
    }
    crashPoint(CrashPoint::StorePackComplete);
    pack->slot->isComplete = true;
    m_sink(finished);
    co_return true;
}

// A slow account's fragment keeps its own turn, and not those of the others of its pack.
Task<FragmentSender::Outcome> PackUploader::inTurn(Task<FragmentSender::Outcome> put, Budget::Lease turn)
{
    auto outcome = co_await put;
    turn.release();
    co_return outcome;
}

// The data fragments are enough: parity is computed when it moves out.
Task<Result<>> PackUploader::hold(PackId id, int k, std::vector<QByteArray> blobs)
{
    for (int i = 0; i < k; ++i) {
        const BlobName name = fragmentName(m_engine.ring, id, i);
        const auto put = co_await m_holding->put(name, blobs[static_cast<std::size_t>(i)]);
        if (!put)
            co_return put.error();
        crashPoint(CrashPoint::HoldFragmentWritten);
    }
    co_return Result<>();
}

} // namespace mf
