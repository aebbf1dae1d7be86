// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/chunk_writer.h"
#include "core/distributor/library_log.h"
#include "core/distributor/ready_accounts.h"
#include "core/distributor/source_reader.h"

namespace mf {

struct StoreRequest {
    std::vector<QByteArray> paths; // files and folders, absolute
    QString name; // empty: from the files
    std::optional<Protection> protection; // nothing: defaultProtection
    std::vector<AccountId> accounts; // that may be used; empty: all
    bool verifyEncode = true; // decode and compare before sealing
};

struct StoreResult {
    QString model;
    int revision = 0;
    qint64 bytes = 0; // of the files
    qint64 newBytes = 0; // not stored before, before coding
    qint64 storedBytes = 0; // what it takes after deduplication and coding, before redundancy
    qint64 uploadedBytes = 0; // with redundancy
    bool unchanged = false; // the same as the current revision; nothing was sent
    int reducedPacks = 0; // packs that miss fragments for want of accounts: exit 4
    bool onThisComputer = false; // no account could be reached: it waits in the holding folder; exit 4
    QStringList warnings;
};

// Stores files as one model: the order of storage.md section 5. Whatever interrupts it, the next
// store of the same files finds the packs that are there and sends only what is missing.
class Store
{
public:
    Store(Engine &engine, StoreRequest request, ProgressSink progress);

    // Once. Cancelling the task leaves a resumable state.
    Task<Result<StoreResult>> run();

private:
    Task<Result<StoreResult>> runMarked();
    Task<Result<>> prepare();
    Task<Result<>> readLibrary();
    Task<Result<>> chooseSession();
    Task<Result<>> changeSession();
    Task<Result<bool>> attempt(); // false: a pack that it relied on was deleted meanwhile; do it again
    Task<Result<>> moveBytes();
    Task<Result<>> openSession();
    Task<Result<>> writeIndex(bool all);
    Task<Result<bool>> isUnchanged();
    Task<Result<bool>> isAsBefore(RevisionRecord earlier);
    Task<Result<Manifest>> makeManifest(std::vector<PackRow> packs);
    Task<Result<std::vector<PackRow>>> notePacks(); // that the revision relies on
    Task<Result<>> publish();
    // Where no account can be reached (store_hold.cpp).
    bool mayHold(const Error &why) const;
    Task<Result<bool>> isHeldUnchanged();
    Task<Result<>> keepHeld();
    Task<Result<>> giveUpHeld();
    void packFinished(const PackUploader::Finished &finished);
    void report(Progress::Phase phase);

    Engine &m_engine;
    StoreRequest m_request;
    ProgressSink m_progress;
    LibraryLog m_log;
    std::shared_ptr<Shares> m_shares = std::make_shared<Shares>();
    Progress m_now;
    StoreResult m_result;

    std::vector<SourceEntry> m_entries;
    std::vector<PlacementAccount> m_places;
    Protection m_policy;
    bool m_holds = false;
    qint64 m_transfer = 0; // 0: not begun

    SessionId m_session; // of the transfer: the same when it is resumed, but one that has ended is never used again
    std::unique_ptr<RunningMark> m_mark;

    // of the attempt
    bool m_sessionIsOpen = false;
    RevisionRecord m_revision;
    std::vector<ObjectHash> m_indexes;
    int m_packsSinceIndex = 0;
    Clock::Duration m_indexTime { 0 };
    qint64 m_safe = 0; // bytes of the model on accounts
    std::vector<std::pair<ModelFacts, qint64>> m_facts;
    std::unique_ptr<PackUploader> m_uploader;
    std::unique_ptr<ChunkWriter> m_writer;
    std::unique_ptr<RevisionBuilder> m_builder;
};

} // namespace mf
