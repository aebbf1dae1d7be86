// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/crash_point.h"

#include <QByteArray>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <utility>

namespace mf {
namespace {

constexpr std::array<std::pair<CrashPoint, const char *>, 66> kNames { {
    { CrashPoint::StoreSessionOpened, "store-session-opened" },
    { CrashPoint::StorePackSealed, "store-pack-sealed" },
    { CrashPoint::StorePackCommitted, "store-pack-committed" },
    { CrashPoint::StoreFragmentPut, "store-fragment-put" },
    { CrashPoint::StorePackAcknowledged, "store-pack-acknowledged" },
    { CrashPoint::StorePackComplete, "store-pack-complete" },
    { CrashPoint::StoreIndexPut, "store-index-put" },
    { CrashPoint::StoreLeavesPut, "store-leaves-put" },
    { CrashPoint::StoreManifestPut, "store-manifest-put" },
    { CrashPoint::StoreRevisionLogged, "store-revision-logged" },
    { CrashPoint::StoreConfirmed, "store-confirmed" },
    { CrashPoint::StoreCommitted, "store-committed" },
    { CrashPoint::FetchPartCreated, "fetch-part-created" },
    { CrashPoint::FetchPartWritten, "fetch-part-written" },
    { CrashPoint::FetchPartComplete, "fetch-part-complete" },
    { CrashPoint::FetchPartSynced, "fetch-part-synced" },
    { CrashPoint::FetchRenamed, "fetch-renamed" },
    { CrashPoint::RemoveLogged, "remove-logged" },
    { CrashPoint::RestoreLogged, "restore-logged" },
    { CrashPoint::CollectLeftoverTaken, "collect-leftover-taken" },
    { CrashPoint::DoomLogged, "doom-logged" },
    { CrashPoint::DoomAcknowledged, "doom-acknowledged" },
    { CrashPoint::DeletionDecided, "deletion-decided" },
    { CrashPoint::DeletionBlobRemoved, "deletion-blob-removed" },
    { CrashPoint::DeletionRemoved, "deletion-removed" },
    { CrashPoint::DeletionGone, "deletion-gone" },
    { CrashPoint::LogSegmentPut, "log-segment-put" },
    { CrashPoint::CheckpointWritten, "checkpoint-written" },
    { CrashPoint::CopyWritten, "copy-written" },
    { CrashPoint::CopySealed, "copy-sealed" },
    { CrashPoint::IndexMerged, "index-merged" },
    { CrashPoint::IndexLogged, "index-logged" },
    { CrashPoint::RecoverForgotten, "recover-forgotten" },
    { CrashPoint::TakeInLogRead, "take-in-log-read" },
    { CrashPoint::TakeInPacksAdded, "take-in-packs-added" },
    { CrashPoint::TakeInSurveyed, "take-in-surveyed" },
    { CrashPoint::TakeInRevisionFilled, "take-in-revision-filled" },
    { CrashPoint::TakeInRevisionTaken, "take-in-revision-taken" },
    { CrashPoint::MoveFragmentPut, "move-fragment-put" },
    { CrashPoint::MoveFragmentNoted, "move-fragment-noted" },
    { CrashPoint::RepairFragmentPlanned, "repair-fragment-planned" },
    { CrashPoint::RepairDamagedRemoved, "repair-damaged-removed" },
    { CrashPoint::RepairFragmentPut, "repair-fragment-put" },
    { CrashPoint::RepairFragmentNoted, "repair-fragment-noted" },
    { CrashPoint::ProtectFragmentsPut, "protect-fragments-put" },
    { CrashPoint::ProtectManifestPut, "protect-manifest-put" },
    { CrashPoint::ProtectRevisionLogged, "protect-revision-logged" },
    { CrashPoint::HoldFragmentWritten, "hold-fragment-written" },
    { CrashPoint::HoldManifestWritten, "hold-manifest-written" },
    { CrashPoint::HoldCommitted, "hold-committed" },
    { CrashPoint::HoldRemoved, "hold-removed" },
    { CrashPoint::MoveOutSessionOpened, "move-out-session-opened" },
    { CrashPoint::MoveOutPackComplete, "move-out-pack-complete" },
    { CrashPoint::MoveOutManifestPut, "move-out-manifest-put" },
    { CrashPoint::MoveOutLogged, "move-out-logged" },
    { CrashPoint::MoveOutCommitted, "move-out-committed" },
    { CrashPoint::RepackSealed, "repack-sealed" },
    { CrashPoint::RepackManifestPut, "repack-manifest-put" },
    { CrashPoint::RepackRevisionLogged, "repack-revision-logged" },
    { CrashPoint::RepackConfirmed, "repack-confirmed" },
    { CrashPoint::RepackTakenIn, "repack-taken-in" },
    { CrashPoint::KitNoted, "kit-noted" },
    { CrashPoint::KitShared, "kit-shared" },
    { CrashPoint::FolderTemporaryWritten, "folder-temporary-written" },
    { CrashPoint::FolderSynced, "folder-synced" },
    { CrashPoint::FolderRenamed, "folder-renamed" },
} };

struct Plan {
    int point = -1; // none
    std::atomic<int> passes = 0;
    int notes = -1; // descriptor of the file of points that were passed; -1: none
};

const char *nameOf(CrashPoint point)
{
    for (const auto &[p, name] : kNames) {
        if (p == point)
            return name;
    }
    return "";
}

Plan &plan()
{
    static Plan *const thePlan = [] {
        auto *p = new Plan;
        const QByteArray wanted = qgetenv("MODELFLOAT_CRASH_AT");
        const qsizetype colon = wanted.indexOf(':');
        const QByteArray name = colon < 0 ? wanted : wanted.left(colon);
        for (const auto &[point, text] : kNames) {
            if (name == text) {
                p->point = static_cast<int>(point);
                p->passes = colon < 0 ? 1 : wanted.mid(colon + 1).toInt();
            }
        }
        const QByteArray notes = qgetenv("MODELFLOAT_CRASH_POINTS");
        if (!notes.isEmpty())
            p->notes = ::open(notes.constData(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        return p;
    }();
    return *thePlan;
}

} // namespace

void crashPoint(CrashPoint point)
{
    Plan &p = plan();
    if (p.notes >= 0) {
        const QByteArray line = QByteArray(nameOf(point)) + '\n';
        if (::write(p.notes, line.constData(), static_cast<std::size_t>(line.size())) != line.size())
            std::abort(); // a test would draw wrong conclusions
    }
    if (p.point == static_cast<int>(point) && --p.passes == 0)
        std::raise(SIGKILL);
}

QString crashPointName(CrashPoint point) { return QString::fromLatin1(nameOf(point)); }

std::vector<CrashPoint> allCrashPoints()
{
    std::vector<CrashPoint> points;
    points.reserve(kNames.size());
    for (const auto &entry : kNames)
        points.push_back(entry.first);
    return points;
}

} // namespace mf
