// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/pool.h"
#include "core/base/result.h"
#include "core/base/task.h"
#include "core/registry/records.h"

#include <memory>

namespace mf {

// The local index of a library: which models exist, of which chunks, and where
// each lies. SQLite (WAL, synchronous = FULL) on a worker thread of its own; every
// method is one hop there and one transaction. What it knows can be rebuilt from the
// accounts, except what is marked local.
//
// Errors: Quota "MF-DISK-FULL", Corrupt "MF-REGISTRY-CORRUPT", Unsupported
// "MF-REGISTRY-NEWER" (made by a newer ModelFloat; opened nothing), Invalid
// "MF-REGISTRY-OPEN" (permissions), Internal "MF-REGISTRY-SQL". A method that fails
// has changed nothing. Cancelling one does not undo it: it may be done or not.
class Registry
{
public:
    // Opens or makes the file; migrates it. One process at a time: AlreadyExists
    // "MF-REGISTRY-BUSY" if another one holds the lock file beside it.
    static Task<Result<std::unique_ptr<Registry>>> open(QString path);
    // For tests: what a full disk or bad luck would do.
    struct Seams {
        quint64 chunkKeyMask = ~quint64(0); // fewer bits: collisions in the chunk index
        int mostPages = 0; // of 4 KiB, then the disk is full; 0: no limit
        bool hasWorker = true; // else everything happens on the caller's thread
        Seams() = default;
        Seams(quint64 mask, int pages)
            : chunkKeyMask(mask)
            , mostPages(pages)
        {
        }
    };
    static Task<Result<std::unique_ptr<Registry>>> open(QString path, Seams seams);
    ~Registry(); // waits for the worker
    const QString &path() const { return m_path; }

    // ---- copies (core/registry/registry_copy.h)
    // All of it into a new file, readable by its owner alone.
    Task<Result<>> copyTo(QString path);
    // Takes over what a reduced copy knows of the library. Unsupported "MF-REGISTRY-COPY", and nothing changed: it is
    // damaged, of another library or version, or this registry knows something already.
    Task<Result<>> adopt(QString path);

    // ---- the library and this computer
    struct Identity {
        LibraryId library;
        ComputerId computer; // local: one registry on one computer
        quint64 lamport = 0; // of the newest event known
    };
    Task<Result<std::optional<Identity>>> identity();
    Task<Result<>> setIdentity(Identity identity);
    // Local: what an engine of this computer wrote down under a name; "" if nothing.
    Task<Result<QByteArray>> note(QString key);
    Task<Result<>> setNote(QString key, QByteArray value);
    Task<Result<QMap<QString, QString>>> settings(); // limits and the like
    Task<Result<>> setSetting(QString key, QString value); // empty value: removed

    // ---- accounts
    Task<Result<std::vector<AccountRecord>>> accounts();
    // By id; AlreadyExists "MF-ACCOUNT-NAME" for a name in use by another account that is not retired.
    Task<Result<>> putAccount(AccountRecord account);
    Task<Result<>> noteAccountSeen(
        AccountId account, std::optional<qint64> total, std::optional<qint64> used, QDateTime when);
    // It could not be reached; seen again, that is over.
    Task<Result<>> noteAccountAway(AccountId account, QDateTime when);
    struct AccountUse {
        AccountId account;
        qint64 fragments = 0;
        qint64 bytes = 0; // of acknowledged fragments
    };
    Task<Result<std::vector<AccountUse>>> accountUse();
    // Those added here that no segment of the log tells of yet.
    Task<Result<std::vector<AccountRecord>>> accountsToTell();

