// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/all_of.h"
#include "core/distributor/engine.h"
#include "core/distributor/fragment_sender.h"
#include "core/distributor/holding.h"

#include <functional>

namespace mf {

// A pack's identity while it is on its way: what pieces of files refer to before the
// registry has a row for it.
struct PackSlot {
    PackId id;
    PackRow row = 0; // set by commitPending
    bool isComplete = false; // its bytes are safe
    qint64 waiting = 0; // bytes of the model that become safe with it
};

// Encoded records that will be one pack.
struct OpenPack {
    PackClass packClass = PackClass::Data;
    std::shared_ptr<PackSlot> slot = std::make_shared<PackSlot>();
    std::vector<Record> records;
    std::vector<QByteArray> encoded;
    std::vector<RecordSource> sources;
    qint64 payload = payloadLengthOf({}); // bytes, were it sealed now
};

// Seals packs and puts their fragments: the part of storage.md section 3 and 5.3 from
// "seal" to "acknowledged". Several packs are on their way at once, as many as the accounts' connections
// have work with and Engine::buffers has room for.
class PackUploader
{
public:
    struct Finished {
        std::shared_ptr<OpenPack> pack;
        std::vector<AccountId> accounts; // that have a fragment
        qint64 uploaded = 0; // bytes
        int missing = 0; // fragments that found no place
    };
    using FinishedSink = std::function<void(const Finished &)>;

    // places: the accounts of this transfer with their room; kept up to date. shares: told what each of them took.
    PackUploader(Engine &engine, std::vector<PlacementAccount> places, SessionId session,
        std::shared_ptr<Shares> shares, FinishedSink sink);

    // Done once, before the first pack: a store announces itself in the log.
    using BeforeFirst = std::function<Task<Result<>>()>;
    void setBeforeFirst(BeforeFirst beforeFirst) { m_beforeFirst = std::move(beforeFirst); }

    // No account can be reached: packs wait in the holding folder. Their placement is a plan for later.
    void holdIn(Holding &holding) { m_holding = &holding; }

    // Waits for room in the buffers, then goes on in the background. Fails if an earlier pack failed.
    // policy: resolved; metadata packs are always copies.
    Task<Result<>> submit(std::shared_ptr<OpenPack> pack, Protection policy);
    // Waits for all packs; the first error, if there was one.
    Task<Result<>> drain();

    const QStringList &sharedDomains() const { return m_shared; }

private:
    static Task<FragmentSender::Outcome> inTurn(Task<FragmentSender::Outcome> put, Budget::Lease turn);
    // turn: of m_turns; lease: of Engine::buffers.
    Task<bool> upload(std::shared_ptr<OpenPack> pack, PackPlacement placement, Budget::Lease turn, Budget::Lease lease,
        Holding::Claim claim);
    Task<Result<>> hold(PackId id, int k, std::vector<QByteArray> blobs);
    void fail(Error error);

    Engine &m_engine;
    Budget m_turns; // fragments on their way
    FragmentSender m_sender;
    Holding *m_holding = nullptr;
    SessionId m_session;
    FinishedSink m_sink;
    BeforeFirst m_beforeFirst;
    QStringList m_shared;
    std::optional<Error> m_error;
    std::vector<std::unique_ptr<Running<bool>>> m_uploads; // last: they use all of the above
};

} // namespace mf
