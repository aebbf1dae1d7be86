// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/check.h"
#include "core/distributor/pack_repair.h"

#include <QMap>

namespace mf {

struct RepairRequest {
    QString model; // empty: all
};

// A setting of the registry. "always": `sync` repairs what it finds below its protection; else it says so.
inline constexpr char kSyncRepairs[] = "sync.repair";
bool syncRepairs(const QMap<QString, QString> &settings);

struct ModelRepair {
    QString name;
    qint64 rebuilt = 0; // fragments; of a pack that several models share, with each of them
    ModelState state = ModelState::Unknown;
    int spare = 0;
    bool onThisComputer = false;
};

struct RepairResult {
    std::vector<ModelRepair> models; // by name
    qint64 rebuilt = 0; // fragments, each once
    qint64 uploadedBytes = 0;
    int domainsMissing = 0; // further failure domains with room that it would take to do it all
    int unreadablePacks = 0;
    QStringList warnings;
};

// Looks at the accounts as a quick check does, then rebuilds and places what is missing or damaged (pack_repair.h).
// Does what it can; what is left shows in the models' states. Interrupted, the next one goes on.
class Repair
{
public:
    Repair(Engine &engine, RepairRequest request, ProgressSink progress);
    Task<Result<RepairResult>> run(); // once

private:
    void report(Progress::Phase phase);

    Engine &m_engine;
    RepairRequest m_request;
    ProgressSink m_progress;
    std::shared_ptr<Shares> m_shares = std::make_shared<Shares>();
    Progress m_now;
    RepairResult m_result;
    RevisionRow m_revision = 0; // 0: all
    std::map<PackRow, int> m_rebuilt;
};

// What several packs' repairs came to, for those who start them.
struct PacksRepaired {
    qint64 rebuilt = 0;
    qint64 uploaded = 0;
    int domainsMissing = 0;
    int unreadable = 0;
    std::vector<ObjectHash> indexes; // index objects of packs that grew
    QStringList warnings; // each once
    void add(const PackRepairer::Outcome &outcome);
};

// Repairs these packs, and writes and logs the index objects of those that grew. done: after each of them. shares: told
// what each account gave and took. The accounts must have been made ready.
using PackDone = std::function<void(PackNeed, const PackRepairer::Outcome &)>;
Task<Result<PacksRepaired>> repairPacks(
    Engine &engine, std::shared_ptr<Shares> shares, std::vector<PackNeed> needs, PackDone done);

} // namespace mf