    // ---- packs
    // Invalid "MF-PACK-INVALID" for two fragments on one account, or more than 65,536 records: a place
    // has 16 bits for them. NotFound "MF-ACCOUNT-UNKNOWN" for an account that was never put.
    Task<Result<PackRow>> commitPending(PendingPack pack); // durable when it returns
    Task<Result<>> moveFragment(PackRow pack, int index, AccountId to); // another account takes an unacknowledged one
    Task<Result<>> acknowledge(PackRow pack, int index);
    // Complete: its chunks can be found from now on. `missing` fragment indices are forgotten (the pack is Reduced).
    // Invalid "MF-PACK-STATE" if any other is not acknowledged, or fewer than k are left.
    Task<Result<>> completePack(PackRow pack, std::vector<int> missing);
    Task<Result<>> dropPending(PackRow pack); // it never was
    Task<Result<std::vector<PendingRecord>>> pendingPacks(); // of any session, oldest first
    Task<Result<PackRecord>> pack(PackRow row); // NotFound "MF-PACK-UNKNOWN"
    Task<Result<std::vector<PackRow>>> packRowsOf(std::vector<PackId> ids); // 0 where unknown
    // Packs whose index object has not been written yet, oldest first.
    Task<Result<std::vector<PackRecord>>> packsWithoutIndex(int limit);
    Task<Result<>> noteIndexed(std::vector<PackRow> packs, ObjectHash index);
    // Parallel to hashes. Compares all 32 bytes; batches of 256 are a good size.
    Task<Result<std::vector<std::optional<ChunkPlace>>>> findChunks(std::vector<ChunkHash> hashes, HitRules rules);
    // Encoded bytes of each record, for storedBytes of hits. Parallel to places.
    Task<Result<std::vector<Record>>> records(std::vector<ChunkPlace> places);

    // ---- models and revisions
    // A revision begins as Storing. number: one more than the model's last, whatever the record says: revisionAt()
    // tells it. Tags are taken with the first revision of a model; later they are setTags()'s.
    Task<Result<RevisionRow>> beginRevision(RevisionRecord revision);
    Task<Result<FileRow>> addFile(RevisionRow revision, FileRecord file);
    Task<Result<>> putPart(FileRow file, int part, std::vector<Piece> pieces); // replaces that part
    Task<Result<>> finishFile(FileRow file, FileRecord record); // size, hash
    Task<Result<>> putTensors(FileRow file, std::vector<TensorRecord> tensors);
    // Writes name, facts, sizes, manifest, metadata and state of the record; becoming Live makes it searchable and
    // the model's current revision; older live ones stay as history. If the current one ceases to be Live, the
    // newest live one takes its place. Live or Trashed is what the log says, whatever the record holds: it may be older.
    Task<Result<>> updateRevision(RevisionRecord revision);
    Task<Result<>> notePacksRelied(RevisionRow revision, std::vector<PackRow> packs); // adds
    Task<Result<std::vector<PackRow>>> packsRelied(RevisionRow revision);
    Task<Result<>> dropRevision(RevisionRow revision); // a Storing one
    // Its packs may be in other hands by now: they are no leftovers that go without a doom any more.
    Task<Result<>> disownPacks(RevisionRow revision);
    Task<Result<std::vector<RevisionRecord>>> revisionsIn(RevisionState state);
    // Current live revisions, by name. search: words, each the beginning of one in name, family, quantisation, tags or
    // file names, or (from 4 hex digits on) of a file's SHA-256; all must be met. Any text will do; "" finds all.
    Task<Result<std::vector<RevisionRecord>>> models(QString search);
    // By exact name, else by unambiguous prefix or case-insensitive name, else by the first 8 or more hex digits of the
    // model's id (two computers can make two models of one name); number 0: current.
    // NotFound "MF-MODEL-UNKNOWN" naming near ones; Invalid "MF-MODEL-AMBIGUOUS"; NotFound "MF-REVISION-UNKNOWN"
    // for a number that it does not have. Live revisions only.
    Task<Result<RevisionRecord>> revision(QString name, int number);
    Task<Result<RevisionRecord>> revisionAt(RevisionRow row); // in any state; NotFound "MF-REVISION-UNKNOWN"
    Task<Result<std::vector<RevisionRecord>>> history(ModelId model); // live and trashed ones, newest first
    Task<Result<std::vector<FileRecord>>> files(RevisionRow revision);
    Task<Result<std::vector<TensorRecord>>> tensors(FileRow file);
    Task<Result<int>> partCount(FileRow file);
    Task<Result<std::vector<Piece>>> part(FileRow file, int part);
    Task<Result<>> setTags(ModelId model, QStringList tags);
    Task<Result<>> setCid(FileRow file, QString profile, QString cid);
    // Fragments of a revision's packs by account: count (of all), bytes (of acknowledged ones), missing (not
    // acknowledged). Retired accounts are named, too.
    struct SpreadEntry {
        AccountId account;
        qint64 count = 0;
        qint64 bytes = 0;
        qint64 missing = 0;
    };
    Task<Result<std::vector<SpreadEntry>>> spread(RevisionRow revision);
    // How many more domains the worst off of the revision's packs may lose and stay readable (storage.md section 4),
    // by acknowledged fragments on accounts that are neither retired nor in `without`; a doomed pack has none.
    // Negative: unreadable, so many fragments are missing to k. nullopt: it has no packs.
    Task<Result<std::optional<int>>> spare(RevisionRow revision, std::vector<AccountId> without);

