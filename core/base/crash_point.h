// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <vector>

namespace mf {

// Named instants at which a test kills the process, as kill -9 would: nothing is
// flushed, no destructor runs. What was reported stored must survive each.
//
// A test names one in the environment: MODELFLOAT_CRASH_AT=pack-committed, or
// pack-committed:3 for the third time it is passed. MODELFLOAT_CRASH_POINTS=file
// kills nothing: each point that is passed is written there, a line with its
// name. Otherwise a crash point costs two comparisons.
enum class CrashPoint {
    StoreSessionOpened, // the session segment is out, nothing else
    StorePackSealed, // sealed in memory, not yet in the registry
    StorePackCommitted, // in `pending`, no byte left yet
    StoreFragmentPut, // an account has a fragment, the registry does not know
    StorePackAcknowledged, // all fragments are there, the registry does not know
    StorePackComplete, // the registry knows
    StoreIndexPut,
    StoreLeavesPut,
    StoreManifestPut, // the manifest is out, the revision is not in the log
    StoreRevisionLogged, // in the log, not confirmed
    StoreConfirmed, // confirmed, the registry does not show the model
    StoreCommitted, // the registry shows it
    FetchPartCreated, // the partial file exists
    FetchPartWritten, // some bytes are in it
    FetchPartComplete, // all bytes are in it, not verified, not synced
    FetchPartSynced,
    FetchRenamed, // under its name, other files are to come
    RemoveLogged, // a model is in the trash by the log
    RestoreLogged, // a model came back by the log, not confirmed
    CollectLeftoverTaken, // what no revision names is Gone in the registry, and still on the accounts
    DoomLogged, // a doom is in the log, the registry does not know whether all accounts have it
    DoomAcknowledged, // the registry knows
    DeletionDecided, // the registry knows that a doomed set goes, nothing was deleted
    DeletionBlobRemoved, // one blob of it is gone
    DeletionRemoved, // all are gone, the log does not say so
    DeletionGone, // the log says so, the registry has the rows
    LogSegmentPut, // a segment of the log is on the accounts, the registry does not know
    CheckpointWritten, // what it covers is still on the accounts
    CopyWritten, // the day's copy of the registry is beside it
    CopySealed, // it is on the accounts, the one before, too
    IndexMerged, // an index object that replaces others is on the accounts, the log does not say so
    IndexLogged, // the log says so, the registry does not
    RecoverForgotten, // everything is to be taken in again
    TakeInLogRead, // the registry has the log's segments, nothing else of them
    TakeInPacksAdded, // packs are known, not where they lie
    TakeInSurveyed, // where they lie is known, too
    TakeInRevisionFilled, // a revision's files are in the registry, nobody sees them
    TakeInRevisionTaken, // it is shown, its segment is not noted
    MoveFragmentPut, // a fragment is at its new place, too; the registry does not know
    MoveFragmentNoted, // the registry knows, the old one is not doomed
    RepairFragmentPlanned, // the registry means to put a rebuilt fragment somewhere, nothing was sent
    RepairDamagedRemoved, // a damaged fragment was taken away, the right one is not there yet
    RepairFragmentPut, // an account has it, the registry does not know
    RepairFragmentNoted, // the registry knows
    ProtectFragmentsPut, // all packs survive what is asked, nothing says so
    ProtectManifestPut, // the manifest that says so is out
    ProtectRevisionLogged, // it is in the log
    HoldFragmentWritten, // a data fragment is in the holding folder, others of its pack may not be
    HoldManifestWritten, // all that is held of a model is there, the registry does not show it
    HoldCommitted, // the registry shows it, on this computer only
    HoldRemoved, // the registry knows it no more, its files are there
    MoveOutSessionOpened, // the log says that it begins, nothing else moved
    MoveOutPackComplete, // a pack that was held is on the accounts, the registry knows
    MoveOutManifestPut, // all of it is there, and the manifest; the log does not name it
    MoveOutLogged, // it does; not confirmed
    MoveOutCommitted, // the registry shows it as any other, its files here are not deleted
    RepackSealed, // what packs hold lies in new ones, too; nothing names these
    RepackManifestPut, // a manifest that relies on the new ones is out
    RepackRevisionLogged, // it is in the log
    RepackConfirmed, // nobody deletes what it relies on; the registry does not know
    RepackTakenIn, // the registry knows
    KitNoted, // a new kit's key is kept here, no account has heard of it
    KitShared, // every account has its library object, this computer does not use it
    FolderTemporaryWritten, // a blob's temporary file, not synced
    FolderSynced, // synced, not renamed
    FolderRenamed, // renamed, directory not synced
};

// Kills the process here, or notes that it was here, if the environment asks for it. From any thread.
void crashPoint(CrashPoint point);

QString crashPointName(CrashPoint point); // "store-pack-committed"
std::vector<CrashPoint> allCrashPoints(); // for the tests' loop

} // namespace mf
