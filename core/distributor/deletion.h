// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/evidence.h"

namespace mf {

// What was freed, and what waits.
struct Freed {
    qint64 bytes = 0;
    int fragments = 0;
    QStringList waiting; // sentences: what was not deleted yet, and why
};

// For tests that show what each rule is for: without it something is lost.
struct DeletionSeams {
    bool noWait = false;
    bool believeStale = false; // any listing is evidence
};

// DELETE of storage.md section 5: deleting from accounts that other computers use at the same time, without a lock.
//
// A set (packs, single fragments, other objects) is doomed on every account that holds any of it; from then on it
// counts as absent everywhere. When every listing shows the doom (twice the longest lag), the log is read again: if
// somebody refers to it by now, the doom is pardoned; else the decision goes into the registry, the blobs go, and the
// log says that they are gone. Interrupted anywhere, the next goOn() continues.
//
// Nothing is deleted on doubt: if an account of the set is away, its log is incomplete or a segment's parent is
// unknown, freed().waiting says so.
class Deletion
{
public:
    using Seams = DeletionSeams;
    explicit Deletion(Engine &engine, Seams seams = Seams())
        : m_engine(engine)
        , m_seams(seams)
    {
    }

    // Steps 1 to 3. The sets' ids are given here.
    Task<Result<>> doom(std::vector<DoomRecord> sets);
    // Steps 3 to 6 of all that this computer has doomed, in this run or an earlier one.
    Task<Result<>> goOn();

    const Freed &freed() const { return m_freed; }
    // Deletes this blob. Nothing: done; else why not now.
    Task<std::optional<QString>> erase(AccountId account, BlobName name);
    void count(qint64 bytes);
    void wait(const QString &why);

private:
    Task<Result<std::vector<AccountId>>> accountsOf(DoomRecord set);
    Task<Result<>> seek(DoomRecord set);
    Task<Result<bool>> isUnused(DoomRecord set, std::vector<PackId> inSessions);
    Task<Result<bool>> areLeft(std::vector<PackId> packs, std::vector<PackId> inSessions);
    Task<Result<bool>> areUnused(QStringList objects, std::vector<PackId> inSessions);
    Task<Result<bool>> mustStay(DoomRecord set);
    Task<Result<>> put(std::vector<DoomRecord> sets);
    Task<Result<bool>> hasOwnDooms(DoomRecord end);
    Task<Result<>> settle(Registry::OwnDoom own, Evidence evidence, std::vector<PackId> inSessions);
    Task<Result<>> carryOut(DoomRecord set);
    Task<Result<bool>> removeBlobs(DoomRecord set);
    std::chrono::milliseconds waitFor(const std::vector<AccountId> &accounts) const;

    Task<Result<Evidence>> gather();

    Engine &m_engine;
    Seams m_seams;
    Freed m_freed;
};

// Objects of the log that nothing needs any more: manifests of revisions that ended and were dropped or that newer
// ones replaced, index objects whose packs are all gone. Names of blobs.
Task<Result<QStringList>> deadObjects(Engine &engine, std::vector<PackId> inSessions);

} // namespace mf