    // ---- what is there, and what is not (storage.md sections 4 and 5)
    // Fragments that an account should hold, or that a repair was about to put there, of complete packs of this
    // revision, or (0) of every revision that is kept; by pack, those with a row above `after`.
    Task<Result<std::vector<ExpectedFragment>>> expectedFragments(
        AccountId account, RevisionRow revision, PackRow after, int limit);
    // Unknown fragments are ignored. There: also notes that they were proven then.
    Task<Result<>> noteFragments(std::vector<FragmentFinding> findings, QDateTime when);
    // Complete packs of a revision, or (0) of all that are kept: never or longest ago verified first.
    Task<Result<std::vector<PackRow>>> packsByProof(RevisionRow revision);
    Task<Result<>> notePackVerified(PackRow pack, QDateTime when);
    // without: accounts that count as lost.
    Task<Result<RevisionHealth>> health(RevisionRow revision, std::vector<AccountId> without);
    // The same of several, in their order.
    Task<Result<std::vector<RevisionHealth>>> healths(
        std::vector<RevisionRow> revisions, std::vector<AccountId> without);
    // Complete packs without a doom that survive less than a revision which uses them promises, or that have a damaged
    // fragment. raiseTo: what `revision` shall promise, if more than it does. Of all revisions for 0.
    Task<Result<std::vector<PackNeed>>> packsInNeed(RevisionRow revision, std::vector<AccountId> without, int raiseTo);
    // The most that a kept revision which uses the pack promises; -1: none uses it, or it is doomed.
    Task<Result<int>> lossesPromised(PackRow pack);
    // A further fragment of a complete pack is about to go to an account that holds none of it; index: any row. A pack
    // that grows by it loses its index object, so that a new one is written.
    Task<Result<>> planFragment(PackRow pack, int index, AccountId account);
    // It was acknowledged. Where the same index was missing or planned elsewhere, that is forgotten.
    Task<Result<>> placeFragment(PackRow pack, int index, AccountId account, QDateTime when);
    // The planned fragment did not get there.
    Task<Result<>> dropPlanned(PackRow pack, int index, AccountId account);

