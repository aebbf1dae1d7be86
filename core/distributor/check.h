// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"
#include "core/distributor/model_state.h"
#include "core/distributor/pack_verdict.h"
#include "core/distributor/shares.h"

namespace mf {

struct CheckRequest {
    QString model; // empty: all
    bool deep = false; // every fragment is read and verified
    double sample = 0; // per cent of the packs that are read, those with the oldest proof first
};

// How a model stands, as list and show would say it now.
struct ModelHealth {
    QString name;
    ModelState state = ModelState::Unknown;
    int spare = 0;
    qint64 missing = 0; // fragments
    qint64 damaged = 0;
    bool onThisComputer = false; // it waits in the holding folder; missing and damaged count what is wrong there
};

struct CheckResult {
    std::vector<ModelHealth> models; // by name
    qint64 fragments = 0; // looked at
    qint64 packsRead = 0; // read as a whole and verified
    QStringList findings; // what was wrong, for people; the first kMostFindings of them
    QStringList warnings; // what could not be looked at, and what is not to be relied on
};
constexpr qsizetype kMostFindings = 100;

// Are the fragments there? Nothing is changed on the accounts; what was found goes into the registry.
//
// Quick: each account's listing against what the registry expects. A listing is not believed blindly: what it leaves
// out is asked for one by one, and if that is more than 1 % it is repeated first. An account that is away tells
// nothing: its fragments count as there until it was away for 72 h.
// Deep or sample: fragments are read and verified, too: headers, checksums, every record, parity and padding.
class Check
{
public:
    Check(Engine &engine, CheckRequest request, ProgressSink progress);
    Task<Result<CheckResult>> run(); // once

private:
    Task<Result<>> checkHeldModels(std::vector<RevisionRecord> revisions);
    Task<Result<>> readPacks();
    Task<Result<>> readPack(PackRow row);
    void report(Progress::Phase phase);
    void find(const QString &what);

    Engine &m_engine;
    CheckRequest m_request;
    ProgressSink m_progress;
    std::shared_ptr<Shares> m_shares = std::make_shared<Shares>();
    Progress m_now;
    CheckResult m_result;
    RevisionRow m_revision = 0; // 0: all
};

// The quick look at all verified accounts, as part of another operation. seen: bytes of fragments judged, of the total.
using LookProgress = std::function<void(qint64 bytes, qint64 total)>;
struct LookResult {
    qint64 fragments = 0;
    QStringList findings;
    QStringList warnings;
};
Task<Result<LookResult>> lookAtAccounts(Engine &engine, RevisionRow revision, LookProgress progress);
// The same at accounts that are stale: one that was set back to an older state has lost what was put there since.
Task<Result<LookResult>> lookAtStaleAccounts(Engine &engine);

// How a revision stands by what the registry knows.
Task<Result<ModelHealth>> modelHealth(Engine &engine, RevisionRecord revision);
// Its revision, or all current ones.
Task<Result<std::vector<RevisionRecord>>> revisionsToCheck(Engine &engine, QString model);

} // namespace mf