    // ---- the log of the library (storage.md section 5)
    Task<Result<std::vector<ObjectHash>>> heads();
    // Segment names seen, out of these.
    Task<Result<std::vector<bool>>> segmentsKnown(std::vector<QString> blobNames);
    struct SessionEvent {
        SessionId id;
        bool isEnd = false; // else opened or advanced
        std::vector<ObjectHash> indexes; // index objects of its packs
    };
    struct TrashEvent {
        RevisionId revision;
        std::vector<PresenceId> presences; // that it takes away
        bool isForever = false;
    };
    struct RestoreEvent {
        RevisionId revision;
        PresenceId presence;
    };
    struct RevisionEvent {
        RevisionId revision;
        ObjectHash manifest;
        std::vector<ObjectHash> indexes;
        std::vector<PackId> packs; // relied on
    };
    struct AccountEvent {
        AccountId account;
        QString name;
        QString domain;
    };
    struct SegmentName {
        ObjectHash hash;
        QString name; // of its blob
        QDateTime seen;
    };
    // One of the segments of a checkpoint: it tells again what the segments that it covers said.
    struct CheckpointPart {
        CheckpointId id;
        int part = 0;
        int parts = 1;
        std::vector<SegmentName> covers; // the parts' lists together hold when all parts are known
    };
    struct Segment {
        ObjectHash hash;
        QString blobName;
        std::vector<ObjectHash> parents;
        ComputerId author;
        quint64 lamport = 0;
        QByteArray events; // CBOR as it was, for recover and sync
        std::vector<DoomRecord> dooms; // opened in it
        std::vector<DoomId> pardons;
        std::vector<DoomId> gone;
        std::vector<SessionEvent> sessions;
        std::vector<TrashEvent> trashes;
        std::vector<RestoreEvent> restores;
        std::vector<AccountEvent> accounts; // those that this computer does not know become ones that are elsewhere
        std::vector<AccountId> retired;
        std::vector<RevisionEvent> revisions;
        std::optional<CheckpointPart> checkpoint;
        std::vector<Segment> told; // by a checkpoint: hash, author and clock are those of where it was said first
    };
    // A known or covered one changes nothing. Raises the identity's lamport to the segment's. Only the author of a doom
    // pardons it; that it is gone is believed of anybody. Live and Trashed revisions follow trash and restore.
    // isOwn: this run wrote it, so that what it says of models is in the registry already; others are takenIn() later.
    Task<Result<>> addSegment(Segment segment, QDateTime seen, bool isOwn);
    // Segments whose revisions have not been taken in yet, by Lamport clock: hash, author, lamport, events.
    Task<Result<std::vector<Segment>>> segmentsToTakeIn(int limit, int skip = 0);
    Task<Result<>> noteTakenIn(ObjectHash segment);
    // All segments that should be on every account: those that are known, and neither covered by a checkpoint nor
    // deleted by the log.
    Task<Result<std::vector<SegmentName>>> segmentNames();

    // ---- checkpoints of the log (core/registry/checkpoints.h)
    // Segments that no checkpoint covers, with their events: what the next one tells again.
    Task<Result<std::vector<Segment>>> logToTell();
    Task<Result<std::vector<ObjectHash>>> coveredSegments(); // of all checkpoints ever
    Task<Result<std::vector<bool>>> areCovered(std::vector<QString> blobNames);
    // The segments of whole checkpoints that no other one covers.
    Task<Result<std::vector<SegmentName>>> checkpoints();
    Task<Result<int>> segmentsSinceCheckpoint();
    Task<Result<bool>> hasEnded(SessionId session); // as the log says
    Task<Result<std::vector<SessionId>>> openSessions(); // anybody's: not ended, advanced within 30 days
    // Out of these packs, those with an open doom or gone.
    Task<Result<std::vector<PackId>>> doomedOf(std::vector<PackId> packs);
    Task<Result<bool>> isLogged(RevisionId revision); // a known segment names it

    // ---- taking in what other computers stored, or this one before its registry was lost
    Task<Result<std::vector<bool>>> indexesTaken(std::vector<ObjectHash> indexes);
    struct NewPack {
        PackRecord pack; // complete; its fragments are looked for later
        ObjectHash index; // that names it; null: none does
    };
    // Packs that are known only learn what is new of them. Chunks of packs that a live revision relies on can be
    // found from now on. indexes: taken in with that.
    Task<Result<>> addPacks(std::vector<NewPack> packs, std::vector<ObjectHash> indexes);
    struct SoughtPack {
        PackRow row = 0;
        PackId id;
        int fragments = 0;
        qint64 dataLength = 0;
        qint64 number = 0; // for noteSurveyed
    };
    // Packs some of whose fragments may lie on the account, which was not looked through for them yet.
    Task<Result<std::vector<SoughtPack>>> packsSought(AccountId account, int limit);
    struct FoundFragment {
        PackRow pack = 0;
        int index = 0;
        qint64 bytes = 0; // of the blob
        FoundFragment() = default;
        FoundFragment(PackRow p, int i, qint64 b)
            : pack(p)
            , index(i)
            , bytes(b)
        {
        }
    };
    // These are to be looked for once more, on every account.
    Task<Result<>> seekPacks(std::vector<PackRow> packs);
    Task<Result<>> noteFragments(AccountId account, std::vector<FoundFragment> fragments);
    // The account was looked through for all packs up to this number. Where listings lag, twice, so long after
    // one another.
    Task<Result<>> noteSurveyed(AccountId account, qint64 upTo, QDateTime now, std::chrono::seconds lag);
    // Where each chunk lies, whatever it survives: in one of `preferred` if there is a choice, in a doomed pack only if
    // there is none. Parallel to hashes.
    Task<Result<std::vector<std::optional<ChunkPlace>>>> locateChunks(
        std::vector<ChunkHash> hashes, std::vector<PackRow> preferred);
    struct RevisionNews {
        ObjectHash manifest; // by the newest event of the log; null: the log does not know the revision
        RevisionRow row = 0; // 0: this registry does not know it
        RevisionState state = RevisionState::Storing;
        ObjectHash known; // its manifest in the registry
    };
    Task<Result<RevisionNews>> revisionNews(RevisionId revision);
    // A Storing revision, begun under a random id, becomes what `record` says, Live or Trashed by the log: record.id
    // takes the place of the revision that had that id, if there was one. Models of one name become one; its revisions
    // are numbered by the log, the same on every computer.
    Task<Result<>> finishTakenIn(RevisionRecord record);
    // ---- index objects that are joined
    struct IndexInUse {
        ObjectHash hash;
        qint64 packs = 0;
        qint64 bytes = 0; // of their directories
    };
    // Of complete packs, but for those of stores that are under way.
    Task<Result<std::vector<IndexInUse>>> indexesInUse();
    // All that these say another one says too: packs are indexed by that from now on, and nothing needs these.
    Task<Result<>> noteSuperseded(std::vector<ObjectHash> indexes, ObjectHash by);
    Task<Result<std::vector<std::optional<ObjectHash>>>> supersededBy(std::vector<ObjectHash> indexes);
    // Out of these names of objects, which the log says are deleted.
    Task<Result<std::vector<bool>>> objectsGone(std::vector<QString> names);
    Task<Result<std::vector<bool>>> packsGone(std::vector<PackId> packs);
    // True if what the revision's chunks were found in is what the log's newest word on it relies on, or part of that.
    // Where other packs have what its own had, nobody keeps those for it.
    Task<Result<bool>> isKeptByLog(RevisionRow revision);
    // Live and trashed ones whose chunks were in packs that others deleted: they lie elsewhere now.
    Task<Result<std::vector<RevisionId>>> revisionsOnGonePacks();
    // Live and trashed ones of which the log has another manifest: this computer wrote it and was interrupted.
    Task<Result<std::vector<RevisionId>>> revisionsBehindLog();
    struct ObjectsInUse {
        std::vector<ObjectHash> manifests;
        std::vector<ObjectHash> indexes;
    };
    // Of the revisions that are live or in the trash, and of the packs that are known.
    Task<Result<ObjectsInUse>> objectsInUse();
    // Everything is taken in again, and every pack looked for on every account: the first step of recover.
    Task<Result<>> forgetTakenIn();

    // ---- the trash
    struct Standing {
        bool removed = false; // none of its presences is left
        bool isForever = false; // and not to be kept for 30 days
        QDateTime since; // when this computer first saw that
        std::chrono::milliseconds passed { 0 }; // since then, as Age::calendar counts
        std::vector<PresenceId> presences; // that are left
        std::vector<PresenceId> all;
    };
    Task<Result<Standing>> standing(RevisionId revision);
    struct TrashedRevision {
        RevisionRecord revision;
        Standing standing;
        // Nothing brings it back: removed for ever, or in the trash for 30 days.
        bool isEnded() const { return standing.isForever || standing.passed >= kTrashTime; }
    };
    static constexpr std::chrono::milliseconds kTrashTime = std::chrono::hours(24 * 30);
    Task<Result<std::vector<TrashedRevision>>> trashed(); // by name, newest first
    // Live revisions that are neither among the last `kept` of their model nor younger than 30 days.
    Task<Result<std::vector<RevisionRecord>>> oldRevisions(int kept);

    // ---- deletion (core/registry/liveness.h, deletions.h, age.h)
    struct Age {
        std::chrono::milliseconds calendar { 0 }; // for the 30 days of the trash
        std::chrono::milliseconds certain { 0 }; // for the waits of deletions
    };
    // Looks at the clocks; what follows counts by what this found.
    Task<Result<Age>> noteTime(QDateTime now, std::chrono::milliseconds elapsed, QByteArray boot);
    // A parent that a known segment names and that is not known: some of the log is missing.
    Task<Result<bool>> lacksAncestors();
    // Index objects of other computers' stores that are under way: not ended, advanced within 30 days.
    Task<Result<std::vector<ObjectHash>>> openSessionIndexes();
    // Complete packs that nothing refers to: no revision that the log names and that has not ended, no store of this
    // computer, none of `also`.
    struct DeadPack {
        PackRow row = 0;
        PackId id;
        PackShape shape;
        std::vector<FragmentPlace> fragments; // on accounts that are not retired
        bool isDoomed = false; // an open doom of this computer, or one of another that is younger than 30 days; or gone
    };
    Task<Result<std::vector<DeadPack>>> deadPacks(std::vector<PackId> also);
    // Whether something refers to one of these packs (known here or not).
    Task<Result<bool>> areReferenced(std::vector<PackId> packs, std::vector<PackId> also);
    // Packs of this computer's own stores that no revision ever named and that no store will: they are Gone from now
    // on, so that no store finds them; with those of earlier calls that were not dropped yet.
    Task<Result<std::vector<DeadPack>>> takeLeftovers();
    // May these fragments go, if they are all of a deletion? Of every pack that something refers to, the rest (without
    // what else is doomed) must survive what the revisions on it ask, or at least as much as with them.
    Task<Result<bool>> maySpare(std::vector<FragmentKey> fragments, DoomId mine, std::vector<PackId> also);
    // The same for everything on an account; false, too, if the log names packs that are not known here.
    Task<Result<bool>> maySpareAccount(AccountId account, std::vector<PackId> also);
    // Fragments that the packs do not need: twins, and those above what the revisions on them ask.
    Task<Result<std::vector<FragmentKey>>> surplusFragments(std::vector<PackId> also);
    // Of these packs those that had single fragments doomed and now survive the loss of fewer domains than that.
    Task<Result<bool>> areWeakened(std::vector<PackRow> packs, int losses);

    struct OwnDoom {
        DoomRecord doom;
        bool isAcknowledged = false; // all accounts had it
        bool isDecided = false;
        std::chrono::milliseconds waited { 0 }; // for certain, since it was acknowledged
    };
    Task<Result<std::vector<OwnDoom>>> ownDooms(); // open ones, oldest first
    Task<Result<>> noteDoomAcknowledged(DoomId doom);
    Task<Result<>> noteDecided(DoomId doom);
    struct DeadObjects {
        std::vector<ObjectHash> manifests;
        std::vector<ObjectHash> indexes; // as far as this registry knows: one may name packs that it does not know
    };
    // What the log named and no revision needs any more: of revisions that ended and left the registry, or that were
    // logged again. Gone ones are among them.
    Task<Result<DeadObjects>> deadObjects();
    // Names of objects that have an open doom or are gone, out of these.
    Task<Result<std::vector<bool>>> doomedObjects(QStringList names);
    // Drops the rows of packs that are gone and that no revision that has not ended relies on, then those of ended
    // revisions whose packs are all gone or used by others.
    Task<Result<>> dropGone();
    Task<Result<>> dropPack(PackRow pack); // a Gone one

    // ---- fragments at other places
    struct PackIndex {
        PackRow pack = 0;
        int index = 0;
    };
    // Found by a listing: those that were not known there, of complete packs, without a doom. How many were new.
    Task<Result<int>> adoptFragments(AccountId account, std::vector<PackIndex> found);
    // A whole, acknowledged one more. Invalid "MF-PACK-INVALID" if the account has one of this pack already.
    Task<Result<>> addFragment(PackRow pack, int index, AccountId account);
    Task<Result<std::vector<PackRow>>> packsOn(AccountId account); // complete ones, with an acknowledged fragment there
    struct KnownPack {
        PackRow row = 0;
        PackId id;
        PackShape shape;
        PackState state = PackState::Pending;
    };
    Task<Result<std::vector<KnownPack>>> knownPacks(); // all, to tell what a listing shows
    // Blobs on an account that look like fragments and that nothing names; returns those known for 30 days.
    struct Stray {
        QString name;
        qint64 bytes = 0;
    };
    Task<Result<std::vector<Stray>>> noteStrays(AccountId account, std::vector<Stray> found);

    // ---- the holding folder of this computer (core/registry/holding.h)
    Task<Result<std::vector<HeldPack>>> heldPacks();
    Task<Result<>> releaseHeld(std::vector<PackRow> packs); // their files are gone
    Task<Result<>> setHeldFor(RevisionRow revision, std::vector<AccountId> accounts); // the only ones it may go to
    Task<Result<std::vector<AccountId>>> heldFor(RevisionRow revision); // empty: any
    Task<Result<std::vector<ObjectHash>>> indexesOf(RevisionRow revision); // index objects that name its packs

    // ---- packing anew (core/registry/pack_use.h)
    Task<Result<std::vector<PackUse>>> packUses(std::optional<RevisionPromise> promise); // of all complete packs
    // Numbers of the records that kept revisions use, ascending. Parallel to packs.
    Task<Result<std::vector<std::vector<std::uint32_t>>>> recordsInUse(std::vector<PackRow> packs);
    // Kept revisions that are live or in the trash and rely on one of these.
    Task<Result<std::vector<RevisionRecord>>> revisionsOn(PackSet packs);
    // Where the revision's chunks lie if those in `from` are looked up by these rules (for data and metadata alike).
    Task<Result<Relocation>> relocate(RevisionRow revision, PackSet from, HitRules rules);
    // The lists of a revision's chunks that are chunks themselves. Adds.
    Task<Result<>> noteLeaves(RevisionRow revision, std::vector<ChunkPlace> leaves);

    // ---- transfers and events (local)
    Task<Result<qint64>> beginTransfer(TransferRecord transfer);
    Task<Result<>> noteTransfer(qint64 row, qint64 done, qint64 total);
    Task<Result<>> changeSession(qint64 row, SessionId session); // it goes on under another one
    Task<Result<>> endTransfer(qint64 row);
    Task<Result<std::vector<TransferRecord>>> transfers();
    Task<Result<>> addEvent(QDateTime when, QString kind, QString text); // the last 10,000 are kept

private:
    class Store;
    Registry(QString path, std::unique_ptr<Store> store, bool hasWorker);
    template <typename F> auto read(F function); // function(Store &) in a transaction on the worker
    template <typename F> auto write(F function);

    QString m_path;
    std::unique_ptr<Store> m_store; // lives on the worker
    std::unique_ptr<Pool> m_worker; // ends first
};

} // namespace mf
